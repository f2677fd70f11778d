// PostgreSQL that restarts, ends sessions, dies amid a COMMIT, or hands over to
// a standby: what was acknowledged is there once, and whoever was refused may
// repeat.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <set>
#include <thread>
#include <vector>

#include "store/postgres_connection.h"
#include "store/postgres_store.h"
#include "store/status_macros.h"
#include "tests/store/listener.h"
#include "tests/store/open_postgres.h"
#include "tests/store/postgres_server.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

const char* const kEndAllSessions =
    "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE application_name = 'alcove'";

// Idempotent, as every write of Alcove is: `id` is added to the dense sequence once.
absl::Status Append(Store& store, const std::string& id) {
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto sent, txn.Get("t/sent/" + id));
    if (sent) return absl::OkStatus();
    ASSIGN_OR_RETURN(const int last, ReadNumber(txn, "t/head"));
    txn.Put("t/sent/" + id, std::to_string(last + 1));
    txn.Put("t/event/" + std::to_string(last + 1), id);
    txn.Put("t/head", std::to_string(last + 1));
    txn.Signal("t");
    return absl::OkStatus();
  });
}

// Repeats what was refused, as clients do.
void AppendForSure(Store& store, const std::string& id) {
  absl::Status status;
  while (!(status = Append(store, id)).ok()) {
    ASSERT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

// Each id once, no gap in the sequence.
void ExpectOnce(Store& store, const std::set<std::string>& ids) {
  const Map all = ReadAll(store);
  std::set<std::string> events;
  int count = 0;
  for (const auto& [key, value] : all) {
    if (!key.starts_with("t/event/")) continue;
    ++count;
    events.insert(value);
    EXPECT_EQ(all.at("t/sent/" + value), key.substr(8));
  }
  EXPECT_EQ(events, ids);
  EXPECT_EQ(static_cast<size_t>(count), ids.size());
  EXPECT_EQ(NumberNow(store, "t/head"), count);
}

TEST(PostgresFaults, SessionEndedAmidATransactionIsNotNoticed) {
  PostgresServer& server = PostgresServer::Shared();
  const auto store = OpenPostgres(server.NewPlace());
  ASSERT_TRUE(Increment(*store, "t/n").ok());
  int runs = 0;
  const absl::Status status = store->Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const int number, ReadNumber(txn, "t/n"));
    ASSIGN_OR_RETURN(const auto more, txn.Get("t/new " + std::to_string(runs)));
    if (++runs == 1) server.Execute(kEndAllSessions);
    ASSIGN_OR_RETURN(const auto last, txn.Get("t/newer"));
    txn.Put("t/n", std::to_string(number + 1));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(NumberNow(*store, "t/n"), 2);
  // Nor that those at rest are gone.
  server.Execute(kEndAllSessions);
  EXPECT_EQ(NumberNow(*store, "t/n"), 2);
  EXPECT_TRUE(Increment(*store, "t/n").ok());
}

TEST(PostgresFaults, RestartsUnderLoadLoseAndRepeatNothing) {
  PostgresServer server;
  const std::string place = server.NewPlace();
  const auto a = OpenPostgres(place);
  const auto b = OpenPostgres(place);
  std::atomic<bool> stop{false};
  std::atomic<int> made{0};
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&, i] {
      for (int n = 0; !stop; ++n, ++made)
        AppendForSure(i % 2 == 0 ? *a : *b, std::to_string(i) + "-" + std::to_string(n));
    });
  }
  const auto await_more = [&] {
    for (const int before = made; made < before + 20;) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  for (int round = 0; round < 3; ++round) {
    await_more();
    server.Execute(kEndAllSessions);
    await_more();
    server.End(round % 2 == 0 ? PostgresServer::Stop::kImmediate : PostgresServer::Stop::kFast);
    server.Start();
  }
  await_more();
  stop = true;
  for (std::thread& writer : writers) writer.join();
  std::set<std::string> ids;
  for (const auto& [key, value] : ReadAll(*a)) {
    if (key.starts_with("t/sent/")) ids.insert(key.substr(7));
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(made));
  ExpectOnce(*b, ids);
}

// A COMMIT that waits for a standby that never comes, and a server that dies
// meanwhile: nobody knows, and the repeat finds out.
// Appends until a commit is not acknowledged. The first ones may be, for as
// long as the session has not heard of a setting that was changed.
class Writer {
 public:
  explicit Writer(Store& store)
      : thread_([&] {
          while (status_.ok()) {
            text_ = std::to_string(++count_);
            status_ = Append(store, text_);
          }
        }) {}
  // Of the last one.
  absl::Status Join() {
    thread_.join();
    return status_;
  }
  // REQUIRES: joined.
  const std::string& last() const { return text_; }
  // Of all.
  std::set<std::string> texts() const {
    std::set<std::string> texts;
    for (int n = 1; n <= count_; ++n) texts.insert(std::to_string(n));
    return texts;
  }

 private:
  int count_ = 0;
  std::string text_;
  absl::Status status_;
  std::thread thread_;  // last: it uses all of the above
};

