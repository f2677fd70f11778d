#include <string>
#include <vector>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

std::vector<int64_t> Range(int64_t first, int64_t last) {
  std::vector<int64_t> seqs;
  for (int64_t seq = first; seq <= last; ++seq) seqs.push_back(seq);
  return seqs;
}

TEST(Events, ArePagedInBothDirections) {
  World world;
  const Person agent = world.AddAgent("Mara");
  const Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  const auto kEvents = static_cast<int64_t>(wire::kEventPageMax) + 10;
  for (int64_t i = 2; i < kEvents; ++i) world.Say("customer", customer, id, "m");
  const struct {
    const char* query;
    std::vector<int64_t> seqs;
    bool more;
  } kCases[] = {
      {"", Range(11, kEvents), true},
      {"?after=0", Range(1, kEvents - 10), true},
      {"?after=10", Range(11, kEvents), false},
      {"?after=9", Range(10, kEvents - 1), true},
      {"?after=5&limit=3", Range(6, 8), true},
      {"?before=5", Range(1, 4), false},
      {"?before=5&limit=4", Range(1, 4), false},
      {"?before=5&limit=3", Range(2, 4), true},
      {"?after=2&before=5", Range(3, 4), false},
      {"?after=999", {}, false},
      {"?before=1", {}, false},
      {"?before=0", {}, false},
      {"?after=10&limit=99999999999999999999", Range(11, kEvents), false},
  };
  for (const auto& c : kCases) {
    for (const char* side : {"customer", "agent"}) {
      SCOPED_TRACE(std::string(side) + c.query);
      const Person& who = std::string(side) == "agent" ? agent : customer;
      const auto page = world.Get(World::PathOf(side, id) + "/events" + c.query, who).As<wire::EventPage>();
      std::vector<int64_t> seqs;
      for (const auto& event : page.events) seqs.push_back(event.seq);
      EXPECT_EQ(seqs, c.seqs);
      EXPECT_EQ(page.more, c.more);
    }
  }
  for (const char* bad : {"?after=-1", "?after=x", "?before=1.5", "?limit=0", "?limit=-3"}) {
    EXPECT_EQ(world.Get(World::PathOf("customer", id) + "/events" + bad, customer).status, 400) << bad;
  }
}

TEST(Events, PagesHoldSoManyBytes) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  for (int i = 0; i < 8; ++i) {
    world.Say("customer", customer, id, "m");
    world.Enlarge(id, 3 + i, wire::kSnapshotBytesMax / 5);
  }
  const Result result = world.Get(World::PathOf("customer", id) + "/events?after=0", customer);
  EXPECT_LT(result.body.size(), wire::kSnapshotBytesMax + 1000);
  const auto page = result.As<wire::EventPage>();
  EXPECT_TRUE(page.more);
  EXPECT_EQ(page.events.front().seq, 1);
  const auto last = world.Get(World::PathOf("customer", id) + "/events", customer).As<wire::EventPage>();
  EXPECT_EQ(last.events.back().seq, 10);
}

class Lists : public testing::Test {
 protected:
  std::vector<std::string> List(const std::string& query, const Person& who, bool more = false) {
    const Result result = world_.Get("/v1/agent/conversations?" + query, who);
    EXPECT_EQ(result.status, 200) << result.body;
    const auto list = result.As<wire::ConversationList>();
    EXPECT_EQ(list.more, more);
    std::vector<std::string> ids;
    for (const auto& conversation : list.conversations) ids.push_back(conversation.id);
    return ids;
  }
  std::string StartOne() {
    world_.clock.Advance(absl::Milliseconds(1));
    return world_.Start(world_.AddCustomer());
  }
  void Close(const std::string& id) {
    world_.clock.Advance(absl::Milliseconds(1));
    world_.Post(World::PathOf("agent", id) + "/close", mara_);
  }
  World world_;
  Person mara_ = world_.AddAgent("Mara", 2);
  Person jonas_ = world_.AddAgent("Jonas");
  using Ids = std::vector<std::string>;
};

TEST_F(Lists, ShowEachViewInItsOrder) {
  const std::string a = StartOne(), b = StartOne(), c = StartOne(), d = StartOne();
  world_.SetPresence(mara_, "online");
  EXPECT_EQ(List("view=mine", mara_), (Ids{b, a}));
  EXPECT_EQ(List("view=mine", jonas_), Ids{});
  EXPECT_EQ(List("view=waiting", jonas_), (Ids{c, d}));
  EXPECT_EQ(List("view=team", jonas_), (Ids{d, c, b, a}));
  EXPECT_EQ(List("view=closed", jonas_), Ids{});
  Close(b);  // c is handed out
  Close(a);  // d is handed out
  EXPECT_EQ(List("view=mine", mara_), (Ids{d, c}));
  EXPECT_EQ(List("view=team", jonas_), (Ids{d, c}));
  EXPECT_EQ(List("view=closed", jonas_), (Ids{a, b}));
}

TEST_F(Lists, ArePagedByTheLastOfThePageBefore) {
  Ids all;
  for (size_t i = 0; i <= wire::kListConversationsMax; ++i) all.push_back(StartOne());
  const Ids first = List("view=waiting", mara_, true);
  EXPECT_EQ(first, Ids(all.begin(), all.end() - 1));
  EXPECT_EQ(List("view=waiting&before=" + first.back(), mara_), Ids{all.back()});
  const Ids reversed(all.rbegin(), all.rend());
  EXPECT_EQ(List("view=team&limit=2", mara_, true), Ids(reversed.begin(), reversed.begin() + 2));
  EXPECT_EQ(List("view=team&limit=2&before=" + reversed[1], mara_, true),
            Ids(reversed.begin() + 2, reversed.begin() + 4));
  for (size_t i = 0; i < 3; ++i) Close(all[i]);
  EXPECT_EQ(List("view=closed&limit=2", mara_, true), (Ids{all[2], all[1]}));
  EXPECT_EQ(List("view=closed&limit=2&before=" + all[1], mara_), Ids{all[0]});
  world_.SetPresence(mara_, "online");
  EXPECT_EQ(List("view=mine&limit=1", mara_, true), Ids{all[4]});
  EXPECT_EQ(List("view=mine&limit=1&before=" + all[4], mara_), Ids{all[3]});
}

TEST_F(Lists, BadQueriesAreRefused) {
  for (const char* bad : {"", "view=", "view=all", "view=team&limit=0", "view=team&limit=x", "view=team&before=x"}) {
    EXPECT_EQ(world_.Get(std::string("/v1/agent/conversations?") + bad, mara_).status, 400) << bad;
  }
  const Result search = world_.Get("/v1/agent/conversations?view=team&q=refund", mara_);
  EXPECT_EQ(search.status, 400);
  EXPECT_EQ(search.code(), "bad_request");
  EXPECT_EQ(search.As<wire::Problem>().detail, "q: search is not available yet");
  EXPECT_EQ(world_.Get("/v1/agent/conversations?view=team&q=", mara_).status, 200);
  const std::string unknown = world_.NewId<wire::ConversationId>().text();
  EXPECT_EQ(world_.Get("/v1/agent/conversations?view=team&before=" + unknown, mara_).status, 404);
}

TEST_F(Lists, OneIsShownWithItsEvents) {
  const std::string id = StartOne();
  const auto answer = world_.Get(World::PathOf("agent", id), jonas_).As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(answer.conversation.id, id);
  EXPECT_EQ(answer.conversation.unread, 1);
  EXPECT_EQ(answer.events.size(), 2U);
}

}  // namespace
}  // namespace alcove::functions
