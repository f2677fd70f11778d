// The store of one machine: the engine over LevelDB in a folder.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "store/optimistic_store.h"
#include "store/store.h"

namespace leveldb {
class Env;
}

namespace alcove::store {

struct LevelDbOptions {
  EngineOptions engine = {};

  // Null: SystemEnv(). Not owned; tests put one here that fails.
  leveldb::Env* env = nullptr;

  // What is written is in memory until it is this much, and then a table. With
  // half a message costs a twentieth more, as more tables are merged, and a busy
  // server has 4 MB less; with double it is as much less, and 6 MB more.
  size_t write_buffer_bytes = size_t{8} << 20;

  // After a failed write the folder must take a file of this size before it is
  // opened again: opening writes out up to two write buffers.
  size_t probe_bytes = 2 * write_buffer_bytes + (size_t{1} << 20);
};

// Opens the store in `folder`, which is made where it is missing (not its
// parents). Each error is a sentence that says what to do:
//   FAILED_PRECONDITION  another process has it open, or a newer Alcove wrote it
//   DATA_LOSS            it is damaged
//   UNAVAILABLE          it cannot be read or written
absl::StatusOr<std::unique_ptr<Store>> OpenLevelDbStore(const std::string& folder, const LevelDbOptions& options = {});

}  // namespace alcove::store
