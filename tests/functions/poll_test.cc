#include "functions/agent/poll.h"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/cursor.h"
#include "functions/secrets.h"
#include "functions/shared_work.h"
#include "store/memory_store.h"
#include "store/snapshot_store.h"
#include "tests/functions/two_who_talk.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

TEST(Poll, NothingNewHangsUntilADeadline) {
  World world;
  Person customer = world.AddCustomer();
  std::set<absl::Time> deadlines;
  for (int i = 0; i < 20; ++i) {
    const Result parked = world.Poll("customer", customer);
    ASSERT_TRUE(parked.hangs());
    EXPECT_LE(parked.deadline, world.clock.Now() + absl::Seconds(25));
    EXPECT_GE(parked.deadline, world.clock.Now() + absl::Seconds(20));
    deadlines.insert(parked.deadline);
  }
  EXPECT_GT(deadlines.size(), 10U) << "clients would march in step";
}

TEST(Poll, HoldsAsLongAsAskedAndNoLongerThanTheServer) {
  World world;
  Person customer = world.AddCustomer();
  const struct {
    const char* wait;
    double low_s, high_s;
  } kCases[] = {{"1", 0.8, 0.9}, {"10", 8, 9}, {"25", 20, 22.5}, {"26", 20, 22.5}, {"99999999999999999999", 20, 22.5},
                {"", 20, 22.5}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.wait);
    const Result parked = world.Poll("customer", customer, c.wait);
    ASSERT_TRUE(parked.hangs());
    EXPECT_GE(absl::ToDoubleSeconds(parked.deadline - world.clock.Now()), c.low_s);
    EXPECT_LE(absl::ToDoubleSeconds(parked.deadline - world.clock.Now()), c.high_s);
  }
  for (const char* bad : {"-1", "1.5", "x", "1x", "+1"}) {
    EXPECT_EQ(world.Poll("customer", customer, bad).code(), "bad_request") << bad;
  }
  EXPECT_EQ(world.Poll("customer", customer, "0").status, 200);
}

