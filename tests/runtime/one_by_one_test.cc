// Requests without a listener: nothing is parked, nothing is told before it is durable.
#include "runtime/one_by_one.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "functions/wire/limits.h"
#include "store/memory_store.h"
#include "tests/runtime/other_server.h"

namespace alcove::runtime {
namespace {

using functions::Outcome;
using functions::Request;
using functions::Response;
using functions::Wake;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

Response Text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}
Outcome Echo(const Request& request, functions::Context&) {
  return Text(request.body + " from " + request.client_address);
}
// As a poll: with a retry where the server goes down.
Outcome Poll(const Request& request, functions::Context&) {
  if (request.wake == Wake::kDraining) return Text("retry");
  return functions::Wait{{"t"}, absl::Now() + absl::Minutes(1)};
}
Outcome WaitForever(const Request&, functions::Context&) { return functions::Wait{{"t"}, absl::InfiniteFuture()}; }
Outcome Put(const Request&, functions::Context& context) {
  return context.store.Transact([](store::Transaction& txn) -> Outcome {
    txn.Put("k", "v");
    return Text("durable");
  });
}

Outcome AskOther(const Request& request, functions::Context&) {
  const functions::Fetched* const fetched = request.fetched.Find("other");
  if (fetched == nullptr) return functions::Fetch{.name = "other", .url = request.body};
  return Text(std::string(NameOf(fetched->result)) + " " + fetched->body);
}

// Against what a Fetch promises, but as a read does that rests on another's write.
Outcome PutAndAsk(const Request& request, functions::Context& context) {
  const absl::Status status = context.store.Transact([](store::Transaction& txn) {
    txn.Put("k", "v");
    return absl::OkStatus();
  });
  return status.ok() ? AskOther(request, context) : Outcome(status);
}

constexpr functions::Route kPutAndAsk{functions::Method::kPost, "/put-and-ask", functions::Caller::kAnyone, PutAndAsk};
constexpr functions::Route kAsk{functions::Method::kPost, "/ask", functions::Caller::kAnyone, AskOther};
constexpr functions::Route kEcho{functions::Method::kPost, "/echo", functions::Caller::kAnyone, Echo};
constexpr functions::Route kSlow{functions::Method::kPost,   "/slow",
                                 functions::Caller::kAnyone, Echo,
                                 functions::Work::kSend,     functions::Parking::kNever,
                                 functions::Lane::kSlow};
constexpr functions::Route kPoll{functions::Method::kGet,    "/poll",
                                 functions::Caller::kAnyone, Poll,
                                 functions::Work::kPoll,     functions::Parking::kOneByToken};
constexpr functions::Route kForever{functions::Method::kGet, "/forever", functions::Caller::kAnyone, WaitForever};
constexpr functions::Route kPut{functions::Method::kPut, "/put", functions::Caller::kAnyone, Put};

functions::Matched FindTestRoute(functions::Method method, std::string_view path) {
  for (const functions::Route* const route : {&kAsk, &kPutAndAsk, &kEcho, &kSlow, &kPoll, &kForever, &kPut}) {
    if (route->method == method && route->pattern == path) return {functions::Match{route, {}}, {}};
  }
  return {};
}

// Whose disk refuses whatever is written.
class LosingStore final : public store::Store {
 public:
  std::string epoch() const override { return "e"; }
  void Watch(store::Watcher*) override {}
  absl::Status Sequence(const Body& body, store::FatePtr& fate) override {
    fate = std::make_shared<store::Fate>();
    absl::Status status = below_->Transact(body);
    fate->Decide(absl::UnavailableError("lost"));
    return status;
  }
  bool sequences() const override { return true; }

 protected:
  absl::Status TransactStatus(const Body& body) override { return below_->Transact(body); }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    return below_->Read(body);
  }

 private:
  std::unique_ptr<store::Store> below_ = store::MakeMemoryStore();
};

std::string Ask(OneByOne& host, const std::string& bytes, const std::string& peer = "9.9.9.9") {
  const FramerLimits limits;
  Framer framer(limits);
  framer.Consume(bytes);
  EXPECT_EQ(framer.state(), Framer::State::kComplete);
  return host.Answer(framer.Take(), peer);
}

