// The functions on PostgreSQL: what a message costs there.
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "store/postgres_store.h"
#include "tests/functions/invariants.h"
#include "tests/functions/two_nodes.h"
#include "tests/functions/world.h"
#include "tests/store/open_postgres.h"
#include "tests/store/postgres_server.h"

namespace alcove::functions {
namespace {

TEST(Postgres, MessagesTakeTwoRoundTripsAndEmptyPollsTwo) {
  std::atomic<int> trips{0};
  const std::thread::id test = std::this_thread::get_id();
  auto store = store::OpenPostgresStore(store::PostgresServer::Shared().NewPlace(), {.on_round_trip = [&] {
                                          // Not the signals', which are their own.
                                          if (std::this_thread::get_id() == test) ++trips;
                                        }});
  ASSERT_TRUE(store.ok()) << store.status();
  World world(*std::move(store));
  Person agent = world.AddOnlineAgent("Mara");
  struct Talk {
    Person customer;
    std::string id;
  };
  std::vector<Talk> talks;
  for (int i = 0; i < 3; ++i) {
    Talk talk{world.AddCustomer(), ""};
    talk.id = world.Start(talk.customer);
    talks.push_back(talk);
  }
  const auto trips_of = [&](const auto& act) {
    trips = 0;
    act();
    return trips.load();
  };
  const auto say = [&](const char* side, const Person& who, const std::string& id, const std::string& message = "") {
    return trips_of([&] { EXPECT_EQ(world.Say(side, who, id, "a text", message).status, 201); });
  };
  // The first words of each are learnt from.
  for (int round = 0; round < 2; ++round) {
    for (Talk& talk : talks) {
      EXPECT_LE(say("customer", talk.customer, talk.id), 7);
      EXPECT_LE(say("agent", agent, talk.id), 7);
    }
  }
  for (int round = 0; round < 4; ++round) {
    for (Talk& talk : talks) {
      SCOPED_TRACE(round);
      EXPECT_EQ(say("customer", talk.customer, talk.id), 2);
      EXPECT_EQ(say("agent", agent, talk.id), 2) << "whichever of several conversations it is in";
    }
  }
  // One whose clock is late: their id is above all that was put as they wrote last, and below what the other put since.
  const int64_t base_ms = absl::ToUnixMillis(world.clock.Now()) + 1000;
  for (int64_t at = base_ms; at < base_ms + 40; at += 10) {
    EXPECT_EQ(say("customer", talks[0].customer, talks[0].id, wire::MessageId::Make(at - 11, 1, 1).text()), 2);
    EXPECT_EQ(say("agent", agent, talks[0].id, wire::MessageId::Make(at, 1, 1).text()), 2);
  }
  for (Talk& talk : talks) {
    world.Hear("customer", talk.customer);
    world.Hear("customer", talk.customer);
    EXPECT_LE(trips_of([&] { EXPECT_TRUE(world.Poll("customer", talk.customer).hangs()); }), 2);
  }
}

TEST(Postgres, TwoNodesNeverRunOneCallAtOnce) {
  const std::string place = store::PostgresServer::Shared().NewPlace();
  World a(store::OpenPostgres(place));
  World b(store::OpenPostgres(place));
  RunOnTwoNodes(a, b, 40);
  CheckInvariants(a);
}

// An agent's away call is claimed by a node that dies, and run by another when the lease is over.
TEST(Postgres, ANodeTakesOverWhatADeadOneHadClaimed) {
  const std::string place = store::PostgresServer::Shared().NewPlace();
  World dead(store::OpenPostgres(place));
  World other(store::OpenPostgres(place));
  const Person mara = dead.AddOnlineAgent("Mara");
  const auto pass = [&](absl::Duration time) {
    dead.clock.Advance(time);
    other.clock.Advance(time);
  };
  const auto find = [](World& world) {
    const int64_t now_ms = absl::ToUnixMillis(world.clock.Now());
    return world.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); })->calls;
  };
  pass(absl::Minutes(2));
  Context context_of_the_dead = dead.MakeContext();
  Context context = other.MakeContext();
  const auto due = find(dead);
  ASSERT_EQ(due.size(), 1U);
  const auto lost = ClaimCall(due[0], context_of_the_dead);
  ASSERT_TRUE(lost.ok() && lost->claim);
  pass(absl::Milliseconds(wire::kDeferLeaseMs - 1));
  EXPECT_TRUE(find(other).empty());
  EXPECT_FALSE(ClaimCall(due[0], context)->claim.has_value());
  pass(absl::Milliseconds(1));
  const auto again = find(other);
  ASSERT_EQ(again.size(), 1U);
  const auto claimed = ClaimCall(again[0], context);
  ASSERT_TRUE(claimed.ok() && claimed->claim);
  const Deferrable* const away = FindDeferrable(Deferrables(), claimed->claim->function);
  EXPECT_EQ(RunClaim(*claimed->claim, away, context)->ran, Ran::kDone);
  EXPECT_EQ(other.StateOf(mara).presence, wire::Presence::kAway);
  EXPECT_EQ(RunClaim(*lost->claim, away, context_of_the_dead)->ran, Ran::kGone) << "it was only slow";
  CheckInvariants(other);
}

}  // namespace
}  // namespace alcove::functions