TEST(PostgresFaults, CommitCutOffIsUnknownAndItsRepeatDecides) {
  PostgresServer server;
  const std::string place = server.NewPlace();
  const auto store = OpenPostgres(place);
  ASSERT_TRUE(Append(*store, "before").ok());
  server.Execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  server.Execute("SELECT pg_reload_conf()");
  Listener listener;
  Writer writer(*store);
  while (server.Execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query = 'COMMIT'").empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  store->Watch(&listener);
  server.End(PostgresServer::Stop::kImmediate);
  EXPECT_EQ(writer.Join().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(listener.heard(), testing::Contains("t")) << "who waits for it looks what became of it";
  // And again, since it may still come to be; other nodes, too.
  listener.AwaitTopic("t", 3);
  store->Watch(nullptr);

  server.Start();
  {
    Listener at_other;
    const auto other = OpenPostgres(place);
    other->Watch(&at_other);
    at_other.AwaitTopic("t");
    other->Watch(nullptr);
  }
  // Not to wait for nobody again.
  server.Execute("ALTER SYSTEM RESET synchronous_standby_names");
  server.Execute("SELECT pg_reload_conf()");
  AppendForSure(*store, writer.last());
  AppendForSure(*store, "after");
  std::set<std::string> all = writer.texts();
  all.insert({"before", "after"});
  ExpectOnce(*store, all);
}

// Told to stop waiting, the server says COMMIT with a warning: it is on one disk only.
TEST(PostgresFaults, CommitThatDidNotWaitForItsStandbyIsNotAcknowledged) {
  PostgresServer server;
  const auto store = OpenPostgres(server.NewPlace());
  server.Execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
  server.Execute("SELECT pg_reload_conf()");
  Writer writer(*store);
  while (server.Execute("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'").empty()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(writer.Join().code(), absl::StatusCode::kUnavailable);
}

// --- A standby takes over ----------------------------------------------------

TEST(PostgresFailover, ToASynchronousStandbyLosesNothing) {
  PostgresServer primary;
  const std::string old_place = primary.NewPlace();
  PostgresServer standby(primary, "second");
  primary.Execute("ALTER SYSTEM SET synchronous_standby_names = 'second'");
  primary.Execute("SELECT pg_reload_conf()");
  Listener listener;
  const auto store = OpenPostgres(PostgresServer::WithFallback(old_place, standby));
  store->Watch(&listener);
  const std::string epoch = store->epoch();

  std::atomic<bool> stop{false};
  std::atomic<int> made{0};
  std::set<std::string> ids;
  std::thread writer([&] {
    for (int n = 0; !stop; ++n, ++made) {
      AppendForSure(*store, std::to_string(n));
      ids.insert(std::to_string(n));
    }
  });
  const auto await_more = [&] {
    for (const int before = made; made < before + 30;) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  };
  await_more();
  primary.End(PostgresServer::Stop::kImmediate);
  const int anything = listener.anything_count();
  standby.Promote();
  await_more();
  stop = true;
  writer.join();
  ExpectOnce(*store, ids);
  EXPECT_NE(store->epoch(), epoch) << "clients are told to take a new snapshot";
  EXPECT_EQ(store->epoch().substr(0, 24), epoch.substr(0, 24));
  listener.AwaitAnything(anything);
  store->Watch(nullptr);
}

TEST(PostgresFailover, ToAnAsynchronousStandbyMayLoseATailAndSaysSo) {
  PostgresServer primary;
  const std::string old_place = primary.NewPlace();
  PostgresServer standby(primary, "second");
  const auto store = OpenPostgres(PostgresServer::WithFallback(old_place, standby));
  const std::string epoch = store->epoch();
  ASSERT_TRUE(Append(*store, "kept").ok());
  // It has all that was; then it is away for a while.
  const std::string position = primary.Execute("SELECT pg_current_wal_lsn()").front();
  while (standby.Execute("SELECT pg_last_wal_replay_lsn() >= '" + position + "'").front() != "t") {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  standby.End(PostgresServer::Stop::kFast);
  ASSERT_TRUE(Append(*store, "lost").ok());
  EXPECT_EQ(store->epoch(), epoch);

  primary.End(PostgresServer::Stop::kImmediate);
  standby.Start();
  standby.Promote();
  AppendForSure(*store, "after");
  ExpectOnce(*store, {"kept", "after"});
  EXPECT_NE(store->epoch(), epoch) << "whoever has seen what is lost is told so";

  // The old one comes back, and is the first that answers: it is not taken for the database again.
  primary.Start();
  standby.Execute(kEndAllSessions);
  AppendForSure(*store, "still here");
  ExpectOnce(*store, {"kept", "after", "still here"});
  // Nor is it where there is no other.
  constexpr uint32_t kOfTheStandby = 2;
  const auto alone = postgres::Connection::Connect({old_place}, kOfTheStandby);
  EXPECT_EQ(alone.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(alone.status().message()), testing::HasSubstr("must be shut down"));
}

}  // namespace
}  // namespace alcove::store
