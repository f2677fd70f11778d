#include "wasm-widget/client/backoff.h"

#include <algorithm>

#include "functions/wire/limits.h"

namespace alcove::client {

int64_t RandomShare(int64_t bound_ms, Random& random) {
  if (bound_ms <= 0) return 0;
  return static_cast<int64_t>(random.Next() % (static_cast<uint64_t>(bound_ms) + 1));
}

int64_t BackoffMs(int failures, Visibility visibility, Random& random) {
  const int64_t cap = visibility == Visibility::kVisible ? wire::kBackoffMsMax : wire::kBackoffHiddenMsMax;
  // 0.5 s * 2^10 is past both caps.
  const int doublings = std::clamp(failures - 1, 0, 10);
  return RandomShare(std::min(cap, kBackoffFirstMs << doublings), random);
}

int64_t RetryDelayMs(const HttpAnswer& answer, const Judgement& judgement, int failures, Visibility visibility,
                     Random& random) {
  if (judgement.verdict != Verdict::kBusy || answer.retry_after_s < 0) return BackoffMs(failures, visibility, random);
  const int64_t wait_ms = std::min(answer.retry_after_s, wire::kRetryAfterSecondsMax) * 1000;
  // "0" means now, but not all at once.
  return wait_ms + RandomShare(std::max(wait_ms, kBackoffFirstMs), random);
}

}  // namespace alcove::client
