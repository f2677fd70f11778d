// What a site asks before a conversation, driven through the nodes that assistive technology sees.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "functions/wire/limits.h"
#include "wasm-widget/customer/screen.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::customer {
namespace {

using testing::ElementsAre;
using wire::FormFieldType;

wire::FormField Asked(std::string name, std::string label, FormFieldType type, bool required = false) {
  wire::FormField field;
  field.name = std::move(name);
  field.label = std::move(label);
  field.type = type;
  if (required) field.required = true;
  return field;
}

class FormScreen : public testing::Test {
 protected:
  FormScreen() {
    view_.phase = Phase::kFresh;
    view_.site_name = "Northwind";
    view_.team_online = true;
    form_ = {Asked("name", "Name", FormFieldType::kText), Asked("email", "E-mail", FormFieldType::kEmail, true),
             Asked("about", "About", FormFieldType::kChoice, true), Asked("more", "More", FormFieldType::kLongText)};
    form_[0].type.reset();
    form_[2].choices = {"Orders", "Returns"};
    view_.form = form_;
    driver_.input().height = 1200;
  }

  void Show() {
    driver_.Frame([this](ui::Ui& ui) {
      const CustomerRequest request = DrawCustomer(ui, view_, state_);
      begun_ |= request.begin;
      closes_ |= request.close_panel;
    });
  }
  const ui::Node& At(std::string_view label) {
    const ui::Node* node = driver_.Find(label);
    EXPECT_NE(node, nullptr) << label;
    static const ui::Node none;
    return node == nullptr ? none : *node;
  }
  // "email=a@b", in the order in which it was asked.
  std::vector<std::string> Answers() {
    std::vector<std::string> answers;
    for (const wire::Field& field : state_.form.Answers(view_.form)) answers.push_back(field.name + "=" + field.value);
    return answers;
  }

