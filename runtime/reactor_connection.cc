// What a reactor does with one connection, from its first byte to its last.
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "runtime/answer.h"
#include "runtime/reactor.h"
#include "runtime/shedding.h"

namespace alcove::runtime {
namespace {

using functions::ProblemCode;
using functions::Wake;
using State = Connection::State;

}  // namespace

// A loop and no recursion: a client may send any number of requests ahead.
void Reactor::Advance(Connection& connection) {
  while (true) {
    switch (connection.state) {
      case State::kReading:
        if (!Read(connection)) return;
        break;
      case State::kWriting:
        if (!Write(connection)) return;
        break;
      case State::kLingering:
        if (!Linger(connection)) return;
        break;
      case State::kRunning:
      case State::kParked:
        return;
    }
  }
}

bool Reactor::Read(Connection& connection) {
  Framer& framer = connection.framer;
  if (!connection.unread.empty()) {
    connection.unread.erase(0, framer.Consume(connection.unread));
  } else if (connection.readable) {
    const ssize_t got = recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (got <= 0) {
      connection.readable = false;
      if (got < 0 && errno == EAGAIN) return AwaitMore(connection);
      if (got < 0 && errno == EINTR) return connection.readable = true;
      Close(connection);
      return false;
    }
    // Nothing is left: what comes now is told by an event, and the end has been.
    if (static_cast<size_t>(got) < buffer_.size() && !connection.peer_is_gone) connection.readable = false;
    const std::string_view bytes(buffer_.data(), static_cast<size_t>(got));
    connection.unread = bytes.substr(framer.Consume(bytes));
  } else {
    return AwaitMore(connection);
  }

  if (framer.state() == Framer::State::kComplete) {
    StartExchange(connection);
  } else if (framer.state() == Framer::State::kRefused) {
    shared_.application.Refused(framer.refusal());
    Answer(connection, RefusalBytes(framer.refusal()), Persistence::kClose);
  }
  return true;
}

bool Reactor::AwaitMore(Connection& connection) {
  const Framer& framer = connection.framer;
  const Phase phase = framer.state() == Framer::State::kBody ? Phase::kBody
                      : framer.begun()                       ? Phase::kHead
                                                             : Phase::kIdle;
  if (phase == Phase::kBody && framer.awaits_continue() && !SendContinue(connection)) return false;
  if (phase != connection.phase) {
    connection.phase = phase;
    timers_.Set(connection, Now() + (phase == Phase::kBody ? shared_.deadlines.body : shared_.deadlines.head));
  }
  const bool is_idle = phase == Phase::kIdle && connection.serial != 0;
  ConnectionList Evictable::* const list = is_idle ? &Evictable::idle : &Evictable::unfinished;
  // However slowly a request comes, it keeps its place.
  (evictable_.*list).Add(connection);
  if (connection.neighbours != nullptr) (connection.neighbours->evictable.*list).Add(connection.among_neighbours);
  if (Charge(connection)) return false;
  Refuse(connection, ProblemCode::kOverloaded);
  return true;
}

bool Reactor::SendContinue(Connection& connection) {
  if (std::exchange(connection.continue_sent, true)) return true;
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  // Nothing else is on its way, so the socket takes it whole or is broken.
  const ssize_t sent = send(connection.socket.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(kContinue.size())) return true;
  Close(connection);
  return false;
}

void Reactor::StartExchange(Connection& connection) {
  timers_.Cancel(connection);
  Unlist(connection);
  connection.phase = Phase::kIdle;
  connection.continue_sent = false;

  FramedRequest framed = connection.framer.Take();
  if (connection.unread.empty()) connection.unread = std::string();
  connection.request_bytes = framed.bytes.size();
  const Foreseen foreseen = shared_.application.Foresee(framed.bytes);
  if (IsBehind(foreseen.work) || !Charge(connection)) return Refuse(connection, ProblemCode::kOverloaded);
  connection.serial = next_serial_++;
  const ExchangeKey key{.slot = connection.slot, .serial = connection.serial};
  auto exchange = std::make_unique<Exchange>(key, mailbox_, shared_.hub, shared_.superseder);
  exchange->request = std::move(framed.bytes);
  exchange->work = foreseen.work;
  exchange->stores_at_once = foreseen.stores_at_once;
  exchange->keep_alive = framed.keep_alive;
  exchange->peer_address = connection.peer_address;
  std::unique_ptr<FollowUp> follow_up = std::move(connection.follow_up);
  if (follow_up != nullptr && follow_up->Is(exchange->request)) exchange->follow_up = std::move(follow_up);
  connection.state = State::kRunning;
  Dispatch(std::move(exchange), Wake::kArrived);
}

bool Reactor::IsBehind(functions::Work work) const {
  // Half of the polls' queue is for the wave that one message brings; in the other what matters less goes before them.
  const size_t wave = shared_.turns.queued_max / 2;
  const size_t beyond = arrived_polls_ - std::min(arrived_polls_, wave);
  if (!TakesMore(beyond, shared_.turns.queued_max - wave, work, functions::Work::kPoll)) return true;
  if (!shared_.workers.TakesMore(work)) return true;
  // A disk that does not keep up holds up who writes, and nobody else.
  const bool reads =
      work == functions::Work::kPoll || work == functions::Work::kHistory || work == functions::Work::kPage;
  return !reads && !shared_.gate.TakesMore(work);
}

void Reactor::Dispatch(std::unique_ptr<Exchange> exchange, Wake wake) {
  exchange->wake = wake;
  exchange->persistence = exchange->keep_alive && !draining_ ? Persistence::kKeep : Persistence::kClose;
  if (exchange->stores_at_once && wake == Wake::kArrived) return sends_.push_back(std::move(exchange));
  if (exchange->work != functions::Work::kPoll) return shared_.workers.Push(std::move(exchange));
  if (wake == Wake::kArrived) ++arrived_polls_;
  polls_.push_back(std::move(exchange));
  queued_polls_.store(polls_.size());
}

void Reactor::Park(Connection& connection, std::unique_ptr<Exchange> exchange) {
  if (exchange->superseded()) return Dispatch(std::move(exchange), Wake::kSuperseded);
  if (draining_) return Dispatch(std::move(exchange), Wake::kDraining);
  if (!shared_.hub.Park(*exchange, exchange->topics, exchange->since)) {
    return Dispatch(std::move(exchange), Wake::kSignalled);
  }
  // The hub has them now, and many wait.
  exchange->topics = std::vector<std::string>();
  timers_.Set(connection, *exchange->deadline);
  connection.state = State::kParked;
  connection.parked = std::move(exchange);
  parked_.fetch_add(1);
}

void Reactor::Replay(Connection& connection, Wake wake) {
  timers_.Cancel(connection);
  parked_.fetch_sub(1);
  connection.state = State::kRunning;
  std::unique_ptr<Exchange> exchange = std::move(connection.parked);
  shared_.hub.Unpark(*exchange);
  Dispatch(std::move(exchange), wake);
}

void Reactor::Refuse(Connection& connection, ProblemCode problem) {
  shared_.application.Refused(functions::StatusOf(problem));
  // Nothing of it is read any more.
  connection.framer = Framer(shared_.framer_limits);
  connection.unread = std::string();
  connection.request_bytes = 0;
  (void)Charge(connection);
  Answer(connection, RefusalBytes(problem), Persistence::kClose);
}

void Reactor::Answer(Connection& connection, std::string bytes, Persistence persistence) {
  Unlist(connection);
  const auto seconds = std::chrono::seconds(bytes.size() / shared_.deadlines.write_bytes_per_second);
  timers_.Set(connection, Now() + shared_.deadlines.write + seconds);
  connection.output = std::move(bytes);
  connection.output_sent = 0;
  connection.persistence = persistence;
  connection.state = State::kWriting;
}

bool Reactor::Write(Connection& connection) {
  while (connection.output_sent < connection.output.size()) {
    const std::string_view rest = std::string_view(connection.output).substr(connection.output_sent);
    const ssize_t sent = send(connection.socket.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      slow_readers_.Add(connection);
      if (!Charge(connection)) Close(connection);
      return false;
    }
    if (sent < 0) {
      Close(connection);
      return false;
    }
    connection.output_sent += static_cast<size_t>(sent);
  }
  connection.output = std::string();
  ConnectionList::Remove(connection);
  (void)Charge(connection);  // less, which is always granted
  if (connection.persistence == Persistence::kKeep) {
    connection.state = State::kReading;
    timers_.Set(connection, Now() + shared_.deadlines.idle);
    return true;
  }
  // Closing at once while the client still sends would reset the connection,
  // and it would never read why.
  shutdown(connection.socket.get(), SHUT_WR);
  connection.state = State::kLingering;
  connection.readable = true;
  timers_.Set(connection, Now() + shared_.deadlines.linger);
  return true;
}

bool Reactor::Linger(Connection& connection) {
  if (!connection.readable) return false;
  const ssize_t got = recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
  if (got < 0 && errno == EAGAIN) return connection.readable = false;
  if (got > 0) connection.lingered_bytes += static_cast<size_t>(got);
  if (got > 0 && connection.lingered_bytes <= wire::kLingerBytesMax) return true;
  Close(connection);
  return false;
}

void Reactor::Close(Connection& connection) {
  timers_.Cancel(connection);
  if (connection.parked != nullptr) parked_.fetch_sub(1);
  // Giving back never fails.
  (void)memory_.Charge(connection.peer_address, connection.peer, connection.charged_bytes, 0);
  open_.fetch_sub(1);
  Unlist(connection);
  if (connection.neighbours != nullptr && --connection.neighbours->connections == 0) {
    neighbours_.erase(NetworkOf(connection.peer_address));
  }
  Slot& slot = slots_[connection.slot];
  free_slots_.push_back(connection.slot);
  ++slot.generation;
  slot.connection.reset();
}

void Reactor::Unlist(Connection& connection) {
  ConnectionList::Remove(connection);
  ConnectionList::Remove(connection.among_neighbours);
}

bool Reactor::Charge(Connection& connection) {
  const size_t held = connection.held_bytes();
  while (true) {
    const MemoryBudget::Verdict verdict =
        memory_.Charge(connection.peer_address, connection.peer, connection.charged_bytes, held);
    if (verdict == MemoryBudget::Verdict::kGranted) {
      connection.charged_bytes = held;
      return true;
    }
    Connection* const going = OldestSlowReader(connection, verdict);
    if (going == nullptr) return false;
    Close(*going);
  }
}

Connection* Reactor::OldestSlowReader(const Connection& connection, MemoryBudget::Verdict verdict) const {
  for (auto* member = slow_readers_.oldest(); member != nullptr; member = ConnectionList::Next(*member)) {
    auto* const reader = static_cast<Connection*>(member);
    const bool is_other =
        verdict == MemoryBudget::Verdict::kAddressIsFull &&
        (reader->peer == MemoryBudget::Peer::kMany || reader->peer_address != connection.peer_address);
    if (reader != &connection && !is_other) return reader;
  }
  return nullptr;
}

}  // namespace alcove::runtime
