// Answers whose commits are decided by the test, over a live server.
#include "runtime/commit_gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "runtime/http_server.h"
#include "runtime/system.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

using functions::Work;

// In the order in which they are refused.
constexpr std::array kInOrder = {Work::kPresence, Work::kTyping,  Work::kHistory,      Work::kPage,
                                 Work::kPoll,     Work::kSession, Work::kConversation, Work::kSend};

class CommittingApplication final : public Application {
 public:
  Foreseen Foresee(std::string_view canonical) override {
    static constexpr std::pair<std::string_view, Work> kPaths[] = {
        {"GET /presence", Work::kPresence}, {"GET /history", Work::kHistory}, {"GET /start", Work::kConversation}};
    for (const auto& [begin, work] : kPaths) {
      if (canonical.starts_with(begin)) return {work};
    }
    return {Work::kSend};
  }
  functions::Outcome Run(Call& call) override {
    functions::Response response;
    response.status = 201;
    response.body = "{\"stored\":true}" + std::string(padding, ' ');
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
  std::atomic<int> sent{0};        // the last
  std::atomic<size_t> padding{0};  // bytes of an answer beside what it says

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
  RawClient Ask(std::string_view path = "/a") {
    RawClient client(server_->address());
    client.Send(absl::StrCat("GET ", std::string(path), " HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n"));
    return client;
  }
  void AwaitHeld(size_t count) {
    for (int i = 0; i < RawClient::kPatienceMs && server_->held_answers() != count; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_EQ(server_->held_answers(), count);
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

// The disk does not keep up: who writes is refused in order, who reads is not.
TEST_F(CommitGateTest, WhatMattersLeastIsRefusedFirst) {
  constexpr size_t kShares = kInOrder.size();
  application_.padding = wire::kHeldAnswersBytesMax / kShares;
  const auto status = [&](std::string_view path) {
    RawClient client = Ask(path);
    return StatusOf(client);
  };
  std::vector<RawClient> waiting;
  for (size_t held = 1; held <= kShares; ++held) {
    waiting.push_back(Ask());
    AwaitHeld(held);
    EXPECT_EQ(status("/presence"), 503);
    if (held == kShares - 1) {
      EXPECT_EQ(status("/start"), 503);
    }
  }
  EXPECT_EQ(status("/a"), 503) << "what people send goes last";
  RawClient reader = Ask("/history");
  AwaitHeld(kShares + 1);
  for (size_t run = 0; run <= kShares; ++run) application_.FateOf(run)->Decide(absl::OkStatus());
  EXPECT_EQ(StatusOf(reader), 201);
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
  for (size_t work = 0; work < kInOrder.size(); ++work) {
    while (fates.size() + 1 < wire::kQueuedRequestsMax / kInOrder.size() * (work + 1)) hold();
    EXPECT_TRUE(gate.TakesMore(kInOrder[work]));
    hold();
    EXPECT_FALSE(gate.TakesMore(kInOrder[work]));
    if (work + 1 < kInOrder.size()) {
      EXPECT_TRUE(gate.TakesMore(kInOrder[work + 1]));
    }
  }
  EXPECT_EQ(fates.size(), wire::kQueuedRequestsMax);
  fates.back()->Decide(absl::OkStatus());
  EXPECT_TRUE(gate.TakesMore(functions::Work::kSend));
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
  std::vector<store::FatePtr> fates;
  size_t held = 0;
  for (size_t work = 0; work < kInOrder.size(); ++work) {
    const size_t share = wire::kHeldAnswersBytesMax / kInOrder.size() * (work + 1);
    fates.push_back(hold(share - 1 - held));
    EXPECT_TRUE(gate.TakesMore(kInOrder[work]));
    fates.push_back(hold(1));
    EXPECT_FALSE(gate.TakesMore(kInOrder[work]));
    held = share;
  }
  EXPECT_EQ(held, wire::kHeldAnswersBytesMax);
  fates.back()->Decide(absl::OkStatus());
  fates.pop_back();
  EXPECT_TRUE(gate.TakesMore(functions::Work::kSend));
  for (const store::FatePtr& fate : fates) fate->Decide(absl::OkStatus());
}

}  // namespace
}  // namespace alcove::runtime
