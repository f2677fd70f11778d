// One client's socket and what is going on with it. Owned and touched by its
// reactor alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "runtime/connection_list.h"
#include "runtime/descriptor.h"
#include "runtime/exchange.h"
#include "runtime/framer.h"
#include "runtime/http_engine.h"
#include "runtime/mailbox.h"
#include "runtime/memory_budget.h"
#include "runtime/timer_wheel.h"

namespace alcove::runtime {

// What of a request has come, while it is read: each has its deadline.
enum class Phase { kIdle, kHead, kBody };

// Connections of one reactor that may have to make room. Who is idle can come back; of a request, which is a packet or
// a few, who has sent a part is the next to go. Who has just come is among these: behind those who sent a part and
// wait, or they would keep out all whose first request is still on its way.
struct Evictable {
  ConnectionList idle;
  ConnectionList unfinished;

  // Who goes first, or nullptr.
  ConnectionList::Member* first() const { return idle.oldest() != nullptr ? idle.oldest() : unfinished.oldest(); }
};

// The connections of one reactor that come from one address, where that is a client's and not a proxy's.
struct Neighbours {
  size_t connections = 0;
  Evictable evictable;
};

struct Connection : Timed, ConnectionList::Member {
  enum class State {
    kReading,    // a request is awaited or half here
    kRunning,    // its exchange is with a worker
    kParked,     // its exchange is in `parked`
    kWriting,    // `output` is on its way
    kLingering,  // we are done; what the client still sends is thrown away until it has read our last word
  };

  // Its place among those of its address that may have to make room.
  struct AmongNeighbours : ConnectionList::Member {
    explicit AmongNeighbours(Connection& connection) : owner(connection) {}
    Connection& owner;
  };

  Connection(Accepted accepted, const FramerLimits& limits)
      : seat(std::move(accepted.seat)),
        socket(std::move(accepted.socket)),
        peer_address(std::move(accepted.peer_address)),
        framer(limits) {}
  ~Connection() { ConnectionList::Remove(*this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Seats::Seat seat;
  Descriptor socket;
  std::string peer_address;
  MemoryBudget::Peer peer = MemoryBudget::Peer::kOne;
  Neighbours* neighbours = nullptr;
  AmongNeighbours among_neighbours{*this};
  uint32_t slot = 0;
  State state = State::kReading;

  // --- Input. Not read from the socket while a request is under way, so that
  // a client that sends ahead is slowed down and not stored.
  bool readable = true;       // the kernel may have more
  bool peer_is_gone = false;  // it has closed its side: it may read an answer, it does not wait for one
  Phase phase = Phase::kIdle;
  bool continue_sent = false;
  Framer framer;
  std::string unread;  // of the next requests

  // --- The request under way.
  uint64_t serial = 0;  // 0 before the first
  size_t request_bytes = 0;
  // The socket is of no use any more. While a worker has the request, the
  // connection stays for what it is charged.
  bool is_broken = false;
  std::unique_ptr<Exchange> parked;

  // --- Output.
  std::string output;
  size_t output_sent = 0;
  Persistence persistence = Persistence::kKeep;
  // What the next request may be, or null.
  std::unique_ptr<FollowUp> follow_up;
  size_t lingered_bytes = 0;

  // --- What it occupies.
  size_t held_bytes() const {
    return framer.buffered_bytes() + unread.size() + request_bytes + output.size() +
           (follow_up != nullptr ? follow_up->bytes() : 0);
  }
  size_t charged_bytes = 0;  // as the budget knows it
};

}  // namespace alcove::runtime
