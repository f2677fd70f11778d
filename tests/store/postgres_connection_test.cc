// Connections and the schema that they find: few for many, a server that says
// nothing, and tables that others began to make.
#include "store/postgres_connection.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/keys.h"
#include "store/postgres_statements.h"
#include "store/postgres_store.h"
#include "tests/store/open_postgres.h"
#include "tests/store/postgres_server.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

using testing::HasSubstr;

// --- Several nodes start at once ----------------------------------------------

// Where a node that died left it, or one of an older version: all that start make it whole, together, and lose nothing.
TEST(PostgresSchema, IsFinishedByManyWhereverItWasLeft) {
  PostgresServer& server = PostgresServer::Shared();
  const std::string kSchema = postgres::kCreateSchema.sql;
  const std::string kEntries = postgres::kCreateEntries.sql;
  const std::string kSignals = postgres::kCreateSignals.sql;
  const std::string kVersionZero = postgres::kFirstVersion.sql;
  const std::string kOld = "INSERT INTO alcove_entry VALUES ('t/', 'old', 'kept')";
  const struct {
    const char* name;
    std::vector<std::string> made;
    bool has_old;
  } kCases[] = {
      {"nothing", {}, false},
      {"the table of versions", {kSchema}, false},
      {"no version but nought", {kSchema, kVersionZero}, false},
      {"half of the first step", {kSchema, kVersionZero, kEntries}, false},
      {"the step, and its number not", {kSchema, kVersionZero, kEntries, kSignals}, false},
      {"an older version with what it holds", {kSchema, kVersionZero, kEntries, kOld}, true},
      {"all but the first transaction",
       {kSchema, kVersionZero, kEntries, kSignals, "UPDATE alcove_schema SET version = 1"},
       false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const std::string place = server.NewPlace();
    std::string script = "SET search_path = " + place.substr(place.find("place_"));
    for (const std::string& statement : c.made) script += "; " + statement;
    server.Execute(script);
    std::vector<std::string> epochs(6);
    std::vector<std::thread> nodes;
    for (std::string& epoch : epochs) {
      nodes.emplace_back([&] {
        auto store = OpenPostgresStore(place);
        epoch = store.ok() ? (*store)->epoch() : std::string(store.status().message());
      });
    }
    for (std::thread& node : nodes) node.join();
    EXPECT_EQ(epochs.front().size(), 32U) << epochs.front();
    for (const std::string& epoch : epochs) EXPECT_EQ(epoch, epochs.front());
    const auto store = OpenPostgres(place, {.creation = PostgresOptions::Creation::kMustExist});
    EXPECT_EQ(store->epoch(), epochs.front());
    EXPECT_EQ(*store->Read([](Reader& reader) { return reader.Get("t/old"); }),
              c.has_old ? std::optional<std::string>("kept") : std::nullopt);
    EXPECT_TRUE(Increment(*store, "t/n").ok());
    EXPECT_EQ(server.Execute("SELECT version FROM " + place.substr(place.find("place_")) + ".alcove_schema"),
              std::vector<std::string>{"1"});
  }
}

// --- Connections ----------------------------------------------------------------

// Who has one may wait for a turn that another has, who waits for a connection: they must not wait for each other.
// Who does not answer is given up within seconds, and who is of another machine proves who it is.
TEST(PostgresConnections, AreMadeWithTimeoutsAndToTheRightServer) {
  const struct {
    const char* url;
    const char* sslmode;
  } kPlaces[] = {
      {"postgresql:///alcove", "prefer"},
      {"postgresql://alcove@127.0.0.1/alcove", "prefer"},
      {"postgresql://alcove@database.example/alcove", "verify-full"},
      {"postgresql://alcove@127.0.0.1,database.example/alcove", "verify-full"},
  };
  for (const auto& place : kPlaces) {
    SCOPED_TRACE(place.url);
    const auto settings = postgres::Connection::Settings(place.url);
    ASSERT_TRUE(settings.ok()) << settings.status();
    std::map<std::string, std::string> by_name(settings->begin(), settings->end());
    EXPECT_EQ(by_name["connect_timeout"], "3");
    EXPECT_EQ(by_name["tcp_user_timeout"], "10000");
    EXPECT_EQ(by_name["keepalives"], "1");
    EXPECT_EQ(by_name["target_session_attrs"], "read-write");
    EXPECT_EQ(by_name["sslmode"], place.sslmode);
  }
  EXPECT_EQ(postgres::Connection::Settings("postgresql://h/?what=1").status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(PostgresConnections, AreSharedByManyMore) {
  for (const size_t connections : {1, 2}) {
    SCOPED_TRACE(connections);
    const auto store = OpenPostgres(PostgresServer::Shared().NewPlace(), {.connections_max = connections});
    std::atomic<int> failed{0};
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 12; ++thread) {
      threads.emplace_back([&, thread] {
        for (int n = 0; n < 15; ++n) {
          // One key of all, and one of a few.
          failed += Increment(*store, "t/n").ok() ? 0 : 1;
          failed += Increment(*store, "t/n/" + std::to_string(thread % 3)).ok() ? 0 : 1;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(failed, 0);
    EXPECT_EQ(NumberNow(*store, "t/n"), 180);
    EXPECT_EQ(NumberNow(*store, "t/n/2"), 60);
  }
}

// It listens and says nothing, as behind a firewall that drops: without time-outs of its own libpq waits for ever.
TEST(PostgresConnections, ToAServerThatIsSilentAreGivenUp) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  ASSERT_EQ(listen(listener, 16), 0);
  ASSERT_EQ(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto store =
      OpenPostgresStore("postgresql://alcove@127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/postgres");
  EXPECT_EQ(store.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(store.status().message()), HasSubstr("the database cannot be reached: "));
  close(listener);
}

// A session that no longer answers, though its connection stands: the transaction goes on with another.
TEST(PostgresConnections, WhoseSessionHangsAreReplaced) {
  PostgresServer server;
  const auto store = OpenPostgres(server.NewPlace());
  ASSERT_TRUE(Increment(*store, "t/n").ok());
  // The first is for transactions, and at rest. (The signals' may be amid something that all would wait for.)
  const std::vector<std::string> first = server.Execute(
      "SELECT pid FROM pg_stat_activity WHERE application_name = 'alcove' ORDER BY backend_start LIMIT 1");
  ASSERT_EQ(first.size(), 1U);
  const pid_t session = std::atoi(first.front().c_str());
  ASSERT_EQ(kill(session, SIGSTOP), 0);
  EXPECT_TRUE(Increment(*store, "t/n").ok());
  EXPECT_EQ(NumberNow(*store, "t/n"), 2);
  kill(session, SIGCONT);
}

}  // namespace
}  // namespace alcove::store
