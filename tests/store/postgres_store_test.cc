// What is PostgreSQL's own: its statements, its schema, its round trips, and
// what nodes on one database hear of each other.
#include "store/postgres_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <thread>

#include "absl/strings/ascii.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/postgres_codec.h"
#include "store/postgres_connection.h"
#include "store/postgres_news.h"
#include "store/postgres_schema.h"
#include "store/postgres_statements.h"
#include "store/status_macros.h"
#include "tests/store/listener.h"
#include "tests/store/open_postgres.h"
#include "tests/store/postgres_server.h"
#include "tests/store/seed.h"
#include "tests/store/store_contract.h"

namespace alcove::store {
namespace {

using testing::HasSubstr;

std::unique_ptr<postgres::Connection> ConnectTo(const std::string& place) {
  auto connection = postgres::Connection::Connect({place});
  EXPECT_TRUE(connection.ok()) << connection.status();
  return *std::move(connection);
}

absl::Status PutOne(Store& store, const std::string& key, const std::string& value) {
  return store.Transact([&](Transaction& txn) {
    txn.Put(key, value);
    return absl::OkStatus();
  });
}

// --- Statements --------------------------------------------------------------

// Every word of every statement is one that PostgreSQL, CockroachDB and YugabyteDB have according to the documentation
// of each, or a name of ours. A new one is looked up there before it is added here.
TEST(PostgresStatements, KeepToWhatOthersAccept) {
  const std::set<std::string> kOfAll = {
      // Statements and clauses.
      "BEGIN", "COMMIT", "ROLLBACK", "ISOLATION", "LEVEL", "SERIALIZABLE", "REPEATABLE", "READ", "COMMITTED", "ONLY",
      "SELECT", "FROM", "WHERE", "AND", "ORDER", "BY", "GROUP", "DESC", "LIMIT", "INSERT", "INTO", "VALUES", "ON",
      "CONFLICT", "DO", "UPDATE", "NOTHING", "SET", "DELETE", "CREATE", "TABLE", "IF", "NOT", "EXISTS", "NULL",
      "PRIMARY", "KEY",
      // Types, functions, and the row that an INSERT would have written.
      "BYTEA", "BIGINT", "VARCHAR", "max", "excluded",
      // Settings of a session.
      "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout",
      // Ours.
      "alcove_entry", "alcove_signal", "alcove_schema", "alcove", "site", "key", "value", "node", "number", "topics",
      "name", "version"};
  // PostgreSQL's own. Whoever refuses them is not asked for more.
  const std::set<std::string> kOfOne = {"LISTEN",
                                        "NOTIFY",
                                        "SHOW",
                                        "synchronous_commit",
                                        "on",
                                        "off",
                                        "enable_seqscan",
                                        "enable_bitmapscan",
                                        "substr",
                                        "pg_walfile_name",
                                        "pg_current_wal_lsn"};
  std::set<std::string> names;
  for (const postgres::Statement* statement : postgres::kStatements) {
    SCOPED_TRACE(statement->name);
    EXPECT_TRUE(names.insert(statement->name).second);
    std::string word;
    for (const char c : std::string(statement->sql) + " ") {
      if (absl::ascii_isalpha(static_cast<unsigned char>(c)) || c == '_') {
        word += c;
        continue;
      }
      if (!word.empty() && !kOfAll.contains(word)) {
        EXPECT_TRUE(kOfOne.contains(word)) << word;
        EXPECT_EQ(statement->need, postgres::Need::kOptional) << word;
      }
      word.clear();
      // No casts, operators of types, strings of several statements, or comments that are hints.
      EXPECT_TRUE(absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
                  std::string_view(" ,.()=<>$'").find(c) != std::string_view::npos)
          << c;
    }
  }
}

// The list is of all that the header has, and so is what the test above has seen.
TEST(PostgresStatements, AreAllInTheList) {
  std::ifstream file(std::filesystem::path(ALCOVE_STORE_SOURCES) / "postgres_statements.h");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  size_t count = 0;
  for (size_t at = 0; (at = text.find("constexpr Statement ", at)) != text.npos; ++at) ++count;
  EXPECT_EQ(count, std::size(postgres::kStatements));
}

TEST(PostgresStatements, AreAllInOneFile) {
  for (const auto& entry : std::filesystem::directory_iterator(ALCOVE_STORE_SOURCES)) {
    if (entry.path().filename() == "postgres_statements.h") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (const char* begin : {"\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", "\"BEGIN", "\"SET ", "\"CREATE "}) {
      EXPECT_EQ(text.find(begin), text.npos) << entry.path() << " " << begin;
    }
  }
}

TEST(PostgresStatements, ConnectionsHaveTimeouts) {
  const auto connection = ConnectTo(PostgresServer::Shared().NewPlace());
  const struct {
    const char* sql;
    const char* expected;
  } kSettings[] = {
      {"SHOW statement_timeout", "5s"},
      {"SHOW lock_timeout", "2s"},
      {"SHOW idle_in_transaction_session_timeout", "12s"},
      {"SHOW synchronous_commit", "on"},
      {"SHOW application_name", "alcove"},
      {"SHOW enable_seqscan", "off"},
  };
  for (const auto& setting : kSettings) {
    const postgres::Statement show{"show", setting.sql, postgres::Need::kRequired, postgres::Preparation::kNever};
    const auto rows = connection->Run(show);
    ASSERT_TRUE(rows.ok()) << rows.status();
    EXPECT_EQ(rows->At(0, 0), setting.expected) << setting.sql;
  }
}

// The order of (site, rest) is that of the keys, whatever is in them.
TEST(PostgresCodec, ColumnsSortAsKeysDo) {
  SCOPED_TRACE(Replay());
  std::mt19937_64 rng(Seed());
  const std::string_view letters("\0 !./0a~\xff", 9);
  std::vector<std::string> keys;
  for (int i = 0; i < 2000; ++i) {
    std::string key;
    for (size_t length = 1 + rng() % 5; length > 0; --length) key += letters[rng() % letters.size()];
    keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  const auto columns = [](const std::string& key) {
    const postgres::SplitKey split = postgres::Split(key);
    EXPECT_EQ(std::string(split.site) + std::string(split.rest), key);
    return std::pair(std::string(split.site), std::string(split.rest));
  };
  for (size_t i = 1; i < keys.size(); ++i) EXPECT_LE(columns(keys[i - 1]), columns(keys[i]));
  for (const int64_t number : {int64_t{0}, int64_t{1}, int64_t{255}, int64_t{-1}, INT64_MAX, INT64_MIN}) {
    EXPECT_EQ(postgres::DecodeNumber(postgres::EncodeNumber(number)), number);
  }
}

TEST(PostgresNews, ReadsWhatItKnows) {
  std::string row;
  postgres::AppendTopic(row, "a topic");
  row += std::string("?\x02\0hi", 5);  // of a later version
  postgres::AppendMessage(row, std::string("\0m", 2));
  const postgres::News open = postgres::DecodeNews(row);
  EXPECT_THAT(open.topics, testing::ElementsAre("a topic"));
  EXPECT_THAT(open.messages, testing::ElementsAre(std::string("\0m", 2)));
  EXPECT_FALSE(open.goodbye);
  postgres::AppendGoodbye(row);
  EXPECT_TRUE(postgres::DecodeNews(row).goodbye);
  for (size_t cut = 0; cut < row.size(); ++cut) EXPECT_FALSE(postgres::DecodeNews(row.substr(0, cut)).goodbye);
  EXPECT_TRUE(postgres::DecodeNews("").topics.empty()) << "a sign of life";
}

// --- Schema ------------------------------------------------------------------

TEST(PostgresSchema, IsMadeOnceByMany) {
  const std::string place = PostgresServer::Shared().NewPlace();
  std::vector<std::string> epochs(8);
  std::vector<std::thread> nodes;
  for (std::string& epoch : epochs) {
    nodes.emplace_back([&] {
      auto store = OpenPostgresStore(place);
      epoch = store.ok() ? (*store)->epoch() : std::string(store.status().message());
    });
  }
  for (std::thread& node : nodes) node.join();
  for (const std::string& epoch : epochs) EXPECT_EQ(epoch, epochs.front());
  EXPECT_EQ(epochs.front().size(), 32U);
  EXPECT_EQ(OpenPostgres(place)->epoch(), epochs.front());
}

TEST(PostgresSchema, RefusesWhatItCannotUse) {
  PostgresServer& server = PostgresServer::Shared();
  const auto name_of = [](const std::string& place) { return place.substr(place.find("place_")); };
  const struct {
    const char* name;
    std::string change;  // of the tables of a good store; @ is the schema
    absl::StatusCode code;
    const char* says;
  } kCases[] = {
      {"newer tables", "UPDATE @.alcove_schema SET version = 2", absl::StatusCode::kFailedPrecondition,
       "written by a newer Alcove (schema 2; this one reads up to 1): start that version"},
      {"newer records", "UPDATE @.alcove_entry SET value = '99' WHERE key = 'meta/format'",
       absl::StatusCode::kFailedPrecondition, "written by a newer Alcove (format 99"},
      {"no epoch", "UPDATE @.alcove_entry SET value = '' WHERE key = 'meta/epoch'", absl::StatusCode::kDataLoss,
       "cannot be read"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const std::string place = server.NewPlace();
    OpenPostgres(place);
    std::string sql = c.change;
    sql.replace(sql.find('@'), 1, name_of(place));
    server.Execute(sql);
    const auto store = OpenPostgresStore(place);
    EXPECT_EQ(store.status().code(), c.code) << store.status();
    EXPECT_THAT(std::string(store.status().message()), HasSubstr(c.says));
  }
  EXPECT_EQ(OpenPostgresStore("postgresql://h/?nonsense=1").status().code(), absl::StatusCode::kInvalidArgument);
  const auto away = OpenPostgresStore("postgresql://alcove@/postgres?host=/nonexistent");
  EXPECT_EQ(away.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(away.status().message()), HasSubstr("the database cannot be reached"));
}

TEST(PostgresSchema, IsNotMadeByWhoOnlyLooks) {
  PostgresServer& server = PostgresServer::Shared();
  const std::string place = server.NewPlace();
  const PostgresOptions looking{.creation = PostgresOptions::Creation::kMustExist};
  const auto tables = [&] {
    return server.Execute("SELECT tablename FROM pg_tables WHERE schemaname = '" + place.substr(place.find("place_")) +
                          "'");
  };
  const auto nothing = OpenPostgresStore(place, looking);
  EXPECT_EQ(nothing.status(), absl::NotFoundError("there is no store of Alcove in the database"));
  EXPECT_THAT(tables(), testing::IsEmpty());
  const std::string epoch = OpenPostgres(place)->epoch();
  EXPECT_EQ(OpenPostgres(place, looking)->epoch(), epoch);
  // Tables of a node that died before it came to its first transaction.
  server.Execute("DELETE FROM " + place.substr(place.find("place_")) + ".alcove_entry");
  EXPECT_EQ(OpenPostgresStore(place, looking).status().code(), absl::StatusCode::kNotFound);
}

// --- Round trips -------------------------------------------------------------

// As a message reads and writes: each key is learnt from the one before.
absl::Status Message(Store& store, const std::string& token, const std::string& message) {
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto conversation, txn.Get("_/token/" + token));
    if (!conversation) return absl::NotFoundError("no token");
    ASSIGN_OR_RETURN(const int last, ReadNumber(txn, "t/head/" + *conversation));
    ASSIGN_OR_RETURN(const auto sent, txn.Get("t/sent/" + *conversation + "/" + message));
    if (sent) return absl::OkStatus();
    const std::string seq = std::to_string(last + 1);
    txn.Put("t/event/" + *conversation + "/" + seq, message);
    txn.Put("t/head/" + *conversation, seq);
    for (const std::string owner : {"customer", "agent"}) {
      ASSIGN_OR_RETURN(const int position, ReadNumber(txn, "t/feed_head/" + owner + *conversation));
      txn.Put("t/feed_head/" + owner + *conversation, std::to_string(position + 1));
      txn.Put("t/feed/" + owner + *conversation + "/" + std::to_string(position + 1), seq);
    }
    txn.Put("t/sent/" + *conversation + "/" + message, seq);
    txn.Signal("feed/" + *conversation);
    return absl::OkStatus();
  });
}

TEST(PostgresStore, MessageTakesTwoRoundTrips) {
  const std::string place = PostgresServer::Shared().NewPlace();
  std::atomic<int> trips{0};
  // Deaf, and no look before its first: the signals' own trips are counted apart.
  const auto counted = OpenPostgres(place, {.on_round_trip = [&] {
                                      static const std::thread::id test = std::this_thread::get_id();
                                      if (std::this_thread::get_id() == test) ++trips;
                                    }});
  const auto other = OpenPostgres(place);
  ASSERT_TRUE(PutOne(*counted, "_/token/c", "1").ok());
  ASSERT_TRUE(PutOne(*counted, "_/token/a", "1").ok());
  const auto trips_of = [&](const std::string& message) {
    trips = 0;
    EXPECT_TRUE(Message(*counted, "c", message).ok());
    return trips.load();
  };
  EXPECT_LE(trips_of("first"), 6) << "each read a trip, while nothing is known";
  EXPECT_LE(trips_of("second"), 5) << "what was not there the first time is not remembered";
  EXPECT_EQ(trips_of("third"), 2);
  // The agent answers on another node: what is remembered is outdated, and is fetched anew in the same trips.
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(Message(*other, "a", "answer " + std::to_string(i)).ok());
    EXPECT_EQ(trips_of("question " + std::to_string(i)), 2);
  }
  EXPECT_EQ(trips_of("third"), 2) << "a repeat reads no more than that";
  EXPECT_EQ(NumberNow(*counted, "t/head/1"), 9);
  EXPECT_EQ(NumberNow(*other, "t/feed_head/agent1"), 9);
}

