// What was written is erased for good: nothing of it is in the store.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;
using testing::Not;

namespace keys = store::keys;

class Erasing : public testing::Test {
 protected:
  ~Erasing() override { CheckInvariants(world_); }

  std::string PathOf(const std::string& message) {
    return "/v1/admin/conversations/" + conversation_ + "/messages" + (message.empty() ? "" : "/" + message);
  }
  Result Erase(const std::string& message) { return world_.Call(Method::kDelete, PathOf(message), world_.owner.token); }
  std::string Put(const std::string& side, const Person& who, const std::string& kind, const std::string& text) {
    const std::string id = world_.NewId<wire::MessageId>().text();
    const Result put =
        world_.Put(World::PathOf(side, conversation_) + kind + id, who, ToJson(wire::NewMessage{.text = text}));
    EXPECT_EQ(put.status, 201) << put.body;
    return id;
  }
  std::string Bytes() {
    std::string bytes;
    for (const store::Entry& entry : world_.Everything()) bytes += entry.key + "\n" + entry.value + "\n";
    return bytes;
  }
  std::vector<wire::Event> Log(const std::string& side, const Person& who) {
    return world_.Get(World::PathOf(side, conversation_) + "/events", who).As<wire::EventPage>().events;
  }
  ConversationRecord Head() {
    return *world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(conversation_)));
  }

  AdminWorld world_;
  Person mara_ = world_.AddOnlineAgent("Mara");
  Person customer_ = world_.AddCustomer();
  std::string conversation_ = world_.Start(customer_, "SECRET of the start");
};

TEST_F(Erasing, NothingOfAMessageStays) {
  const std::string message = Put("customer", customer_, "/messages/", "SECRET one");
  ASSERT_EQ(world_
                .Call(Method::kPatch, World::PathOf("customer", conversation_) + "/messages/" + message,
                      customer_.token, R"({"text":"SECRET two"})")
                .status,
            200);
  const std::string start = *Log("customer", customer_)[0].id;
  world_.Post(World::PathOf("agent", conversation_) + "/close", mara_);
  world_.Hear("customer", customer_);
  for (const std::string& id : {message, start}) {
    const Result erased = Erase(id);
    ASSERT_EQ(erased.status, 200) << erased.body;
    EXPECT_EQ(erased.body, "{}");
  }
  EXPECT_THAT(Bytes(), Not(HasSubstr("SECRET")));
  EXPECT_EQ(Head().preview->text, "");
  const auto log = Log("customer", customer_);
  EXPECT_EQ(log[0].id, start);
  EXPECT_EQ(log[0].text, std::nullopt);
  EXPECT_EQ(log[0].erased_at, absl::ToUnixMillis(world_.clock.Now()));
  EXPECT_EQ(log.back().type, wire::EventType::kErased);
  EXPECT_EQ(log.back().target, start);
  const auto heard = world_.Hear("customer", customer_).events;
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0].target, message);
  // It is answered to whoever repeats it, whatever they say that it was.
  EXPECT_EQ(world_.Say("customer", customer_, conversation_, "SECRET one", message).status, 200);
  EXPECT_EQ(world_.StartAs(customer_, conversation_, start, "SECRET of the start").status, 200);
  const auto before = world_.Everything();
  EXPECT_EQ(Erase(message).status, 200) << "it is erased already";
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Erasing, IsInTheAuditWithoutTheText) {
  const std::string message = Put("customer", customer_, "/messages/", "SECRET");
  Erase(message);
  const Result audit = world_.Get("/v1/admin/audit?limit=1", world_.owner);
  EXPECT_THAT(audit.body, HasSubstr(R"("action":"erase","resource":"messages","target":")" + message));
  EXPECT_THAT(audit.body, HasSubstr(conversation_));
  EXPECT_THAT(audit.body, Not(HasSubstr("SECRET")));
}

TEST_F(Erasing, OfANoteCustomersHearNothing) {
  const std::string note = Put("agent", mara_, "/notes/", "SECRET note");
  world_.Hear("customer", customer_);
  ASSERT_EQ(Erase(note).status, 200);
  EXPECT_THAT(Bytes(), Not(HasSubstr("SECRET note")));
  EXPECT_EQ(world_.Hear("customer", customer_).events.at(0).type, wire::EventType::kHidden);
  EXPECT_EQ(Log("agent", mara_).back().target, note);
}

// Who had the conversation before may hold it still.
TEST_F(Erasing, IsToldToAllAgents) {
  Person jonas = world_.AddAgent("Jonas");
  world_.Snapshot(jonas);
  const std::string message = Put("customer", customer_, "/messages/", "SECRET");
  const Result parked = world_.Poll("agent", jonas);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  Erase(message);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Hear("agent", jonas).events.at(0).target, message);
}

