#include "store/leveldb_store.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "store/format.h"
#include "store/keys.h"
#include "store/leveldb_disk.h"
#include "store/leveldb_env.h"
#include "store/remembering_disk.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

// What 500 who talk read again and again is 2 MB; what comes back before half of the room was filled is still there.
// With half of it their tokens went to LevelDB. Double would be of use to 1,000 who talk at once, and is a part of the
// 32 MB that an idle server may have.
// News of a message are 1 KB: half of this are 1,000 messages, and of 500 who talk one in a hundred waits for 800.
constexpr RememberingDisk::Room kRemembered = {.news = size_t{2} << 20, .others = size_t{5} << 20};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenLevelDbStore(const std::string& folder, const LevelDbOptions& options) {
  leveldb::Env* env = options.env != nullptr ? options.env : SystemEnv();
  auto disk = std::make_unique<LevelDbDisk>(
      folder, env,
      LevelDbDisk::Sizes{.write_buffer_bytes = options.write_buffer_bytes, .probe_bytes = options.probe_bytes});
  RETURN_IF_ERROR(disk->Open());
  absl::StatusOr<std::string> epoch = ReadOrCreateFormat(*disk);
  if (!epoch.ok()) {
    const std::string said(epoch.status().message());
    if (absl::IsFailedPrecondition(epoch.status())) {
      return absl::FailedPreconditionError(absl::StrCat("the data folder ", folder, " cannot be used: ", said));
    }
    if (absl::IsDataLoss(epoch.status())) return DamagedFolder(folder, said);
    return absl::UnavailableError(absl::StrCat("the data folder ", folder,
                                               " cannot be used: check that it may be written to and that the disk "
                                               "has room (",
                                               said, ")"));
  }
  auto remembering = std::make_unique<RememberingDisk>(std::move(disk), kRemembered, keys::IsNews);
  return std::unique_ptr<Store>(
      std::make_unique<OptimisticStore>(std::move(remembering), *std::move(epoch), options.engine));
}

}  // namespace alcove::store
