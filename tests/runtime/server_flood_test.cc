// Many clients at once, and clients that do not play along: what they leave behind, and whom they disturb.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

class ServerFlood : public ServerTest {};

TEST_F(ServerFlood, HalfOpenRequestsKeepNobodyOut) {
  HttpServerOptions options;
  options.connections_max = 300;
  options.deadlines.head = std::chrono::milliseconds(300);
  options.deadlines.body = std::chrono::milliseconds(300);
  options.deadlines.linger = std::chrono::milliseconds(300);
  Start(options);
  const std::string kBegun[] = {
      "G", "GET / HTTP/1.1\r\nHost: a\r\nX: ", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"};
  std::vector<RawClient> half;
  for (size_t i = 0; i < 280; ++i) {
    half.push_back(Connect());
    ASSERT_TRUE(half.back().Send(kBegun[i % std::size(kBegun)]));
  }
  // While they are there, and when they have gone.
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
  for (RawClient& client : half) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
  }
  AwaitConnections(0);
  EXPECT_EQ(application_.runs, 1);
}

// As many as may connect, and more: whoever comes with a whole request is served.
TEST_F(ServerFlood, HalfOpenRequestsBeyondTheLimitKeepNobodyOut) {
  constexpr size_t kConnections = 200;
  HttpServerOptions options;
  options.connections_max = kConnections;
  Start(options);
  const std::string kBegun[] = {"GET / HTTP/1.1\r\nHost: a\r\nX: ",
                                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"};
  std::vector<RawClient> half;
  const auto begin = [&] {
    half.push_back(Connect());
    ASSERT_TRUE(half.back().Send(kBegun[half.size() % std::size(kBegun)]));
  };
  while (half.size() < kConnections) begin();
  AwaitConnections(kConnections);
  // Of two that come at once each reactor may see the same one too many, and let one go: so one after another.
  for (int gone = 1; gone <= 50; ++gone) {
    begin();
    Await([&] { return std::count_if(half.begin(), half.end(), [](RawClient& c) { return c.HasInput(); }) == gone; },
          "the oldest has made room");
  }
  EXPECT_EQ(server_->open_connections(), kConnections);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

// Many at once who come when all places are taken: nobody is refused because the reactors look at them one by one.
TEST_F(ServerFlood, ABurstBeyondTheLimitWaitsForTheReactors) {
  HttpServerOptions options;
  options.connections_max = 4;
  options.deadlines.seat = std::chrono::milliseconds(RawClient::kPatienceMs);
  Start(options, 1);
  const std::vector<RawClient> half = BeginRequests(options.connections_max, "GET / HTTP/1.1\r\n");
  std::vector<RawClient> burst;
  for (size_t i = 0; i < 8 * wire::kWaitingConnectionsMax; ++i) burst.push_back(Connect());
  // Each makes room for the next, but the last.
  EXPECT_EQ(burst.back().Ask(Get("/"))->status, 200);
  for (RawClient& client : burst) {
    const bool is_refused = client.HasInput() && !client.AtEnd();
    EXPECT_FALSE(is_refused);
  }
}

// Reactors that do not come to look at who came: as many wait for them as the reserve of descriptors is for.
TEST_F(ServerFlood, IsRefusedWhereTheReactorsStayBehind) {
  HttpServerOptions options;
  options.connections_max = 1;
  options.deadlines.seat = std::chrono::milliseconds(1);
  options.is_shared_address = holdup_.IsShared();
  Start(options, 1);
  holdup_.Begin();
  std::vector<RawClient> waiting;
  for (size_t i = 0; i < options.connections_max + wire::kWaitingConnectionsMax; ++i) waiting.push_back(Connect());
  for (int i = 0; i < 3; ++i) {
    RawClient refused = Connect();
    const auto why = refused.Read();
    ASSERT_TRUE(why.has_value());
    EXPECT_EQ(why->status, 503);
    EXPECT_NE(why->Header("Retry-After"), "");
    EXPECT_TRUE(refused.AtEnd());
  }
  EXPECT_EQ(application_.refused, 3);
  holdup_.End();
  EXPECT_EQ(waiting.back().Ask(Get("/"))->status, 200) << "who waited";
  AwaitConnections(1);
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

TEST_F(ServerFlood, ResetsInTheMiddleLeaveNothingBehind) {
  Start();
  const std::string request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nhello, world";
  // After each byte of a request, and behind its end.
  for (size_t cut = 0; cut <= request.size(); ++cut) {
    RawClient client = Connect();
    ASSERT_TRUE(client.Send(request.substr(0, cut)));
    client.Reset();
  }
  // While parked, and while an answer is on its way.
  std::vector<RawClient> parked;
  for (int i = 0; i < 50; ++i) {
    parked.push_back(Connect());
    ASSERT_TRUE(parked.back().Send(Poll("a", 0, 60'000)));
  }
  AwaitParked(50);
  std::vector<RawClient> reading;
  for (int i = 0; i < 5; ++i) {
    reading.push_back(Connect());
    ASSERT_TRUE(reading.back().Send(Get("/large")));
    Await([&] { return reading.back().HasInput(); }, "answered");
  }
  for (RawClient& client : parked) client.Reset();
  for (RawClient& client : reading) client.Reset();
  AwaitConnections(0);
  AwaitParked(0);
  EXPECT_EQ(hub_.topic_count(), 0U);
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

TEST_F(ServerFlood, OneByteSegmentsAreReadAsOneRequest) {
  Start();
  const std::string requests = Get("/first") +
                               "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "5\r\nhello\r\n0\r\n\r\n" +
                               Get("/last", "Connection: close\r\n");
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      RawClient client = Connect();
      client.SendAtOnce();  // or the kernel would gather them
      for (const char byte : requests) ASSERT_TRUE(client.Send(std::string(1, byte)));
      EXPECT_EQ(client.Read()->body, "hello /first");
      EXPECT_EQ(client.Read()->body, "hello");
      EXPECT_EQ(client.Read()->body, "hello /last");
      EXPECT_TRUE(client.AtEnd());
    });
  }
  for (std::thread& thread : threads) thread.join();
}

// Without a free descriptor the listener stays readable: who only waited for it would burn a core.
TEST_F(ServerFlood, DoesNotSpinWithoutDescriptors) {
  Start();
  std::vector<Descriptor> clients;
  for (int i = 0; i < 50; ++i) clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  rlimit old_limit = {};
  getrlimit(RLIMIT_NOFILE, &old_limit);
  rlimit limit = old_limit;
  limit.rlim_cur = static_cast<rlim_t>(clients.back().get()) + 5;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  for (const Descriptor& client : clients) {
    ASSERT_EQ(connect(client.get(), server_->address().get(), server_->address().size()), 0);
  }
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const double busy_seconds = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
  setrlimit(RLIMIT_NOFILE, &old_limit);
  EXPECT_LT(busy_seconds, 0.25) << "of half a second, by all threads of this process";
}

// In the size of a test: what 15,000 do is measured by tests/bench.
TEST_F(ServerFlood, ParkedPollsAllComeBackAfterARestart) {
  constexpr int kPolls = 2000;
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_GT(limit.rlim_max, 3U * kPolls) << "both ends are in this process";
  HttpServerOptions options;
  options.deadlines.drain_spread = std::chrono::milliseconds(500);
  options.deadlines.drain = std::chrono::minutes(1);  // a slow machine must not cut them off
  Start(options);
  const auto park = [&](std::vector<RawClient>& clients) {
    clients.clear();
    for (int i = 0; i < kPolls; ++i) {
      clients.push_back(Connect());
      ASSERT_TRUE(
          clients.back().Send(Poll(i % 2 == 0 ? "all" : absl::StrCat("t", i), 0, 60'000, absl::StrCat("c", i))));
    }
    AwaitParked(kPolls);
  };
  std::vector<RawClient> clients;
  ASSERT_NO_FATAL_FAILURE(park(clients));
  EXPECT_EQ(hub_.topic_count(), 2U * (1 + kPolls / 2));
  server_->Drain();
  for (RawClient& client : clients) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "draining") << "told to come back, and not cut off";
  }
  Await([&] { return server_->drained(); }, "drained");
  server_.reset();
  EXPECT_EQ(hub_.topic_count(), 0U);

  Start(options);
  ASSERT_NO_FATAL_FAILURE(park(clients));
  application_.Raise("all");
  for (int i = 0; i < kPolls; i += 2) EXPECT_EQ(clients[static_cast<size_t>(i)].Read()->body, "1");
  AwaitParked(kPolls / 2);
  application_.Raise("t1");
  EXPECT_EQ(clients[1].Read()->body, "1");
}

}  // namespace
}  // namespace alcove::runtime