// A body that is sure of itself on what it remembers, and wrong.
TEST(PostgresStore, OutdatedGuessesNeverCount) {
  const std::string place = PostgresServer::Shared().NewPlace();
  const auto a = OpenPostgres(place);
  const auto b = OpenPostgres(place);
  ASSERT_TRUE(PutOne(*a, "t/n", "1").ok());
  const auto look = [](Store& store) {
    std::optional<std::string> seen;
    const absl::Status status = store.Transact([&](Transaction& txn) -> absl::Status {
      ASSIGN_OR_RETURN(seen, txn.Get("t/n"));
      return seen == "1" ? absl::OkStatus() : absl::NotFoundError("not one");
    });
    return std::pair(status.code(), seen.value_or(""));
  };
  EXPECT_EQ(look(*a), std::pair(absl::StatusCode::kOk, std::string("1")));
  ASSERT_TRUE(PutOne(*b, "t/n", "2").ok());
  EXPECT_EQ(look(*a), std::pair(absl::StatusCode::kNotFound, std::string("2"))) << "a success on what was";
  ASSERT_TRUE(PutOne(*b, "t/n", "1").ok());
  EXPECT_EQ(look(*a), std::pair(absl::StatusCode::kOk, std::string("1"))) << "a refusal on what was";
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Increment(i % 2 == 0 ? *a : *b, "t/n").ok());
  EXPECT_EQ(NumberNow(*a, "t/n"), 21);
}

