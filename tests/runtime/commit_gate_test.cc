// Answers whose commits are decided by the test, over a live server.
#include "runtime/commit_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "functions/wire/limits.h"
#include "runtime/http_server.h"
#include "runtime/system.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

class CommittingApplication final : public Application {
 public:
  functions::Outcome Run(Call& call) override {
    functions::Response response;
    response.status = 201;
    response.body = "{\"stored\":true}";
    call.fate = std::make_shared<store::Fate>();
    call.decided = [this](const functions::Response* instead) { sent = instead == nullptr ? 201 : instead->status; };
    const store::MutexLock lock(mutex_);
    fates_.push_back(call.fate);
    ran_.NotifyAll();
    return response;
  }
  void Refused(int status) override { refused = status; }

  store::FatePtr FateOf(size_t run) {
    const store::MutexLock lock(mutex_);
    while (fates_.size() <= run) ran_.Wait(mutex_);
    return fates_[run];
  }

  std::atomic<int> refused{0};
  std::atomic<int> sent{0};  // the last

 private:
  store::Mutex mutex_;
  store::CondVar ran_;
  std::vector<store::FatePtr> fates_ ABSL_GUARDED_BY(mutex_);
};

class CommitGateTest : public testing::Test {
 protected:
  void SetUp() override {
    HttpServerOptions options;
    options.workers = 1;
    auto server =
        HttpServer::Start(*SocketAddress::Parse("127.0.0.1:0"), std::move(options), application_, hub_, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  RawClient Ask() {
    RawClient client(server_->address());
    client.Send("GET /a HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n");
    return client;
  }

  static int StatusOf(RawClient& client) {
    const std::optional<RawAnswer> answer = client.Read();
    return answer ? answer->status : 0;
  }

  Hub hub_;
  SystemClock clock_;
  CommittingApplication application_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(CommitGateTest, LetsAnAnswerOutWhenItsCommitIsDurable) {
  RawClient client = Ask();
  const store::FatePtr fate = application_.FateOf(0);
  // The only worker is free: it runs another, whose commit is decided before.
  RawClient other = Ask();
  application_.FateOf(1)->Decide(absl::OkStatus());
  EXPECT_EQ(StatusOf(other), 201);
  EXPECT_FALSE(client.HasInput());
  fate->Decide(absl::OkStatus());
  const std::optional<RawAnswer> answer = client.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 201);
  EXPECT_EQ(answer->body, "{\"stored\":true}");
  EXPECT_EQ(application_.sent, 201);
}

TEST_F(CommitGateTest, PutsAProblemInPlaceOfAnAnswerThatWasLost) {
  RawClient client = Ask();
  application_.FateOf(0)->Decide(absl::UnavailableError("the disk said no"));
  const std::optional<RawAnswer> answer = client.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_EQ(answer->Header("X-Request-Id"), "mine");
  EXPECT_THAT(answer->body, HasSubstr("\"storage\""));
  EXPECT_THAT(answer->body, Not(HasSubstr("stored")));
  EXPECT_EQ(application_.sent, 503);
  EXPECT_EQ(application_.refused, 0) << "it is counted once";
}

TEST_F(CommitGateTest, AClientThatHasGoneDoesNotMatterToItsCommit) {
  RawClient gone = Ask();
  const store::FatePtr fate = application_.FateOf(0);
  gone.Reset();
  fate->Decide(absl::OkStatus());
  RawClient next = Ask();
  application_.FateOf(1)->Decide(absl::OkStatus());
  EXPECT_EQ(StatusOf(next), 201);
}

TEST(CommitGateBoundTest, IsFullAtItsLimit) {
  Hub hub;
  Superseder superseder;
  Mailbox mailbox;
  int let_go = 0;
  CommitGate gate([&](std::unique_ptr<Exchange>, const absl::Status&) { ++let_go; });
  std::vector<store::FatePtr> fates;
  const auto hold = [&] {
    auto exchange = std::make_unique<Exchange>(ExchangeKey{}, mailbox, hub, superseder);
    exchange->fate = fates.emplace_back(std::make_shared<store::Fate>());
    gate.Hold(std::move(exchange));
  };
  while (fates.size() + 1 < wire::kQueuedRequestsMax) hold();
  EXPECT_FALSE(gate.full());
  hold();
  EXPECT_TRUE(gate.full());
  fates.back()->Decide(absl::OkStatus());
  EXPECT_FALSE(gate.full());
  fates.pop_back();
  for (const store::FatePtr& fate : fates) fate->Decide(absl::OkStatus());
  EXPECT_EQ(let_go, static_cast<int>(wire::kQueuedRequestsMax));
}

TEST(CommitGateBoundTest, IsFullAtItsLimitOfBytes) {
  Hub hub;
  Superseder superseder;
  Mailbox mailbox;
  CommitGate gate([](std::unique_ptr<Exchange>, const absl::Status&) {});
  const auto hold = [&](size_t bytes) {
    auto exchange = std::make_unique<Exchange>(ExchangeKey{}, mailbox, hub, superseder);
    exchange->answer = std::string(bytes, 'a');
    auto fate = std::make_shared<store::Fate>();
    exchange->fate = fate;
    gate.Hold(std::move(exchange));
    return fate;
  };
  const store::FatePtr large = hold(wire::kHeldAnswersBytesMax - 1);
  EXPECT_FALSE(gate.full());
  const store::FatePtr small = hold(1);
  EXPECT_TRUE(gate.full());
  small->Decide(absl::OkStatus());
  EXPECT_FALSE(gate.full());
  large->Decide(absl::OkStatus());
}

}  // namespace
}  // namespace alcove::runtime
