// Deferred calls on real threads.
#include "runtime/deferrer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/answer.h"
#include "functions/defer.h"
#include "functions/deferred_list.h"
#include "functions/request.h"
#include "runtime/ephemera.h"
#include "runtime/service.h"
#include "runtime/static_files.h"
#include "runtime/system.h"
#include "store/memory_store.h"
#include "tests/runtime/other_server.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using functions::Deferrable;
using functions::DeferredFunction;
using functions::NoArguments;

// As the system's, but it can be set ahead.
class AdvancedClock final : public functions::Clock {
 public:
  absl::Time Now() override { return system_.Now() + absl::Milliseconds(ahead_ms_.load()); }
  void Advance(absl::Duration by) { ahead_ms_ += absl::ToInt64Milliseconds(by); }

 private:
  SystemClock system_;
  std::atomic<int64_t> ahead_ms_ = 0;
};

// How often it was read, which is what a look costs.
class CountingStore final : public store::Store {
 public:
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(store::Watcher* watcher) override { inner_->Watch(watcher); }
  std::atomic<int> reads = 0;
  std::atomic<bool> broken = false;

 protected:
  absl::Status TransactStatus(const Body& body) override {
    return inner_->Transact([&](store::Transaction& txn) { return body(txn); });
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    ++reads;
    if (broken) return absl::UnavailableError("the disk is on fire");
    return inner_->Read([&](store::Reader& reader) { return body(reader); });
  }

 private:
  const std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();
};

// What the functions below do to the test.
struct Seen {
  std::atomic<int> runs = 0;
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<bool> let_go = true;
};
Seen* seen = nullptr;

absl::Status Stand(const NoArguments&, functions::Context&) {
  const int now = seen->running.fetch_add(1) + 1;
  for (int most = seen->most; most < now && !seen->most.compare_exchange_weak(most, now);) {
  }
  Until([] { return seen->let_go.load(); });
  ++seen->runs;
  --seen->running;
  return absl::OkStatus();
}
absl::Status Throw(const NoArguments&, functions::Context&) {
  ++seen->runs;
  throw std::runtime_error("a third party's");
}
constexpr DeferredFunction<NoArguments> kStand{"stand"};
constexpr DeferredFunction<NoArguments> kThrow{"throw"};
struct AskArguments {
  std::string url;
};
template <class V>
void Describe(V& visit, AskArguments& arguments) {
  visit("url", arguments.url);
}
absl::StatusOr<functions::AskOrDone> Ask(store::Transaction&, const AskArguments& arguments,
                                         const functions::Fetches& fetched, functions::Context&) {
  const functions::Fetched* const asked = fetched.Find("other");
  if (asked == nullptr) return functions::Fetch{.name = "other", .url = arguments.url, .timeout = absl::Seconds(20)};
  if (asked->result != functions::FetchResult::kAnswered) return absl::UnavailableError("nobody answers");
  ++seen->runs;
  return functions::Afterwards();
}
constexpr DeferredFunction<AskArguments> kAsk{"ask"};
constexpr Deferrable kTable[] = {functions::Outside<Stand>(kStand), functions::Outside<Throw>(kThrow),
                                 functions::Fetching<Ask>(kAsk)};

class DeferrerTest : public testing::Test {
 protected:
  DeferrerTest() {
    seen = &seen_;
    store_.Watch(&hub_);
  }
  ~DeferrerTest() override { store_.Watch(nullptr); }

  std::unique_ptr<Deferrer> Start() { return std::make_unique<Deferrer>(kTable, context_, hub_, metrics_, fetcher_); }
  void Defer(const DeferredFunction<NoArguments>& function, const std::string& key,
             absl::Duration in = absl::ZeroDuration()) {
    const absl::Status status = store_.Transact(
        [&](store::Transaction& txn) { return functions::Defer(txn, function, {}, clock_.Now() + in, key, context_); });
    EXPECT_TRUE(status.ok()) << status;
  }
  void DeferAsk(const std::string& url, const std::string& key) {
    const absl::Status status = store_.Transact(
        [&](store::Transaction& txn) { return functions::Defer(txn, kAsk, {url}, clock_.Now(), key, context_); });
    EXPECT_TRUE(status.ok()) << status;
  }
  std::string Listed() {
    std::string text;
    (void)store_.Read([&](store::Reader& reader) {
      return functions::ListCalls(reader, absl::ToUnixMillis(clock_.Now()), [&](const functions::ListedCall& listed) {
        absl::StrAppend(&text, std::string(listed.state), " ", listed.call.record.key, " ",
                        listed.call.record.reason.value_or(""), "\n");
        return absl::OkStatus();
      });
    });
    return text;
  }

  Seen seen_;
  AdvancedClock clock_;
  SystemRandom random_;
  Hub hub_;
  HubEphemera ephemera_{hub_, "test"};
  StaticFiles files_;
  functions::Config config_;
  Metrics metrics_;
  Fetcher fetcher_{{.allowed = *Networks::Parse("127.0.0.1")}, metrics_};
  CountingStore store_;
  functions::Context context_{store_, clock_, random_, ephemera_, files_, config_};
};

