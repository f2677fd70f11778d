// Everything that a function may touch, and nothing else. In the server these
// are the real things; in tests and in the simulator they are seeded.
//
// Threads: every member may be used by several functions at once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "functions/budgets.h"
#include "functions/shared_work.h"
#include "functions/wire/limits.h"
#include "store/store.h"

namespace alcove::functions {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() = 0;
};

// Cryptographically strong in the server.
class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t Next() = 0;
};

// What is worth knowing only now: who types, who is here, how far the other
// side has read. Lives in memory, is lost at a restart, is never needed for
// correctness. One item a (topic, key): the latest wins.
class Ephemera {
 public:
  struct Item {
    std::string key;
    std::string value;
    uint64_t version = 0;
    absl::Time expires_at;
  };
  virtual ~Ephemera() = default;

  // Sets the item and wakes who waits on `topic`. An item that has expired is
  // no longer seen and is forgotten some time later.
  virtual void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) = 0;

  // The items of `topic` whose version is above `after` and that have not
  // expired at `now`, oldest first.
  virtual std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) = 0;

  // The newest version of any item. Versions only grow, while the process lives.
  virtual uint64_t Version() = 0;

  // Random for each process: a version means nothing elsewhere.
  virtual const std::string& Incarnation() = 0;
};

// The web files that functions hand out (the loader, the frame).
class Assets {
 public:
  virtual ~Assets() = default;
  // The uncompressed text of a file of `build/web`, or nullopt. The view lives as long as the Assets.
  virtual std::optional<std::string_view> Find(std::string_view name) = 0;
};

struct Config {
  absl::Duration poll_hold = absl::Milliseconds(wire::kPollHoldMs);
  absl::Duration poll_hold_jitter = absl::Milliseconds(wire::kPollHoldJitterMs);
  // While draining, polls are told to come back after a random share of this.
  absl::Duration drain_retry = absl::Seconds(3);
};

class Context {
 public:
  Context(store::Store& store_in, Clock& clock_in, Random& random_in, Ephemera& ephemera_in, Assets& assets_in,
          const Config& config_in, Budgets& budgets_in = NoBudgets(), SharedWork* shared_in = nullptr)
      : store(store_in),
        clock(clock_in),
        random(random_in),
        ephemera(ephemera_in),
        assets(assets_in),
        config(config_in),
        budgets(budgets_in),
        shared(shared_in) {}

  store::Store& store;
  Clock& clock;
  Random& random;
  Ephemera& ephemera;
  Assets& assets;
  const Config& config;
  Budgets& budgets;
  // With what runs on the same snapshot; null: this request has its own.
  SharedWork* const shared;
};

}  // namespace alcove::functions
