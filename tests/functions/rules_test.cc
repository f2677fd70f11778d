#include "functions/domain/rules.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

Facts AShopper() {
  Facts facts;
  facts.page = "https://Shop.example/Pricing?plan=pro";
  facts.form = {{"topic", "Billing"}, {"empty", ""}};
  facts.customer = {{"plan", "gold"}};
  facts.conversation = {{"order", "NW17"}, {"cart", "Red mug\nblue plate"}, {"note", "red mug\nblue plate"}};
  facts.conversation_lists = {"cart"};
  facts.tier = "gold";
  facts.language = "pt-BR";
  facts.open = {{"", true}, {"hrs_night", false}};
  return facts;
}

TEST(Rules, AConditionPassesByWhatItLooksAt) {
  using S = Subject;
  using C = Comparison;
  const struct {
    const char* name;
    Condition condition;
    bool passes;
  } kCases[] = {
      {"page contains, whatever the capitals", {S::kPage, "", C::kContains, {"/pricing"}}, true},
      {"page begins", {S::kPage, "", C::kBeginsWith, {"https://shop.example/"}}, true},
      {"page begins otherwise", {S::kPage, "", C::kBeginsWith, {"http://"}}, false},
      {"one of several", {S::kForm, "topic", C::kIs, {"returns", "billing"}}, true},
      {"none of several", {S::kForm, "topic", C::kIs, {"returns", "bill"}}, false},
      {"is not", {S::kForm, "topic", C::kIsNot, {"returns"}}, true},
      {"is not one of them, and is", {S::kForm, "topic", C::kIsNot, {"returns", "billing"}}, false},
      {"a field that is not there is not anything", {S::kForm, "size", C::kIsNot, {"large"}}, true},
      {"and is nothing", {S::kForm, "size", C::kIs, {""}}, false},
      {"set", {S::kCustomer, "plan", C::kIsSet, {}}, true},
      {"not set", {S::kCustomer, "phone", C::kIsSet, {}}, false},
      {"an empty one is not set", {S::kForm, "empty", C::kIsNotSet, {}}, true},
      {"an attribute of the conversation", {S::kConversation, "order", C::kBeginsWith, {"nw"}}, true},
      {"a list contains an item", {S::kConversation, "cart", C::kContains, {"red mug"}}, true},
      {"and another", {S::kConversation, "cart", C::kContains, {"Blue Plate"}}, true},
      {"but no part of one", {S::kConversation, "cart", C::kContains, {"mug"}}, false},
      {"nor two at once", {S::kConversation, "cart", C::kContains, {"red mug\nblue plate"}}, false},
      {"of several values one", {S::kConversation, "cart", C::kContains, {"fork", "blue plate"}}, true},
      {"what is no list contains a part", {S::kConversation, "note", C::kContains, {"mug"}}, true},
      {"a list is set", {S::kConversation, "cart", C::kIsSet, {}}, true},
      {"a list that is not there contains nothing", {S::kCustomer, "cart", C::kContains, {"red mug"}}, false},
      {"tier", {S::kTier, "", C::kIs, {"Gold"}}, true},
      {"open", {S::kHours, "", C::kIs, {"open"}}, true},
      {"closed by other hours", {S::kHours, "hrs_night", C::kIs, {"closed"}}, true},
      {"hours that are not there are open", {S::kHours, "hrs_gone", C::kIs, {"open"}}, true},
      {"a language and its region", {S::kLanguage, "", C::kIs, {"pt"}}, true},
      {"the region itself", {S::kLanguage, "", C::kIs, {"pt-br"}}, true},
      {"another region", {S::kLanguage, "", C::kIs, {"pt-PT"}}, false},
      {"a language that begins alike", {S::kLanguage, "", C::kIs, {"p"}}, false},
      {"of a later version", {S::kUnknown, "", C::kIsNot, {"x"}}, false},
      {"a test of a later version", {S::kTier, "", C::kUnknown, {"gold"}}, false},
      {"contains nothing in what is not there", {S::kForm, "size", C::kContains, {""}}, false},
  };
  for (const auto& c : kCases) EXPECT_EQ(Passes(c.condition, AShopper()), c.passes) << c.name;
}

TEST(Rules, AllOrAnyOfTheConditionsMatch) {
  const Condition yes{Subject::kTier, "", Comparison::kIs, {"gold"}};
  const Condition no{Subject::kTier, "", Comparison::kIs, {"tin"}};
  const auto matches = [](Matching matching, std::vector<Condition> conditions) {
    return Matches({"", matching, std::move(conditions), "", {}, {}, {}}, AShopper());
  };
  EXPECT_TRUE(matches(Matching::kAll, {}));
  EXPECT_TRUE(matches(Matching::kAny, {}));
  EXPECT_TRUE(matches(Matching::kAll, {yes, yes}));
  EXPECT_FALSE(matches(Matching::kAll, {yes, no}));
  EXPECT_TRUE(matches(Matching::kAny, {no, yes}));
  EXPECT_FALSE(matches(Matching::kAny, {no, no}));
}

TEST(Rules, TheFirstSaysWhatNoOneBeforeItSaidAndTagsAddUp) {
  const Condition gold{Subject::kTier, "", Comparison::kIs, {"gold"}};
  const Condition tin{Subject::kTier, "", Comparison::kIs, {"tin"}};
  const std::vector<Rule> rules = {
      {"Tin waits", Matching::kAll, {tin}, "tea_tin", Skill{"patience", 3}, 0, {"tin"}, "bot_tin"},
      {"Gold first", Matching::kAll, {gold}, "", {}, 7, {"vip", "gold"}},
      {"Billing", Matching::kAll, {}, "tea_money", Skill{"billing", 2}, 1, {"vip", "money"}, "none"},
      {"The rest", Matching::kAll, {}, "tea_all", Skill{"talk", 1}, {}, {}, "bot_rest"},
  };
  const Ruling ruling = Evaluate(rules, AShopper());
  EXPECT_EQ(ruling.team, "tea_money");
  EXPECT_EQ(ruling.skill, (Skill{"billing", 2}));
  EXPECT_EQ(ruling.priority, 7);
  EXPECT_EQ(ruling.bot, "none");
  EXPECT_EQ(ruling.tags, (std::vector<std::string>{"vip", "gold", "money"}));
  EXPECT_EQ(ruling.rules, (std::vector<std::string>{"Gold first", "Billing", "The rest"}));
}

TEST(Rules, NoneSayNothing) {
  const Ruling ruling = Evaluate({}, AShopper());
  EXPECT_TRUE(ruling.team.empty() && !ruling.skill && !ruling.priority && ruling.tags.empty() && ruling.rules.empty());
  EXPECT_FALSE(ruling.bot);
}

}  // namespace
}  // namespace alcove::functions
