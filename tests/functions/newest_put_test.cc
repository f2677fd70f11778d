// A put that was made before is found again, whatever the head tells of those that were.
#include "functions/newest_put.h"

#include <functional>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "functions/conversation.h"
#include "functions/message.h"
#include "store/keys.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

// Refuses to look for anything.
class Blind final : public store::Reader {
 public:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view) override { return absl::InternalError("a look"); }
  absl::StatusOr<std::vector<store::Entry>> Scan(const store::Range&, const store::ScanOptions&) override {
    return absl::InternalError("a scan");
  }
};

class NewestPutTest : public testing::Test {
 protected:
  NewestPutTest() {
    agent_ = world_.AddOnlineAgent("Mara");
    customer_ = world_.AddCustomer();
    id_ = world_.Start(customer_);
    key_ = keys::Conversation(kSite, wire::ConversationId(id_));
  }

  Result Say(const std::string& text, const wire::MessageId& message) {
    return world_.Say("customer", customer_, id_, text, message.text());
  }
  Conversation Now() {
    auto found = world_.store->Read(
        [&](store::Reader& reader) { return LoadConversation(reader, kSite, wire::ConversationId(id_)); });
    EXPECT_TRUE(found.ok()) << found.status();
    return *std::move(found);
  }
  // What a server wrote that does not know of it: a head with what was known before, as it keeps that.
  void WriteAsAnOlderServer(const std::function<void()>& write) {
    const auto known = Now().record.newest_put;
    write();
    world_.Write([&](store::Transaction& txn) {
      auto head = *Load<ConversationRecord>(txn, key_);
      head.newest_put = known;
      Save(txn, key_, head);
    });
  }

  World world_;
  Person agent_, customer_;
  std::string id_;
  std::string key_;
};

TEST_F(NewestPutTest, LooksForNothingThatIsAboveAll) {
  Blind blind;
  world_.clock.Advance(absl::Seconds(1));
  const auto above = world_.NewId<wire::MessageId>();
  const auto earlier = [&](const wire::MessageId& id) {
    return EarlierAnswer(blind, Now(), Side::kAgent, id, "digest");
  };
  EXPECT_FALSE(earlier(above).has_value());
  ASSERT_EQ(Say("one", above).status, 201);
  EXPECT_FALSE(earlier(above).value().status().ok()) << "the same one may have been put";
  const auto below = wire::MessageId::Make(1, 1, 1);
  EXPECT_FALSE(earlier(below).value().status().ok());
}

TEST_F(NewestPutTest, IsKnownFromTheBeginningOn) {
  const auto message = wire::MessageId::Make(absl::ToUnixMillis(world_.clock.Now()) + 1, 1, 1);
  id_ = wire::ConversationId::Make(1, 2, 3).text();
  ASSERT_EQ(world_.StartAs(customer_, id_, message.text(), "hello").status, 201);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{message.text(), Now().record.last_seq}));
  EXPECT_EQ(Say("of a clock that is late", wire::MessageId::Make(1, 1, 1)).status, 201);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{message.text(), Now().record.last_seq}));
  // What is no put counts, too.
  world_.Post(World::PathOf("agent", id_) + "/close", agent_);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{message.text(), Now().record.last_seq}));
}

TEST_F(NewestPutTest, FindsWhatAServerPutThatDoesNotKnowOfIt) {
  const auto first = world_.NewId<wire::MessageId>();
  ASSERT_EQ(Say("first", first).status, 201);
  world_.clock.Advance(absl::Seconds(1));
  const auto second = world_.NewId<wire::MessageId>();
  Result put;
  WriteAsAnOlderServer([&] { put = Say("second", second); });
  ASSERT_EQ(put.status, 201);
  EXPECT_FALSE(IsAboveAllPut(Now().record, second));
  // What is no put does not make it known.
  ASSERT_EQ(world_.Post(World::PathOf("agent", id_) + "/tags", agent_, R"({"add":["vip"]})").status, 200);
  EXPECT_FALSE(IsAboveAllPut(Now().record, second));
  const auto before = world_.Everything();
  const Result again = Say("second", second);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, put.body);
  EXPECT_EQ(world_.Everything(), before);
  // The next put finds out: of a lesser id, so that it is not the greatest itself.
  ASSERT_EQ(Say("third", wire::MessageId::Make(1, 1, 1)).status, 201);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{second.text(), Now().record.last_seq}));
}

