// A live server on a free port of loopback, and clients that write raw bytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "runtime/http_server.h"
#include "runtime/system.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using functions::Outcome;
using functions::Response;
using functions::Wait;
using functions::Wake;
using testing::HasSubstr;
using testing::StartsWith;

Response Text(int status, std::string body) {
  Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

// Functions of a test: an echo, a poll of named counters, and one that stands still until it is let go.
class TestApplication final : public Application {
 public:
  explicit TestApplication(Hub& hub) : hub_(hub) {}

  std::string SupersedeKey(const Call& call) override {
    return call.request.path == "/poll" ? call.request.token : std::string();
  }

  functions::Lane LaneOf(const Call& call) override {
    return call.request.path == "/slow" ? functions::Lane::kSlow : functions::Lane::kFast;
  }

  Outcome Run(Call& call) override {
    const functions::Request& request = call.request;
    runs.fetch_add(1);
    if (request.path == "/poll") return Poll(request);
    if (request.path == "/echo") return Text(200, request.body);
    if (request.path == "/large") return Text(200, std::string(4'000'000, 'x'));
    if (request.path == "/slow") {
      const int now = slow_running.fetch_add(1) + 1;
      slow_max.store(std::max(slow_max.load(), now));
      while (!let_go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      slow_running.fetch_sub(1);
      return Text(200, "slow");
    }
    if (request.path == "/stands-still") {
      standing.fetch_add(1);
      while (!let_go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Poll(request);
    }
    return Text(200, absl::StrCat("hello ", request.path));
  }

  void Refused(int) override { refused.fetch_add(1); }

  // As a commit does: first visible, then signalled.
  void Raise(const std::string& topic) {
    {
      const store::MutexLock lock(mutex_);
      ++counters_[topic];
    }
    hub_.Signal(topic);
  }

  std::atomic<int> runs{0};
  std::atomic<int> refused{0};
  std::atomic<int> standing{0};
  std::atomic<int> slow_running{0};
  std::atomic<int> slow_max{0};
  std::atomic<bool> let_go{false};

 private:
  // `topic`, `after`, `hold` in ms.
  Outcome Poll(const functions::Request& request) {
    const std::string topic(request.Query("topic"));
    int counter = 0;
    {
      const store::MutexLock lock(mutex_);
      counter = counters_[topic];
    }
    if (counter > std::atoi(std::string(request.Query("after")).c_str())) return Text(200, absl::StrCat(counter));
    switch (request.wake) {
      case Wake::kDeadline:
        return Text(200, "nothing");
      case Wake::kSuperseded:
        return Text(409, "superseded");
      case Wake::kDraining:
        return Text(200, "draining");
      case Wake::kArrived:
      case Wake::kSignalled:
        break;
    }
    const int hold = std::atoi(std::string(request.Query("hold")).c_str());
    return Wait{{topic, "other/" + topic}, absl::Now() + absl::Milliseconds(hold)};
  }

  Hub& hub_;
  store::Mutex mutex_;
  std::map<std::string, int> counters_ ABSL_GUARDED_BY(mutex_);
};

std::string Get(std::string_view target, std::string_view headers = "") {
  return absl::StrCat("GET ", std::string(target), " HTTP/1.1\r\nHost: a\r\n", std::string(headers), "\r\n");
}
std::string Poll(std::string_view topic, int after, int hold_ms, std::string_view token = "") {
  return Get(absl::StrCat("/poll?topic=", std::string(topic), "&after=", after, "&hold=", hold_ms),
             token.empty() ? "" : absl::StrCat("Authorization: Bearer ", std::string(token), "\r\n"));
}

class ServerTest : public testing::Test {
 protected:
  void Start(HttpServerOptions options = {}, int reactors = 2) {
    options.reactors = reactors;
    options.workers = 4;
    auto server =
        HttpServer::Start(*SocketAddress::Parse("127.0.0.1:0"), std::move(options), application_, hub_, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  RawClient Connect() { return RawClient(server_->address()); }

  // What happens on other threads happens at last, or the test fails.
  static void Await(const std::function<bool()>& condition, const std::string& what) {
    for (int i = 0; i < RawClient::kPatienceMs && !condition(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(condition()) << what;
  }
  void AwaitParked(size_t count) {
    Await([&] { return server_->parked_requests() == count; }, absl::StrCat(count, " parked"));
  }

  Hub hub_;
  SystemClock clock_;
  TestApplication application_{hub_};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerTest, KeepsTheConnection) {
  Start();
  RawClient client = Connect();
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.Ask(Get(absl::StrCat("/", i)));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, absl::StrCat("hello /", i));
    EXPECT_EQ(answer->Header("Connection"), "");
    EXPECT_EQ(answer->Header("Cache-Control"), "no-store");
    EXPECT_EQ(answer->Header("X-Content-Type-Options"), "nosniff");
    EXPECT_NE(answer->Header("X-Request-Id"), "");
  }
  EXPECT_EQ(server_->open_connections(), 1U);
}

TEST_F(ServerTest, GivesTheRequestIdBack) {
  Start();
  EXPECT_EQ(Connect().Ask(Get("/", "X-Request-Id: abc-1\r\n"))->Header("X-Request-Id"), "abc-1");
  EXPECT_NE(Connect().Ask(Get("/", "X-Request-Id: a b\r\n"))->Header("X-Request-Id"), "a b");
}

TEST_F(ServerTest, ClosesWhenTheClientAsksForIt) {
  Start();
  for (const std::string& request : {Get("/", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
    RawClient client = Connect();
    const auto answer = client.Ask(request);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->Header("Connection"), "close");
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client = Connect();
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n" + std::to_string(1000 + i);
  }
  std::thread sender([&] { EXPECT_TRUE(client.Send(requests)); });
  for (int i = 0; i < 500; ++i) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    ASSERT_EQ(answer->body, std::to_string(1000 + i));
  }
  sender.join();
}

TEST_F(ServerTest, AnswersWhatWasSentBehindAParkedPollAfterIt) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Poll("a", 0, 60'000) + Get("/second") + Poll("b", 0, 60'000) + Get("/fourth")));
  AwaitParked(1);
  EXPECT_FALSE(client.HasInput());
  application_.Raise("a");
  EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(client.Read()->body, "hello /second");
  AwaitParked(1);
  EXPECT_FALSE(client.HasInput());
  application_.Raise("b");
  EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(client.Read()->body, "hello /fourth");
}

TEST_F(ServerTest, TakesARequestByteByByte) {
  Start();
  RawClient client = Connect();
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.Send(std::string(1, byte)));
  EXPECT_EQ(client.Read()->body, "hello world");
}

TEST_F(ServerTest, TellsTheClientToContinueOnce) {
  Start();
  RawClient client = Connect();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.Ask(head)->status, 100);
    ASSERT_TRUE(client.Send("ab"));
    EXPECT_EQ(client.Ask("cd")->body, "abcd");
  }
  EXPECT_EQ(client.Ask(head + "efgh")->body, "efgh") << "the client did not wait to be told";
}

