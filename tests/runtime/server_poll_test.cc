// Requests that wait: parked, woken, superseded, forgotten.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

using functions::Outcome;

class ServerPoll : public ServerTest, public testing::WithParamInterface<PollsRun> {
 protected:
  ServerPoll() { application_.polls_run = GetParam(); }

  // Tells a client of the first news of `a`.
  static void TellFirst(RawClient& client, int hold_ms = 60'000, std::string_view headers = "") {
    ASSERT_TRUE(client.Send(PollBehind("a", 0, hold_ms, headers)));
    EXPECT_EQ(client.Read()->body, "1");
  }
  // Of a client who was told so much: the next poll waits, and nothing was run for that.
  void ParkWithoutRun(RawClient& client, int told, std::string_view headers = "") {
    const int runs = application_.runs;
    ASSERT_TRUE(client.Send(PollBehind("a", told, 60'000, headers)));
    AwaitParked(1);
    EXPECT_EQ(application_.runs, runs);
  }
};
INSTANTIATE_TEST_SUITE_P(Each, ServerPoll, testing::Values(PollsRun::kOnWorkers, PollsRun::kOnReactors),
                         [](const auto& test) {
                           return test.param == PollsRun::kOnWorkers ? "OnWorkers" : "OnReactors";
                         });

// Polls on one reactor.
class ServerTurns : public ServerTest {
 protected:
  ServerTurns() { application_.polls_run = PollsRun::kOnReactors; }
  void StartWith(Turns turns) {
    HttpServerOptions options;
    options.turns = turns;
    Start(std::move(options), 1);
  }
  // Until they are let go.
  std::vector<RawClient> OccupyWorkers() {
    std::vector<RawClient> standing;
    for (int i = 0; i < 4; ++i) {
      standing.push_back(Connect());
      EXPECT_TRUE(standing.back().Send(Get("/stands-still?topic=a&hold=0")));
    }
    Await([&] { return application_.standing == 4; }, "all workers are busy");
    return standing;
  }
  // One reactor whose runs are noted in order. `then` is called in each, on the reactor.
  void StartNoting(std::function<void(const std::string& path)> then, HttpServerOptions options = {}) {
    application_.before_run = [this, then = std::move(then)](const functions::Request& request) {
      {
        const store::MutexLock lock(ran_mutex_);
        ran_.push_back(request.path);
      }
      then(request.path);
    };
    options.is_shared_address = holdup_.IsShared();
    Start(std::move(options), 1);
    application_.Raise("a");
  }
  std::vector<std::string> TakeRan() {
    const store::MutexLock lock(ran_mutex_);
    return std::exchange(ran_, {});
  }
  // What is sent from now on comes to the reactor at once, when `holdup_` ends.
  void HoldUp() {
    holdup_.Begin();
    const RawClient one_more = Connect();
    Await([&] { return holdup_.stands(); }, "the reactor is held up");
    (void)TakeRan();
  }

 private:
  store::Mutex ran_mutex_;
  std::vector<std::string> ran_ ABSL_GUARDED_BY(ran_mutex_);
};

TEST_P(ServerPoll, AnswersWhatWasSentBehindAParkedPollAfterIt) {
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

// A client that asks again is parked without a run, and hears what comes.
TEST_P(ServerPoll, ParksTheNextPollOfAConnectionWithoutRunningIt) {
  Start();
  RawClient client = Connect();
  application_.Raise("a");
  TellFirst(client);
  for (int told = 1; told < 5; ++told) {
    const int runs = application_.runs;
    ParkWithoutRun(client, told);
    application_.Raise("a");
    EXPECT_EQ(client.Read()->body, absl::StrCat(told + 1));
    EXPECT_EQ(application_.runs, runs + 1);
  }
}

TEST_P(ServerPoll, RunsTheNextPollOfAConnectionWhereThereIsNewsAlready) {
  Start();
  RawClient client = Connect();
  application_.Raise("a");
  TellFirst(client);
  application_.Raise("a");
  ASSERT_TRUE(client.Send(PollBehind("a", 1, 60'000)));
  EXPECT_EQ(client.Read()->body, "2");
  hub_.Signal("other/a");  // it is run for that, and waits
  ASSERT_TRUE(client.Send(PollBehind("a", 2, 60'000)));
  AwaitParked(1);
  EXPECT_EQ(application_.runs, 3);
  application_.Raise("a");
  EXPECT_EQ(client.Read()->body, "3");
}

TEST_P(ServerPoll, TheNextPollOfAConnectionEndsInTimeAndByANewerOne) {
  Start();
  RawClient client = Connect();
  application_.Raise("a");
  TellFirst(client, 20);
  ASSERT_TRUE(client.Send(PollBehind("a", 1, 20)));
  EXPECT_EQ(client.Read()->body, "nothing");
  ASSERT_TRUE(client.Send(PollBehind("a", 1, 20)));
  EXPECT_EQ(client.Read()->body, "nothing") << "what told of no next one is followed by none";

  constexpr std::string_view kToken = "Authorization: Bearer t\r\n";
  TellFirst(client, 60'000, kToken);
  ParkWithoutRun(client, 1, kToken);
  RawClient newer = Connect();
  ASSERT_TRUE(newer.Send(PollBehind("a", 1, 60'000, kToken)));
  EXPECT_EQ(client.Read()->body, "superseded");
  AwaitParked(1);
}

TEST_P(ServerPoll, TheNextPollOfAConnectionIsAdmittedAndDrained) {
  Start();
  RawClient client = Connect();
  application_.Raise("a");
  TellFirst(client);
  application_.puts_off = true;
  ASSERT_TRUE(client.Send(PollBehind("a", 1, 60'000)));
  EXPECT_EQ(client.Read()->status, 429);
  application_.puts_off = false;
  TellFirst(client);
  ParkWithoutRun(client, 1);
  server_->Drain();
  EXPECT_EQ(client.Read()->body, "draining");
}

TEST_P(ServerPoll, WakesAParkedPollByItsTopicOnly) {
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

TEST_P(ServerPoll, EndsAPollAtItsDeadline) {
  Start();
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 100))->body, "nothing");
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 0))->body, "nothing");
  EXPECT_EQ(Connect().Ask(Poll("a", 0, -1000))->body, "nothing") << "a deadline in the past is one";
}

TEST_P(ServerPoll, AnswersHeadOfAPollAtOnce) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send("HEAD /poll?topic=a&hold=60000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
  std::string head;
  Await([&] { return client.HasInput(); }, "answered");
  EXPECT_EQ(server_->parked_requests(), 0U);
}

TEST_P(ServerPoll, ForgetsAParkedPollWhoseClientHasGone) {
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
  AwaitConnections(0);
  EXPECT_EQ(hub_.topic_count(), 0U);
}

TEST_P(ServerPoll, ANewerPollOfTheSameTokenEndsTheOlder) {
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

TEST_P(ServerPoll, ANewerPollEndsAnOlderOneThatJustRuns) {
  // A key of its own, as the poll's is its token only on /poll.
  class StillApplication final : public Application {
   public:
    explicit StillApplication(TestApplication& inner) : inner_(inner) {}
    Admission Admit(Call& call) override { return {.supersede_key = call.request.token}; }
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

TEST_P(ServerPoll, LosesNoWakeUpUnderLoad) {
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

TEST_F(ServerTurns, NeedNoWorker) {
  StartWith({});
  const std::vector<RawClient> standing = OccupyWorkers();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Poll("b", 0, 60'000)));
  AwaitParked(1);
  application_.Raise("b");
  EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(application_.runs_at_once, 2);
  application_.let_go = true;
}

TEST_F(ServerTurns, AWorkerRunsAnewWhatHasToWait) {
  StartWith({});
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/poll?topic=a&after=0&hold=60000&writes=1")));
  AwaitParked(1);
  EXPECT_EQ(application_.runs, 2);
  application_.Raise("a");
  EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(application_.runs, 4);
  EXPECT_EQ(application_.runs_at_once, 2);
}

// What is stored in one transaction.
TEST_F(ServerTurns, StoreWhatComesWithoutAWorker) {
  StartWith({});
  const std::vector<RawClient> standing = OccupyWorkers();
  EXPECT_EQ(Connect().Ask(Put("/store"))->body, "hello /store");
  EXPECT_EQ(application_.runs_at_once, 1);
  application_.let_go = true;
}

// Nothing else wakes the reactor that has answered the poll.
TEST_F(ServerTurns, StoreWhatStandsBehindAPoll) {
  StartWith({});
  application_.Raise("a");
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Poll("a", 0, 60'000) + Put("/store")));
  EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(client.Read()->body, "hello /store");
}

TEST_F(ServerTurns, AWorkerStoresWhatHasToWaitOrIsSlow) {
  StartWith({});
  EXPECT_EQ(Connect().Ask(Put("/store?writes=1"))->body, "hello /store");
  EXPECT_EQ(application_.runs, 2);
  EXPECT_EQ(application_.runs_at_once, 1);
  application_.let_go = true;
  EXPECT_EQ(Connect().Ask(Put("/slow"))->body, "slow");
  EXPECT_EQ(application_.runs, 3) << "it was not begun here";
}

TEST_F(ServerTurns, StoreNothingForAWhileAfterASlowRun) {
  StartWith({.slow_run = SteadyDuration::zero(), .after_slow_run = std::chrono::hours(1)});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Connect().Ask(Put("/store"))->body, "hello /store");
  EXPECT_EQ(application_.runs_at_once, 1);
}

TEST_F(ServerTurns, StoreBeforePollsThatCameBefore) {
  StartNoting([](const std::string&) {});
  RawClient polling = Connect(), sending = Connect();
  ASSERT_TRUE(polling.Ask(Poll("a", 0, 0)).has_value());
  ASSERT_TRUE(sending.Ask(Put("/store")).has_value());
  HoldUp();
  ASSERT_TRUE(polling.Send(Poll("a", 0, 0)));
  ASSERT_TRUE(sending.Send(Put("/store")));
  holdup_.End();
  EXPECT_EQ(polling.Read()->body, "1");
  EXPECT_EQ(sending.Read()->body, "hello /store");
  EXPECT_EQ(TakeRan(), std::vector<std::string>({"/store", "/poll"}));
}

// However many polls wait, who sends has their turn between two of them.
TEST_F(ServerTurns, StoreBetweenPollsThatWait) {
  std::optional<RawClient> sending;
  std::atomic<bool> sends{false};
  HttpServerOptions options;
  options.turns.turn = SteadyDuration::zero();
  StartNoting(
      [&](const std::string&) {
        if (sends.exchange(false)) (void)sending->Send(Put("/store"));
      },
      std::move(options));
  sending.emplace(Connect());
  ASSERT_TRUE(sending->Ask(Put("/store")).has_value());
  std::vector<RawClient> polling;
  for (int i = 0; i < 3; ++i) {
    polling.push_back(Connect());
    ASSERT_TRUE(polling.back().Ask(Poll("a", 0, 0)).has_value());
  }
  HoldUp();
  sends = true;
  for (RawClient& client : polling) ASSERT_TRUE(client.Send(Poll("a", 0, 0)));
  holdup_.End();
  for (RawClient& client : polling) EXPECT_EQ(client.Read()->body, "1");
  EXPECT_EQ(sending->Read()->body, "hello /store");
  EXPECT_EQ(TakeRan(), std::vector<std::string>({"/poll", "/store", "/poll", "/poll"}));
}

// However short, a turn is enough for one; workers store the others.
TEST_F(ServerTurns, StoreAllThatComesAtOnce) {
  constexpr size_t kClients = 50;
  StartWith({.turn = SteadyDuration::zero()});
  std::vector<RawClient> clients;
  for (size_t i = 0; i < kClients; ++i) clients.push_back(Connect());
  for (RawClient& client : clients) ASSERT_TRUE(client.Send(Put("/store")));
  for (RawClient& client : clients) EXPECT_EQ(client.Read()->body, "hello /store");
  EXPECT_EQ(application_.runs, static_cast<int>(kClients));
}

// Every run counts as slow here.
TEST_F(ServerTurns, AreTheWorkersForAWhileAfterASlowOne) {
  StartWith({.slow_run = SteadyDuration::zero(), .after_slow_run = std::chrono::hours(1)});
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 0))->body, "nothing");
  EXPECT_EQ(application_.runs_at_once, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Connect().Ask(Poll("a", 0, 0))->body, "nothing");
  EXPECT_EQ(application_.runs_at_once, 1);
}

TEST_F(ServerTurns, PutOffWhatIsTooMuch) {
  StartWith({.queued_max = 0});
  const auto answer = Connect().Ask(Poll("a", 0, 0));
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 503);
  EXPECT_NE(answer->Header("Retry-After"), "");
  EXPECT_EQ(Connect().Ask(Get("/history"))->status, 503) << "it matters less";
  EXPECT_EQ(Connect().Ask(Get("/session"))->status, 200) << "it matters more, and what workers run is not too much";
}

// Half of the queue is for polls; as the other half fills, what matters less than polls goes before they do.
TEST_F(ServerTurns, PutOffWhatMattersLessThanPollsFirst) {
  const std::string kPaths[] = {"/presence", "/typing", "/history", "/page", "/poll?hold=0&topic=a",
                                "/session",  "/send"};
  constexpr size_t kWave = 5, kPoll = 4;
  for (size_t queued = kWave; queued <= 2 * kWave; ++queued) {
    SCOPED_TRACE(absl::StrCat(queued, " wait"));
    StartWith({.queued_max = 2 * kWave});
    std::vector<std::string> requests(queued, Poll("a", 0, 0));
    for (const std::string& path : kPaths) requests.push_back(Get(path));
    std::vector<RawClient> clients;
    for (size_t i = 0; i < requests.size(); ++i) {
      clients.push_back(Connect());
      ASSERT_EQ(clients.back().Ask(Get("/"))->status, 200);
    }
    RawClient standing = Connect();
    ASSERT_TRUE(standing.Send(Get("/poll?stands-still=1&hold=0&topic=a")));
    Await([&] { return application_.standing == 1; }, "the reactor stands still");
    // It finds them all at once, in the order in which they came.
    for (size_t i = 0; i < requests.size(); ++i) ASSERT_TRUE(clients[i].Send(requests[i]));
    application_.let_go = true;
    for (size_t i = 0; i < std::size(kPaths); ++i) {
      const bool is_refused = i <= kPoll && i < queued - kWave;
      EXPECT_EQ(clients[queued + i].Read()->status, is_refused ? 503 : 200) << kPaths[i];
    }
    EXPECT_EQ(standing.Read()->status, 200);
    application_.let_go = false;
    application_.standing = 0;
    server_.reset();
  }
}

TEST_F(ServerTurns, TakeAsManyAsMayWait) {
  StartWith({.queued_max = 1});
  EXPECT_EQ(Connect().Ask(Poll("a", 0, 0))->body, "nothing");
}

// However short, a turn is enough for one.
TEST_F(ServerTurns, ComeToAll) {
  constexpr size_t kClients = 50;
  StartWith({.turn = SteadyDuration::zero()});
  std::vector<RawClient> clients;
  for (size_t i = 0; i < kClients; ++i) {
    clients.push_back(Connect());
    ASSERT_TRUE(clients.back().Send(Poll("a", 0, 60'000)));
  }
  AwaitParked(kClients);
  application_.Raise("a");
  for (RawClient& client : clients) EXPECT_EQ(client.Read()->body, "1");
  Await([&] { return server_->queued_requests(functions::Lane::kFast) == 0; }, "none is left");
}

}  // namespace
}  // namespace alcove::runtime
