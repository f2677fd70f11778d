#include "runtime/function_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "runtime/ephemera.h"
#include "runtime/operations.h"
#include "runtime/readiness.h"
#include "runtime/system.h"
#include "store/memory_store.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using functions::Budget;
using functions::Matched;
using functions::Method;
using functions::Outcome;
using functions::Request;
using functions::Response;
using testing::HasSubstr;

Outcome Echo(const Request& request, functions::Context&) {
  Response response;
  response.body = std::string(request.Parameter("name")) + " from " + request.client_address;
  return response;
}
Outcome Throw(const Request&, functions::Context&) { throw std::runtime_error("secret"); }
Outcome ThrowANumber(const Request&, functions::Context&) { throw 5; }
Outcome PutIt(const Request&, functions::Context& context) {
  return context.store.Transact([](store::Transaction& txn) -> Outcome {
    txn.Put("k", "v");
    return Response{};
  });
}
Outcome Ask(const Request&, functions::Context&) { return functions::Fetch{.name = "a", .url = "http://a.example/"}; }
// Answers which making it shares, counted from 1; "0" where nothing is shared.
std::atomic<int> makings = 0;
Outcome Share(const Request&, functions::Context& context) {
  Response response;
  response.body = "0";
  if (context.shared == nullptr) return response;
  const auto shared = context.shared->Once<int>("making", []() -> absl::StatusOr<int> { return ++makings; });
  response.body = std::to_string(**shared);
  return response;
}
Outcome WaitForIt(const Request&, functions::Context&) { return functions::Wait{{"t"}, absl::Now()}; }

constexpr functions::Route kEcho{Method::kPut, "/echo/{name}", functions::Caller::kAnyone, Echo};
constexpr functions::Route kSlow{Method::kPost,
                                 "/slow",
                                 functions::Caller::kAnyone,
                                 Echo,
                                 functions::Work::kSession,
                                 functions::Parking::kNever,
                                 functions::Lane::kSlow};
constexpr functions::Route kSlowOfAgents{
    Method::kPost,          "/slow-of-agents",          functions::Caller::kAgent, Echo,
    functions::Work::kSend, functions::Parking::kNever, functions::Lane::kSlow};
constexpr functions::Route kPutOnce{.method = Method::kPost,
                                    .pattern = "/put-once",
                                    .who = functions::Caller::kAnyone,
                                    .function = PutIt,
                                    .stores = functions::Stores::kOnce};
constexpr functions::Route kThrow{Method::kGet, "/throw", functions::Caller::kAnyone, Throw};
constexpr functions::Route kThrowANumber{Method::kPost, "/throw", functions::Caller::kAnyone, ThrowANumber};
constexpr functions::Route kPut{Method::kPost, "/put", functions::Caller::kAnyone, PutIt};
constexpr functions::Route kAsk{Method::kGet, "/ask", functions::Caller::kAnyone, Ask};
constexpr functions::Route kShare{Method::kGet, "/share", functions::Caller::kAnyone, Share};
constexpr functions::Route kPoll{Method::kGet,
                                 "/poll",
                                 functions::Caller::kCustomer,
                                 WaitForIt,
                                 functions::Work::kPoll,
                                 functions::Parking::kOneByToken};

Matched FindTestRoute(Method method, std::string_view path) {
  Matched matched;
  if (path == "/echo/x" && method == Method::kPut) matched.match = {&kEcho, {{"name", "x"}}};
  if (path == "/put-once" && method == Method::kPost) matched.match = {&kPutOnce, {}};
  if (path == "/slow" && method == Method::kPost) matched.match = {&kSlow, {}};
  if (path == "/slow-of-agents" && method == Method::kPost) matched.match = {&kSlowOfAgents, {}};
  if (path == "/throw" && method == Method::kGet) matched.match = {&kThrow, {}};
  if (path == "/throw" && method == Method::kPost) matched.match = {&kThrowANumber, {}};
  if (path == "/put" && method == Method::kPost) matched.match = {&kPut, {}};
  if (path == "/ask" && method == Method::kGet) matched.match = {&kAsk, {}};
  if (path == "/share" && method == Method::kGet) matched.match = {&kShare, {}};
  if (path == "/poll" && method == Method::kGet) matched.match = {&kPoll, {}};
  return matched;
}

std::string HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

Call MakeCall(Method method, const std::string& path, const std::string& token = "") {
  Call call;
  call.request.method = method;
  call.request.path = path;
  call.request.token = token;
  call.request.client_address = "10.0.0.1";
  return call;
}

