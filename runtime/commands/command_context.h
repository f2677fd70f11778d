// What a command gives functions that it runs by itself: the store and no pages.
// Of what is only told, servers of the same database are told.
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
  explicit CommandContext(store::Store& store)
      : ephemera_(hub_, RandomName(random_), {}, [&store](std::string_view message) { store.Broadcast(message); }),
        context_(store, clock_, random_, ephemera_, files_, config_) {}

  functions::Context& operator*() { return context_; }

 private:
  SystemClock clock_;
  SystemRandom random_;
  Hub hub_;
  HubEphemera ephemera_;
  StaticFiles files_;
  const functions::Config config_;
  functions::Context context_;
};

}  // namespace alcove::runtime
