#include "runtime/superseder.h"

#include <utility>

namespace alcove::runtime {

void Superseder::Enter(std::string_view key, uint64_t arrival, Holder& holder) {
  const store::MutexLock lock(mutex_);
  const auto [found, is_new] = entries_.try_emplace(key, Entry{&holder, arrival});
  if (is_new) return;
  const Entry before = found->second;
  if (before.arrival > arrival) return holder.Superseded();
  if (before.holder != &holder) before.holder->Superseded();
  // From now on the text is the new holder's.
  auto entry = entries_.extract(found);
  entry.key() = key;
  entry.mapped() = {.holder = &holder, .arrival = arrival};
  entries_.insert(std::move(entry));
}

void Superseder::Leave(std::string_view key, Holder& holder) {
  const store::MutexLock lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end() && found->second.holder == &holder) entries_.erase(found);
}

}  // namespace alcove::runtime
