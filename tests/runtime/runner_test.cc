// One exchange, run again and again as its reactor would.
#include "runtime/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <tuple>
#include <vector>

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

// Waits a minute, or what `patience` says, from whenever it is run; answers when it may not.
class PatientApplication final : public Application {
 public:
  explicit PatientApplication(StoppedClock& clock) : clock_(clock) {}
  Admission Admit(Call& call) override { return {.supersede_key = call.request.token}; }
  functions::Outcome Run(Call& call) override {
    runs.push_back(call.request);
    if (call.request.wake == Wake::kArrived || call.request.wake == Wake::kSignalled) {
      return Wait{{"t"}, clock_.Now() + patience};
    }
    functions::Response response;
    response.body = call.request.wake == Wake::kSuperseded ? "superseded" : "nothing";
    return response;
  }
  void Refused(int) override {}

  std::vector<functions::Request> runs;
  absl::Duration patience = absl::Minutes(1);

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

TEST_F(RunnerTest, KeepsTheSoonestDeadlineOfItsWaits) {
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

  application_.patience = absl::Milliseconds(1);
  runner_.Run(*exchange);
  EXPECT_LT(*exchange->deadline, first);
}

TEST_F(RunnerTest, ReplaysTheSameRequest) {
  const auto exchange = Arrive();
  exchange->request =
      "GET /p%20q?a=1&b=%26 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\nX-Request-Id: mine\r\n\r\n";
  exchange->peer_address = "10.1.1.1";
  runner_.Run(*exchange);
  Moment moment;
  exchange->wake = Wake::kSignalled;
  EXPECT_TRUE(runner_.RunAtOnce(*exchange, moment));
  exchange->wake = Wake::kDeadline;
  runner_.Run(*exchange);
  EXPECT_THAT(exchange->answer.value_or("it waits"), HasSubstr("X-Request-Id: mine\r\n"));
  EXPECT_THAT(exchange->answer.value_or("it waits"), HasSubstr("\r\n\r\nnothing"));
  ASSERT_EQ(application_.runs.size(), 3U);
  for (const functions::Request& run : application_.runs) {
    EXPECT_EQ(run.path, "/p q");
    EXPECT_EQ(run.query, (functions::Request::Pairs{{"a", "1"}, {"b", "&"}}));
    EXPECT_EQ(run.token, "t");
    EXPECT_EQ(run.id, "mine");
    EXPECT_EQ(run.client_address, "10.1.1.1");
  }
  EXPECT_EQ(application_.runs[0].wake, Wake::kArrived);
  EXPECT_EQ(application_.runs[1].wake, Wake::kSignalled);
  EXPECT_EQ(application_.runs[2].wake, Wake::kDeadline);
}

TEST_F(RunnerTest, TellsOfALossInAReplay) {
  const auto exchange = Arrive();
  runner_.Run(*exchange);
  exchange->wake = Wake::kDeadline;
  runner_.Run(*exchange);
  runner_.Decide(*exchange, absl::UnavailableError("lost"));
  EXPECT_THAT(exchange->answer.value_or("it waits"), HasSubstr("HTTP/1.1 503 "));
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

// Asks whenever it may, and rests on what is not durable where its path says so.
class AskingApplication final : public Application {
 public:
  functions::Outcome Run(Call& call) override {
    if (call.request.path == "/rests") call.fate = std::make_shared<store::Fate>();
    if (call.request.fetched.Find("a") != nullptr) {
      functions::Response response;
      response.body = "it knows";
      return response;
    }
    return functions::Fetch{.name = "a", .url = "http://a.example/"};
  }
  void Refused(int) override {}
};

TEST_F(RunnerTest, AsksAndIsRunAgain) {
  AskingApplication asking;
  const Runner runner(asking, hub_, clock_);
  const auto exchange = Arrive();
  runner.Run(*exchange);
  ASSERT_FALSE(exchange->answer.has_value());
  ASSERT_NE(exchange->fetch, nullptr);
  EXPECT_EQ(exchange->fetch->url, "http://a.example/");
  exchange->fetched.Add({.name = "a"});
  exchange->fetch.reset();
  exchange->wake = Wake::kFetched;
  runner.Run(*exchange);
  EXPECT_THAT(exchange->answer.value_or("none"), HasSubstr("it knows"));
}

TEST_F(RunnerTest, RefusesToAskForWhoMustAnswerOrIsNotDurable) {
  AskingApplication asking;
  const Runner runner(asking, hub_, clock_);
  for (const auto& [wake, path, status] :
       {std::tuple{Wake::kArrived, "/rests", "500"}, {Wake::kSuperseded, "/", "500"}, {Wake::kDraining, "/", "503"}}) {
    const auto exchange = Arrive();
    exchange->request = std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\n\r\n";
    exchange->wake = wake;
    runner.Run(*exchange);
    EXPECT_EQ(exchange->fetch, nullptr);
    EXPECT_THAT(exchange->answer.value_or("none"), HasSubstr(std::string("HTTP/1.1 ") + status));
  }
}

}  // namespace
}  // namespace alcove::runtime
