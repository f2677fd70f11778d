#include "store/postgres_hints.h"

#include <algorithm>
#include <utility>

namespace alcove::store::postgres {
namespace {

// Of one first key: an agent with a dozen conversations at hand. More would be
// fetched each time for little.
constexpr size_t kKnownKept = 32;
// A long value is not worth being compared each time.
constexpr size_t kValueBytesKept = 8 * 1024;
// Transactions after which what nobody asked for is no longer fetched.
constexpr int kUnusedKept = 8;
// 20,000 busy people; at half of what a phone has, it is not worth more.
constexpr size_t kBytesKept = size_t{64} << 20;

}  // namespace

const Hint::Known* Hint::Find(std::string_view key) const {
  const auto found = std::find_if(known.begin(), known.end(), [&](const Known& one) { return one.key == key; });
  return found == known.end() ? nullptr : &*found;
}

std::shared_ptr<const Hint> Hints::Find(const std::string& first_key) {
  const MutexLock lock(mutex_);
  const auto found = by_key_.find(first_key);
  if (found == by_key_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, found->second);
  return found->second->hint;
}

void Hints::Remember(const std::string& first_key, Hint hint) {
  std::erase_if(hint.known, [](const Hint::Known& one) {
    return (one.value && one.value->size() > kValueBytesKept) || one.unused > kUnusedKept;
  });
  std::stable_sort(hint.known.begin(), hint.known.end(),
                   [](const Hint::Known& a, const Hint::Known& b) { return a.unused < b.unused; });
  if (hint.known.size() > kKnownKept) hint.known.resize(kKnownKept);
  size_t bytes = first_key.size() * 2 + sizeof(Kept);
  for (const Hint::Known& one : hint.known) bytes += sizeof one + one.key.size() + one.value.value_or("").size();
  auto shared = std::make_shared<const Hint>(std::move(hint));

  const MutexLock lock(mutex_);
  if (const auto found = by_key_.find(first_key); found != by_key_.end()) {
    bytes_ -= found->second->bytes;
    kept_.erase(found->second);
    by_key_.erase(found);
  }
  kept_.push_front({first_key, std::move(shared), bytes});
  by_key_[first_key] = kept_.begin();
  bytes_ += bytes;
  while (bytes_ > kBytesKept && kept_.size() > 1) {
    bytes_ -= kept_.back().bytes;
    by_key_.erase(kept_.back().first_key);
    kept_.pop_back();
  }
}

}  // namespace alcove::store::postgres
