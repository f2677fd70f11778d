#include "runtime/commands/open_store.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "store/leveldb_store.h"
#include "store/postgres_store.h"

namespace alcove::runtime {

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const StoreAddress& address,
                                                        std::function<void(const absl::Status&)> on_fatal) {
  if (!address.postgres.empty()) return store::OpenPostgresStore(address.postgres);
  store::LevelDbOptions options;
  options.engine.on_fatal = std::move(on_fatal);
  return store::OpenLevelDbStore(address.data, options);
}

absl::StatusOr<std::unique_ptr<store::Store>> OpenExistingStore(const StoreAddress& address) {
  std::error_code error;
  // The file by which LevelDB itself knows.
  if (!address.data.empty() && !std::filesystem::exists(address.data + "/CURRENT", error)) {
    return absl::NotFoundError(absl::StrCat("there is no store in ", address.data));
  }
  if (address.postgres.empty()) return OpenStore(address);
  store::PostgresOptions options;
  options.creation = store::PostgresOptions::Creation::kMustExist;
  return store::OpenPostgresStore(address.postgres, options);
}

std::string TextOf(const StoreAddress& address) {
  return address.postgres.empty() ? address.data : WithoutPasswords(address.postgres);
}

}  // namespace alcove::runtime
