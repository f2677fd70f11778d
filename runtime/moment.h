// What runs that must not wait have to read: one state of the store, for all of
// them that are run in one turn of a reactor.
//
// Threads: the reactor's that took it.
#pragma once

#include <cstdint>
#include <memory>

#include "functions/shared_work.h"
#include "store/store.h"

namespace alcove::runtime {

struct Moment {
  uint64_t since = 0;                       // the hub's number before the snapshot was taken
  std::unique_ptr<store::Reader> snapshot;  // null: there is none without a wait
  functions::SharedWork shared = {};
};

}  // namespace alcove::runtime
