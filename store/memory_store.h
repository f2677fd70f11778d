// A Store in memory: the whole engine over a map, for tests and the simulator.
#pragma once

#include <memory>

#include "store/optimistic_store.h"
#include "store/store.h"

namespace alcove::store {

std::unique_ptr<Store> MakeMemoryStore(EngineOptions options = {});

}  // namespace alcove::store
