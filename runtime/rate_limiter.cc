#include "runtime/rate_limiter.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "runtime/client_network.h"

namespace alcove::runtime {
namespace {

using functions::Budget;

constexpr std::array<std::pair<Budget, wire::Rate>, 11> kRates = {{
    {Budget::kRequestsByAddress, wire::kRequestsByAddress},
    {Budget::kNewCustomersByAddress, wire::kNewCustomersByAddress},
    {Budget::kSignInsByAddress, wire::kSignInsByAddress},
    {Budget::kSignInsByEmail, wire::kSignInsByEmail},
    {Budget::kSignInsByPair, wire::kSignInsByPair},
    {Budget::kMessagesByToken, wire::kMessagesByToken},
    {Budget::kConversationsByToken, wire::kConversationsByToken},
    {Budget::kConversationsBySite, wire::kConversationsBySite},
    {Budget::kPagesByCustomer, wire::kPagesByCustomer},
    {Budget::kPollsByToken, wire::kPollsByToken},
    {Budget::kOtherRequestsByToken, wire::kOtherRequestsByToken},
}};

constexpr bool IsInOrder() {
  for (size_t i = 0; i < kRates.size(); ++i) {
    if (static_cast<size_t>(kRates[i].first) != i) return false;
  }
  return true;
}
static_assert(IsInOrder(), "a budget's place is its number");

const wire::Rate& RateOf(Budget budget) { return kRates[static_cast<size_t>(budget)].second; }

bool IsByAddress(Budget budget) {
  return budget == Budget::kRequestsByAddress || budget == Budget::kNewCustomersByAddress ||
         budget == Budget::kSignInsByAddress;
}

// Beside a Budget in a key: a pair that has signed in.
constexpr int kKnownPair = -1;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

constexpr int64_t Ns(int64_t ms) { return ms * 1'000'000; }

}  // namespace

RateLimiter::RateLimiter(uint64_t seed, IsShared is_shared, Now now, size_t buckets)
    : seed_(seed),
      is_shared_(std::move(is_shared)),
      now_(std::move(now)),
      sets_(std::max<size_t>(buckets / std::tuple_size_v<Set>, 1)) {}

template <class... Parts>
RateLimiter::Key RateLimiter::KeyOf(const Parts&... parts) const {
  // 0 names an empty place.
  return std::max<Key>(absl::HashOf(seed_, parts...), 1);
}

int64_t RateLimiter::NowNs() const {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now_().time_since_epoch()).count();
}

template <class Use>
auto RateLimiter::With(Key key, int64_t now_ns, const Use& use) {
  const size_t number = key % sets_.size();
  const store::MutexLock lock(locks_[number % kLocks]);
  Set& set = sets_[number];
  auto place = std::find_if(set.begin(), set.end(), [&](const Bucket& bucket) { return bucket.key == key; });
  if (place == set.end()) {
    place = std::min_element(set.begin(), set.end(),
                             [](const Bucket& a, const Bucket& b) { return a.full_at_ns < b.full_at_ns; });
    *place = {.key = key, .full_at_ns = now_ns};
  }
  return use(*place);
}

absl::Duration RateLimiter::TakeOf(Key key, const wire::Rate& rate) {
  const int64_t now_ns = NowNs();
  return With(key, now_ns, [&](Bucket& bucket) {
    const int64_t full_at_ns = std::max(bucket.full_at_ns, now_ns) + Ns(rate.interval_ms);
    const int64_t missing_ns = full_at_ns - now_ns - Ns(rate.burst * rate.interval_ms);
    if (missing_ns > 0) return absl::Nanoseconds(missing_ns);
    bucket.full_at_ns = full_at_ns;
    return absl::ZeroDuration();
  });
}

absl::Duration RateLimiter::Take(Budget budget, std::string_view key) {
  if (!IsByAddress(budget)) return TakeOf(KeyOf(budget, View(key)), RateOf(budget));
  if (is_shared_(key)) return absl::ZeroDuration();
  std::array<char, 16> bytes;
  return TakeOf(KeyOf(budget, View(ClientNetwork(key, bytes))), RateOf(budget));
}

absl::Duration RateLimiter::TakeSignIn(std::string_view email, std::string_view address) {
  std::array<char, 16> bytes;
  const absl::string_view network = View(ClientNetwork(address, bytes));
  const Key pair = KeyOf(Budget::kSignInsByPair, View(email), network);
  if (const absl::Duration wait = TakeOf(pair, RateOf(Budget::kSignInsByPair)); wait > absl::ZeroDuration())
    return wait;
  const int64_t now_ns = NowNs();
  const bool is_known = With(KeyOf(kKnownPair, View(email), network), now_ns,
                             [&](const Bucket& bucket) { return bucket.full_at_ns > now_ns; });
  return is_known ? absl::ZeroDuration() : Take(Budget::kSignInsByEmail, email);
}

void RateLimiter::NoteSignIn(std::string_view email, std::string_view address) {
  std::array<char, 16> bytes;
  const absl::string_view network = View(ClientNetwork(address, bytes));
  const int64_t now_ns = NowNs();
  With(KeyOf(kKnownPair, View(email), network), now_ns,
       [&](Bucket& bucket) { bucket.full_at_ns = now_ns + Ns(wire::kKnownSignInMs); });
  With(KeyOf(Budget::kSignInsByPair, View(email), network), now_ns,
       [&](Bucket& bucket) { bucket.full_at_ns = now_ns; });
}

}  // namespace alcove::runtime
