// The store of several machines: everything in one PostgreSQL, which decides
// what is serializable. docs/POSTGRESQL.md says how to run it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "functions/wire/limits.h"
#include "store/store.h"

namespace alcove::store {

struct PostgresOptions {
  // Transactions at once. Each is a process of the server; past twice its cores
  // more of them only wait inside it.
  size_t connections_max = 16;

  // kMustExist: a database that holds no store is not made one, but NOT_FOUND.
  enum class Creation { kWhereMissing, kMustExist } creation = Creation::kWhereMissing;

  absl::Duration body_time_max = absl::Milliseconds(wire::kTransactionBodyMsMax);

  // For tests and measurements.
  enum class Notifications { kOn, kOff } notifications = Notifications::kOn;
  enum class Serializability { kOn, kOff } serializability = Serializability::kOn;
  std::function<void()> on_round_trip = nullptr;
};

// Opens the store in the database that `url` names, as libpq reads it
// (postgresql://USER@HOST:PORT/NAME); its tables are made where they are
// missing. Time-outs, keep-alives and a server that takes writes are asked for,
// and, except of this machine, `sslmode=verify-full`; what the URL says wins.
// Each error is a sentence that says what to do:
//   INVALID_ARGUMENT     the URL is not understood
//   FAILED_PRECONDITION  a newer Alcove wrote it, or the user may not use it
//   NOT_FOUND            it holds no store, with Creation::kMustExist
//   DATA_LOSS            it is damaged
//   UNAVAILABLE          it cannot be reached
//
// Transact() is UNAVAILABLE where the answer to a COMMIT is lost: it may or may
// not have been done, and the caller's idempotent retry decides. What fails
// before COMMIT is sent is tried again here.
//
// epoch() changes when a standby takes over, of which a connection tells by the
// server's timeline: what the old server had acknowledged may be missing there.
absl::StatusOr<std::unique_ptr<Store>> OpenPostgresStore(const std::string& url, const PostgresOptions& options = {});

}  // namespace alcove::store
