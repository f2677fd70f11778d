#include "store/releaser.h"

#include <cstddef>
#include <iterator>
#include <utility>

namespace alcove::store {
namespace {

// Waking the thread costs about as much as waking this many.
constexpr size_t kToldAtOnce = 4;

void DecideAll(const std::vector<FatePtr>& fates) {
  for (const FatePtr& fate : fates) fate->Decide(absl::OkStatus());
}

}  // namespace

Releaser::~Releaser() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
  }
  changed_.NotifyOne();
  thread_.join();
}

void Releaser::Release(std::vector<FatePtr> fates) {
  if (fates.size() <= kToldAtOnce) return DecideAll(fates);
  {
    const MutexLock lock(mutex_);
    std::move(fates.begin(), fates.end(), std::back_inserter(fates_));
  }
  changed_.NotifyOne();
}

void Releaser::Run() {
  while (true) {
    std::vector<FatePtr> fates;
    {
      const MutexLock lock(mutex_);
      while (fates_.empty() && !stopping_) changed_.Wait(mutex_);
      if (fates_.empty()) return;
      fates.swap(fates_);
    }
    DecideAll(fates);
  }
}

}  // namespace alcove::store
