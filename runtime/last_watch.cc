#include "runtime/last_watch.h"

#include <cstdlib>
#include <string_view>

#include "runtime/log.h"

namespace alcove::runtime {
namespace {

[[noreturn]] void End(std::string_view why) {
  LogError(why);
  std::_Exit(1);
}

}  // namespace

LastWatch::LastWatch(const sigset_t& signals, std::chrono::milliseconds patience)
    : thread_([this, signals, patience] { Watch(signals, patience); }) {}

LastWatch::~LastWatch() {
  ended_ = true;
  thread_.join();
}

void LastWatch::Watch(const sigset_t& signals, std::chrono::milliseconds patience) const {
  // How long an end in order waits for this thread at most.
  constexpr std::chrono::milliseconds kStep{20};
  const auto last = std::chrono::steady_clock::now() + patience;
  while (!ended_) {
    if (WaitForSignal(signals, kStep)) End("told twice, ending at once");
    if (std::chrono::steady_clock::now() >= last) End("something did not end in time, ending without it");
  }
}

bool WaitForSignal(const sigset_t& signals, std::chrono::milliseconds patience) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  timespec timeout = {};
  timeout.tv_sec = seconds.count();
  timeout.tv_nsec = std::chrono::nanoseconds(patience - seconds).count();
  return sigtimedwait(&signals, nullptr, &timeout) > 0;
}

}  // namespace alcove::runtime
