#include "store/snapshot_store.h"

namespace alcove::store {

absl::Status SnapshotStore::TransactStatus(const Body& /*body*/) {
  refused_ = true;
  return absl::UnavailableError("nothing is written here");
}

}  // namespace alcove::store
