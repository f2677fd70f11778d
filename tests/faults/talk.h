// One customer and one agent of the demo site who talk, begin, read and close at
// random. What was not acknowledged is done again with the same id before
// anything else, as a client does.
//
// Threads: one; several Talks may share a World.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/functions/world.h"

namespace alcove::functions {

class Talk {
 public:
  // Messages of up to so many bytes. Signs both in: the store is sound.
  Talk(World& world, uint64_t seed, size_t text_bytes_max = 40);

  // One request. False: it was not acknowledged.
  bool Step(World& world);
  // Steps until so many more were acknowledged, with `between` after each that was not.
  template <class Between>
  void Run(World& world, int steps, const Between& between) {
    for (int done = 0; done < steps && !testing::Test::HasFailure();) {
      if (Step(world)) {
        ++done;
      } else if (!between()) {
        return;
      }
    }
  }

  // The ids of the messages that were acknowledged.
  const std::set<std::string>& acknowledged() const { return acknowledged_; }

 private:
  struct Put {
    Method method;
    std::string target;
    std::string token;
    std::string body;
    std::string message;       // that it appends, if any
    std::string conversation;  // that it begins, if any
  };
  Put Draw(World& world);

  std::mt19937_64 rng_;
  const size_t text_bytes_max_;
  Person agent_, customer_;
  std::vector<std::string> conversations_;
  std::optional<Put> pending_;
  std::set<std::string> acknowledged_;
};

// Each of the messages is there once, none is there twice, and nothing is found
// by functions/verify.h.
void ExpectWhole(store::Store& store, const std::set<std::string>& acknowledged);

}  // namespace alcove::functions
