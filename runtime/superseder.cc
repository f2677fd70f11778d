#include "runtime/superseder.h"

namespace alcove::runtime {

void Superseder::Enter(const std::string& key, Holder& holder) {
  const store::MutexLock lock(mutex_);
  Holder*& current = holders_[key];
  if (current != nullptr && current != &holder) current->Superseded();
  current = &holder;
}

void Superseder::Leave(const std::string& key, Holder& holder) {
  const store::MutexLock lock(mutex_);
  const auto found = holders_.find(key);
  if (found != holders_.end() && found->second == &holder) holders_.erase(found);
}

}  // namespace alcove::runtime