TEST_F(DeferrerTest, HoldsNoThreadForWhoAsksAnotherServer) {
  LateServer other("x");
  // More than run at once.
  constexpr int kAsking = wire::kDeferredRunsMax + 2;
  for (int i = 0; i < kAsking; ++i) DeferAsk(other.Url(), absl::StrCat("ask", i));
  const auto deferrer = Start();
  Until([&] { return fetcher_.out() == kAsking; });
  Defer(kStand, "other");
  Until([&] { return seen_.runs == 1; });
  EXPECT_FALSE(deferrer->stopped());
  other.LetGo();
  Until([&] { return seen_.runs == 1 + kAsking; });
  Until([&] { return Listed().empty(); });
}

TEST_F(DeferrerTest, FinishesWhatIsAnsweredWhileItStops) {
  LateServer other("x");
  const auto deferrer = Start();
  DeferAsk(other.Url(), "ask");
  Until([&] { return fetcher_.out() == 1; });
  deferrer->Stop();
  EXPECT_FALSE(deferrer->stopped()) << "somebody may answer yet";
  other.LetGo();
  Until([&] { return deferrer->stopped(); });
  EXPECT_EQ(seen_.runs, 1);
  EXPECT_EQ(Listed(), "");
}

TEST_F(DeferrerTest, LeavesToOthersWhatIsCutShort) {
  OtherServer silent([](OtherEnd& end) { end.AwaitEnd(); });
  const auto deferrer = Start();
  DeferAsk(silent.Url(), "ask");
  Until([&] { return fetcher_.out() == 1; });
  deferrer->Stop();
  fetcher_.Stop();
  Until([&] { return deferrer->stopped(); });
  EXPECT_EQ(seen_.runs, 0);
  EXPECT_THAT(Listed(), testing::StartsWith("running ask")) << "until its lease is over";
}

TEST_F(DeferrerTest, RunsWhatWasDueBeforeItCameAndWhatIsDeferredLater) {
  Defer(kStand, "before");
  const auto deferrer = Start();
  Until([&] { return seen_.runs == 1; });
  Defer(kStand, "later");
  Until([&] { return seen_.runs == 2; });
  Until([&] { return Listed().empty(); });
  const std::string both = "alcove_deferred_runs_total{function=\"stand\",result=\"done\"} 2\n";
  Until([&] { return metrics_.Text({}).find(both) != std::string::npos; });
}

TEST_F(DeferrerTest, WakesForWhatIsDueSoonerThanItWouldLook) {
  Defer(kStand, "far", absl::Hours(1));
  const auto deferrer = Start();
  Until([&] { return store_.reads >= 1; });
  Defer(kStand, "near", absl::Milliseconds(50));
  Until([&] { return seen_.runs == 1; });
  // A run is counted before the end of its call is kept.
  Until([&] { return Listed() == "waiting far \n"; });
}

TEST_F(DeferrerTest, RunsNoMoreAtOnceThanItMay) {
  seen_.let_go = false;
  for (int i = 0; i < 3 * wire::kDeferredRunsMax; ++i) Defer(kStand, absl::StrCat(i));
  const auto deferrer = Start();
  Until([&] { return seen_.running == wire::kDeferredRunsMax; });
  seen_.let_go = true;
  Until([&] { return seen_.runs == 3 * wire::kDeferredRunsMax; });
  EXPECT_EQ(seen_.most, wire::kDeferredRunsMax);
}

TEST_F(DeferrerTest, LooksSeldomWhileNothingIsDue) {
  const auto deferrer = Start();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  // For the standing calls, and for what is due.
  EXPECT_LE(store_.reads, 2);
  store_.reads = 0;
  for (int i = 0; i < 1000; ++i) Defer(kStand, absl::StrCat(i), absl::Seconds(20));
  const int told = store_.reads;
  EXPECT_LE(told, 1000 / 2) << "a crowd that defers is not a crowd of looks";
}

TEST_F(DeferrerTest, EndsWithWhatRunsAndBeginsNothingMore) {
  seen_.let_go = false;
  for (int i = 0; i < wire::kDeferredRunsMax; ++i) Defer(kStand, absl::StrCat("running", i));
  const auto deferrer = Start();
  Until([&] { return seen_.running == wire::kDeferredRunsMax; });
  Defer(kStand, "late");
  EXPECT_FALSE(deferrer->stopped());
  deferrer->Stop();
  EXPECT_FALSE(deferrer->stopped()) << "some are running";
  seen_.let_go = true;
  Until([&] { return deferrer->stopped(); });
  EXPECT_EQ(seen_.runs, wire::kDeferredRunsMax);
  EXPECT_EQ(Listed(), "waiting late \n") << "for another node, or the next start";
}

