#include "functions/domain/dispatch.h"

#include <tuple>

namespace alcove::functions {
namespace {

auto Rank(const Candidate& candidate) { return std::tie(candidate.load, candidate.assigned_at, candidate.agent); }

}  // namespace

bool HasRoom(const Candidate& candidate) {
  return candidate.presence == wire::Presence::kOnline && candidate.load < candidate.capacity;
}

Decision Dispatch(std::span<const Candidate> candidates) {
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!HasRoom(candidate)) continue;
    if (best == nullptr || Rank(candidate) < Rank(*best)) best = &candidate;
  }
  if (best == nullptr) return {std::nullopt, "nobody who is online has room"};
  return {best->agent, "least loaded"};
}

}  // namespace alcove::functions
