// One pair of the echo bench: a customer and an agent who talk in turns.
//
// Each holds one long poll on a connection of its own and sends on a second
// one. One message of the pair is in flight at a time. It counts when the
// other side's poll returned exactly its text, for the first time.
//
// Threads: those of Loop: one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/echo_http.h"
#include "tests/bench/echo_people.h"

namespace alcove::bench {

// What all pairs count together.
struct Tally {
  bool recording = false;
  uint64_t received = 0;             // while recording
  std::vector<uint32_t> latency_us;  // from the send to the parsed answer of the other side's poll
  uint64_t wrong = 0;                // a message text that nobody was waiting for: altered, repeated or misdirected
  uint64_t bad_answers = 0;          // a status that the protocol does not promise here
  uint64_t empty_polls = 0;          // answered without a message event

  // Counts a bad answer, and prints the first few.
  void Bad(std::string_view what, const Answer& answer);
};

class Pair {
 public:
  Pair(Loop& loop, int number, const Account& account, Tally& tally);

  // Signs both in, starts the conversation, claims it, parks both polls; then
  // runs `done`, with false where a step was refused.
  void Open(std::function<void(bool ok)> done);

  // The customer's first message; each side answers the other until Stop().
  void Start() { Say(customer_, agent_); }
  void Stop() { stopping_ = true; }

  // Polls again where the last poll failed some time ago.
  void Tick();

  bool in_flight() const { return !expected_.empty(); }

 private:
  struct Side {
    explicit Side(Loop& loop, std::string_view kind_in) : kind(kind_in), poll(loop), send(loop) {}
    std::string kind;  // as paths and actors name it
    std::string token;
    std::string cursor;
    Connection poll;
    Connection send;
    bool failed = false;  // its last poll was refused: Tick() polls again
    bool owes = false;    // its turn, once its own last message is acknowledged
  };
  using Next = std::function<void(const Answer&)>;

  std::string PathOf(const Side& side) const;
  void Step(Side& side, std::string_view method, const std::string& target, std::string_view body, Next next);
  void Say(Side& from, Side& to);
  void Poll(Side& side, Side& other);
  void Take(Side& side, Side& other, std::string_view answer);

  Account account_;
  Tally& tally_;
  Side customer_;
  Side agent_;
  std::string name_;
  std::string conversation_;
  std::string expected_;      // the text in flight
  const Side* to_ = nullptr;  // who is to get it
  int64_t sent_us_ = 0;
  uint64_t count_ = 0;
  bool stopping_ = false;
  std::function<void(bool)> opened_;
};

}  // namespace alcove::bench