TEST(Poll, ReplaysMustAnswer) {
  World world;
  Person customer = world.AddCustomer();
  EXPECT_TRUE(world.Poll("customer", customer, "25", Wake::kSignalled).hangs());
  const auto late = world.Poll("customer", customer, "25", Wake::kDeadline).As<wire::PollAnswer>();
  EXPECT_TRUE(late.events.empty() && late.signals.empty() && !late.more);
  EXPECT_EQ(late.poll.hold_ms, 25'000);
  EXPECT_EQ(late.poll.retry_ms, 0);
  EXPECT_EQ(world.Poll("customer", customer, "25", Wake::kSuperseded).code(), "superseded");
  std::set<int64_t> retries;
  for (int i = 0; i < 20; ++i) {
    const auto drained = world.Poll("customer", customer, "25", Wake::kDraining).As<wire::PollAnswer>();
    EXPECT_GE(drained.poll.retry_ms, 1) << "0 is at once";
    EXPECT_LE(drained.poll.retry_ms, 3'000);
    retries.insert(drained.poll.retry_ms);
  }
  EXPECT_GT(retries.size(), 10U) << "clients would come back together";
}

TEST(Poll, SaysWhatTheNextOneWaitsForWhereItMayWait) {
  World world;
  Person agent = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string conversation = world.Start(customer);
  const Result news = world.Poll("customer", customer);
  ASSERT_TRUE(news.next.has_value());
  EXPECT_EQ(news.next->cursor, news.As<wire::PollAnswer>().cursor);
  EXPECT_EQ(world.Poll("customer", customer, "0").next, std::nullopt) << "it asks again when it likes";
  world.Snapshot(agent);
  for (size_t i = 0; i <= wire::kPollEventsMax; ++i) world.Say("customer", customer, conversation, "x");
  const Result full = world.Poll("agent", agent);
  EXPECT_TRUE(full.As<wire::PollAnswer>().more);
  EXPECT_EQ(full.next, std::nullopt) << "there is more to tell";
}

// Whatever happened, who was told all of it waits for what they were told (World::Poll expects that of each answer).
TEST(Poll, WhoWasToldAllWaits) {
  World world;
  std::minstd_rand random(20261130);
  const auto below = [&](size_t count) { return random() % count; };
  std::vector<Person> agents, customers;
  for (const char* const name : {"Mara", "Ines", "Tom"}) world.Snapshot(agents.emplace_back(world.AddAgent(name, 3)));
  for (int i = 0; i < 8; ++i) customers.push_back(world.AddCustomer());
  std::vector<std::pair<size_t, std::string>> conversations;  // with whose they are
  int followed = 0;
  for (int step = 0; step < 600; ++step) {
    Person& agent = agents[below(agents.size())];
    const size_t whose = below(customers.size());
    Person& customer = customers[whose];
    if (step % 3 == 0) world.clock.Advance(absl::Milliseconds(below(400)));
    if (conversations.empty() || below(8) == 0) conversations.emplace_back(whose, world.Start(customer));
    const auto& [theirs, conversation] = conversations[below(conversations.size())];
    const std::string of_agent = World::PathOf("agent", conversation);
    switch (below(8)) {
      case 0:
        world.SetPresence(agent, std::array{"online", "away", "offline"}[below(3)]);
        break;
      case 1:
        world.Post(of_agent + "/claim", agent);
        break;
      case 2:
        world.Say("agent", agent, conversation, "an answer");
        break;
      case 3:
        world.Say("customer", customers[theirs], conversation, "a question");
        break;
      case 4:
        world.Post(of_agent + "/close", agent, "{}");
        break;
      case 5:
        world.Post(World::PathOf("customer", conversation) + "/typing", customers[theirs], R"({"text":"hm"})");
        break;
      case 6:
        world.Post(of_agent + "/read", agent, R"({"seq":1})");
        break;
      default:
        break;
    }
    const bool is_agent = below(2) == 0;
    Person& who = is_agent ? agent : customer;
    const Result told = world.Poll(is_agent ? "agent" : "customer", who);
    if (told.hangs()) continue;
    who.cursor = told.As<wire::PollAnswer>().cursor;
    followed += told.next.has_value();
  }
  EXPECT_GT(followed, 150);
}

class Cursors : public testing::TestWithParam<const char*> {
 protected:
  World world_;
  Person agent_ = world_.AddAgent("Mara");
  Person customer_ = world_.AddCustomer();
  Result PollWith(const std::string& cursor) {
    Person& who = std::string(GetParam()) == "agent" ? agent_ : customer_;
    who.cursor = cursor;
    return world_.Poll(GetParam(), who, "0");
  }
  static Cursor At(int64_t own, std::string epoch = "") { return {Side::kCustomer, std::move(epoch), own, 0, "", 0}; }
  std::string Encode(Cursor cursor) {
    if (cursor.epoch.empty()) cursor.epoch = world_.store->epoch();
    cursor.side = std::string(GetParam()) == "agent" ? Side::kAgent : Side::kCustomer;
    return EncodeCursor(cursor);
  }
};
INSTANTIATE_TEST_SUITE_P(BothSides, Cursors, testing::Values("customer", "agent"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Cursors, ForeignOnesAreBad) {
  Cursor other;
  other.epoch = world_.store->epoch();
  other.side = std::string(GetParam()) == "agent" ? Side::kCustomer : Side::kAgent;
  const struct {
    const char* name;
    std::string cursor;
  } kCases[] = {{"none", ""},
                {"no base64", "!!!"},
                {"no fields", "aGVsbG8"},
                {"of the other side", EncodeCursor(other)},
                {"cut", Encode({}).substr(0, 20)},
                {"long", std::string(4000, 'A')},
                {"a negative position", Encode(At(-1))}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Result result = PollWith(c.cursor);
    EXPECT_EQ(result.status, 400) << result.body;
    EXPECT_EQ(result.code(), "bad_cursor");
  }
  EXPECT_EQ(PollWith(Encode({})).status, 200);
}

TEST_P(Cursors, OfAnotherStoreOrAheadAskForANewSnapshot) {
  const struct {
    const char* name;
    Cursor cursor;
  } kCases[] = {{"of another epoch", At(0, "0123456789abcdef0123456789abcdef")}, {"ahead", At(1)}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Result result = PollWith(Encode(c.cursor));
    EXPECT_EQ(result.status, 410);
    EXPECT_EQ(result.code(), "resync");
  }
}

// A server of another version answers the same clients: they must go on.
TEST_P(Cursors, OfAnotherVersionAskForANewSnapshot) {
  const std::string side = std::string(GetParam()) == "agent" ? "a" : "c";
  const std::string rest = "." + side + "." + world_.store->epoch() + ".0.0.0.0.";
  const struct {
    const char* name;
    std::string plain;
    int status;
  } kCases[] = {
      {"this one", "2" + rest, 200},
      {"the next", "3" + rest, 410},
      {"with other fields", "3.x", 410},
      {"the last there will be", "99" + rest, 410},
      {"the first", "1." + side + "." + world_.store->epoch() + ".0.0.0.", 410},
      {"the one before", "0" + rest, 400} /* there was none */,
      {"no number", "1x" + rest, 400},
      {"a long number", "100" + rest, 400},
      {"nothing", rest, 400},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Result result = PollWith(Base64Url(c.plain));
    EXPECT_EQ(result.hangs() ? 200 : result.status, c.status) << result.body;
    EXPECT_EQ(result.code(), c.status == 410 ? "resync" : c.status == 400 ? "bad_cursor" : "");
  }
}

TEST(Poll, AnAgentAheadOfTheQueueMustResync) {
  World world;
  Person agent = world.AddAgent("Mara");
  agent.cursor = EncodeCursor({Side::kAgent, world.store->epoch(), 0, 1, "", 0});
  EXPECT_EQ(world.Poll("agent", agent, "0").code(), "resync");
}

TEST(Poll, ACursorIsSafeInAnAddress) {
  World world;
  EXPECT_EQ(
      world.AddCustomer().cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
      std::string::npos);
}

TEST(Poll, AnswersHoldSoManyEventsAndSayThatThereAreMore) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  for (size_t i = 2; i < wire::kPollEventsMax; ++i) world.Say("customer", customer, id, "m");
  EXPECT_FALSE(world.Poll("customer", customer, "0").As<wire::PollAnswer>().more);
  world.Say("customer", customer, id, "one more");
  const auto first = world.Hear("customer", customer);
  EXPECT_EQ(first.events.size(), wire::kPollEventsMax);
  EXPECT_TRUE(first.more);
  const auto second = world.Hear("customer", customer);
  ASSERT_EQ(second.events.size(), 1U);
  EXPECT_EQ(second.events[0].text, "one more");
  EXPECT_FALSE(second.more);
}

TEST(Poll, AnswersHoldSoManyBytes) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  // Each byte is six in JSON, so that three messages are more than an answer holds.
  for (int i = 0; i < 3; ++i)
    world.Say("customer", customer, id, "x" + std::string(wire::kMessageTextBytesMax - 1, '\x01'));
  std::vector<int64_t> seqs;
  for (int polls = 1; polls <= 2; ++polls) {
    const auto answer = world.Hear("customer", customer);
    for (const auto& event : answer.events) seqs.push_back(event.seq);
    EXPECT_EQ(answer.more, polls == 1);
  }
  EXPECT_EQ(seqs, (std::vector<int64_t>{1, 2, 3, 4, 5}));
}

// Both what is durable and what is not: many drafts are more than an answer holds.
TEST(Poll, AnswersHoldSoManyBytesOfSignals) {
  World world;
  Person agent = world.AddAgent("Mara");
  world.Snapshot(agent);
  std::set<std::string> typing;
  const std::string draft(wire::kDraftTextBytesMax, '\x01');  // six bytes each in JSON
  for (int i = 0; i < 30; ++i) {
    const Person customer = world.AddCustomer();
    const std::string id = world.Start(customer);
    world.Post(World::PathOf("customer", id) + "/typing", customer, ToJson(wire::Typing{draft}));
    typing.insert(id);
  }
  bool more = true;
  for (int polls = 0; more; ++polls) {
    ASSERT_LT(polls, 3);
    const Result result = world.Poll("agent", agent, "0");
    EXPECT_LE(result.body.size(), wire::kPollBytesMax);
    const auto answer = result.As<wire::PollAnswer>();
    agent.cursor = answer.cursor;
    for (const wire::Signal& signal : answer.signals) {
      if (signal.type != wire::SignalType::kTyping) continue;
      EXPECT_EQ(typing.erase(*signal.conversation), 1U) << "told once";
    }
    more = answer.more;
    EXPECT_EQ(more, polls == 0);
  }
  EXPECT_TRUE(typing.empty()) << "all are told";
  EXPECT_TRUE(world.Poll("agent", agent).hangs());
}

TEST(Poll, AnswersHoldSoManyBytesOfSummaries) {
  World world;
  Person agent = world.AddAgent("Mara");
  world.Snapshot(agent);
  wire::NewConversation start;
  start.page = wire::Page{std::string(wire::kPageUrlBytesMax, '\x01'), {}};
  for (int i = 0; i < 30; ++i) {
    const Person customer = world.AddCustomer();
    const std::string id = world.NewId<wire::ConversationId>().text();
    ASSERT_EQ(world.Put(World::PathOf("customer", id), customer, ToJson(start)).status, 201);
  }
  size_t told = 0;
  for (int polls = 0; polls < 2; ++polls) {
    const Result result = world.Poll("agent", agent, "0");
    EXPECT_LE(result.body.size(), wire::kPollBytesMax);
    const auto answer = result.As<wire::PollAnswer>();
    agent.cursor = answer.cursor;
    told += answer.events.size();
    EXPECT_EQ(answer.more, polls == 0);
  }
  EXPECT_EQ(told, 30U);
}

TEST(Poll, WhatIsInTwoFeedsIsToldOnceAndInOrder) {
  World world;
  Person agent = world.AddAgent("Mara");
  world.Snapshot(agent);
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Post(World::PathOf("agent", id) + "/claim", agent);
  world.Say("customer", customer, id, "hi");
  const auto heard = world.Hear("agent", agent);
  std::vector<int64_t> seqs;
  for (const auto& event : heard.events) seqs.push_back(event.seq);
  EXPECT_EQ(seqs, (std::vector<int64_t>{1, 2, 3, 4}));
}

TEST(Poll, SigningOutEndsAParkedPoll) {
  World world;
  Person customer = world.AddCustomer();
  const Result parked = world.Poll("customer", customer);
  ASSERT_TRUE(parked.hangs());
  world.ForgetWakes();
  EXPECT_EQ(world.Call(Method::kDelete, "/v1/customer/session", customer.token).status, 200);
  EXPECT_TRUE(world.Wakes(parked));
  EXPECT_EQ(world.Poll("customer", customer, "25", Wake::kSignalled).code(), "token_invalid");
}

class OwnNews : public TwoWhoTalk {
 protected:
  OwnNews() { world_.Hear("agent", agent_); }
  void Say(const std::string& text) { ASSERT_EQ(world_.Say(side(), who(), conversation_, text).status, 201); }
  void Reply(const std::string& text) { ASSERT_EQ(world_.Say(other_side(), other(), conversation_, text).status, 201); }

  const absl::Duration held_ = absl::Milliseconds(wire::kOwnNewsMs);
};
INSTANTIATE_TEST_SUITE_P(BothSides, OwnNews, OfBothSides(), NameOfSide);

TEST_P(OwnNews, IsToldAfterAShortWhile) {
  const absl::Time begin = world_.clock.Now();
  Say("hello?");
  world_.clock.Advance(held_ / 2);
  Say("is anybody there?");
  const Result held = world_.Poll(side(), who());
  ASSERT_TRUE(held.hangs()) << held.body;
  EXPECT_EQ(held.deadline, begin + held_) << "of the older";
  world_.clock.Advance(held_ / 2);
  EXPECT_EQ(world_.Poll(side(), who(), "25", Wake::kDeadline).As<wire::PollAnswer>().events.size(), 2U);
  EXPECT_EQ(world_.Poll(side(), who()).As<wire::PollAnswer>().events.size(), 2U) << "a new poll, too";
}

TEST_P(OwnNews, IsToldWithWhateverElseThereIs) {
  Say("hello?");
  ASSERT_TRUE(world_.Poll(side(), who()).hangs());
  Reply("yes");
  EXPECT_EQ(world_.Poll(side(), who()).As<wire::PollAnswer>().events.size(), 2U);
}

TEST_P(OwnNews, IsToldToAPollThatMayNotWait) {
  Say("hello?");
  EXPECT_EQ(world_.Poll(side(), who(), "0").As<wire::PollAnswer>().events.size(), 1U);
  EXPECT_EQ(world_.Poll(side(), who(), "25", Wake::kDraining).As<wire::PollAnswer>().events.size(), 1U);
}

TEST_P(OwnNews, IsNotHeldForLongerByAnotherNodesClock) {
  Say("hello?");
  world_.clock.Advance(-absl::Hours(1));
  const Result held = world_.Poll(side(), who());
  ASSERT_TRUE(held.hangs());
  EXPECT_EQ(held.deadline, world_.clock.Now() + held_);
}

TEST_P(OwnNews, OfOtherKindsIsToldAtOnce) {
  ASSERT_EQ(world_.Post(World::PathOf(side(), conversation_) + "/close", who()).status, 200);
  EXPECT_EQ(world_.Poll(side(), who()).As<wire::PollAnswer>().events.size(), 1U);
}

// What a text says is no event's type and no event's author.
TEST_P(OwnNews, IsKnownByItsAuthorAlone) {
  Reply("yes");
  ASSERT_FALSE(world_.Poll(side(), who()).hangs());
  world_.Hear(side(), who());
  Reply(R"("type":"message","actor":{"kind":"x","id":")" + who().id + '"');
  EXPECT_EQ(world_.Poll(side(), who()).As<wire::PollAnswer>().events.size(), 1U);
}

TEST(Poll, OthersAreNotWoken) {
  World world;
  Person customer = world.AddCustomer();
  Person other = world.AddCustomer();
  const Result parked = world.Poll("customer", other);
  world.ForgetWakes();
  const std::string id = world.Start(customer);
  world.Say("customer", customer, id, "hi");
  EXPECT_FALSE(world.Wakes(parked));
  EXPECT_TRUE(world.Poll("customer", other).hangs());
}

// What is known only now is told once; a restart forgets it, and nothing breaks.
TEST(Poll, EphemeraAreToldOnceAndAgainAfterARestart) {
  World world;
  Person agent = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  world.Snapshot(agent);
  world.Post(World::PathOf("customer", id) + "/typing", customer, R"({"text":"I wo"})");
  EXPECT_EQ(world.Hear("agent", agent).signals.size(), 1U);
  EXPECT_TRUE(world.Poll("agent", agent).hangs());
  world.ephemera.Restart();
  world.Post(World::PathOf("customer", id) + "/typing", customer, R"({"text":"I wonder"})");
  const auto heard = world.Hear("agent", agent);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].text, "I wonder");
}

