// Messages and notes that are edited and deleted, seen from both sides.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"
#include "tests/functions/two_who_talk.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace keys = store::keys;

class Amending : public TwoWhoTalk {
 protected:
  Amending() { EXPECT_EQ(world_.Say(side(), who(), conversation_, "the first words", message_).status, 201); }
  ~Amending() override { CheckInvariants(world_); }

  std::string PathOf(const std::string& message) {
    return World::PathOf(side(), conversation_) + "/messages/" + message;
  }
  Result Edit(const std::string& text, const std::string& message) {
    return world_.Call(Method::kPatch, PathOf(message), who().token, ToJson(wire::MessageEdit{text}));
  }
  Result Edit(const std::string& text) { return Edit(text, message_); }
  Result Delete(const std::string& message) { return world_.Call(Method::kDelete, PathOf(message), who().token); }
  Result Delete() { return Delete(message_); }
  std::vector<wire::Event> Log() {
    return world_.Get(World::PathOf(other_side(), conversation_) + "/events", other()).As<wire::EventPage>().events;
  }
  ConversationRecord Head() {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(conversation_)));
  }
  std::string Bytes() {
    std::string bytes;
    for (const store::Entry& entry : world_.Everything()) bytes += entry.key + "\n" + entry.value + "\n";
    return bytes;
  }

  std::string message_ = world_.NewId<wire::MessageId>().text();
};
INSTANTIATE_TEST_SUITE_P(BothSides, Amending, OfBothSides(), NameOfSide);

TEST_P(Amending, AnEditTakesThePlaceOfTheWords) {
  const int64_t seq = Log().back().seq;
  world_.Hear(other_side(), other());
  world_.clock.Advance(absl::Seconds(5));
  const Result edit = Edit("the second words");
  ASSERT_EQ(edit.status, 200) << edit.body;
  const auto event = edit.As<wire::EventAnswer>().event;
  EXPECT_EQ(event.seq, seq);
  EXPECT_EQ(event.text, "the second words");
  EXPECT_EQ(event.edited_seq, seq + 1);
  EXPECT_EQ(event.edited_at, absl::ToUnixMillis(world_.clock.Now()));
  const auto heard = world_.Hear(other_side(), other()).events;
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0].type, wire::EventType::kEdited);
  EXPECT_EQ(heard[0].target, message_);
  EXPECT_EQ(heard[0].target_seq, seq);
  EXPECT_EQ(heard[0].text, "the second words");
  EXPECT_EQ(heard[0].actor.id, who().id);
  EXPECT_EQ(Log()[static_cast<size_t>(seq) - 1], event);
  EXPECT_EQ(Head().preview->text, "the second words");
  EXPECT_THAT(Bytes(), Not(HasSubstr("the first words")));
}

TEST_P(Amending, OfSeveralEditsTheLastIsKept) {
  Edit("the second words");
  ASSERT_EQ(Edit("the third words").status, 200);
  EXPECT_THAT(Bytes(), Not(HasSubstr("the second words")));
  const auto log = Log();
  EXPECT_EQ(log[log.size() - 2].type, wire::EventType::kEdited);
  EXPECT_EQ(log[log.size() - 2].text, std::nullopt);
  EXPECT_EQ(log.back().text, "the third words");
}

TEST_P(Amending, TheSameWordsChangeNothingAtAnyTime) {
  Edit("the second words");
  world_.Post(World::PathOf("agent", conversation_) + "/close", agent_);
  world_.clock.Advance(absl::Hours(1));
  const auto before = world_.Everything();
  EXPECT_EQ(Edit("the second words").status, 200);
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(Edit("the third words").code(), "closed");
  EXPECT_EQ(Delete().code(), "closed");
}

