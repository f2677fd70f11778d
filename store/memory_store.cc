#include "store/memory_store.h"

#include <utility>

#include "store/format.h"
#include "store/memory_disk.h"

namespace alcove::store {

std::unique_ptr<Store> MakeMemoryStore(EngineOptions options) {
  auto disk = std::make_unique<MemoryDisk>();
  // Creating a format in an empty map cannot fail.
  std::string epoch = *ReadOrCreateFormat(*disk);
  return std::make_unique<OptimisticStore>(std::move(disk), std::move(epoch), std::move(options));
}

}  // namespace alcove::store
