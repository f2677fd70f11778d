#include "runtime/mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>

#include "runtime/exchange.h"

namespace alcove::runtime {
namespace {

using Bell = std::shared_ptr<const Descriptor>;

// Those of this thread that are to be rung; null: at once.
thread_local std::vector<Bell>* to_ring = nullptr;

void Ring(const Descriptor& bell) {
  const uint64_t one = 1;
  // It is full after more rings than there can be, and has rung then, too.
  [[maybe_unused]] const ssize_t written = write(bell.get(), &one, sizeof(one));
}

}  // namespace

Mailbox::OneRing::OneRing() {
  if (to_ring == nullptr) to_ring = &bells_;
}

Mailbox::OneRing::~OneRing() {
  if (to_ring != &bells_) return;
  to_ring = nullptr;
  for (const Bell& bell : bells_) Ring(*bell);
}

Mailbox::Mailbox() : bell_(std::make_shared<const Descriptor>(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))) {
  // Without it no reactor can be woken; only a process without descriptors gets here, and it is starting.
  if (!bell_->is_open()) std::abort();
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
  if (to_ring == nullptr) return Ring(*bell_);
  if (std::find(to_ring->begin(), to_ring->end(), bell_) == to_ring->end()) to_ring->push_back(bell_);
}

std::vector<Message> Mailbox::Take() {
  std::vector<Message> taken;
  const store::MutexLock lock(mutex_);
  taken.swap(messages_);
  return taken;
}

}  // namespace alcove::runtime
