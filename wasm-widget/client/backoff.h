// How long to wait before a repeat: exponential with full jitter, so that
// thousands of clients that lost one server do not return in step.
#pragma once

#include <cstdint>

#include "functions/wire/limits.h"
#include "wasm-widget/client/answer.h"
#include "wasm-widget/client/platform.h"

namespace alcove::client {

inline constexpr int64_t kBackoffFirstMs = 500;

enum class Visibility { kVisible, kHidden };

// Uniform between 0 and `bound`.
int64_t RandomShare(int64_t bound_ms, Random& random);

// After `failures` (1 or more) in a row: uniform between 0 and 0.5 s * 2^(failures-1), capped.
int64_t BackoffMs(int failures, Visibility visibility, Random& random);

// After this answer: Retry-After and a random share of it where the server
// was busy and said so, else BackoffMs().
int64_t RetryDelayMs(const HttpAnswer& answer, const Judgement& judgement, int failures, Visibility visibility,
                     Random& random);

}  // namespace alcove::client
