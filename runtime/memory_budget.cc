#include "runtime/memory_budget.h"

namespace alcove::runtime {

MemoryBudget::Verdict MemoryBudget::Charge(const std::string& address, Peer peer, size_t charged_before,
                                           size_t charged_now) {
  if (charged_before == charged_now) return Verdict::kGranted;
  const auto [entry, is_new] = address_bytes_.try_emplace(address, size_t{0});
  const size_t all = all_bytes_ - charged_before + charged_now;
  const size_t one = entry->second - charged_before + charged_now;
  Verdict verdict = Verdict::kGranted;
  if (charged_now > charged_before) {
    if (peer == Peer::kOne && one > limits_.address_bytes) {
      verdict = Verdict::kAddressIsFull;
    } else if (all > limits_.all_bytes) {
      verdict = Verdict::kAllIsFull;
    }
  }
  if (verdict == Verdict::kGranted) {
    all_bytes_ = all;
    entry->second = one;
  }
  if (entry->second == 0) address_bytes_.erase(entry);
  return verdict;
}

}  // namespace alcove::runtime