OneByOne::Parts PartsWith(std::unique_ptr<store::Store> store) {
  return {.store = std::move(store),
          .files = std::make_unique<StaticFiles>(),
          .find_route = FindTestRoute,
          .trusted_proxies = *TrustedProxies::Parse("9.0.0.0/8")};
}

TEST(OneByOne, AnswersOneRequestAfterAnother) {
  OneByOne host(PartsWith(store::MakeMemoryStore()));
  for (const std::string path : {"/echo", "/slow", "/echo"}) {
    SCOPED_TRACE(path);
    EXPECT_THAT(Ask(host, "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"),
                AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Connection: close\r\n"), HasSubstr("X-Request-Id: "),
                      HasSubstr("hi from 9.9.9.9")));
  }
  EXPECT_THAT(Ask(host, "POST /echo HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\nContent-Length: 0\r\n\r\n"),
              HasSubstr("from 1.1.1.1"));
  EXPECT_THAT(Ask(host, "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Ask(host, "PUT /put HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"), HasSubstr("durable"));
}

// A process may live long: nobody guesses passwords for as long as it does.
TEST(OneByOne, PutsOffWhoAsksTooOften) {
  OneByOne host(PartsWith(store::MakeMemoryStore()));
  const std::string slow = "POST /slow HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  for (int i = 0; i < wire::kSignInsByAddress.burst; ++i) {
    EXPECT_THAT(Ask(host, slow, "1.2.3.4"), StartsWith("HTTP/1.1 200 "));
  }
  std::string answer = Ask(host, slow, "1.2.3.4");
  // On a machine so slow that more are allowed meanwhile.
  for (int i = 0; i < 20 && answer.starts_with("HTTP/1.1 200 "); ++i) answer = Ask(host, slow, "1.2.3.4");
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 429 "), HasSubstr("Retry-After: ")));
  EXPECT_THAT(Ask(host, slow, "1.2.3.5"), StartsWith("HTTP/1.1 200 "));
  for (int i = 0; i < wire::kSignInsByAddress.burst + 20; ++i) {
    ASSERT_THAT(Ask(host, slow, ""), StartsWith("HTTP/1.1 200 ")) << "nobody knows who that is";
  }
}

TEST(OneByOne, DoesNotHoldAPoll) {
  OneByOne host(PartsWith(store::MakeMemoryStore()));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Ask(host, "GET /poll HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n"),
                AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("retry")));
  }
  EXPECT_THAT(Ask(host, "GET /forever HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\"draining\""), HasSubstr("Retry-After: ")));
}

TEST(OneByOne, TellsNothingThatIsNotDurable) {
  OneByOne host(PartsWith(std::make_unique<LosingStore>()));
  EXPECT_THAT(Ask(host, "PUT /put HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\"storage\""), testing::Not(HasSubstr("durable"))));
}

TEST(OneByOne, AwaitsWhatItAsksOfOthers) {
  OtherServer other([](OtherEnd& end) {
    end.Read();
    end.Send(AnswerOf("hello"));
  });
  OneByOne::Parts parts = PartsWith(store::MakeMemoryStore());
  parts.fetcher.allowed = *Networks::Parse("127.0.0.1");
  OneByOne host(std::move(parts));
  OneByOne stranger(PartsWith(store::MakeMemoryStore()));
  const std::string request =
      absl::StrCat("POST /ask HTTP/1.1\r\nHost: a\r\nContent-Length: ", other.Url().size(), "\r\n\r\n", other.Url());
  EXPECT_THAT(Ask(host, request), HasSubstr("answered hello"));
  EXPECT_THAT(Ask(stranger, request), HasSubstr("forbidden "));
}

TEST(OneByOne, AsksNobodyAboutWhatIsLost) {
  OtherServer other([](OtherEnd& end) { end.Read(); });
  OneByOne::Parts parts = PartsWith(std::make_unique<LosingStore>());
  parts.fetcher.allowed = *Networks::Parse("127.0.0.1");
  OneByOne host(std::move(parts));
  EXPECT_THAT(Ask(host, absl::StrCat("POST /put-and-ask HTTP/1.1\r\nHost: a\r\nContent-Length: ", other.Url().size(),
                                     "\r\n\r\n", other.Url())),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\"storage\"")));
  EXPECT_EQ(other.connections(), 0);
}

}  // namespace
}  // namespace alcove::runtime
