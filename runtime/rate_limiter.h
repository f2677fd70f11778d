// Token buckets for functions::Budgets, in a table that never grows.
//
// A bucket is one number: when it will be full again, which is also how much
// is missing. One that is full is as good as none, so its place may be taken;
// where no place is free, the bucket nearest to full goes. Whoever makes many
// buckets to be forgotten by this table can only push out those that have
// hardly been used. Nothing is allocated once it is made.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "functions/budgets.h"
#include "functions/wire/limits.h"
#include "store/mutex.h"

namespace alcove::runtime {

class RateLimiter final : public functions::Budgets {
 public:
  // Whether many clients come from an address, which then has no bucket.
  using IsShared = std::function<bool(std::string_view address)>;
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  // `seed` is random, so that nobody can choose keys that meet in one place.
  RateLimiter(uint64_t seed, IsShared is_shared, Now now = std::chrono::steady_clock::now,
              size_t buckets = wire::kBucketsMax);

  absl::Duration Take(functions::Budget budget, std::string_view key) override;
  absl::Duration TakeSignIn(std::string_view email, std::string_view address) override;
  void NoteSignIn(std::string_view email, std::string_view address) override;

 private:
  // A name of a bucket that cannot be guessed; two that are alike share a bucket.
  using Key = uint64_t;
  struct Bucket {
    Key key = 0;
    int64_t full_at_ns = 0;
  };
  // One cache line's worth and another: searched as a whole.
  using Set = std::array<Bucket, 8>;
  // More than cores that meet here.
  static constexpr size_t kLocks = 64;

  template <class... Parts>
  Key KeyOf(const Parts&... parts) const;
  int64_t NowNs() const;
  absl::Duration TakeOf(Key key, const wire::Rate& rate);
  // Calls `use` with the bucket of `key`, made full where there was none, and its lock held.
  template <class Use>
  auto With(Key key, int64_t now_ns, const Use& use);

  const uint64_t seed_;
  const IsShared is_shared_;
  const Now now_;
  std::array<store::Mutex, kLocks> locks_;
  std::vector<Set> sets_;
};

}  // namespace alcove::runtime