// What a server said before it remembered the ids of bots and timers.
TEST_F(Erasing, FindsWhatIsNotRememberedAsAPut) {
  const std::string message = Put("customer", customer_, "/messages/", "SECRET");
  world_.Write([&](store::Transaction& txn) {
    txn.Erase(keys::Sent(kSite, wire::ConversationId(conversation_), wire::MessageId(message)));
  });
  ASSERT_EQ(Erase(message).status, 200);
  EXPECT_THAT(Log("agent", mara_)[2].text.value_or(""), Not(HasSubstr("SECRET")));
}

TEST_F(Erasing, DropsWhatALaterServerWroteIntoIt) {
  const std::string key = keys::Event(kSite, wire::ConversationId(conversation_), 1);
  std::string text = *world_.store->Read([&](store::Reader& reader) { return reader.Get(key); }).value();
  text.back() = ',';
  text += R"("file":{"name":"SECRET.pdf"}})";
  world_.Write([&](store::Transaction& txn) { txn.Put(key, text); });
  ASSERT_EQ(Erase(*Log("agent", mara_)[0].id).status, 200);
  EXPECT_THAT(Bytes(), Not(HasSubstr("SECRET")));
}

TEST_F(Erasing, NothingOfWhatACustomerWroteStays) {
  const std::string id = world_.NewId<wire::ConversationId>().text();
  world_.PutSettings(R"({"form":[{"name":"name","label":"Name","type":"text","choices":[]}]})");
  ASSERT_EQ(world_
                .Put(World::PathOf("customer", id), customer_,
                     R"({"message":{"id":")" + world_.NewId<wire::MessageId>().text() +
                         R"(","text":"SECRET hello"},"form":[{"name":"name","value":"SECRET"}],)"
                         R"("page":{"url":"https://shop.example/SECRET"}})")
                .status,
            201);
  // They are called so by the form, which is the customer's record.
  CustomerRecord record = *world_.Stored<CustomerRecord>(keys::Customer(kSite, wire::CustomerId(customer_.id)));
  EXPECT_EQ(record.name, "SECRET");
  conversation_ = id;
  Put("customer", customer_, "/messages/", "SECRET more");
  Put("agent", mara_, "/messages/", "an answer");
  world_.Post(World::PathOf("customer", id) + "/page", customer_,
              R"({"url":"https://a.example/SECRET","title":"SECRET"})");
  world_.Put(World::PathOf("customer", id) + "/rating", customer_, R"({"score":1,"comment":"SECRET"})");
  world_.Post(World::PathOf("customer", id) + "/close", customer_, R"({"reason":"SECRET"})");
  ASSERT_EQ(Erase("").status, 200);
  for (const store::Entry& entry : world_.Everything()) {
    if (entry.key.find(id) == entry.key.npos && entry.value.find(id) == entry.value.npos) continue;
    std::string value = entry.value;
    // The name by which they are called is no text of theirs.
    for (size_t at = 0; (at = value.find(R"("name":"SECRET")", at)) != value.npos;) value.erase(at, 15);
    EXPECT_THAT(value, Not(HasSubstr("SECRET"))) << entry.key;
  }
  const auto log = Log("customer", customer_);
  EXPECT_EQ(log.back().type, wire::EventType::kErased);
  EXPECT_EQ(log.back().target, customer_.id);
  EXPECT_EQ(log.back().upto, log.back().seq - 1);
  const auto answer = std::find_if(log.begin(), log.end(), [](const auto& event) { return event.text.has_value(); });
  ASSERT_NE(answer, log.end());
  EXPECT_EQ(answer->text, "an answer");
  const auto before = world_.Everything();
  EXPECT_EQ(Erase("").status, 200) << "there is nothing left";
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Erasing, TheAnswersToAFormGoWhereNothingWasWritten) {
  world_.PutSettings(R"({"form":[{"name":"order","label":"Order","type":"text","choices":[]}]})");
  conversation_ = world_.NewId<wire::ConversationId>().text();
  ASSERT_EQ(world_
                .Put(World::PathOf("customer", conversation_), customer_,
                     R"({"form":[{"name":"order","value":"SECRET form"}]})")
                .status,
            201);
  ASSERT_EQ(Erase("").status, 200);
  EXPECT_THAT(Bytes(), Not(HasSubstr("SECRET form")));
  EXPECT_EQ(Log("customer", customer_).back().type, wire::EventType::kErased);
}