// What is overloaded refuses in the order of functions::Work: here is what each real call counts as.
TEST(WorkOfRequest, HasAPlaceForEachCallInTheOrderOfRefusal) {
  using functions::Work;
  const std::vector<std::pair<std::string, Work>> cases = {
      {"PUT /v1/agent/presence", Work::kPresence},
      {"POST /v1/customer/conversations/c/read", Work::kPresence},
      {"POST /v1/agent/conversations/c/read", Work::kPresence},
      {"POST /v1/customer/conversations/c/typing", Work::kTyping},
      {"POST /v1/agent/conversations/c/typing", Work::kTyping},
      {"GET /v1/customer/conversations/c/events?before=9", Work::kHistory},
      {"GET /v1/agent/conversations/c/events", Work::kHistory},
      {"GET /v1/agent/conversations?view=all", Work::kHistory},
      {"GET /loader.js?site=sit_demo", Work::kPage},
      {"GET /", Work::kPage},
      {"GET /v1/customer/poll?wait=25", Work::kPoll},
      {"GET /v1/agent/poll", Work::kPoll},
      {"POST /v1/customer/session", Work::kSession},
      {"GET /v1/agent/snapshot", Work::kSession},
      {"PUT /v1/customer/conversations/c", Work::kConversation},
      {"PUT /v1/customer/conversations/c/messages/m", Work::kSend},
      {"PUT /v1/agent/conversations/c/messages/m", Work::kSend},
      {"POST /v1/agent/conversations/c/claim", Work::kSend},
      {"POST /v1/customer/conversations/c/close", Work::kSend},
  };
  Work before = Work::kPresence;
  for (const auto& [line, work] : cases) {
    EXPECT_EQ(WorkOfRequest(line + " HTTP/1.1\r\nHost: a\r\n\r\n"), work) << line;
    EXPECT_GE(work, before) << line;
    before = work;
  }
  EXPECT_EQ(WorkOfRequest("OPTIONS /v1/customer/poll HTTP/1.1\r\n\r\n"), Work::kPoll) << "of no method of ours";
}

class FunctionHostTest : public testing::Test {
 protected:
  static std::unique_ptr<StaticFiles> MakeFiles() {
    const std::string folder = store::MakeTemporaryFolder();
    std::ofstream(folder + "/page.html") << "page";
    auto files = *StaticFiles::Load(folder);
    std::filesystem::remove_all(folder);
    return files;
  }

  Admission Admit(Call call) { return host_.Admit(call); }
  Response Run(Call call) { return *host_.Run(call).response(); }

  Hub hub_;
  HubEphemera ephemera_{hub_, "i"};
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  std::unique_ptr<StaticFiles> files_ = MakeFiles();
  functions::Config config_;
  Metrics metrics_;
  const TrustedProxies proxies_ = *TrustedProxies::Parse("10.0.0.0/8");
  functions::Context context_{*store_, clock_, random_, ephemera_, *files_, config_};
  FunctionHost host_{FindTestRoute, *files_, proxies_, context_, metrics_};
};

// What a reactor runs has a snapshot, and nothing that could wait.
TEST_F(FunctionHostTest, RunsOnAMomentOnlyWhatReads) {
  Moment moment{.snapshot = host_.SnapshotAtOnce()};
  Call reads = MakeCall(Method::kPut, "/echo/x");
  reads.moment = &moment;
  EXPECT_EQ(host_.Run(reads).response()->body, "x from 10.0.0.1");
  EXPECT_FALSE(reads.needs_to_wait);

  // But for what the process has used.
  const auto counted = [&] {
    std::string lines;
    for (const std::string& line : std::vector<std::string>(absl::StrSplit(metrics_.Text({}), "\n"))) {
      if (line.starts_with("alcove_")) lines.append(line).append("\n");
    }
    return lines;
  };
  const std::string before = counted();
  Call writes = MakeCall(Method::kPost, "/put");
  writes.moment = &moment;
  (void)host_.Run(writes);
  EXPECT_TRUE(writes.needs_to_wait);
  EXPECT_EQ(counted(), before) << "a run that does not count was counted";
  const auto stored = [&] { return *store_->Read([](store::Reader& reader) { return reader.Get("k"); }); };
  EXPECT_EQ(stored(), std::nullopt);

  Call again = MakeCall(Method::kPost, "/put");
  EXPECT_EQ(host_.Run(again).response()->status, 200);
  EXPECT_FALSE(again.needs_to_wait);
  EXPECT_TRUE(again.fate->Await().ok());
  EXPECT_EQ(stored(), "v");
}

