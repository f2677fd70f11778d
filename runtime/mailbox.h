// What other threads tell a reactor.
//
// Threads: Post() from any; everything else from the reactor's.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
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
};
// A worker has run it.
struct Ran {
  std::unique_ptr<Exchange> exchange;
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

  // Becomes readable when there is something to Take().
  int descriptor() const { return event_.get(); }
  std::vector<Message> Take();

 private:
  Descriptor event_;
  store::Mutex mutex_;
  std::vector<Message> messages_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