// A pass over the whole store asks for each key: it is not held in memory, nor asked for again by the next.
TEST(PostgresStore, LongReadingIsNotRemembered) {
  std::atomic<int> trips{0};
  const std::thread::id test = std::this_thread::get_id();
  const auto store = OpenPostgres(PostgresServer::Shared().NewPlace(), {.on_round_trip = [&] {
                                    if (std::this_thread::get_id() == test) ++trips;
                                  }});
  constexpr int kKeys = 1200;  // past what one reading remembers
  ASSERT_TRUE(store
                  ->Transact([&](Transaction& txn) {
                    for (int i = 0; i < kKeys; ++i) txn.Put("t/" + std::to_string(i), std::to_string(i));
                    return absl::OkStatus();
                  })
                  .ok());
  const auto read = [&](int keys) {
    trips = 0;
    return store->Read([&](Reader& reader) -> absl::Status {
      for (int i = 0; i < keys; ++i) {
        ASSIGN_OR_RETURN(const auto value, reader.Get("t/" + std::to_string(i)));
        EXPECT_EQ(value, std::to_string(i));
      }
      return absl::OkStatus();
    });
  };
  EXPECT_TRUE(read(kKeys).ok());
  EXPECT_EQ(trips, kKeys);
  EXPECT_TRUE(read(3).ok());
  EXPECT_EQ(trips, 3) << "nothing was remembered";
  EXPECT_TRUE(read(3).ok());
  EXPECT_EQ(trips, 1);
}

