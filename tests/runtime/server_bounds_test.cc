// What a server gives at most: memory, workers, connections, descriptors.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <initializer_list>
#include <string>
#include <thread>
#include <vector>

#include "functions/wire/limits.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

// A request that takes most of what an address may hold in StartWithRoomForOne().
std::string Large(std::string_view path) {
  return absl::StrCat("POST ", std::string(path), " HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n",
                      std::string(60'000, 'x'));
}

class ServerBounds : public ServerTest {
 protected:
  void StartWithRoomForOne() {
    HttpServerOptions options;
    options.memory.address_bytes = 100'000;
    Start(options, 1);
  }
  // A large request that runs until it is let go.
  RawClient RunLarge() {
    RawClient client = Connect();
    EXPECT_TRUE(client.Send(Large("/slow")));
    Await([&] { return application_.slow_running == 1; }, "runs");
    return client;
  }
};

TEST_F(ServerBounds, WhatUnfinishedRequestsHold) {
  StartWithRoomForOne();
  const std::string begun = Large("/echo").substr(0, 59'000);
  const std::string rest = Large("/echo").substr(begun.size());
  RawClient first = Connect();
  ASSERT_TRUE(first.Send(begun));
  RawClient second = Connect();
  ASSERT_TRUE(second.Send(begun));
  // One of the two was too much, whichever came last.
  Await([&] { return application_.refused == 1; }, "refused");
  RawClient& refused = first.HasInput() ? first : second;
  RawClient& other = first.HasInput() ? second : first;
  EXPECT_EQ(refused.Read()->status, 503);
  EXPECT_EQ(other.Ask(rest)->body.size(), 60'000U);
}

TEST_F(ServerBounds, BodiesByWhatIsAsked) {
  Start();
  const auto post = [](const std::string& path, size_t bytes) {
    return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: a\r\nContent-Length: ", bytes, "\r\n\r\n",
                        std::string(bytes, 'x'));
  };
  const FramerLimits limits;
  const std::vector<std::pair<std::string, int>> cases = {
      {post("/typing", limits.small_body_bytes), 200},
      {post("/typing", limits.small_body_bytes + 1), 413},
      {post("/echo", limits.body_bytes), 200},
      {post("/echo", limits.body_bytes + 1), 413},
  };
  for (const auto& [request, status] : cases) {
    const auto answer = Connect().Ask(request);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, status) << request.substr(0, 60);
  }
}

TEST_F(ServerBounds, WhatQueuedRequestsHold) {
  StartWithRoomForOne();
  RawClient first = RunLarge();
  EXPECT_EQ(Connect().Ask(Large("/echo"))->status, 503) << "the first is whole, but not gone";
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200) << "a small one has room";
  application_.let_go = true;
  EXPECT_EQ(first.Read()->status, 200);
  EXPECT_EQ(Connect().Ask(Large("/echo"))->status, 200);
}

TEST_F(ServerBounds, ChargesARequestThatRunsWhenItsClientHasReset) {
  StartWithRoomForOne();
  RawClient first = RunLarge();
  first.Reset();
  // The reset has come when this, on the same loopback and by the same reactor, is answered.
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
  EXPECT_EQ(Connect().Ask(Large("/echo"))->status, 503);
  application_.let_go = true;
  AwaitConnections(0);
  EXPECT_EQ(Connect().Ask(Large("/echo"))->status, 200);
}

TEST_F(ServerBounds, ClosesTheOldestSlowReaderForMemory) {
  HttpServerOptions options;
  options.memory.address_bytes = 10'000'000;  // two answers
  Start(options, 1);
  std::vector<RawClient> readers;
  for (int i = 0; i < 4; ++i) {
    readers.push_back(Connect());
    ASSERT_TRUE(readers.back().Send(Get("/large")));
    // Its answer is on its way before the next one asks.
    Await([&] { return readers.back().HasInput(); }, "answered");
  }
  AwaitConnections(2);
  EXPECT_FALSE(readers[0].Read().has_value());
  EXPECT_FALSE(readers[1].Read().has_value());
  EXPECT_EQ(readers[2].Read()->body.size(), 4'000'000U);
  EXPECT_EQ(readers[3].Read()->body.size(), 4'000'000U);
}

TEST_F(ServerBounds, CutsOffAnAnswerThatNeverHasRoom) {
  HttpServerOptions options;
  options.memory.all_bytes = 1'000'000;
  Start(options, 1);
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large")));
  Await([&] { return application_.runs == 1 && server_->open_connections() == 0; }, "cut off");
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

TEST_F(ServerBounds, SlowFunctionsDelayNobodyElse) {
  constexpr int kQueued = 8;
  constexpr int kServed = wire::kSlowFunctionsMax + kQueued;
  constexpr int kRefused = 3;
  HttpServerOptions options;
  options.queued_slow_max = kQueued;
  Start(options);  // with 4 workers
  std::vector<RawClient> clients;
  for (int i = 0; i < kServed + kRefused; ++i) {
    clients.push_back(Connect());
    ASSERT_TRUE(clients.back().Send(Get("/slow")));
    if (i == wire::kSlowFunctionsMax - 1)
      Await([&] { return application_.slow_running == wire::kSlowFunctionsMax; }, "run");
  }
  Await([&] { return application_.refused == kRefused; }, "refused, whichever they are");
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200) << "two workers are free";
  application_.let_go = true;
  int served = 0;
  for (RawClient& client : clients) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    if (answer->body == "slow") {
      ++served;
    } else {
      EXPECT_EQ(answer->status, 503);
      EXPECT_NE(answer->Header("Retry-After"), "");
      EXPECT_EQ(answer->Header("Connection"), "close");
    }
  }
  EXPECT_EQ(served, kServed);
  EXPECT_EQ(application_.slow_max, wire::kSlowFunctionsMax);
}