  ui::Driver driver_;
  CustomerView view_;
  CustomerState state_;
  std::vector<wire::FormField> form_;
  bool begun_ = false;
  bool closes_ = false;
};

TEST_F(FormScreen, AsksEachFieldAsItIsAndNothingElse) {
  Show();
  EXPECT_EQ(At("Name").role, ui::Role::kTextBox);
  EXPECT_EQ(At("Name").autocomplete, "name");
  EXPECT_EQ(At("E-mail (required)").role, ui::Role::kTextBox);
  EXPECT_EQ(At("E-mail (required)").autocomplete, "email");
  EXPECT_EQ(At("About (required)").role, ui::Role::kSelect);
  EXPECT_THAT(At("About (required)").options, ElementsAre("Choose…", "Orders", "Returns"));
  EXPECT_EQ(At("More").role, ui::Role::kTextArea);
  EXPECT_EQ(driver_.Find("Message"), nullptr);

  view_.form = {};
  Show();
  EXPECT_NE(driver_.Find("Message"), nullptr);
  EXPECT_EQ(driver_.Find("Start the chat"), nullptr);
}

TEST_F(FormScreen, TakesNoMoreThanTheServerDoes) {
  Show();
  for (const size_t length : {wire::kFormValueBytesMax, wire::kFormValueBytesMax + 1}) {
    ASSERT_TRUE(driver_.Type("Name", std::string(length, 'x')));
    EXPECT_EQ(At("Name").value.size(), wire::kFormValueBytesMax);
  }
}

TEST_F(FormScreen, BeginsWithWhatWasAnswered) {
  Show();
  ASSERT_TRUE(driver_.Type("E-mail (required)", " priya@example.com "));
  ASSERT_TRUE(driver_.Choose("About (required)", 2));
  ASSERT_TRUE(driver_.Type("More", " \n"));
  EXPECT_EQ(At("About (required)").chosen, 2);
  EXPECT_FALSE(begun_);
  ASSERT_TRUE(driver_.Click("Start the chat"));
  EXPECT_TRUE(begun_);
  EXPECT_THAT(Answers(), ElementsAre("email=priya@example.com", "about=Returns"));

  begun_ = false;
  ASSERT_TRUE(driver_.Submit("Name"));
  EXPECT_TRUE(begun_);
}

TEST_F(FormScreen, SaysAtTheFieldWhatIsWrongUntilItIsChanged) {
  Show();
  ASSERT_TRUE(driver_.Type("E-mail (required)", "  "));
  ASSERT_TRUE(driver_.Click("Start the chat"));
  EXPECT_EQ(driver_.ui().NextFrameInMs(), 0);
  driver_.Frame();
  EXPECT_FALSE(begun_);
  EXPECT_TRUE(At("E-mail (required)").invalid);
  EXPECT_EQ(At("E-mail (required)").description, "Please fill this in.");
  EXPECT_TRUE(At("About (required)").invalid);
  EXPECT_EQ(At("About (required)").description, "Please fill this in.");
  EXPECT_FALSE(At("Name").invalid);
  EXPECT_FALSE(At("More").invalid);

  ASSERT_TRUE(driver_.Choose("About (required)", 1));
  driver_.Frame();
  EXPECT_FALSE(At("About (required)").invalid);
  EXPECT_TRUE(At("E-mail (required)").invalid);
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  driver_.Frame();
  EXPECT_FALSE(At("E-mail (required)").invalid);
  EXPECT_EQ(At("E-mail (required)").description, "");
  ASSERT_TRUE(driver_.Click("Start the chat"));
  EXPECT_TRUE(begun_);
}

TEST_F(FormScreen, TheKeyboardGoesToTheFirstThatIsWrong) {
  Show();
  std::string focused;
  driver_.Frame([&](ui::Ui& ui) { DrawCustomer(ui, view_, state_); });
  ASSERT_TRUE(driver_.Type("E-mail (required)", "priya@example.com"));
  ASSERT_TRUE(driver_.Click("Start the chat"));
  driver_.Frame();
  for (const ui::Node& node : driver_.ui().nodes()) {
    if (node.takes_focus) focused += node.label + ";";
  }
  EXPECT_EQ(focused, "About (required);");
  driver_.Frame();
  EXPECT_FALSE(At("About (required)").takes_focus);
}

TEST_F(FormScreen, KnowsAnAddressAsTheServerDoes) {
  const std::pair<const char*, bool> cases[] = {
      {"priya@example.com", true}, {"a@b", true},    {"priya", false},     {"@example.com", false},
      {"priya@", false},           {"a@b@c", false}, {"a b@c.com", false},
  };
  for (const auto& [address, is_one] : cases) {
    SCOPED_TRACE(address);
    begun_ = false;
    Show();
    ASSERT_TRUE(driver_.Type("E-mail (required)", address));
    ASSERT_TRUE(driver_.Choose("About (required)", 1));
    ASSERT_TRUE(driver_.Click("Start the chat"));
    driver_.Frame();
    EXPECT_EQ(begun_, is_one);
    EXPECT_EQ(At("E-mail (required)").description, is_one ? "" : "This is not an e-mail address.");
  }
  // Where it is not required, none is as good.
  form_[1].required.reset();
  Show();
  ASSERT_TRUE(driver_.Type("E-mail", ""));
  begun_ = false;
  ASSERT_TRUE(driver_.Click("Start the chat"));
  EXPECT_TRUE(begun_);
}

TEST_F(FormScreen, WhatTheServerRefusesIsShownAndNothingIsLost) {
  state_.form.Field("name").box.text = "Priya";
  state_.form.Refused(std::vector<wire::Field>{{"name", "Pri"}, {"email", "priya@example"}, {"about", "Returns"}},
                      "email");
  Show();
  EXPECT_EQ(At("Name").value, "Priya");
  EXPECT_EQ(At("E-mail (required)").value, "priya@example");
  EXPECT_EQ(At("E-mail (required)").description, "Please check this answer.");
  EXPECT_TRUE(At("E-mail (required)").takes_focus);
  EXPECT_EQ(At("About (required)").chosen, 2);
}

TEST_F(FormScreen, AChoiceThatIsNoLongerOfferedIsNone) {
  state_.form.Field("about").box.text = "Complaints";
  Show();
  EXPECT_EQ(At("About (required)").chosen, 0);
  EXPECT_THAT(Answers(), ElementsAre());
  driver_.Click("Start the chat");
  driver_.Frame();
  EXPECT_TRUE(At("About (required)").invalid);
}

TEST_F(FormScreen, WhereNobodyIsThereItIsAMessageThatIsLeft) {
  view_.team_online = false;
  Show();
  EXPECT_EQ(driver_.Find("Start the chat"), nullptr);
  EXPECT_NE(driver_.Find("Leave a message"), nullptr);
  EXPECT_THAT(driver_.Text(), testing::HasSubstr("Away right now"));
}

// All of the longest form is reached by scrolling, on the smallest screen, in both directions of reading.
TEST_F(FormScreen, TheLongestFormFitsTheSmallestScreenInBothDirections) {
  form_.clear();
  for (size_t i = 0; i < wire::kFormFieldsMax; ++i) {
    const bool is_choice = i % 2 == 0;
    form_.push_back(Asked("f" + std::to_string(i), "What is the number of your order, field " + std::to_string(i) + "?",
                          is_choice ? FormFieldType::kChoice : FormFieldType::kText, true));
    if (is_choice) form_.back().choices = {"One", "Two"};
  }
  view_.form = form_;
  driver_.input().width = 280;
  driver_.input().height = 240;
  for (const bool right_to_left : {false, true}) {
    SCOPED_TRACE(right_to_left);
    driver_.input().right_to_left = right_to_left;
    Show();
    driver_.Click("Start the chat");
    driver_.Frame();
    const ui::Node* area = driver_.Find(ui::Role::kScroll);
    ASSERT_NE(area, nullptr);
    float bottom = 0;
    int fields = 0;
    for (const ui::Node& node : driver_.ui().nodes()) {
      SCOPED_TRACE(node.label);
      EXPECT_GE(node.rect.x, 0);
      EXPECT_LE(node.rect.right(), 280);
      if (node.role != ui::Role::kTextBox && node.role != ui::Role::kSelect) continue;
      ++fields;
      EXPECT_TRUE(node.invalid);
      EXPECT_GE(node.rect.y, bottom);  // one under the other
      bottom = node.rect.bottom();
    }
    EXPECT_EQ(fields, static_cast<int>(wire::kFormFieldsMax));
    const ui::Node& begin = At("Start the chat");
    EXPECT_GE(begin.rect.y, bottom);
    EXPECT_LE(begin.local_y + begin.rect.height, area->content_height);
    EXPECT_EQ(begin.rect.center_x(), 140);
  }
  EXPECT_TRUE(driver_.Click("Close chat"));
  EXPECT_TRUE(closes_);
}

}  // namespace
}  // namespace alcove::customer