// A store in which something happens just after a snapshot was taken.
class MeanwhileStore : public store::Store {
 public:
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(store::Watcher* watcher) override { inner_->Watch(watcher); }
  // Called by each reading, behind its snapshot.
  void Meanwhile(std::function<void()> happens) { happens_ = std::move(happens); }

 protected:
  absl::Status TransactStatus(const std::function<absl::Status(store::Transaction&)>& body) override {
    return inner_->Transact(body);
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    return inner_->Read([&](store::Reader& reader) {
      if (happens_) happens_();
      return body(reader);
    });
  }

 private:
  std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();
  std::function<void()> happens_;
};

// What is not in the snapshot is told by the polls from its cursor.
TEST(Poll, NothingIsLostBetweenASnapshotAndItsCursor) {
  auto owned = std::make_unique<MeanwhileStore>();
  MeanwhileStore& store = *owned;
  World world(std::move(owned));
  Person mara = world.AddAgent("Mara");
  const Person jonas = world.AddAgent("Jonas");
  store.Meanwhile([&] { world.SetPresence(jonas, "away"); });
  const auto snapshot = world.Snapshot(mara);
  store.Meanwhile(nullptr);
  for (const auto& agent : snapshot.agents) EXPECT_EQ(agent.presence, wire::Presence::kOffline);
  const auto heard = world.Hear("agent", mara);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].agent->id, jonas.id);

  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  const std::string resume = R"({"site":"sit_demo","token":")" + customer.token + "\"}";
  int reads = 0;
  store.Meanwhile([&] {
    // The second reading fills the session.
    if (++reads == 2) world.Post(World::PathOf("agent", id) + "/read", jonas, R"({"seq":1})");
  });
  const auto session = world.Call(Method::kPost, "/v1/customer/session", "", resume).As<wire::CustomerSession>();
  store.Meanwhile(nullptr);
  ASSERT_EQ(session.conversations.size(), 1U);
  EXPECT_EQ(session.conversations[0].conversation.read_by_agent, 0);
  customer.cursor = session.cursor;
  const auto told = world.Hear("customer", customer);
  ASSERT_EQ(told.signals.size(), 1U);
  EXPECT_EQ(told.signals[0].seq, 1);
}