// What is run on one snapshot does once what it may do once.
TEST_F(FunctionHostTest, SharesTheWorkOfAMoment) {
  makings = 0;
  Moment first{.snapshot = host_.SnapshotAtOnce()};
  Moment second{.snapshot = host_.SnapshotAtOnce()};
  const auto run = [&](Moment* moment) {
    Call call = MakeCall(Method::kGet, "/share");
    call.moment = moment;
    return host_.Run(call).response()->body;
  };
  EXPECT_EQ(run(&first), "1");
  EXPECT_EQ(run(&first), "1");
  EXPECT_EQ(run(&second), "2");
  EXPECT_EQ(run(&first), "1");
  EXPECT_EQ(run(nullptr), "0");
}

// What a reactor stores itself is one transaction, of a function that says so.
TEST_F(FunctionHostTest, StoresAtOnceOnlyWhatStoresOnce) {
  const auto stored = [&] { return *store_->Read([](store::Reader& reader) { return reader.Get("k"); }); };
  Call any = MakeCall(Method::kPost, "/put");
  any.at_once = true;
  (void)host_.Run(any);
  EXPECT_TRUE(any.needs_to_wait);
  EXPECT_EQ(any.fate, nullptr);
  EXPECT_EQ(stored(), std::nullopt);

  Call once = MakeCall(Method::kPost, "/put-once");
  once.at_once = true;
  EXPECT_EQ(host_.Run(once).response()->status, 200);
  EXPECT_FALSE(once.needs_to_wait);
  ASSERT_NE(once.fate, nullptr);
  host_.CarryOut();
  EXPECT_TRUE(once.fate->Await().ok());
  EXPECT_EQ(stored(), "v");

  // By what can be seen before it is parsed.
  const std::string conversation = " /v1/customer/conversations/c";
  EXPECT_TRUE(host_.Foresee("PUT" + conversation + "/messages/m HTTP/1.1").stores_at_once);
  EXPECT_TRUE(host_.Foresee("PUT /v1/agent/conversations/c/messages/m?x=1 HTTP/1.1").stores_at_once);
  EXPECT_FALSE(host_.Foresee("PUT" + conversation + " HTTP/1.1").stores_at_once);
  EXPECT_FALSE(host_.Foresee("POST" + conversation + "/messages/m HTTP/1.1").stores_at_once);
  EXPECT_FALSE(host_.Foresee("PUT /elsewhere HTTP/1.1").stores_at_once);
}

TEST_F(FunctionHostTest, AsksNobodyOnAMoment) {
  Moment moment{.snapshot = host_.SnapshotAtOnce()};
  Call asks = MakeCall(Method::kGet, "/ask");
  asks.moment = &moment;
  (void)host_.Run(asks);
  EXPECT_TRUE(asks.needs_to_wait);
  Call again = MakeCall(Method::kGet, "/ask");
  EXPECT_NE(host_.Run(again).fetch(), nullptr);
  EXPECT_FALSE(again.needs_to_wait);
}

TEST_F(FunctionHostTest, SaysWhichCallsAreSlow) {
  EXPECT_EQ(Admit(MakeCall(Method::kPost, "/slow")).lane, functions::Lane::kSlow);
  for (const auto& [method, path] :
       {std::pair(Method::kGet, "/slow"), std::pair(Method::kPut, "/echo/x"), std::pair(Method::kGet, "/page.html")}) {
    EXPECT_EQ(Admit(MakeCall(method, path)).lane, functions::Lane::kFast) << path;
  }
}

// Notes what is taken, and has nothing left of `spent`.
class NotingBudgets final : public functions::Budgets {
 public:
  absl::Duration Take(Budget budget, std::string_view key) override {
    taken.emplace_back(budget, key);
    return budget == spent ? absl::Seconds(7) : absl::ZeroDuration();
  }
  absl::Duration TakeSignIn(std::string_view, std::string_view) override { return absl::ZeroDuration(); }
  void NoteSignIn(std::string_view, std::string_view) override {}

  std::optional<Budget> spent;
  std::vector<std::pair<Budget, std::string>> taken;
};

