// The tables, made and brought up to date by whoever comes first.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "store/postgres_connection.h"

namespace alcove::store::postgres {

// The layout of the tables that this code reads and writes. What the values
// hold has a version of its own, keys::kFormat.
inline constexpr int64_t kSchemaVersion = 1;

// Makes or raises the schema where that is needed, and returns the store's
// epoch, which it makes in an empty one. Several nodes may do so at once: each
// step may be repeated, and the version is raised by whoever is first. No lock
// is taken that another database might not have.
//   FAILED_PRECONDITION  a newer Alcove wrote it, or it may not be changed by us
//   DATA_LOSS            its format or epoch cannot be read
//   UNAVAILABLE          it cannot be reached
absl::StatusOr<std::string> PrepareSchema(Connection& connection);

// The epoch of the store that is there. Changes nothing. Errors as for PrepareSchema(), and
//   NOT_FOUND            there is none
//   FAILED_PRECONDITION  an older Alcove wrote it, and nobody raised it since
absl::StatusOr<std::string> CheckSchema(Connection& connection);

}  // namespace alcove::store::postgres
