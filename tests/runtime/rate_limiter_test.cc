#include "runtime/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

using functions::Budget;

class RateLimiterTest : public testing::Test {
 protected:
  RateLimiter Make(size_t buckets = wire::kBucketsMax) {
    return RateLimiter(
        5, [](std::string_view address) { return address == "10.0.0.1"; }, [this] { return now_; }, buckets);
  }
  // How many are given at once, `most` at most.
  static int Spend(RateLimiter& limiter, Budget budget, std::string_view key, int most = 100'000) {
    int taken = 0;
    while (taken < most && limiter.Take(budget, key) == absl::ZeroDuration()) ++taken;
    return taken;
  }
  void Advance(int64_t ms) { now_ += std::chrono::milliseconds(ms); }

  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(RateLimiterTest, GivesABurstAndThenOneEachInterval) {
  const struct {
    Budget budget;
    wire::Rate rate;
  } kCases[] = {
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
  };
  RateLimiter limiter = Make();
  for (const auto& [budget, rate] : kCases) {
    SCOPED_TRACE(static_cast<int>(budget));
    EXPECT_EQ(Spend(limiter, budget, "k"), rate.burst);
    EXPECT_EQ(limiter.Take(budget, "k"), absl::Milliseconds(rate.interval_ms)) << "and says when to come back";
    EXPECT_EQ(limiter.Take(budget, "other"), absl::ZeroDuration()) << "each key has a bucket of its own";
    Advance(rate.interval_ms - 1);
    EXPECT_EQ(limiter.Take(budget, "k"), absl::Milliseconds(1)) << "what was refused was not taken";
    Advance(1);
    EXPECT_EQ(Spend(limiter, budget, "k"), 1);
    Advance(rate.interval_ms * rate.burst * 2);
    EXPECT_EQ(Spend(limiter, budget, "k"), rate.burst) << "no more than full";
  }
}

TEST_F(RateLimiterTest, TakesANetworkForAnAddress) {
  RateLimiter limiter = Make();
  const int burst = static_cast<int>(wire::kNewCustomersByAddress.burst);
  const auto spend = [&](std::string_view address) {
    return Spend(limiter, Budget::kNewCustomersByAddress, address, burst + 1);
  };
  EXPECT_EQ(spend("2001:db8:0:1::1"), burst);
  EXPECT_EQ(spend("2001:db8:0:1:ffff:ffff:ffff:ffff"), 0) << "the same /64";
  EXPECT_EQ(spend("2001:db8:0:2::1"), burst) << "the next";
  EXPECT_EQ(spend("192.0.2.1"), burst);
  EXPECT_EQ(spend("::ffff:192.0.2.1"), 0) << "the same, written as IPv6";
  EXPECT_EQ(spend("192.0.2.2"), burst) << "IPv4 neighbours are others";
  EXPECT_EQ(spend("10.0.0.1"), burst + 1) << "many share it: no bucket";
  EXPECT_EQ(Spend(limiter, Budget::kMessagesByToken, "10.0.0.1"), wire::kMessagesByToken.burst)
      << "a token is no address";
}

TEST_F(RateLimiterTest, StopsWhoGuessesAPasswordAndNotWhoKnowsIt) {
  RateLimiter limiter = Make();
  const auto tries = [&](std::string_view address, int most = 1000) {
    int made = 0;
    while (made < most && limiter.TakeSignIn("mara@example.org", address) == absl::ZeroDuration()) ++made;
    return made;
  };
  limiter.NoteSignIn("mara@example.org", "192.0.2.1");
  EXPECT_EQ(tries("192.0.2.2"), wire::kSignInsByPair.burst);
  EXPECT_EQ(limiter.TakeSignIn("jonas@example.org", "192.0.2.2"), absl::ZeroDuration()) << "another's address";

  // From a thousand addresses, until nothing is left for this e-mail address.
  int made = 0;
  for (int i = 0; i < 1000; ++i) made += tries(absl::StrCat("198.51.", i / 250, ".", i % 250));
  EXPECT_EQ(made, wire::kSignInsByEmail.burst - wire::kSignInsByPair.burst);
  EXPECT_EQ(tries("192.0.2.3"), 0) << "a stranger is not let in";

  EXPECT_EQ(tries("192.0.2.1", 1), 1) << "who signed in from here before is";
  EXPECT_EQ(tries("192.0.2.1"), wire::kSignInsByPair.burst - 1) << "but does not guess on for ever";
  limiter.NoteSignIn("mara@example.org", "192.0.2.1");
  EXPECT_EQ(tries("192.0.2.1"), wire::kSignInsByPair.burst) << "a sign-in makes up for what was tried";

  Advance(wire::kKnownSignInMs);
  for (int i = 0; i < 1000; ++i) tries(absl::StrCat("203.0.", i / 250, ".", i % 250));
  EXPECT_EQ(tries("192.0.2.1", 1), 0) << "after a month it is forgotten";
}

TEST_F(RateLimiterTest, ForgetsTheBucketNearestToFull) {
  RateLimiter limiter = Make(8);  // one set
  const int burst = static_cast<int>(wire::kMessagesByToken.burst);
  ASSERT_EQ(Spend(limiter, Budget::kMessagesByToken, "busy"), burst);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(limiter.Take(Budget::kMessagesByToken, absl::StrCat("stranger ", i)), absl::ZeroDuration());
  }
  EXPECT_GT(limiter.Take(Budget::kMessagesByToken, "busy"), absl::ZeroDuration())
      << "it is not forgotten for strangers";
}

TEST_F(RateLimiterTest, CountsRightUnderManyThreads) {
  RateLimiter limiter = Make();
  std::atomic<int> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { taken += Spend(limiter, Budget::kMessagesByToken, "one"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, wire::kMessagesByToken.burst);
}

TEST(TooManyRequests, SaysWhenToComeBack) {
  const struct {
    absl::Duration wait;
    std::string seconds;
  } kCases[] = {{absl::Milliseconds(1), "1"},
                {absl::Seconds(1), "1"},
                {absl::Milliseconds(1001), "2"},
                {absl::Seconds(30), "30"}};
  for (const auto& [wait, seconds] : kCases) {
    const functions::Response response = functions::TooManyRequests(wait);
    EXPECT_EQ(response.status, 429);
    std::vector<std::string> retry_after;
    for (const auto& [name, value] : response.headers) {
      if (name == "Retry-After") retry_after.push_back(value);
    }
    EXPECT_EQ(retry_after, std::vector<std::string>{seconds});
  }
}

}  // namespace
}  // namespace alcove::runtime
