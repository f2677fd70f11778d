// How much memory the connections of one reactor may hold, in all and for one
// address: requests that are unfinished, queued, run or parked, and answers
// that their clients do not read.
//
// Without it, clients that begin requests and never end them, or ask for large
// answers and never read them, would hold as much as they like.
//
// Threads: one object belongs to one reactor, so that who makes room always
// owns the connection that has to go.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

namespace alcove::runtime {

// Of a server; each of its reactors gets an equal share.
struct MemoryBudgetLimits {
  // 1,000 of the largest bodies, or 64 of the largest answers at once. Half
  // cuts off phones when consoles are opened everywhere; double is more than a
  // small machine can spare.
  size_t all_bytes = size_t{128} * 1024 * 1024;
  // 16 of the largest answers: a company behind one address whose people all
  // begin their shift. Half cuts off some of them; at double four addresses have it all.
  size_t address_bytes = size_t{32} * 1024 * 1024;

  MemoryBudgetLimits Share(int reactors) const {
    const auto count = static_cast<size_t>(reactors);
    return {.all_bytes = all_bytes / count, .address_bytes = address_bytes / count};
  }
};

class MemoryBudget {
 public:
  explicit MemoryBudget(const MemoryBudgetLimits& limits) : limits_(limits) {}

  enum class Peer { kOne, kMany };  // kMany: a proxy, which the bound for one address does not bind
  enum class Verdict { kGranted, kAddressIsFull, kAllIsFull };

  // Raises or lowers what a connection from `address` is charged. Lowering is
  // always granted; where a limit forbids to raise it, nothing is changed.
  [[nodiscard]] Verdict Charge(const std::string& address, Peer peer, size_t charged_before, size_t charged_now);

  size_t charged() const { return all_bytes_; }

 private:
  const MemoryBudgetLimits limits_;
  size_t all_bytes_ = 0;
  std::unordered_map<std::string, size_t> address_bytes_;
};

}  // namespace alcove::runtime