TEST_F(FunctionHostTest, TakesFromTheBudgetsBeforeItRunsAnything) {
  using Taken = std::vector<std::pair<Budget, std::string>>;
  NotingBudgets budgets;
  functions::Context context(*store_, clock_, random_, ephemera_, *files_, config_, budgets);
  FunctionHost host(FindTestRoute, *files_, proxies_, context, metrics_);
  const std::pair<Budget, std::string> everything{Budget::kRequestsByAddress, "1.2.3.4"};
  const struct {
    Method method;
    std::string path;
    std::string token;
    Taken taken;
  } kCases[] = {
      {Method::kGet, "/nothing", "t", {everything}},
      {Method::kPut, "/echo/x", "t", {everything}},  // anyone may call it: the token is not looked at
      {Method::kPost, "/slow", "", {everything, {Budget::kSignInsByAddress, "1.2.3.4"}}},
      {Method::kPost, "/slow-of-agents", "t", {everything, {Budget::kMessagesByToken, "t"}}},
      {Method::kGet, "/poll", "t", {everything, {Budget::kPollsByToken, "t"}}},
      {Method::kGet, "/poll", "", {everything}},  // the function refuses it
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.path + " " + c.token);
    Call call = MakeCall(c.method, c.path, c.token);
    call.forwarded = "for=6.6.6.6, for=1.2.3.4";
    for (const char* const forwarded_for : {"", "6.6.6.6, 1.2.3.4"}) {
      call.forwarded_for = forwarded_for;
      budgets.taken.clear();
      budgets.spent.reset();
      EXPECT_FALSE(host.Admit(call).refusal.has_value());
      EXPECT_EQ(budgets.taken, c.taken) << forwarded_for;
    }
    for (const auto& [budget, key] : c.taken) {
      budgets.spent = budget;
      const auto refusal = host.Admit(call).refusal;
      ASSERT_TRUE(refusal.has_value());
      EXPECT_EQ(refusal->status, 429);
      EXPECT_EQ(HeaderOf(*refusal, "Retry-After"), "7");
    }
  }
}

TEST_F(FunctionHostTest, RunsTheFunctionOfTheRoute) {
  Call call = MakeCall(Method::kPut, "/echo/x");
  call.forwarded_for = "6.6.6.6, 1.2.3.4";
  EXPECT_EQ(Run(call).body, "x from 1.2.3.4");
  call.forwarded_for.clear();
  call.forwarded = "for=6.6.6.6, for=5.6.7.8";
  EXPECT_EQ(Run(call).body, "x from 5.6.7.8");
  call.request.client_address = "11.0.0.1";
  EXPECT_EQ(Run(call).body, "x from 11.0.0.1") << "who is no proxy is not believed";
}

TEST_F(FunctionHostTest, ServesFilesWhereNoFunctionDoes) {
  EXPECT_EQ(Run(MakeCall(Method::kGet, "/page.html")).body, "page");
  EXPECT_EQ(Run(MakeCall(Method::kGet, "/nothing")).status, 404);
}

TEST_F(FunctionHostTest, TellsWhichMethodsAPathHas) {
  const std::vector<std::tuple<Method, std::string, std::string>> cases = {
      {Method::kGet, "/echo/x", "PUT"},
      {Method::kDelete, "/throw", "GET, HEAD, POST"},
      {Method::kPut, "/page.html", "GET, HEAD"},
  };
  for (const auto& [method, path, allowed] : cases) {
    SCOPED_TRACE(path);
    const Response refused = Run(MakeCall(method, path));
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_EQ(HeaderOf(refused, "Allow"), allowed);

    Call options = MakeCall(Method::kGet, path);
    options.verb = Call::Verb::kOther;
    EXPECT_EQ(Run(options).status, 405);
    options.is_options = true;
    EXPECT_EQ(Run(options).status, 204);
    EXPECT_EQ(HeaderOf(Run(options), "Allow"), allowed);
  }
  EXPECT_EQ(Run(MakeCall(Method::kPost, "/nothing")).status, 404);
}

TEST_F(FunctionHostTest, KeepsWhatAFunctionThrows) {
  for (const Method method : {Method::kGet, Method::kPost}) {
    const Response response = Run(MakeCall(method, "/throw"));
    EXPECT_EQ(response.status, 500);
    EXPECT_THAT(response.body, HasSubstr("\"internal\""));
    EXPECT_THAT(response.body, testing::Not(HasSubstr("secret")));
  }
  EXPECT_EQ(metrics_.failures(), 2U);
}

