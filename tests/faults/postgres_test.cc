// PostgreSQL fails under conversations on two nodes: what was acknowledged is
// there once, and the store holds together.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "store/postgres_store.h"
#include "tests/faults/talk.h"
#include "tests/store/open_postgres.h"
#include "tests/store/postgres_server.h"
#include "tests/store/seed.h"

namespace alcove::functions {
namespace {

using store::PostgresServer;

// A node with people who talk at it, on a thread of its own, whatever happens to the database.
class Node {
 public:
  Node(const std::string& place, const store::PostgresOptions& options, uint64_t seed)
      : world_(store::OpenPostgres(place, options), seed), talk_(world_, seed) {}

  void Begin() {
    thread_ = std::thread([this] {
      while (!stop_) {
        if (talk_.Step(world_)) {
          ++steps_;
        } else {
          std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
      }
      // What is under way is repeated until it is answered.
      talk_.Run(world_, 1, [] { return !testing::Test::HasFailure(); });
    });
  }
  void Await(int more) const {
    for (const int before = steps_; steps_ < before + more && !testing::Test::HasFailure();) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  std::set<std::string> End() {
    stop_ = true;
    thread_.join();
    return talk_.acknowledged();
  }
  store::Store& store() { return *world_.store; }

 private:
  World world_;
  Talk talk_;
  std::atomic<bool> stop_{false};
  std::atomic<int> steps_{0};
  std::thread thread_;
};

// Nothing depends on notifications: each fault is gone through without them, too.
class PostgresFaults : public testing::TestWithParam<store::PostgresOptions::Notifications> {
 protected:
  // Both nodes talk while `fail` does its worst, which may await that they go on.
  static void TalkWhile(const std::string& place, const std::function<void(Node&, Node&)>& fail) {
    SCOPED_TRACE(store::Replay());
    const store::PostgresOptions options{.notifications = GetParam()};
    Node a(place, options, store::Seed());
    Node b(place, options, store::Seed() + 1);
    a.Begin();
    b.Begin();
    a.Await(20);
    b.Await(20);
    fail(a, b);
    a.Await(20);
    b.Await(20);
    std::set<std::string> acknowledged = a.End();
    acknowledged.merge(b.End());
    EXPECT_GT(acknowledged.size(), 20U);
    ExpectWhole(a.store(), acknowledged);
  }
};

INSTANTIATE_TEST_SUITE_P(Each, PostgresFaults,
                         testing::Values(store::PostgresOptions::Notifications::kOn,
                                         store::PostgresOptions::Notifications::kOff),
                         [](const auto& param) {
                           return param.param == store::PostgresOptions::Notifications::kOn ? "Notified" : "Unnotified";
                         });

TEST_P(PostgresFaults, EndedSessionsLoseNothing) {
  PostgresServer server;
  TalkWhile(server.NewPlace(), [&](Node& a, Node& b) {
    for (int round = 0; round < 10; ++round) {
      server.Execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'alcove'");
      (round % 2 == 0 ? a : b).Await(3);
    }
  });
}

TEST_P(PostgresFaults, RestartsLoseNothing) {
  PostgresServer server;
  TalkWhile(server.NewPlace(), [&](Node& a, Node& b) {
    for (const auto how : {PostgresServer::Stop::kFast, PostgresServer::Stop::kImmediate}) {
      server.End(how);
      server.Start();
      a.Await(5);
      b.Await(5);
    }
  });
}

TEST_P(PostgresFaults, DeathAmidACommitLosesNothing) {
  PostgresServer server;
  TalkWhile(server.NewPlace(), [&](Node&, Node&) {
    // All commits wait for a standby that never comes.
    server.Execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.Execute("SELECT pg_reload_conf()");
    while (server.Execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'").empty()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    server.End(PostgresServer::Stop::kImmediate);
    server.Start();
    server.Execute("ALTER SYSTEM RESET synchronous_standby_names");
    server.Execute("SELECT pg_reload_conf()");
  });
}

TEST_P(PostgresFaults, StandbyThatTakesOverHasEverything) {
  PostgresServer primary;
  const std::string place = primary.NewPlace();
  PostgresServer standby(primary, "second");
  primary.Execute("ALTER SYSTEM SET synchronous_standby_names = 'second'");
  primary.Execute("SELECT pg_reload_conf()");
  TalkWhile(PostgresServer::WithFallback(place, standby), [&](Node&, Node&) {
    primary.End(PostgresServer::Stop::kImmediate);
    standby.Promote();
  });
}

}  // namespace
}  // namespace alcove::functions
