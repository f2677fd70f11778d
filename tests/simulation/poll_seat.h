// A poll as the runtime holds it: run, parked at the hub, and run again when one
// of its topics was signalled or its time is over.
//
// Threads: none.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "runtime/hub.h"
#include "tests/functions/world.h"

namespace alcove::simulation {

class PollSeat final : private runtime::Waiter {
 public:
  PollSeat(functions::World& world, runtime::Hub& hub) : world_(world), hub_(hub) {}
  ~PollSeat() override { Leave(); }

  bool is_parked() const { return deadline_.has_value(); }
  bool is_signalled() const { return is_signalled_; }
  absl::Time deadline() const { return deadline_.value_or(absl::InfiniteFuture()); }

  // Runs it; where it has to wait it is parked, else its answer.
  std::optional<functions::Result> Begin(functions::Request request) {
    Leave();
    request_ = std::move(request);
    return Run(functions::Wake::kArrived);
  }
  // As the hub or the clock has it run again. REQUIRES: it is parked.
  std::optional<functions::Result> RunAgain(functions::Wake wake) {
    hub_.Unpark(*this);
    return Run(wake);
  }
  // What it would be told, had it been woken. It stays parked.
  wire::PollAnswer WouldTell() {
    functions::Request request = request_;
    request.wake = functions::Wake::kSignalled;
    const functions::Result result = world_.Run(std::move(request));
    return result.hangs() ? wire::PollAnswer() : result.As<wire::PollAnswer>();
  }
  // The connection is lost.
  void Leave() {
    hub_.Unpark(*this);
    deadline_.reset();
  }

 private:
  void Signalled() override { is_signalled_ = true; }

  std::optional<functions::Result> Run(functions::Wake wake) {
    while (true) {
      const uint64_t before = hub_.Sequence();
      is_signalled_ = false;
      request_.wake = wake;
      functions::Result result = world_.Run(request_);
      if (!result.hangs()) {
        deadline_.reset();
        return result;
      }
      // The soonest deadline stands, as for the runtime.
      deadline_ = std::min(deadline(), result.deadline);
      if (hub_.Park(*this, result.topics, before)) return std::nullopt;
      wake = functions::Wake::kSignalled;
    }
  }

  functions::World& world_;
  runtime::Hub& hub_;
  functions::Request request_;
  std::optional<absl::Time> deadline_;  // while it is parked
  bool is_signalled_ = false;
};

}  // namespace alcove::simulation