TEST_F(FunctionHostTest, LetsOnePollOfATokenStand) {
  EXPECT_EQ(Admit(MakeCall(Method::kGet, "/poll", "a")).supersede_key,
            Admit(MakeCall(Method::kGet, "/poll", "a")).supersede_key);
  EXPECT_NE(Admit(MakeCall(Method::kGet, "/poll", "a")).supersede_key,
            Admit(MakeCall(Method::kGet, "/poll", "b")).supersede_key);
  EXPECT_EQ(Admit(MakeCall(Method::kGet, "/poll", "")).supersede_key, "");
  EXPECT_EQ(Admit(MakeCall(Method::kGet, "/throw", "a")).supersede_key, "");
  Call head = MakeCall(Method::kGet, "/poll", "a");
  head.verb = Call::Verb::kHead;
  EXPECT_EQ(Admit(head).supersede_key, "") << "it does not wait, so it ends nobody";
}

TEST_F(FunctionHostTest, CountsByPatternAndCode) {
  Run(MakeCall(Method::kPut, "/echo/x"));
  Run(MakeCall(Method::kGet, "/page.html"));
  Run(MakeCall(Method::kGet, "/some/id/that/is/nothing"));
  Run(MakeCall(Method::kGet, "/throw"));
  Call poll = MakeCall(Method::kGet, "/poll");
  EXPECT_NE(host_.Run(poll).wait(), nullptr);
  host_.Refused(431);
  const std::string text =
      metrics_.Text({.open_connections = 7, .parked_requests = 3, .waited_topics = 0, .ephemera_items = 0});
  for (const char* const line : {
           "alcove_answers_total{route=\"/echo/{name}\",code=\"200\"} 1\n",
           "alcove_answers_total{route=\"file\",code=\"200\"} 1\n",
           "alcove_answers_total{route=\"none\",code=\"404\"} 1\n",
           "alcove_answers_total{route=\"/throw\",code=\"500\"} 1\n",
           "alcove_answers_total{route=\"edge\",code=\"431\"} 1\n",
           "alcove_connections 7\n",
           "alcove_parked_requests 3\n",
           "alcove_function_failures_total 1\n",
           "alcove_function_seconds_count 5\n",
       }) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, testing::Not(HasSubstr("/poll"))) << "it has not answered";
}

// What it says rests on a commit: it is counted as it goes out.
TEST_F(FunctionHostTest, CountsWhatIsLostAsWhatIsSentInstead) {
  const auto put = [&](const Response* instead) {
    Call call = MakeCall(Method::kPost, "/put");
    EXPECT_EQ(host_.Run(call).response()->status, 200);
    ASSERT_NE(call.fate, nullptr);
    ASSERT_NE(call.decided, nullptr);
    call.decided(instead);
  };
  const auto text = [&] { return metrics_.Text({}); };
  EXPECT_THAT(text(), testing::Not(HasSubstr("/put")));
  put(nullptr);
  EXPECT_THAT(text(), HasSubstr("alcove_answers_total{route=\"/put\",code=\"200\"} 1\n"));
  Response lost;
  lost.status = 503;
  put(&lost);
  EXPECT_THAT(text(), HasSubstr("alcove_answers_total{route=\"/put\",code=\"200\"} 1\n"));
  EXPECT_THAT(text(), HasSubstr("alcove_answers_total{route=\"/put\",code=\"503\"} 1\n"));
}

TEST(Operations, AnswersOperators) {
  absl::Status probe_status;
  Readiness readiness([&] { return probe_status; });
  Operations operations(readiness, [] { return std::string("metrics"); });
  const auto get = [&](const std::string& path) {
    Call call = MakeCall(Method::kGet, path);
    return *operations.Run(call).response();
  };
  EXPECT_EQ(get("/healthz").status, 200);
  EXPECT_EQ(get("/readyz").status, 200);
  EXPECT_EQ(get("/metrics").body, "metrics");
  EXPECT_EQ(get("/v1/agent/snapshot").status, 404);
  Call post = MakeCall(Method::kPost, "/healthz");
  EXPECT_EQ(operations.Run(post).response()->status, 405);

  readiness.SetDraining();
  const Response unready = get("/readyz");
  EXPECT_EQ(unready.status, 503);
  EXPECT_EQ(HeaderOf(unready, "Retry-After"), "1");
  EXPECT_EQ(get("/healthz").status, 200);
}

TEST(Readiness, IsThatAWriteSucceeds) {
  Readiness failing([] { return absl::UnavailableError("disk full"); });
  EXPECT_EQ(failing.Check().message(), "disk full");
  std::atomic<bool> let_go{false};
  Readiness hanging([&] {
    while (!let_go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return absl::OkStatus();
  });
  EXPECT_EQ(hanging.Check(std::chrono::milliseconds(10)).message(), "the store does not answer");
  let_go = true;
  EXPECT_TRUE(hanging.Check(std::chrono::seconds(20)).ok());
}

}  // namespace
}  // namespace alcove::runtime
