#include "runtime/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "runtime/exchange.h"

namespace alcove::runtime {

Mailbox::Mailbox() : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  // Without it no reactor can be woken; only a process without descriptors gets here, and it is starting.
  if (!event_.is_open()) std::abort();
}

Mailbox::~Mailbox() = default;

void Mailbox::Post(Message message) {
  bool was_empty = false;
  {
    const store::MutexLock lock(mutex_);
    was_empty = messages_.empty();
    messages_.push_back(std::move(message));
  }
  if (!was_empty) return;  // the reactor has been told and has not looked yet
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(event_.get(), &one, sizeof(one));
}

std::vector<Message> Mailbox::Take() {
  uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(event_.get(), &count, sizeof(count));
  std::vector<Message> taken;
  const store::MutexLock lock(mutex_);
  taken.swap(messages_);
  return taken;
}

}  // namespace alcove::runtime