TEST(PostgresStore, NodesThatContendLoseNothing) {
  const std::string place = PostgresServer::Shared().NewPlace();
  const auto a = OpenPostgres(place);
  const auto b = OpenPostgres(place);
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int n = 0; n < 40; ++n) failed += Increment(i % 2 == 0 ? *a : *b, "t/n").ok() ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(NumberNow(*a, "t/n"), 320);
}

// Another node writes what it has read, each time before it commits.
TEST(PostgresStore, GivesUpWhereAnotherNodeIsAlwaysFirst) {
  const std::string place = PostgresServer::Shared().NewPlace();
  const auto a = OpenPostgres(place);
  const auto b = OpenPostgres(place);
  int runs = 0;
  const absl::Status status = a->Transact([&](Transaction& txn) -> absl::Status {
    ++runs;
    ASSIGN_OR_RETURN(const int number, ReadNumber(txn, "t/n"));
    Meanwhile([&] { EXPECT_TRUE(Increment(*b, "t/n").ok()); });
    txn.Put("t/n", std::to_string(number + 1));
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted) << status;
  EXPECT_GT(runs, wire::kTransactionAttemptsMax);
  EXPECT_LT(runs, 2 * wire::kTransactionAttemptsMax);
  EXPECT_EQ(NumberNow(*a, "t/n"), runs) << "of its own nothing was written";
}

// --- Signals -----------------------------------------------------------------

class SignalsBetweenNodes : public testing::TestWithParam<PostgresOptions::Notifications> {
 protected:
  PostgresOptions options() const { return {.notifications = GetParam()}; }
  const std::string place_ = PostgresServer::Shared().NewPlace();
};
INSTANTIATE_TEST_SUITE_P(Each, SignalsBetweenNodes,
                         testing::Values(PostgresOptions::Notifications::kOn, PostgresOptions::Notifications::kOff),
                         [](const auto& param) {
                           return param.param == PostgresOptions::Notifications::kOn ? "Notified" : "Unnotified";
                         });

absl::Status SignalWith(Store& store, const std::string& topic) {
  return store.Transact([&](Transaction& txn) {
    txn.Put("t/" + topic, topic);
    txn.Signal(topic);
    return absl::OkStatus();
  });
}

TEST_P(SignalsBetweenNodes, AreHeardOnBothSidesAndCanBeRead) {
  Listener at_a;
  Listener at_b;
  const auto a = OpenPostgres(place_, options());
  const auto b = OpenPostgres(place_, options());
  a->Watch(&at_a);
  b->Watch(&at_b);
  for (int i = 0; i < 30; ++i) {
    const std::string topic = "topic " + std::to_string(i);
    Store& from = i % 2 == 0 ? *a : *b;
    Store& to = i % 2 == 0 ? *b : *a;
    ASSERT_TRUE(SignalWith(from, topic).ok());
    (i % 2 == 0 ? at_b : at_a).AwaitTopic(topic);
    EXPECT_EQ(*to.Read([&](Reader& reader) { return reader.Get("t/" + topic); }), topic);
  }
  a->Watch(nullptr);
  b->Watch(nullptr);
}

TEST_P(SignalsBetweenNodes, CarryWhatIsBroadcast) {
  Listener at_a;
  Listener at_b;
  const auto a = OpenPostgres(place_, options());
  const auto b = OpenPostgres(place_, options());
  a->Watch(&at_a);
  b->Watch(&at_b);
  // Until b is known to listen, what a says may be from before its time.
  ASSERT_TRUE(SignalWith(*a, "here").ok());
  at_b.AwaitTopic("here");
  const std::string longest(wire::kBroadcastBytesMax, 'x');
  a->Broadcast("one");
  a->Broadcast(longest + "x");
  a->Broadcast(longest);
  a->Broadcast(std::string("\0\xff", 2));
  EXPECT_THAT(at_b.AwaitMessages(3), testing::ElementsAre("one", longest, std::string("\0\xff", 2)));
  b->Broadcast("two");
  EXPECT_THAT(at_a.AwaitMessages(1), testing::ElementsAre("two")) << "nobody hears themselves";
  a->Watch(nullptr);
  b->Watch(nullptr);
}

TEST_P(SignalsBetweenNodes, ComeFromANodeThatEndsInOrder) {
  Listener at_b;
  const auto b = OpenPostgres(place_, options());
  b->Watch(&at_b);
  {
    const auto a = OpenPostgres(place_, options());
    ASSERT_TRUE(SignalWith(*a, "last words").ok());
  }
  at_b.AwaitTopic("last words");
  b->Watch(nullptr);
}

// Its last row never came: whoever hears no more of it looks for itself.
TEST_P(SignalsBetweenNodes, AreNotMissedInSilenceWhenANodeDies) {
  Listener at_b;
  const auto b = OpenPostgres(place_, options());
  b->Watch(&at_b);
  const std::string schema = place_.substr(place_.find("place_"));
  // A node that has written two rows and then died.
  PostgresServer::Shared().Execute("INSERT INTO " + schema +
                                   ".alcove_signal VALUES ('dead', 1, ''), ('dead', 2, '\\x740100' || '1'::bytea)");
  at_b.AwaitTopic("1");
  const int before = at_b.anything_count();
  at_b.AwaitAnything(before);
  b->Watch(nullptr);
}

TEST_P(SignalsBetweenNodes, AreNotMissedInSilenceWhenARowIsMissing) {
  Listener at_b;
  const auto b = OpenPostgres(place_, options());
  b->Watch(&at_b);
  const std::string schema = place_.substr(place_.find("place_"));
  const std::string row = "INSERT INTO " + schema + ".alcove_signal VALUES ('gappy', ";
  PostgresServer::Shared().Execute(row + "1, '\\x740100' || '1'::bytea)");
  at_b.AwaitTopic("1");
  const int before = at_b.anything_count();
  PostgresServer::Shared().Execute(row + "3, '\\x740100' || '3'::bytea)");
  at_b.AwaitTopic("3");
  at_b.AwaitAnything(before);
  b->Watch(nullptr);
}

}  // namespace
}  // namespace alcove::store
