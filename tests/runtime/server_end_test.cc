// Beginning and end of a server: its port, the drain, the stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "runtime/drain_spread.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

using testing::AnyOf;
using testing::HasSubstr;

class ServerEnd : public ServerTest {};

TEST_F(ServerEnd, SaysWhoHasThePort) {
  Start();
  const auto second = HttpServer::Start(server_->address(), {}, application_, hub_, clock_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another program listens there"));
}

TEST_F(ServerEnd, DrainsParkedPollsAndRunningRequests) {
  HttpServerOptions options;
  options.deadlines.drain_spread = std::chrono::milliseconds(200);
  Start(options);
  RawClient idle = Connect();
  ASSERT_EQ(idle.Ask(Get("/"))->status, 200);
  RawClient running = Connect();
  ASSERT_TRUE(running.Send(Get("/stands-still?topic=a&hold=60000")));
  std::vector<RawClient> parked;
  for (int i = 0; i < 10; ++i) {
    parked.push_back(Connect());
    ASSERT_TRUE(parked.back().Send(Poll("a", 0, 60'000)));
  }
  AwaitParked(10);
  Await([&] { return application_.standing == 1; }, "runs");

  const SocketAddress address = server_->address();
  server_->Drain();
  for (RawClient& client : parked) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->body, "draining");
    EXPECT_EQ(answer->Header("Connection"), "close");
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_FALSE(RawClient(address).connected()) << "nobody is accepted any more";
  EXPECT_FALSE(server_->drained()) << "a request still runs";
  application_.let_go = true;
  EXPECT_EQ(running.Read()->body, "draining") << "what would wait is told at once";
  Await([&] { return server_->drained(); }, "drained");
  EXPECT_TRUE(idle.AtEnd());
}

TEST(DrainSpread, GivesEachTenthOfTheTimeItsShare) {
  constexpr int kTenths = 10;
  constexpr int kWaiting = 10'000;
  const SteadyTime begin(std::chrono::hours(1));
  const SteadyDuration length = std::chrono::seconds(2);
  DrainSpread spread(begin, length, 1);
  EXPECT_EQ(spread.end(), begin + length);
  std::vector<int> answered(kTenths + 1);
  for (int i = 0; i < kWaiting; ++i) {
    const SteadyTime at = spread.Next(begin + std::chrono::seconds(25));
    ASSERT_GE(at, begin);
    ASSERT_LE(at, spread.end());
    ++answered[static_cast<size_t>((at - begin) * kTenths / length)];
  }
  for (int tenth = 0; tenth < kTenths; ++tenth) {
    EXPECT_NEAR(answered[static_cast<size_t>(tenth)], kWaiting / kTenths, kWaiting / kTenths / 5) << tenth;
  }
  EXPECT_EQ(spread.Next(begin), begin) << "who is due before is not kept waiting for it";
  DrainSpread none(begin, SteadyDuration::zero(), 1);
  EXPECT_EQ(none.Next(begin + length), begin);
}

// Over months, of which hardly any time goes by here: those whose turn has come are none or few.
TEST_F(ServerEnd, DrainsOneAfterAnother) {
  constexpr size_t kPolls = 100;
  HttpServerOptions options;
  options.deadlines.drain_spread = std::chrono::hours(2000);
  options.deadlines.drain = std::chrono::hours(4000);
  Start(options, 1);
  RawClient kept = Connect();
  ASSERT_EQ(kept.Ask(Get("/"))->status, 200);
  std::vector<RawClient> parked;
  for (size_t i = 0; i < kPolls; ++i) {
    parked.push_back(Connect());
    ASSERT_TRUE(parked.back().Send(Poll("a", 0, 500 * 3'600'000)));
  }
  AwaitParked(kPolls);
  server_->Drain();
  // That it closes tells that the one reactor has given each its time.
  auto answer = kept.Ask(Get("/"));
  while (answer.has_value() && answer->Header("Connection").empty()) answer = kept.Ask(Get("/"));
  ASSERT_TRUE(answer.has_value());
  // For a reactor that would answer them all at once: it has the time to.
  std::this_thread::sleep_for(3 * TimerWheel::kTick);
  EXPECT_GT(server_->parked_requests(), kPolls / 2) << "all at once";
  // News does not wait for a turn.
  application_.Raise("a");
  for (RawClient& client : parked) {
    const auto last = client.Read();
    ASSERT_TRUE(last.has_value());
    EXPECT_THAT(last->body, AnyOf("1", "draining"));
    EXPECT_EQ(last->Header("Connection"), "close");
  }
}

TEST_F(ServerEnd, AnswersOneMoreRequestOfAKeptConnectionWhileDraining) {
  Start();  // with the spread of 2 s
  RawClient client = Connect();
  ASSERT_EQ(client.Ask(Get("/"))->status, 200);
  server_->Drain();
  auto answer = client.Ask(Get("/"));
  // The news is on its way to the reactor; what came before it is answered as ever.
  while (answer.has_value() && answer->Header("Connection").empty()) answer = client.Ask(Get("/"));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->Header("Connection"), "close");
  EXPECT_TRUE(client.AtEnd());
  Await([&] { return server_->drained(); }, "drained");
}

TEST_F(ServerEnd, StopsWithParkedAndHalfReadRequests) {
  Start();
  RawClient parked = Connect();
  RawClient half = Connect();
  ASSERT_TRUE(parked.Send(Poll("a", 0, 60'000)));
  ASSERT_TRUE(half.Send("GET /"));
  AwaitParked(1);
  server_.reset();
  EXPECT_EQ(hub_.topic_count(), 0U);
  EXPECT_FALSE(parked.Read().has_value());
}

}  // namespace
}  // namespace alcove::runtime
