// Requests without a listener: nothing is parked, nothing is told before it is durable.
#include "runtime/one_by_one.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "store/memory_store.h"

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
  for (const functions::Route* const route : {&kEcho, &kSlow, &kPoll, &kForever, &kPut}) {
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

}  // namespace
}  // namespace alcove::runtime
