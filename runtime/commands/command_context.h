// What a command gives functions that it runs by itself: the store, no pages,
// and nobody who waits to be told.
//
// Threads: one.
#pragma once

#include "functions/context.h"
#include "runtime/ephemera.h"
#include "runtime/hub.h"
#include "runtime/static_files.h"
#include "runtime/system.h"
#include "store/store.h"

namespace alcove::runtime {

class CommandContext {
 public:
  // The store must outlive it.
  explicit CommandContext(store::Store& store) : context_(store, clock_, random_, ephemera_, files_, config_) {}

  functions::Context& operator*() { return context_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
  Hub hub_;
  HubEphemera ephemera_{hub_, RandomName(random_)};
  StaticFiles files_;
  const functions::Config config_;
  functions::Context context_;
};

}  // namespace alcove::runtime