TEST_F(Erasing, OfWhatWasTakenBackNoDigestStays) {
  const std::string message = Put("customer", customer_, "/messages/", "SECRET");
  const std::string start = *Log("customer", customer_)[0].id;
  const wire::ConversationId conversation(conversation_);
  std::vector<std::string> puts = {keys::Started(kSite, conversation)};
  for (const std::string& id : {message, start}) {
    const std::string path = World::PathOf("customer", conversation_) + "/messages/" + id;
    ASSERT_EQ(world_.Call(Method::kDelete, path, customer_.token).status, 200);
    puts.push_back(keys::Sent(kSite, conversation, wire::MessageId(id)));
  }
  for (const std::string& key : puts) EXPECT_NE(world_.Stored<SentRecord>(key)->digest, "") << key;
  ASSERT_EQ(Erase("").status, 200);
  for (const std::string& key : puts) EXPECT_EQ(world_.Stored<SentRecord>(key)->digest, "") << key;
}

TEST_F(Erasing, OfALongConversationGoesBatchByBatch) {
  for (size_t i = 0; i < wire::kErasedBatchMax; ++i) Put("customer", customer_, "/messages/", "SECRET");
  ASSERT_EQ(Erase("").status, 200);
  EXPECT_THAT(Bytes(), Not(HasSubstr("SECRET")));
  const auto log = Log("agent", mara_);
  const auto& last = log.back();
  const auto& first = log[log.size() - 2];
  EXPECT_EQ(first.type, wire::EventType::kErased);
  EXPECT_EQ(first.upto, static_cast<int64_t>(wire::kErasedBatchMax));
  EXPECT_EQ(last.upto, first.seq - 1);
}

TEST_F(Erasing, IsForOwnersAndAdmins) {
  const std::string message = *Log("agent", mara_)[0].id;
  const Person supervisor = world_.AddWithRole("Sara", wire::Role::kSupervisor);
  const Person admin = world_.AddWithRole("Ada", wire::Role::kAdmin);
  for (const std::string& path : {PathOf(message), PathOf("")}) {
    EXPECT_EQ(world_.Call(Method::kDelete, path, supervisor.token).code(), "role_required");
  }
  EXPECT_EQ(Erase(world_.NewId<wire::MessageId>().text()).code(), "not_found");
  EXPECT_EQ(Erase("none").code(), "not_found");
  EXPECT_EQ(world_.Call(Method::kDelete, PathOf(message), admin.token).status, 200);
  EXPECT_EQ(world_
                .Call(Method::kPatch, World::PathOf("customer", conversation_) + "/messages/" + message,
                      customer_.token, R"({"text":"a"})")
                .code(),
            "not_found");
}

}  // namespace
}  // namespace alcove::functions
