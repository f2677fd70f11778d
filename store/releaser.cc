#include "store/releaser.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace alcove::store {
namespace {

// Waking the thread costs about as much as waking this many.
constexpr std::ptrdiff_t kToldAtOnce = 4;

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
  const auto awaited =
      std::stable_partition(fates.begin(), fates.end(), [](const auto& fate) { return !fate->IsAwaited(); });
  const auto later = fates.end() - awaited > kToldAtOnce ? awaited : fates.end();
  std::for_each(fates.begin(), later, [](const auto& fate) { fate->Decide(absl::OkStatus()); });
  if (later == fates.end()) return;
  {
    const MutexLock lock(mutex_);
    std::move(later, fates.end(), std::back_inserter(fates_));
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
