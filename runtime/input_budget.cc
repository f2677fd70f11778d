#include "runtime/input_budget.h"

namespace alcove::runtime {

bool InputBudget::Charge(const std::string& address, Peer peer, size_t charged_before, size_t charged_now) {
  if (charged_before == charged_now) return true;
  const store::MutexLock lock(mutex_);
  const size_t all = all_bytes_ - charged_before + charged_now;
  size_t& of_address = address_bytes_[address];
  const size_t one = of_address - charged_before + charged_now;
  const bool raises = charged_now > charged_before;
  const bool granted = !raises || (all <= limits_.all_bytes && (peer == Peer::kMany || one <= limits_.address_bytes));
  if (granted) {
    all_bytes_ = all;
    of_address = one;
  }
  if (of_address == 0) address_bytes_.erase(address);
  return granted;
}

size_t InputBudget::charged() const {
  const store::MutexLock lock(mutex_);
  return all_bytes_;
}

}  // namespace alcove::runtime