// --- On one snapshot -------------------------------------------------------------

// Counts how often each key, or range, is read.
class CountingReader final : public store::Reader {
 public:
  explicit CountingReader(std::unique_ptr<store::Reader> inner) : inner_(std::move(inner)) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    ++read[std::string(key)];
    return inner_->Get(key);
  }
  absl::StatusOr<std::vector<store::Entry>> Scan(const store::Range& range,
                                                 const store::ScanOptions& options) override {
    ++read[range.begin];
    return inner_->Scan(range, options);
  }
  std::map<std::string, int> read;

 private:
  const std::unique_ptr<store::Reader> inner_;
};

TEST(Poll, OfOneSnapshotShareWhatIsTheSameForAll) {
  World world;
  std::vector<Person> agents = {world.AddAgent("Mara"), world.AddAgent("Jonas"), world.AddAgent("Ada")};
  for (Person& agent : agents) world.Snapshot(agent);
  const Person customer = world.AddCustomer();
  world.Start(customer, "is anybody there?");
  // One who has been told already stands elsewhere in the feed.
  world.Hear("agent", agents[2]);
  world.Start(world.AddCustomer(), "hello");

  CountingReader reader(world.store->SnapshotAtOnce());
  store::SnapshotStore store(*world.store, reader);
  SharedWork shared;
  Context context(store, world.clock, world.random, world.ephemera, world.assets, world.config, *world.budgets,
                  &shared);
  const auto poll = [&](const Person& agent) {
    return agent::Poll(world.MakeRequest(Method::kGet, "/v1/agent/poll?wait=0&cursor=" + agent.cursor, agent.token),
                       context);
  };
  for (size_t i = 0; i < agents.size(); ++i) {
    SCOPED_TRACE(agents[i].name);
    const Outcome outcome = poll(agents[i]);
    ASSERT_NE(outcome.response(), nullptr);
    EXPECT_EQ(outcome.response()->body, world.Poll("agent", agents[i], "0").body);
    if (i == 2) break;
    for (const auto& [key, times] : reader.read) EXPECT_EQ(times, 1) << key;
  }
  // Access is nobody's but one's own.
  Person stranger = agents[0];
  stranger.token = "at_stranger";
  EXPECT_EQ(poll(stranger).response()->status, 401);
}

