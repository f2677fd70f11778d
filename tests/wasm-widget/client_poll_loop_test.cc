#include <gtest/gtest.h>

#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/poll_loop.h"

namespace alcove::client {
namespace {

using Need = PollLoop::Need;

// The greatest or the least of all chances.
class Extreme final : public Random {
 public:
  uint64_t Next() override { return greatest ? next_greatest : 0; }
  bool greatest = true;
  uint64_t next_greatest = 0;
};

class PollLoopTest : public testing::Test {
 protected:
  void SetUp() override {
    loop_.Start(now_);
    Send();
    loop_.OnSnapshot("a b/1", {25'000, 0}, now_);
  }
  void Send() {
    ASSERT_NE(loop_.NeedAt(now_), Need::kNothing);
    loop_.Sent(++request_, now_);
  }
  void Fail(const HttpAnswer& answer) {
    Send();
    loop_.OnFailure(answer, Judge(answer), now_);
  }
  void Succeed() {
    Send();
    loop_.OnPoll({{}, {}, "c", true, {25'000, 0}}, now_);
  }
  void ToDue() { now_ = std::max(now_, loop_.NextDueAt(now_)); }

  FakeRandom random_{7};
  PollLoop loop_{random_};
  int64_t now_ = 1000;
  int64_t request_ = 0;
};

TEST_F(PollLoopTest, PollsFromTheCursorAndWaitsLongerThanTheHold) {
  EXPECT_EQ(loop_.NeedAt(now_), Need::kPoll);
  EXPECT_EQ(loop_.Query(), "?cursor=a%20b%2F1&wait=25");
  EXPECT_EQ(loop_.TimeoutMs(), 35'000);
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline);
}

TEST_F(PollLoopTest, IsNotHeldAfterAFailureAndIsAfterASuccess) {
  Fail(NoNetwork());
  EXPECT_EQ(loop_.Query(), "?cursor=a%20b%2F1&wait=0");
  EXPECT_EQ(loop_.TimeoutMs(), 10'000);
  ToDue();
  Succeed();
  EXPECT_EQ(loop_.Query(), "?cursor=c&wait=25");
}

TEST_F(PollLoopTest, BacksOffWithinItsBounds) {
  for (int failures = 1; failures <= 30; ++failures) {
    SCOPED_TRACE(failures);
    Fail(NoNetwork());
    const int64_t bound = std::min<int64_t>(wire::kBackoffMsMax, kBackoffFirstMs << std::min(failures - 1, 20));
    int64_t at = now_;
    while (loop_.NeedAt(at) == Need::kNothing) ++at;
    EXPECT_LE(at - now_, bound);
    now_ = at;
  }
}

TEST(Backoff, IsUniformUpToItsCap) {
  static constexpr struct {
    int failures;
    Visibility visibility;
    int64_t bound;
  } kCases[] = {
      {1, Visibility::kVisible, 500},    {2, Visibility::kVisible, 1'000},     {5, Visibility::kVisible, 8'000},
      {6, Visibility::kVisible, 15'000}, {1000, Visibility::kVisible, 15'000}, {6, Visibility::kHidden, 16'000},
      {8, Visibility::kHidden, 64'000},  {9, Visibility::kHidden, 120'000},    {1000, Visibility::kHidden, 120'000},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(testing::Message() << test.failures << " " << test.bound);
    Extreme random;
    random.next_greatest = static_cast<uint64_t>(test.bound);
    EXPECT_EQ(BackoffMs(test.failures, test.visibility, random), test.bound);
    ++random.next_greatest;
    EXPECT_EQ(BackoffMs(test.failures, test.visibility, random), 0);
    random.greatest = false;
    EXPECT_EQ(BackoffMs(test.failures, test.visibility, random), 0);
  }
}

TEST(Backoff, ObeysRetryAfterAndAddsAShareOfIt) {
  FakeRandom random(3);
  HttpAnswer busy = Problem(503, "draining");
  busy.retry_after_s = 4;
  for (int i = 0; i < 100; ++i) {
    const int64_t delay = RetryDelayMs(busy, Judge(busy), 1, Visibility::kVisible, random);
    EXPECT_GE(delay, 4'000);
    EXPECT_LE(delay, 8'000);
  }
}

TEST_F(PollLoopTest, SaysReconnectingAfterThreeFailuresOrTenSeconds) {
  Fail(NoNetwork());
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline);
  EXPECT_EQ(loop_.ConnectionAt(now_ + 9'999), Connection::kOnline);
  EXPECT_EQ(loop_.ConnectionAt(now_ + 10'000), Connection::kReconnecting);
  EXPECT_LE(loop_.NextDueAt(now_), now_ + 10'000);
  ToDue();
  Fail(Json(502, "<html>"));
  ToDue();
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline);
  Fail(NoNetwork());
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kReconnecting);
  ToDue();
  Succeed();
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline);
}

TEST_F(PollLoopTest, APollThatNobodyAnswersIsAskedAnewAtOnce) {
  Send();
  now_ += 35'000;
  loop_.OnFailure(TimedOut(), Judge(TimedOut()), now_);
  EXPECT_EQ(loop_.NeedAt(now_), Need::kPoll);
  EXPECT_EQ(loop_.Query(), "?cursor=a%20b%2F1&wait=0");
  EXPECT_FALSE(loop_.failing());
}

// Seen in the simulation: a page was loaded anew, the poll that it had sent before came last, and its new one ended.
TEST_F(PollLoopTest, TakesTheLineBackOnceFromAPollThatMayHaveComeLate) {
  Fail(Problem(409, "superseded"));
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline);
  EXPECT_EQ(loop_.NeedAt(now_ + 999), Need::kNothing);
  EXPECT_LE(loop_.NextDueAt(now_), now_ + 2'000);
  ToDue();
  EXPECT_EQ(loop_.Query(), "?cursor=a%20b%2F1&wait=0");
  Succeed();
  now_ += 60'000;
  Fail(Problem(409, "superseded"));
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline) << "a minute later it is another one";
}

TEST_F(PollLoopTest, LetsATabThatIsLookedAtBeFirst) {
  loop_.SetVisibility(Visibility::kHidden);
  Fail(Problem(409, "superseded"));
  EXPECT_EQ(loop_.NeedAt(now_ + 4'999), Need::kNothing);
  EXPECT_LE(loop_.NextDueAt(now_), now_ + 10'000);
}

TEST_F(PollLoopTest, StopsWhereAnotherTabTookOver) {
  Fail(Problem(409, "superseded"));
  ToDue();
  Succeed();
  now_ += 50'000;
  Fail(Problem(409, "superseded"));
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kSuperseded);
  EXPECT_EQ(loop_.NextDueAt(now_), kNever);
  EXPECT_EQ(loop_.AskAtOnce(now_), 0);
  EXPECT_EQ(loop_.NeedAt(now_ + 1'000'000), Need::kNothing);
  loop_.Resume(now_);
  EXPECT_EQ(loop_.NeedAt(now_), Need::kPoll);
  EXPECT_EQ(loop_.Query(), "?cursor=c&wait=0");
  Fail(Problem(409, "superseded"));
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kOnline) << "somebody looks at this tab";
}

TEST_F(PollLoopTest, TakesOneSnapshotForABadCursorAndNoSecond) {
  Fail(Problem(400, "bad_cursor"));
  EXPECT_EQ(loop_.NeedAt(now_), Need::kSnapshot);
  Send();
  loop_.OnSnapshot("d", {25'000, 0}, now_);
  Fail(Problem(400, "bad_cursor"));
  EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kBlocked);
  EXPECT_EQ(loop_.blocked_code(), "bad_cursor");
  // A mistake of ours does not pass.
  EXPECT_EQ(loop_.NextDueAt(now_), kNever);
  EXPECT_EQ(loop_.NeedAt(now_ + 1'000'000), Need::kNothing);
}

TEST_F(PollLoopTest, ResyncsAtOnceAndThenEverMoreSeldom) {
  Fail(Problem(410, "resync"));
  EXPECT_EQ(loop_.NeedAt(now_), Need::kSnapshot);
  int64_t waited = 0;
  for (int i = 0; i < 20; ++i) {
    Send();
    loop_.OnSnapshot("d", {25'000, 0}, now_);
    Fail(Problem(410, "resync"));
    const int64_t before = now_;
    while (loop_.NeedAt(now_) == Need::kNothing) ++now_;
    waited += now_ - before;
  }
  EXPECT_GT(waited, 20'000);
}

TEST_F(PollLoopTest, StopsWhereItIsNotWanted) {
  for (const char* code : {"origin_denied", "blocked", "consent_required"}) {
    Fail(Problem(403, code));
    EXPECT_EQ(loop_.ConnectionAt(now_), Connection::kBlocked);
    EXPECT_EQ(loop_.blocked_code(), code);
    loop_.Resume(now_);
    Send();
    loop_.OnSnapshot("d", {25'000, 0}, now_);
  }
}

TEST_F(PollLoopTest, APageOfAPortalIsNoAnswer) {
  HttpAnswer portal;
  portal.content_type = "text/html; charset=utf-8";
  for (const int status : {200, 302, 401, 403, 404, 409, 410, 500}) {
    SCOPED_TRACE(status);
    portal.status = status;
    EXPECT_EQ(Judge(portal).verdict, Verdict::kNoAnswer);
  }
  portal.status = 413;
  EXPECT_EQ(Judge(portal).verdict, Verdict::kRefused);
}

TEST_F(PollLoopTest, ObeysTheServersRetry) {
  Send();
  loop_.OnPoll({{}, {}, "c", false, {25'000, 2'500}}, now_);
  EXPECT_EQ(loop_.NeedAt(now_ + 2'499), Need::kNothing);
  EXPECT_EQ(loop_.NeedAt(now_ + 2'500), Need::kPoll);
}

TEST_F(PollLoopTest, IsNotDrivenInCirclesByEmptyAnswers) {
  Send();
  loop_.OnPoll({{}, {}, "c", false, {0, 0}}, now_);
  EXPECT_EQ(loop_.NeedAt(now_), Need::kNothing);
  EXPECT_EQ(loop_.NeedAt(now_ + 1'000), Need::kPoll);
  now_ += 1'000;
  Send();
  loop_.OnPoll({{}, {}, "c", true, {0, 0}}, now_);
  EXPECT_EQ(loop_.NeedAt(now_), Need::kPoll);
}

TEST_F(PollLoopTest, AsksAtOnceWhenTheNetworkIsBack) {
  Send();
  EXPECT_EQ(loop_.AskAtOnce(now_), request_);
  EXPECT_EQ(loop_.NeedAt(now_), Need::kPoll);
  EXPECT_EQ(loop_.Query(), "?cursor=a%20b%2F1&wait=0");
}

}  // namespace
}  // namespace alcove::client
