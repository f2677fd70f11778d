#include "functions/wire/limits.h"
// How many connections a server may have, over all of its reactors.
//
// Each is a descriptor. If connections took all of them, the store could not
// open its files: so some are kept for the rest of the process.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace alcove::runtime {

class Seats {
 public:
  // Held by a connection while it is open.
  class Seat {
   public:
    Seat() = default;
    explicit Seat(Seats& seats) : seats_(&seats) { seats.taken_.fetch_add(1); }
    Seat(Seat&& other) noexcept : seats_(std::exchange(other.seats_, nullptr)) {}
    Seat& operator=(Seat&& other) noexcept {
      std::swap(seats_, other.seats_);
      return *this;
    }
    ~Seat() {
      if (seats_ != nullptr) seats_->taken_.fetch_sub(1);
    }

   private:
    Seats* seats_ = nullptr;
  };

  explicit Seats(size_t max) : max_(max) {}

  // More are taken than there are: a new connection stays only where an idle one goes.
  bool overbooked() const { return taken_.load() > max_; }
  // So many more that the reactors do not keep up: the next is not handed to one yet.
  bool jammed() const { return taken_.load() >= max_ + wire::kWaitingConnectionsMax; }

 private:
  const size_t max_;
  std::atomic<size_t> taken_{0};
};

}  // namespace alcove::runtime