TEST_P(Amending, WhatIsDeletedIsShownToNobody) {
  Edit("the second words");
  const int64_t seq = Log().back().seq - 1;
  const Result deleted = Delete();
  ASSERT_EQ(deleted.status, 200) << deleted.body;
  const auto event = deleted.As<wire::EventAnswer>().event;
  EXPECT_EQ(event.seq, seq);
  EXPECT_EQ(event.text, std::nullopt);
  EXPECT_EQ(event.edited_at, std::nullopt);
  EXPECT_EQ(event.deleted_at, absl::ToUnixMillis(world_.clock.Now()));
  const auto log = Log();
  EXPECT_EQ(log.back().type, wire::EventType::kDeleted);
  EXPECT_EQ(log.back().target, message_);
  EXPECT_EQ(log.back().target_seq, seq);
  EXPECT_EQ(log[static_cast<size_t>(seq) - 1], event);
  EXPECT_THAT(Bytes(), Not(HasSubstr("first words")));
  EXPECT_THAT(Bytes(), Not(HasSubstr("second words")));
  EXPECT_EQ(Head().preview->text, "");
  const auto before = world_.Everything();
  EXPECT_EQ(Delete().body, deleted.body) << "it is gone already";
  EXPECT_EQ(Edit("the third words").code(), "not_found");
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(Amending, TheListRowStaysWithTheLastMessage) {
  world_.Say(other_side(), other(), conversation_, "the last words");
  ASSERT_EQ(Edit("the second words").status, 200);
  EXPECT_EQ(Head().preview->text, "the last words");
  ASSERT_EQ(Delete().status, 200);
  EXPECT_EQ(Head().preview->text, "the last words");
}

// Of a server that kept no seq with the row.
TEST_P(Amending, TheListRowOfAnEarlierServerFollows) {
  ConversationRecord head = Head();
  head.preview->seq.reset();
  world_.Write([&](store::Transaction& txn) {
    Save(txn, keys::Conversation(kSite, wire::ConversationId(conversation_)), head);
  });
  Edit("the second words");
  EXPECT_EQ(Head().preview->text, "the second words");
}

TEST_P(Amending, KeepsWhatALaterServerWroteIntoTheMessage) {
  const std::string key = keys::Event(kSite, wire::ConversationId(conversation_), Log().back().seq);
  const auto raw = [&] {
    return world_.store->Read([&](store::Reader& reader) { return reader.Get(key); })->value_or("");
  };
  std::string text = raw();
  text.back() = ',';
  text += R"("later":{"a":[1,2.50,null]}})";
  world_.Write([&](store::Transaction& txn) { txn.Put(key, text); });
  Edit("the second words");
  EXPECT_THAT(raw(), HasSubstr(R"("later":{"a":[1,2.50,null]})"));
  EXPECT_THAT(raw(), HasSubstr("the second words"));
  Delete();
  EXPECT_THAT(raw(), HasSubstr(R"("later":{"a":[1,2.50,null]})"));
  EXPECT_THAT(raw(), Not(HasSubstr("words")));
}

TEST_P(Amending, IsForAsLongAsTheSiteSays) {
  world_.clock.Advance(absl::Milliseconds(wire::kEditWindowMs - 1));
  EXPECT_EQ(Edit("the second words").status, 200);
  world_.clock.Advance(absl::Milliseconds(1));
  const auto before = world_.Everything();
  EXPECT_EQ(Edit("the third words").status, 422);
  EXPECT_EQ(Delete().status, 422);
  EXPECT_EQ(world_.Everything(), before);
  SettingsRecord settings;
  settings.edit_window_ms = wire::kEditWindowMs + 1;
  world_.Write([&](store::Transaction& txn) { Save(txn, keys::Settings(kSite), settings); });
  EXPECT_EQ(Edit("the third words").status, 200);
  settings.edit_window_ms = 0;
  world_.Write([&](store::Transaction& txn) { Save(txn, keys::Settings(kSite), settings); });
  EXPECT_EQ(world_.Say(side(), who(), conversation_, "now", message_ = world_.NewId<wire::MessageId>().text()).status,
            201);
  EXPECT_EQ(Edit("never").status, 422);
}

TEST_P(Amending, IsOverWhenTheConversationIs) {
  world_.Post(World::PathOf(other_side(), conversation_) + "/close", other());
  const auto before = world_.Everything();
  EXPECT_EQ(Edit("the second words").code(), "closed");
  EXPECT_EQ(Delete().code(), "closed");
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(Amending, IsForWhoWroteIt) {
  const std::string theirs = world_.NewId<wire::MessageId>().text();
  ASSERT_EQ(world_.Say(other_side(), other(), conversation_, "theirs", theirs).status, 201);
  const auto before = world_.Everything();
  EXPECT_EQ(Edit("mine", theirs).code(), "not_found");
  EXPECT_EQ(Delete(theirs).code(), "not_found");
  for (const std::string& none : {world_.NewId<wire::MessageId>().text(), std::string("none")}) {
    EXPECT_EQ(Edit("mine", none).code(), "not_found");
    EXPECT_EQ(Delete(none).code(), "not_found");
  }
  EXPECT_EQ(world_.Everything(), before);
  ASSERT_EQ(
      world_.Call(Method::kDelete, World::PathOf(other_side(), conversation_) + "/messages/" + theirs, other().token)
          .status,
      200);
  EXPECT_EQ(Delete(theirs).code(), "not_found") << "gone or not";
}

TEST_P(Amending, WordsAreCheckedAsThoseOfAMessage) {
  const struct {
    const char* name;
    std::string body;
    int status;
  } kCases[] = {
      {"no body", "", 400},
      {"no text", "{}", 400},
      {"white space", R"({"text":" \n"})", 422},
      {"a NUL", R"({"text":"a\u0000b"})", 422},
      {"one byte too long", ToJson(wire::MessageEdit{std::string(wire::kMessageTextBytesMax + 1, 'a')}), 422},
  };
  const auto before = world_.Everything();
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(world_.Call(Method::kPatch, PathOf(message_), who().token, c.body).status, c.status);
  }
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(Edit(std::string(wire::kMessageTextBytesMax, 'a')).status, 200);
}

// What was sent is not sent anew, whatever became of it.
TEST_P(Amending, ARepeatedPutIsAnsweredWithWhatItIsNow) {
  const Result edit = Edit("the second words");
  const Result again = world_.Say(side(), who(), conversation_, "the first words", message_);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, edit.body);
}

