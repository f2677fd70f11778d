// One exchange, run again and again as its reactor would.
#include "runtime/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/time.h"

namespace alcove::runtime {
namespace {

using functions::Wait;
using functions::Wake;
using testing::HasSubstr;

class StoppedClock final : public functions::Clock {
 public:
  absl::Time Now() override { return now; }
  absl::Time now = absl::FromUnixSeconds(1'000'000);
};

// Waits a minute from whenever it is run; answers when it may not.
class PatientApplication final : public Application {
 public:
  explicit PatientApplication(StoppedClock& clock) : clock_(clock) {}
  Admission Admit(Call& call) override { return {.supersede_key = call.request.token}; }
  functions::Outcome Run(Call& call) override {
    if (call.request.wake == Wake::kArrived || call.request.wake == Wake::kSignalled) {
      return Wait{{"t"}, clock_.Now() + absl::Minutes(1)};
    }
    functions::Response response;
    response.body = call.request.wake == Wake::kSuperseded ? "superseded" : "nothing";
    return response;
  }
  void Refused(int) override {}

 private:
  StoppedClock& clock_;
};

class RunnerTest : public testing::Test {
 protected:
  std::unique_ptr<Exchange> Arrive() {
    auto exchange = std::make_unique<Exchange>(ExchangeKey{}, mailbox_, hub_, superseder_);
    exchange->request = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n";
    return exchange;
  }

  Hub hub_;
  Superseder superseder_;
  Mailbox mailbox_;
  StoppedClock clock_;
  PatientApplication application_{clock_};
  Runner runner_{application_, hub_, clock_};
};

TEST_F(RunnerTest, KeepsTheDeadlineOfTheFirstWait) {
  const auto exchange = Arrive();
  const SteadyTime before = std::chrono::steady_clock::now();
  runner_.Run(*exchange);
  ASSERT_FALSE(exchange->answer.has_value());
  ASSERT_TRUE(exchange->deadline.has_value());
  const SteadyTime first = *exchange->deadline;
  EXPECT_GE(first, before + std::chrono::minutes(1));

  exchange->wake = Wake::kSignalled;
  runner_.Run(*exchange);
  ASSERT_FALSE(exchange->answer.has_value());
  EXPECT_EQ(*exchange->deadline, first);
}

TEST_F(RunnerTest, AnswersAnOlderRequestThatIsRunAfterANewer) {
  const auto older = Arrive();
  const auto newer = Arrive();
  runner_.Run(*newer);
  runner_.Run(*older);
  EXPECT_THAT(older->answer.value_or("it waits"), HasSubstr("superseded"));
  EXPECT_FALSE(newer->superseded());
  EXPECT_FALSE(newer->answer.has_value());
}

}  // namespace
}  // namespace alcove::runtime