TEST_F(DeferrerTest, AnExceptionFailsItsCallAndNothingElse) {
  Defer(kThrow, "bad");
  const auto deferrer = Start();
  Until([&] { return metrics_.failures() == 1; });
  Until([&] { return Listed() == "failed bad it threw an exception\n"; });
  Defer(kStand, "good");
  const std::string good = "function=\"stand\",result=\"done\"} 1";
  Until([&] { return metrics_.Text({}).find(good) != std::string::npos; });
}

TEST_F(DeferrerTest, OutlivesAStoreThatCannotBeRead) {
  store_.broken = true;
  const auto deferrer = Start();
  Until([&] { return store_.reads >= 1; });
  store_.broken = false;
  Defer(kStand, "a");
  Until([&] { return seen_.runs == 1; });
}

// The node that had claimed the call is dead: it is a claim that nobody runs.
TEST_F(DeferrerTest, TakesOverFromADeadNodeAfterItsLease) {
  Defer(kStand, "a");
  const auto due =
      store_.Read([&](store::Reader& reader) { return functions::FindDue(reader, absl::ToUnixMillis(clock_.Now())); });
  ASSERT_EQ(due->calls.size(), 1U);
  ASSERT_TRUE(functions::ClaimCall(due->calls[0], context_)->claim.has_value());
  const auto deferrer = Start();
  Until([&] { return store_.reads >= 2; });
  EXPECT_EQ(seen_.runs, 0);
  clock_.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
  // Time that jumps is noticed by the next look, which this makes one of now.
  Defer(kStand, "b");
  Until([&] { return seen_.runs == 2; });
}

TEST_F(DeferrerTest, TellsHowFarItIsBehind) {
  seen_.let_go = false;
  for (int i = 0; i < wire::kDeferredRunsMax + 2; ++i) Defer(kStand, absl::StrCat(i));
  clock_.Advance(absl::Seconds(30));
  const auto deferrer = Start();
  Until([&] { return seen_.running == wire::kDeferredRunsMax; });
  EXPECT_GE(deferrer->backlog().due, 2U);
  EXPECT_GE(deferrer->backlog().oldest, absl::Seconds(30));
  seen_.let_go = true;
  Until([&] { return deferrer->backlog().due == 0; });
  EXPECT_EQ(deferrer->backlog().oldest, absl::ZeroDuration());
}

TEST_F(DeferrerTest, TellsHowFarItIsBehindWhereALookDoesNotFindItAll) {
  seen_.let_go = false;
  constexpr size_t kCalls = wire::kDeferSweepMax + 100;
  for (size_t i = 0; i < kCalls; ++i) Defer(kStand, absl::StrCat(i));
  clock_.Advance(absl::Seconds(30));
  const auto deferrer = Start();
  Until([&] { return seen_.running == wire::kDeferredRunsMax; });
  EXPECT_GE(deferrer->backlog().due, kCalls - wire::kDeferredRunsMax) << "counted before those began, or after";
  EXPECT_GE(deferrer->backlog().oldest, absl::Seconds(30));
  seen_.let_go = true;
  Until([&] { return deferrer->backlog().due == 0; });
}

// Two nodes, one store.
TEST_F(DeferrerTest, SeveralRunEachCallOnce) {
  constexpr int kCalls = 200;
  for (int i = 0; i < kCalls; ++i) Defer(kStand, absl::StrCat(i));
  const auto a = Start();
  const auto b = Start();
  Until([&] { return Listed().empty(); });
  EXPECT_EQ(seen_.runs, kCalls);
}

// --- In the server ----------------------------------------------------------------

// A request that has something done later, and is answered at once.
functions::Outcome DeferSomething(const functions::Request&, functions::Context& context) {
  return context.store.Transact([&](store::Transaction& txn) -> functions::Outcome {
    const absl::Status status = functions::Defer(txn, kStand, {}, context.clock.Now(), "a", context);
    if (!status.ok()) return status;
    return functions::Done();
  });
}
constexpr functions::Route kRoute{functions::Method::kGet, "/", functions::Caller::kAnyone, DeferSomething};
functions::Matched FindRoute(functions::Method, std::string_view) { return {functions::Match{&kRoute, {}}, {}}; }

TEST(ServiceDeferred, WhatARequestDefersRunsThoughNobodyAsksAgainAndADrainWaitsForIt) {
  Seen here;
  seen = &here;
  here.let_go = false;
  ServeCommand command;
  command.listen = "127.0.0.1:0";
  const auto service = *Service::Start(command, {.store = store::MakeMemoryStore(),
                                                 .files = std::make_unique<StaticFiles>(),
                                                 .find_route = FindRoute,
                                                 .deferrables = kTable});
  RawClient client(service->address());
  const auto answer = client.Ask("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->status, 200);
  Until([&] { return here.running == 1; });
  service->Drain();
  EXPECT_FALSE(service->drained());
  here.let_go = true;
  Until([&] { return service->drained(); });
  EXPECT_EQ(here.runs, 1);
  EXPECT_EQ(service->metrics().failures(), 0U);
}

}  // namespace
}  // namespace alcove::runtime
