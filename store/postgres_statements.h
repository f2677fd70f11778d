// Every statement that is sent to PostgreSQL, and no other: a test lists them.
//
// They keep to what PostgreSQL, CockroachDB and YugabyteDB accept: no advisory
// locks, sequences, triggers or extensions. Those marked `kOptional` may be
// refused by the database; the store then does without (postgres_connection.h,
// postgres_signals.h say what is lost).
//
// alcove_entry holds the store's keys. `site` is a key up to and including its
// first '/', or all of it where there is none; `key` is the rest. No site is
// a prefix of another that goes on, so that the order of (site, key) is the
// order of the keys' bytes, and a database that spreads its rows can keep those
// of a site together. See postgres_codec.h.
//
// alcove_signal tells the other nodes which topics were signalled: rows are
// numbered by the node that writes them, 1, 2, 3, and live for a minute.
#pragma once

namespace alcove::store::postgres {

enum class Need { kRequired, kOptional };
enum class Preparation { kOnce, kNever };

struct Statement {
  const char* name;
  const char* sql;
  Need need = Need::kRequired;
  Preparation preparation = Preparation::kOnce;
};

// --- Of each connection -----------------------------------------------------

inline constexpr Statement kSetStatementTimeout{"set_statement_timeout", "SET statement_timeout = 5000",
                                                Need::kRequired, Preparation::kNever};
inline constexpr Statement kSetLockTimeout{"set_lock_timeout", "SET lock_timeout = 2000", Need::kRequired,
                                           Preparation::kNever};
// More than a body may take (kTransactionBodyMsMax), which says so more clearly.
inline constexpr Statement kSetIdleTimeout{"set_idle_timeout", "SET idle_in_transaction_session_timeout = 12000",
                                           Need::kRequired, Preparation::kNever};
inline constexpr Statement kShowSynchronousCommit{"show_synchronous_commit", "SHOW synchronous_commit", Need::kOptional,
                                                  Preparation::kNever};
inline constexpr Statement kSetSynchronousCommit{"set_synchronous_commit", "SET synchronous_commit = on",
                                                 Need::kOptional, Preparation::kNever};
// While tables are small the planner reads them whole, and whoever read a whole
// table conflicts with everyone who writes to it.
inline constexpr Statement kAvoidSequentialScans{"avoid_sequential_scans", "SET enable_seqscan = off", Need::kOptional,
                                                 Preparation::kNever};
inline constexpr Statement kAvoidBitmapScans{"avoid_bitmap_scans", "SET enable_bitmapscan = off", Need::kOptional,
                                             Preparation::kNever};
inline constexpr Statement kTimeline{"timeline", "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)",
                                     Need::kOptional, Preparation::kNever};

// --- Transactions -----------------------------------------------------------

inline constexpr Statement kBegin{"begin", "BEGIN ISOLATION LEVEL SERIALIZABLE"};
inline constexpr Statement kBeginRead{"begin_read", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
// Only for the tests that show what serializability prevents.
inline constexpr Statement kBeginUnchecked{"begin_unchecked", "BEGIN ISOLATION LEVEL READ COMMITTED"};
inline constexpr Statement kCommit{"commit", "COMMIT"};
inline constexpr Statement kRollback{"rollback", "ROLLBACK"};

inline constexpr Statement kGet{"get", "SELECT value FROM alcove_entry WHERE site = $1 AND key = $2"};
inline constexpr Statement kScanSite{"scan_site",
                                     "SELECT site, key, value FROM alcove_entry WHERE site = $1 AND key >= $2 AND "
                                     "key < $3 ORDER BY key LIMIT $4"};
inline constexpr Statement kScanSiteBackward{"scan_site_backward",
                                             "SELECT site, key, value FROM alcove_entry WHERE site = $1 AND key >= $2 "
                                             "AND key < $3 ORDER BY key DESC LIMIT $4"};
inline constexpr Statement kScanSites{"scan_sites",
                                      "SELECT site, key, value FROM alcove_entry WHERE (site, key) >= ($1, $2) AND "
                                      "(site, key) < ($3, $4) ORDER BY site, key LIMIT $5"};
inline constexpr Statement kScanSitesBackward{"scan_sites_backward",
                                              "SELECT site, key, value FROM alcove_entry WHERE (site, key) >= ($1, $2) "
                                              "AND (site, key) < ($3, $4) ORDER BY site DESC, key DESC LIMIT $5"};
inline constexpr Statement kPut{"put",
                                "INSERT INTO alcove_entry (site, key, value) VALUES ($1, $2, $3) "
                                "ON CONFLICT (site, key) DO UPDATE SET value = excluded.value"};
inline constexpr Statement kErase{"erase", "DELETE FROM alcove_entry WHERE site = $1 AND key = $2"};

// --- Signals between nodes --------------------------------------------------

inline constexpr Statement kListen{"listen", "LISTEN alcove", Need::kOptional, Preparation::kNever};
inline constexpr Statement kNotify{"notify", "NOTIFY alcove", Need::kOptional, Preparation::kNever};
// Rows that a crash of the database may lose, since everyone's connection breaks
// with it: so they need not wait for its disk.
inline constexpr Statement kSignalsNeedNoSync{"signals_need_no_sync", "SET synchronous_commit = off", Need::kOptional,
                                              Preparation::kNever};
inline constexpr Statement kPublish{"publish", "INSERT INTO alcove_signal (node, number, topics) VALUES ($1, $2, $3)"};
inline constexpr Statement kNodes{"nodes", "SELECT node, max(number) FROM alcove_signal GROUP BY node"};
inline constexpr Statement kSignalsOf{"signals_of",
                                      "SELECT number, topics FROM alcove_signal WHERE node = $1 AND number > $2 "
                                      "ORDER BY number LIMIT 1000"};
inline constexpr Statement kForgetSignals{"forget_signals",
                                          "DELETE FROM alcove_signal WHERE node = $1 AND number <= $2"};

// --- Schema: each may be run again, and by several nodes at once -------------

inline constexpr Statement kCreateSchema{"create_schema",
                                         "CREATE TABLE IF NOT EXISTS alcove_schema (name VARCHAR(16) PRIMARY KEY, "
                                         "version BIGINT NOT NULL)",
                                         Need::kRequired, Preparation::kNever};
inline constexpr Statement kCreateEntries{"create_entries",
                                          "CREATE TABLE IF NOT EXISTS alcove_entry (site BYTEA NOT NULL, key BYTEA NOT "
                                          "NULL, value BYTEA NOT NULL, PRIMARY KEY (site, key))",
                                          Need::kRequired, Preparation::kNever};
inline constexpr Statement kCreateSignals{
    "create_signals",
    "CREATE TABLE IF NOT EXISTS alcove_signal (node BYTEA NOT NULL, number BIGINT "
    "NOT NULL, topics BYTEA NOT NULL, PRIMARY KEY (node, number))",
    Need::kRequired, Preparation::kNever};
inline constexpr Statement kFirstVersion{"first_version",
                                         "INSERT INTO alcove_schema (name, version) VALUES ('alcove', 0) "
                                         "ON CONFLICT (name) DO NOTHING",
                                         Need::kRequired, Preparation::kNever};
inline constexpr Statement kVersion{"version", "SELECT version FROM alcove_schema WHERE name = 'alcove'",
                                    Need::kRequired, Preparation::kNever};
inline constexpr Statement kRaiseVersion{"raise_version",
                                         "UPDATE alcove_schema SET version = $2 WHERE name = 'alcove' AND version = $1",
                                         Need::kRequired, Preparation::kNever};
inline constexpr Statement kPutOnce{"put_once",
                                    "INSERT INTO alcove_entry (site, key, value) VALUES ($1, $2, $3) "
                                    "ON CONFLICT (site, key) DO NOTHING"};

inline constexpr const Statement* kStatements[] = {
    &kSetStatementTimeout,
    &kSetLockTimeout,
    &kSetIdleTimeout,
    &kShowSynchronousCommit,
    &kSetSynchronousCommit,
    &kAvoidSequentialScans,
    &kAvoidBitmapScans,
    &kTimeline,
    &kBegin,
    &kBeginRead,
    &kBeginUnchecked,
    &kCommit,
    &kRollback,
    &kGet,
    &kScanSite,
    &kScanSiteBackward,
    &kScanSites,
    &kScanSitesBackward,
    &kPut,
    &kErase,
    &kListen,
    &kNotify,
    &kSignalsNeedNoSync,
    &kPublish,
    &kNodes,
    &kSignalsOf,
    &kForgetSignals,
    &kCreateSchema,
    &kCreateEntries,
    &kCreateSignals,
    &kFirstVersion,
    &kVersion,
    &kRaiseVersion,
    &kPutOnce,
};

}  // namespace alcove::store::postgres