TEST_F(NewestPutTest, FindsWhatWasPutBeforeAnyHeadKnew) {
  const auto message = world_.NewId<wire::MessageId>();
  ASSERT_EQ(Say("old", message).status, 201);
  world_.Write([&](store::Transaction& txn) {
    auto head = *Load<ConversationRecord>(txn, key_);
    head.newest_put.reset();
    Save(txn, key_, head);
  });
  EXPECT_EQ(Say("old", message).status, 200);
  world_.clock.Advance(absl::Seconds(1));
  const auto next = world_.NewId<wire::MessageId>();
  ASSERT_EQ(Say("new", next).status, 201);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{next.text(), Now().record.last_seq}));
  EXPECT_EQ(Say("old", message).status, 200);
}

TEST_F(NewestPutTest, FindsThatNothingWasPut) {
  id_ = wire::ConversationId::Make(1, 2, 3).text();
  ASSERT_EQ(world_.Put("/v1/customer/conversations/" + id_, customer_, "{}").status, 201);
  key_ = keys::Conversation(kSite, wire::ConversationId(id_));
  EXPECT_EQ(Now().record.newest_put, (NewestPut{"", Now().record.last_seq}));
  WriteAsAnOlderServer([&] { world_.Post(World::PathOf("agent", id_) + "/close", agent_); });
  WriteAsAnOlderServer([&] { world_.Post(World::PathOf("agent", id_) + "/reopen", agent_); });
  const auto message = wire::MessageId::Make(1, 1, 1);
  EXPECT_FALSE(IsAboveAllPut(Now().record, message));
  ASSERT_EQ(Say("first", message).status, 201);
  EXPECT_EQ(Now().record.newest_put, (NewestPut{message.text(), Now().record.last_seq}));
}

// Ids in any order, of both sides, said again at any time, with events between and servers that do not know of it.
TEST_F(NewestPutTest, WhateverIsSaidTwiceIsThereOnce) {
  const uint64_t seed = store::Seed();
  SCOPED_TRACE(testing::Message() << "replay with ALCOVE_SEED=" << seed);
  std::mt19937_64 rng(seed);
  std::map<std::string, std::string> answers;
  std::vector<std::string> said;
  const auto say = [&](const std::string& message) {
    const bool by_agent = message.back() % 2 == 0;
    return world_.Say(by_agent ? "agent" : "customer", by_agent ? agent_ : customer_, id_, message, message);
  };
  int above = 0;
  for (int step = 0; step < 300; ++step) {
    SCOPED_TRACE(testing::Message() << "step " << step);
    world_.clock.Advance(absl::Milliseconds(1));
    if (!said.empty() && rng() % 2 == 0) {
      const std::string& message = said[rng() % said.size()];
      const Result again = say(message);
      ASSERT_EQ(again.status, 200);
      ASSERT_EQ(again.body, answers[message]);
      continue;
    }
    const auto between = [&] {
      ASSERT_EQ(world_
                    .Post(World::PathOf("agent", id_) + "/tags", agent_,
                          step % 2 == 0 ? R"({"add":["vip"]})" : R"({"remove":["vip"]})")
                    .status,
                200);
    };
    // Some clocks are a few steps late.
    const auto message =
        wire::MessageId::Make(absl::ToUnixMillis(world_.clock.Now()) - static_cast<int64_t>(rng() % 6), 7, rng());
    const auto put = [&] {
      const Result result = say(message.text());
      ASSERT_EQ(result.status, 201) << result.body;
      answers[message.text()] = result.body;
      said.push_back(message.text());
    };
    if (rng() % 8 == 0) WriteAsAnOlderServer(between);
    if (rng() % 8 == 0) between();
    if (rng() % 4 == 0) {
      WriteAsAnOlderServer(put);
    } else {
      above += IsAboveAllPut(Now().record, message) ? 1 : 0;
      put();
    }
  }
  EXPECT_GT(above, 10) << "what is above all is not tried";
  EXPECT_LT(above, 120) << "what is below is not tried";
}

}  // namespace
}  // namespace alcove::functions
