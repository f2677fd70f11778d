// Beginning and end of a server: its port, the drain, the stop.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

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