TEST(Amend, ARepeatedStartTellsNothingThatIsGone) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const std::string message = world.NewId<wire::MessageId>().text();
  ASSERT_EQ(world.StartAs(customer, id, message, "my secret").status, 201);
  ASSERT_EQ(world.Call(Method::kDelete, World::PathOf("customer", id) + "/messages/" + message, customer.token).status,
            200);
  const Result again = world.StartAs(customer, id, message, "my secret");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.As<wire::ConversationAnswer>().conversation.events.size(), 3U);
  EXPECT_THAT(again.body, Not(HasSubstr("my secret")));
  const Result reused = world.StartAs(customer, id, message, "another");
  EXPECT_EQ(reused.code(), "id_reused");
  EXPECT_EQ(reused.As<wire::Problem>().conversation->id, id);
}

class Notes : public testing::Test {
 protected:
  ~Notes() override { CheckInvariants(world_); }
  Result Amend(Method method, const Person& who, const std::string& side = "agent") {
    return world_.Call(method, World::PathOf(side, conversation_) + "/messages/" + note_, who.token,
                       method == Method::kPatch ? R"({"text":"another look"})" : "");
  }

  AdminWorld world_;
  Person mara_ = world_.AddOnlineAgent("Mara");
  Person jonas_ = world_.AddAgent("Jonas");
  Person customer_ = world_.AddCustomer();
  std::string conversation_ = world_.Start(customer_);
  std::string note_ = world_.NewId<wire::MessageId>().text();
};

TEST_F(Notes, AreAmendedBehindTheCustomersBack) {
  ASSERT_EQ(world_
                .Put(World::PathOf("agent", conversation_) + "/notes/" + note_, mara_,
                     R"({"text":"look","mentions":[")" + jonas_.id + R"("]})")
                .status,
            201);
  world_.Snapshot(jonas_);
  world_.Hear("customer", customer_);
  ASSERT_EQ(Amend(Method::kPatch, mara_).status, 200);
  ASSERT_EQ(Amend(Method::kDelete, mara_).status, 200);
  EXPECT_EQ(Amend(Method::kPatch, customer_, "customer").code(), "not_found");
  for (const wire::Event& event : world_.Hear("customer", customer_).events) {
    EXPECT_EQ(event.type, wire::EventType::kHidden);
    EXPECT_EQ(event.target, std::nullopt);
    EXPECT_EQ(event.target_seq, std::nullopt);
    EXPECT_EQ(event.text, std::nullopt);
  }
  // Who was mentioned holds it.
  const auto heard = world_.Hear("agent", jonas_).events;
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[1].type, wire::EventType::kDeleted);
  EXPECT_EQ(heard[1].note, true);
  const auto head = world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(conversation_)));
  EXPECT_EQ(head->preview->text, "hello");
}

TEST_F(Notes, WhoSupervisesDeletesWhatAgentsWroteAtAnyTime) {
  ASSERT_EQ(world_.Put(World::PathOf("agent", conversation_) + "/notes/" + note_, mara_, R"({"text":"look"})").status,
            201);
  world_.clock.Advance(absl::Hours(5));
  EXPECT_EQ(Amend(Method::kDelete, jonas_).code(), "role_required");
  const Person supervisor = world_.AddWithRole("Sara", wire::Role::kSupervisor);
  EXPECT_EQ(Amend(Method::kPatch, supervisor).code(), "not_found") << "nobody puts words into another's mouth";
  EXPECT_EQ(Amend(Method::kDelete, supervisor).status, 200);
  EXPECT_EQ(Amend(Method::kDelete, supervisor).status, 200) << "it is gone already";
  EXPECT_EQ(Amend(Method::kDelete, jonas_).code(), "role_required") << "gone or not";
  // What the customer wrote is erased, or stays.
  note_ = *world_.Get(World::PathOf("agent", conversation_) + "/events", mara_).As<wire::EventPage>().events[0].id;
  EXPECT_EQ(Amend(Method::kDelete, supervisor).code(), "not_found");
}

}  // namespace
}  // namespace alcove::functions