TEST_F(ServerTest, RefusesAndLetsTheClientReadWhy) {
  Start();
  const std::vector<std::pair<int, std::string>> cases = {
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 131073\r\n\r\n" + std::string(131'073, 'x')},
      {414, "GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n"},
      {417, Get("/", "Expect: more\r\n")},
      {431, Get("/", "X: " + std::string(9000, 'x') + "\r\n")},
      {501, "BREW / HTTP/1.1\r\n\r\n"},
      {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
  };
  for (const auto& [status, request] : cases) {
    SCOPED_TRACE(status);
    RawClient client = Connect();
    const auto answer = client.Ask(request + Get("/smuggled"));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->Header("Connection"), "close");
    EXPECT_EQ(answer->Header("Content-Type"), "application/problem+json");
    client.HalfClose();
    EXPECT_TRUE(client.AtEnd()) << "not reset, and nothing behind the refusal was answered";
  }
  EXPECT_EQ(application_.runs, 0);
  EXPECT_EQ(application_.refused, static_cast<int>(cases.size()));
}

TEST_F(ServerTest, GivesUpOnASlowRequestAndOnASilentClient) {
  HttpServerOptions options;
  options.deadlines.head = std::chrono::milliseconds(150);
  options.deadlines.body = std::chrono::milliseconds(150);
  options.deadlines.idle = std::chrono::milliseconds(300);
  Start(options);
  for (const std::string begun : {"G", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"}) {
    SCOPED_TRACE(begun);
    RawClient client = Connect();
    const auto answer = client.Ask(begun);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_TRUE(Connect().AtEnd()) << "who never says a word gets none";
  RawClient kept = Connect();
  EXPECT_EQ(kept.Ask(Get("/"))->status, 200);
  EXPECT_TRUE(kept.AtEnd()) << "a kept connection is not kept for ever";
}

TEST_F(ServerTest, DoesNotExtendTheDeadlineOfAHeadByteByByte) {
  HttpServerOptions options;
  options.deadlines.head = std::chrono::milliseconds(200);
  Start(options);
  RawClient client = Connect();
  // Ends when the server has answered, which it does although bytes keep coming.
  for (int i = 0; i < RawClient::kPatienceMs / 10 && !client.HasInput(); ++i) {
    client.Send(i == 0 ? "GET /" : "a");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(client.HasInput()) << "bytes that keep coming keep the head open";
  EXPECT_EQ(client.Read()->status, 408);
}

TEST_F(ServerTest, CutsOffAClientThatDoesNotRead) {
  HttpServerOptions options;
  options.deadlines.write = std::chrono::milliseconds(200);
  options.deadlines.write_bytes_per_second = 1'000'000'000;
  Start(options);
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large")));
  Await([&] { return application_.runs == 1 && server_->open_connections() == 0; }, "cut off");
}

TEST_F(ServerTest, WritesALargeAnswerToAClientThatReadsLate) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large") + Get("/next")));
  Await([&] { return application_.runs == 1; }, "run");
  EXPECT_EQ(client.Read()->body.size(), 4'000'000U);
  EXPECT_EQ(client.Read()->body, "hello /next");
}

TEST_F(ServerTest, BoundsWhatUnfinishedRequestsHold) {
  HttpServerOptions options;
  options.memory.address_bytes = 100'000;
  Start(options, 1);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n";
  RawClient first = Connect();
  ASSERT_TRUE(first.Send(head + std::string(60'000, 'x')));
  RawClient second = Connect();
  ASSERT_TRUE(second.Send(head + std::string(60'000, 'x')));
  // One of the two was too much, whichever came last.
  Await([&] { return application_.refused == 1; }, "refused");
  RawClient& refused = first.HasInput() ? first : second;
  RawClient& other = first.HasInput() ? second : first;
  EXPECT_EQ(refused.Read()->status, 503);
  EXPECT_EQ(other.Ask(std::string(10'000, 'x'))->body.size(), 70'000U);
}

TEST_F(ServerTest, BoundsWhatQueuedRequestsHold) {
  HttpServerOptions options;
  options.memory.address_bytes = 100'000;
  Start(options, 1);
  const std::string head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";
  const std::string body(60'000, 'x');
  RawClient first = Connect();
  ASSERT_TRUE(first.Send("POST /slow" + head + body));
  Await([&] { return application_.slow_running == 1; }, "runs");
  EXPECT_EQ(Connect().Ask("POST /echo" + head + body)->status, 503) << "the first is whole, but not gone";
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200) << "a small one has room";
  application_.let_go = true;
  EXPECT_EQ(first.Read()->status, 200);
  EXPECT_EQ(Connect().Ask("POST /echo" + head + body)->status, 200);
}

TEST_F(ServerTest, ChargesARequestThatRunsWhenItsClientHasReset) {
  HttpServerOptions options;
  options.memory.address_bytes = 100'000;
  Start(options, 1);
  const std::string head = " HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n";
  const std::string body(60'000, 'x');
  RawClient first = Connect();
  ASSERT_TRUE(first.Send("POST /slow" + head + body));
  Await([&] { return application_.slow_running == 1; }, "runs");
  first.Reset();
  // The reset has come when this, on the same loopback and by the same reactor, is answered.
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
  EXPECT_EQ(Connect().Ask("POST /echo" + head + body)->status, 503);
  application_.let_go = true;
  Await([&] { return server_->open_connections() == 0; }, "gone");
  EXPECT_EQ(Connect().Ask("POST /echo" + head + body)->status, 200);
}

TEST_F(ServerTest, ClosesTheOldestSlowReaderForMemory) {
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
  Await([&] { return server_->open_connections() == 2; }, "two had to go");
  EXPECT_FALSE(readers[0].Read().has_value());
  EXPECT_FALSE(readers[1].Read().has_value());
  EXPECT_EQ(readers[2].Read()->body.size(), 4'000'000U);
  EXPECT_EQ(readers[3].Read()->body.size(), 4'000'000U);
}

TEST_F(ServerTest, CutsOffAnAnswerThatNeverHasRoom) {
  HttpServerOptions options;
  options.memory.all_bytes = 1'000'000;
  Start(options, 1);
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large")));
  Await([&] { return application_.runs == 1 && server_->open_connections() == 0; }, "cut off");
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

TEST_F(ServerTest, SlowFunctionsDelayNobodyElse) {
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

TEST_F(ServerTest, DropsQueuedSlowRequestsWhenItStops) {
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

TEST_F(ServerTest, MakesRoomForAConnectionByClosingTheOldestIdleOne) {
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
  EXPECT_TRUE(Connect().AtEnd()) << "all are busy: nobody is let in";
  application_.Raise("a");
  EXPECT_EQ(parked.Read()->body, "1");
  EXPECT_EQ(Connect().Ask(Get("/"))->status, 200);
}

TEST_F(ServerTest, WakesAParkedPollByItsTopicOnly) {
  Start();
  RawClient a = Connect();
  RawClient b = Connect();
  ASSERT_TRUE(a.Send(Poll("a", 0, 60'000)));
  ASSERT_TRUE(b.Send(Poll("b", 0, 60'000)));
  AwaitParked(2);
  application_.Raise("a");
  EXPECT_EQ(a.Read()->body, "1");
  AwaitParked(1);
  EXPECT_FALSE(b.HasInput());
  hub_.Signal("b");  // without news: it is run again and goes on waiting
  Await([&] { return application_.runs == 4; }, "run again");
  AwaitParked(1);
  application_.Raise("b");
  EXPECT_EQ(b.Read()->body, "1");
}

TEST_F(ServerTest, EndsAPollAtItsDeadline) {
  Start();
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 100))->body, "nothing");
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 0))->body, "nothing");
  EXPECT_EQ(Connect().Ask(Poll("a", 0, -1000))->body, "nothing") << "a deadline in the past is one";
}

TEST_F(ServerTest, AnswersHeadOfAPollAtOnce) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send("HEAD /poll?topic=a&hold=60000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  std::string head;
  Await([&] { return client.HasInput(); }, "answered");
  EXPECT_EQ(server_->parked_requests(), 0U);
}

TEST_F(ServerTest, ForgetsAParkedPollWhoseClientHasGone) {
  Start();
  RawClient closed = Connect();
  RawClient half_closed = Connect();
  RawClient ahead = Connect();
  ASSERT_TRUE(closed.Send(Poll("a", 0, 60'000)));
  ASSERT_TRUE(half_closed.Send(Poll("a", 0, 60'000)));
  AwaitParked(2);
  closed.Close();
  AwaitParked(1);
  half_closed.HalfClose();
  AwaitParked(0);
  // What it sent ahead does not hide that it has gone.
  ASSERT_TRUE(ahead.Send(Poll("a", 0, 60'000) + std::string(40'000, 'x')));
  ahead.Close();
  Await([&] { return server_->open_connections() == 0; }, "closed");
  EXPECT_EQ(hub_.topic_count(), 0U);
}

TEST_F(ServerTest, AnswersAClientThatHasOnlyClosedItsSide) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/a") + Get("/b")));
  client.HalfClose();
  EXPECT_EQ(client.Read()->body, "hello /a");
  EXPECT_EQ(client.Read()->body, "hello /b");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ServerTest, ANewerPollOfTheSameTokenEndsTheOlder) {
  Start();
  RawClient older = Connect();
  RawClient other = Connect();
  RawClient newer = Connect();
  ASSERT_TRUE(older.Send(Poll("a", 0, 60'000, "token")));
  ASSERT_TRUE(other.Send(Poll("a", 0, 60'000, "another")));
  AwaitParked(2);
  ASSERT_TRUE(newer.Send(Poll("a", 0, 60'000, "token")));
  const auto answer = older.Read();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 409);
  AwaitParked(2);
  // Its answer has not freed the key of the newer one.
  RawClient newest = Connect();
  ASSERT_TRUE(newest.Send(Poll("a", 0, 60'000, "token")));
  EXPECT_EQ(newer.Read()->status, 409);
  AwaitParked(2);
  application_.Raise("a");
  EXPECT_EQ(newest.Read()->body, "1");
  EXPECT_EQ(other.Read()->body, "1");
}

TEST_F(ServerTest, ANewerPollEndsAnOlderOneThatJustRuns) {
  // A key of its own, as the poll's is its token only on /poll.
  class StillApplication final : public Application {
   public:
    explicit StillApplication(TestApplication& inner) : inner_(inner) {}
    std::string SupersedeKey(const Call& call) override { return call.request.token; }
    Outcome Run(Call& call) override { return inner_.Run(call); }
    void Refused(int) override {}

   private:
    TestApplication& inner_;
  };
  StillApplication still(application_);
  HttpServerOptions options;
  options.workers = 4;
  auto server = HttpServer::Start(*SocketAddress::Parse("127.0.0.1:0"), options, still, hub_, clock_);
  ASSERT_TRUE(server.ok());
  RawClient older((*server)->address());
  RawClient newer((*server)->address());
  ASSERT_TRUE(older.Send(Get("/stands-still?topic=a&hold=60000", "Authorization: Bearer t\r\n")));
  Await([&] { return application_.standing == 1; }, "runs");
  ASSERT_TRUE(newer.Send(Poll("a", 0, 60'000, "t")));
  Await([&] { return (*server)->parked_requests() == 1; }, "the newer is parked");
  application_.let_go = true;
  EXPECT_EQ(older.Read()->status, 409);
  application_.Raise("a");
  EXPECT_EQ(newer.Read()->body, "1");
}

TEST_F(ServerTest, LosesNoWakeUpUnderLoad) {
  constexpr int kPairs = 8;
  constexpr int kRounds = 100;
  Start();
  std::vector<std::thread> threads;
  for (int pair = 0; pair < kPairs; ++pair) {
    threads.emplace_back([&, pair] {
      RawClient client = Connect();
      const std::string topic = absl::StrCat("t", pair);
      for (int round = 0; round < kRounds; ++round) {
        // The writer comes before, between or after the read and the park, as it happens.
        std::thread writer([&] { application_.Raise(topic); });
        const auto answer = client.Ask(Poll(topic, round, 60'000));
        writer.join();
        ASSERT_TRUE(answer.has_value());
        ASSERT_EQ(answer->body, std::to_string(round + 1));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hub_.topic_count(), 0U);
}

TEST_F(ServerTest, RecoversWhenNoDescriptorIsFree) {
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

TEST_F(ServerTest, SaysWhoHasThePort) {
  Start();
  const auto second = HttpServer::Start(server_->address(), {}, application_, hub_, clock_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another program listens there"));
}

TEST_F(ServerTest, DrainsParkedPollsAndRunningRequests) {
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

TEST_F(ServerTest, AnswersOneMoreRequestOfAKeptConnectionWhileDraining) {
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

TEST_F(ServerTest, StopsWithParkedAndHalfReadRequests) {
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
