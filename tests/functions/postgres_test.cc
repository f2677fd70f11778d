// The functions on PostgreSQL: what a message costs there.
#include <atomic>
#include <string>
#include <thread>

#include "store/postgres_store.h"
#include "tests/functions/world.h"
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
  const auto say = [&](const char* side, const Person& who, const std::string& id) {
    return trips_of([&] { EXPECT_EQ(world.Say(side, who, id, "a text").status, 201); });
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
  for (Talk& talk : talks) {
    world.Hear("customer", talk.customer);
    world.Hear("customer", talk.customer);
    EXPECT_LE(trips_of([&] { EXPECT_TRUE(world.Poll("customer", talk.customer).hangs()); }), 2);
  }
}

}  // namespace
}  // namespace alcove::functions