TEST_F(ServerBounds, DropsQueuedSlowRequestsWhenItStops) {
  Start();
  std::vector<RawClient> slow;
  for (int i = 0; i < 10; ++i) {
    slow.push_back(Connect());
    ASSERT_TRUE(slow.back().Send(Get("/slow")));
  }
  Await([&] { return application_.slow_running == wire::kSlowFunctionsMax; }, "runs");
  std::thread end([&] { server_.reset(); });
  EXPECT_FALSE(slow.back().Read().has_value());
  application_.let_go = true;
  end.join();
}

TEST_F(ServerBounds, MakesRoomForAConnectionByClosingTheOldestIdleOne) {
  HttpServerOptions options;
  options.connections_max = 3;
  Start(options, 1);
  RawClient first = Connect();
  RawClient second = Connect();
  ASSERT_EQ(first.Ask(Get("/"))->status, 200);
  ASSERT_EQ(second.Ask(Get("/"))->status, 200);
  ASSERT_EQ(first.Ask(Get("/"))->status, 200);
  RawClient parked = Connect();
  ASSERT_TRUE(parked.Send(Poll("a", 0, 60'000)));
  AwaitParked(1);
  RawClient third = Connect();
  EXPECT_EQ(third.Ask(Get("/"))->status, 200);
  EXPECT_TRUE(second.AtEnd()) << "idle for longest";
  EXPECT_EQ(first.Ask(Get("/"))->status, 200);

  ASSERT_TRUE(first.Send(Poll("a", 0, 60'000)));
  ASSERT_TRUE(third.Send(Poll("a", 0, 60'000)));
  AwaitParked(3);
  RawClient refused = Connect();
  const auto why = refused.Read();
  ASSERT_TRUE(why.has_value()) << "all are busy: nobody is let in, and each is told so";
  EXPECT_EQ(why->status, 503);
  EXPECT_NE(why->Header("Retry-After"), "");
  EXPECT_TRUE(refused.AtEnd());
  application_.Raise("a");
  EXPECT_EQ(parked.Read()->body, "1");
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

// Of a head or of a body: however far it has come, it is as old as it is.
TEST_F(ServerBounds, MakesRoomByClosingTheOldestUnfinishedRequest) {
  HttpServerOptions options;
  options.connections_max = 3;
  Start(options, 1);
  std::vector<RawClient> half = BeginRequests(3, "POST /echo HTTP/1.1\r\nHost: a\r\n");
  ASSERT_TRUE(half[0].Send("Content-Length: 5\r\n\r\nhe"));
  ASSERT_TRUE(half[1].Send("Content-Length: 5\r\n\r\nhe"));
  for (int gone = 0; gone < 2; ++gone) {
    // Answered means that the reactor has read what came before.
    EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
    EXPECT_FALSE(half[static_cast<size_t>(gone)].Read().has_value());
    half[static_cast<size_t>(gone)] = Connect();
    ASSERT_TRUE(half[static_cast<size_t>(gone)].Send("G"));
  }
  EXPECT_EQ(half[2].Ask("Content-Length: 5\r\n\r\nhello")->body, "hello") << "the younger may go on";
}

// Their request may be on its way still; those who have sent a part had longer.
TEST_F(ServerBounds, KeepsWhoHasJustComeBeforeTheUnfinishedWhoAreOlder) {
  HttpServerOptions options;
  options.connections_max = 6;
  Start(options, 1);
  std::vector<RawClient> half = BeginRequests(6, "G");
  std::vector<RawClient> news;
  for (size_t gone = 0; gone < 3; ++gone) {
    news.push_back(Connect());
    EXPECT_TRUE(half[gone].AtEnd());
  }
  for (RawClient& client : news) EXPECT_EQ(client.Ask(Get("/"))->status, 200);
}

// A reactor of which all are busy asks the others before it turns anybody away.
TEST_F(ServerBounds, MakesRoomOnWhicheverReactorHasSomebodyIdle) {
  HttpServerOptions options;
  options.connections_max = 4;
  Start(options, 2);
  // One after another they go to the one reactor and to the other.
  std::vector<RawClient> clients;
  for (size_t i = 0; i < 4; ++i) {
    clients.push_back(Connect());
    const bool parks = i % 2 == 0;
    if (parks) {
      ASSERT_TRUE(clients[i].Send(Poll("a", 0, 60'000)));
      AwaitParked(i / 2 + 1);
    } else {
      ASSERT_EQ(clients[i].Ask(Get("/"))->status, 200);
    }
  }
  for (size_t i = 4; i < 6; ++i) {
    clients.push_back(Connect());
    ASSERT_TRUE(clients[i].Send(Poll("a", 0, 60'000)));
    AwaitParked(i - 1);
    EXPECT_TRUE(clients[i == 4 ? 1 : 3].AtEnd()) << "idle for longest";
  }
  for (int i = 0; i < 2; ++i) {
    RawClient refused = Connect();
    const auto why = refused.Read();
    ASSERT_TRUE(why.has_value()) << "all are busy on both";
    EXPECT_EQ(why->status, 503);
  }
  EXPECT_EQ(application_.refused, 2) << "each is told once";
  application_.Raise("a");
  for (const size_t parked : std::initializer_list<size_t>{0, 2, 4, 5}) EXPECT_EQ(clients[parked].Read()->body, "1");
}

TEST_F(ServerBounds, MakesRoomForAnAddressAmongItsOwnConnections) {
  HttpServerOptions options;
  options.address_connections_max = 2;
  std::atomic<bool> is_shared{true};
  options.is_shared_address = [&](std::string_view) { return is_shared.load(); };
  Start(options, 1);
  RawClient others = Connect();  // through a proxy
  ASSERT_EQ(others.Ask(Get("/"))->status, 200);
  is_shared = false;
  RawClient first = Connect();
  ASSERT_EQ(first.Ask(Get("/"))->status, 200);
  RawClient second = Connect();
  ASSERT_EQ(second.Ask(Get("/"))->status, 200);
  ASSERT_EQ(first.Ask(Get("/"))->status, 200);
  RawClient third = Connect();
  EXPECT_EQ(third.Ask(Get("/"))->status, 200);
  EXPECT_TRUE(second.AtEnd()) << "idle for longest";
  EXPECT_EQ(others.Ask(Get("/"))->status, 200) << "the oldest of all, but not of that address";

  ASSERT_TRUE(first.Send(Poll("a", 0, 60'000)));
  ASSERT_TRUE(third.Send(Poll("a", 0, 60'000)));
  AwaitParked(2);
  RawClient refused = Connect();
  const auto why = refused.Read();
  ASSERT_TRUE(why.has_value());
  EXPECT_EQ(why->status, 429);
  EXPECT_NE(why->Header("Retry-After"), "");
  EXPECT_TRUE(refused.AtEnd());
  is_shared = true;
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200) << "a proxy's clients are not counted as one";
  is_shared = false;
  first.Close();
  AwaitParked(1);
  RawClient half = Connect();
  ASSERT_TRUE(half.Send("GET /"));
  AwaitConnections(3);
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
  EXPECT_FALSE(half.Read().has_value()) << "who has sent half a request is the next to go";
}

TEST_F(ServerBounds, RefusesWhatMattersLeastFirst) {
  constexpr int kKinds = 8;
  const std::string kPaths[kKinds] = {"/presence", "/typing", "/history", "/page", "/poll?hold=0&topic=a",
                                      "/session",  "/start",  "/send"};
  HttpServerOptions options;
  options.queued_max = kKinds;
  Start(options, 1);
  std::vector<RawClient> standing;
  for (int i = 0; i < 4; ++i) {
    standing.push_back(Connect());
    ASSERT_TRUE(standing.back().Send(Get("/stands-still?topic=a&hold=0")));
  }
  Await([&] { return application_.standing == 4; }, "all workers are busy");
  std::vector<RawClient> queued;
  for (int kind = 0; kind < kKinds; ++kind) {
    SCOPED_TRACE(kPaths[kind]);
    queued.push_back(Connect());
    ASSERT_TRUE(queued.back().Send(Get(kPaths[kind])));
    for (int refused = 0; refused <= kind; ++refused) {
      const auto answer = Connect().Ask(Get(kPaths[refused]));
      ASSERT_TRUE(answer.has_value());
      EXPECT_EQ(answer->status, 503) << kPaths[refused];
      EXPECT_NE(answer->Header("Retry-After"), "");
    }
    EXPECT_FALSE(queued.back().HasInput()) << "what is one kind more worth still waits";
  }
  application_.let_go = true;
  for (RawClient& client : queued) EXPECT_EQ(client.Read()->status, 200);
}

TEST_F(ServerBounds, RecoversWhenNoDescriptorIsFree) {
  Start();
  RawClient before = Connect();
  ASSERT_EQ(before.Ask(Get("/"))->status, 200);
  // Clients first: they need descriptors of this process too.
  std::vector<Descriptor> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    ASSERT_TRUE(clients.back().is_open());
  }
  rlimit old_limit = {};
  getrlimit(RLIMIT_NOFILE, &old_limit);
  rlimit limit = old_limit;
  limit.rlim_cur = static_cast<rlim_t>(clients.back().get()) + 5;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  for (const Descriptor& client : clients) {
    ASSERT_EQ(connect(client.get(), server_->address().get(), server_->address().size()), 0);
  }
  EXPECT_EQ(before.Ask(Get("/"))->status, 200) << "who is served already goes on being served";
  // Those beyond the limit are dropped, not left waiting: each either is served or sees its end.
  int dropped = 0;
  for (const Descriptor& client : clients) {
    const std::string request = Get("/");
    (void)send(client.get(), request.data(), request.size(), MSG_NOSIGNAL);
    char buffer[1024];
    pollfd event = {client.get(), POLLIN, 0};
    ASSERT_EQ(poll(&event, 1, RawClient::kPatienceMs), 1);
    if (recv(client.get(), buffer, sizeof(buffer), 0) <= 0) ++dropped;
  }
  EXPECT_GT(dropped, 0);
  setrlimit(RLIMIT_NOFILE, &old_limit);
  clients.clear();
  Await([&] { return Connect().Ask(Get("/")).has_value(); }, "serves again");
}

}  // namespace
}  // namespace alcove::runtime
