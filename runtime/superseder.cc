#include "runtime/superseder.h"

namespace alcove::runtime {

void Superseder::Enter(const std::string& key, uint64_t arrival, Holder& holder) {
  const store::MutexLock lock(mutex_);
  Entry& entry = entries_[key];
  if (entry.holder != nullptr && entry.arrival > arrival) return holder.Superseded();
  if (entry.holder != nullptr && entry.holder != &holder) entry.holder->Superseded();
  entry = {.holder = &holder, .arrival = arrival};
}

void Superseder::Leave(const std::string& key, Holder& holder) {
  const store::MutexLock lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && found->second.holder == &holder) entries_.erase(found);
}

}  // namespace alcove::runtime
