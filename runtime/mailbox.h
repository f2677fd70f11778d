// What other threads tell a reactor.
//
// To ring for a reactor that sleeps costs more than most of what it is told:
// who tells of many things in a row rings once (OneRing).
//
// Threads: Post() from any; everything else from the reactor's.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "runtime/descriptor.h"
#include "runtime/seats.h"
#include "store/mutex.h"

namespace alcove::runtime {

class Exchange;

// Names an exchange within its reactor. A serial is never used again, so that
// a message to one that is gone reaches nobody.
struct ExchangeKey {
  uint32_t slot = 0;
  uint64_t serial = 0;
  friend bool operator==(const ExchangeKey&, const ExchangeKey&) = default;
};

// The acceptor has a new connection.
struct Accepted {
  Descriptor socket;
  std::string peer_address;
  Seats::Seat seat = {};
  // Of the reactors, by their numbers: who has it, and how many have been asked for room for it.
  size_t reactor = 0;
  size_t asked = 1;
};
// A worker has run it.
struct Ran {
  std::unique_ptr<Exchange> exchange;
  // What became of its fate, where it had one.
  std::optional<absl::Status> fate = std::nullopt;
};
// A parked one may have something to say.
struct Woken {
  ExchangeKey key;
};
// Answer what is parked, finish what runs, then stop.
struct Drain {};
// Stop now.
struct Stop {};

using Message = std::variant<Accepted, Ran, Woken, Drain, Stop>;

class Mailbox {
 public:
  Mailbox();
  ~Mailbox();

  void Post(Message message);

  // While one lives, its thread's posts wait for their bells, which ring once
  // for each mailbox when it dies. Mailboxes may be gone by then. One within another does nothing.
  class OneRing {
   public:
    OneRing();
    ~OneRing();
    OneRing(const OneRing&) = delete;
    OneRing& operator=(const OneRing&) = delete;

   private:
    std::vector<std::shared_ptr<const Descriptor>> bells_;
  };

  // Has an event whenever there is something new to Take(): to be watched by its edges, as nothing reads it.
  int descriptor() const { return bell_->get(); }
  std::vector<Message> Take();

 private:
  // It may have to ring behind its mailbox's end.
  const std::shared_ptr<const Descriptor> bell_;
  store::Mutex mutex_;
  std::vector<Message> messages_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
