// Courtesy between the transactions of one node: those that are known to write
// the same keys take turns instead of failing in the database, and one that has
// failed too often runs alone.
//
// Only a courtesy: the database decides what is serializable. A key is not waited
// for for long; who runs alone waits for all who run, whose time-outs bound that.
//
// Threads: all methods, any thread. A Turn belongs to one.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "store/mutex.h"

namespace alcove::store::postgres {

class Turns {
 public:
  enum class Company { kAny, kAlone };

  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept { *this = std::move(other); }
    Turn& operator=(Turn&& other) noexcept;
    ~Turn() { End(); }
    void End();

   private:
    friend class Turns;
    Turns* turns_ = nullptr;
    Company company_ = Company::kAny;
    std::vector<size_t> stripes_;
  };

  // Waits while someone runs alone, or waits to; kAlone: until nobody runs.
  Turn Begin(Company company);
  // Waits, not for long, until nobody else has one of the keys; past that it goes on without them.
  void Claim(Turn& turn, const std::vector<std::string>& keys);

 private:
  void End(Turn& turn);

  // Enough that two of a hundred keys seldom meet.
  static constexpr size_t kStripes = 1024;
  struct Stripe {
    Mutex mutex;
    CondVar freed;
    bool taken ABSL_GUARDED_BY(mutex) = false;
  };
  std::array<Stripe, kStripes> stripes_;

  Mutex mutex_;
  CondVar changed_;
  int running_ ABSL_GUARDED_BY(mutex_) = 0;
  int alone_waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  bool alone_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace alcove::store::postgres