// --- The queue ----------------------------------------------------------------

TEST(Poll, CustomersHearOfMovingUp) {
  World world;
  Person agent = world.AddAgent("Mara");
  Person first = world.AddCustomer();
  Person second = world.AddCustomer();
  const std::string ahead = world.Start(first);
  const std::string behind = world.Start(second);
  world.Hear("customer", second);
  const Result parked = world.Poll("customer", second);
  ASSERT_TRUE(parked.hangs());
  world.ForgetWakes();
  world.Start(world.AddCustomer());
  EXPECT_FALSE(world.Wakes(parked)) << "somebody behind changes nothing";
  world.Post(World::PathOf("agent", ahead) + "/claim", agent);
  EXPECT_TRUE(world.Wakes(parked));
  const auto heard = world.Hear("customer", second);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].type, wire::SignalType::kQueue);
  EXPECT_EQ(heard.signals[0].conversation, behind);
  EXPECT_EQ(heard.signals[0].position, 1);
  EXPECT_TRUE(world.Poll("customer", second).hangs()) << "told once";
}

TEST(Poll, CustomersFarBackHearOfMovingUpWhenTheirPollEnds) {
  World world;
  Person agent = world.AddAgent("Mara");
  const std::string ahead = world.Start(world.AddCustomer());
  for (int64_t i = 1; i < wire::kQueuePlacesLiveMax; ++i) world.Start(world.AddCustomer());
  Person far = world.AddCustomer();
  world.Start(far);
  world.Hear("customer", far);
  const Result parked = world.Poll("customer", far);
  ASSERT_TRUE(parked.hangs());
  world.ForgetWakes();
  for (int64_t i = 0; i < 2; ++i) {
    Person behind = world.AddCustomer();
    world.Start(behind);
  }
  EXPECT_FALSE(world.Wakes(parked));
  world.Post(World::PathOf("agent", ahead) + "/claim", agent);
  EXPECT_FALSE(world.Wakes(parked)) << "at the place behind the last live one";
  const auto late = world.Poll("customer", far, "25", Wake::kDeadline).As<wire::PollAnswer>();
  ASSERT_EQ(late.signals.size(), 1U);
  EXPECT_EQ(late.signals[0].position, wire::kQueuePlacesLiveMax);
}

}  // namespace
}  // namespace alcove::functions
