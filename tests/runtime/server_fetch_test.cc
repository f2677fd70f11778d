// Requests whose functions ask another server, over real sockets.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "runtime/fetcher.h"
#include "tests/runtime/other_server.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

using functions::Fetch;
using functions::Fetched;
using functions::Wake;

// `/ask?url=...` answers with what is there; `/loop` asks the same for ever; `/ask-then-wait` asks, then polls `t`.
class AskingApplication final : public Application {
 public:
  explicit AskingApplication(std::string url) : url_(std::move(url)) {}

  functions::Outcome Run(Call& call) override {
    const functions::Request& request = call.request;
    if (request.path == "/loop") return Fetch{.name = "same", .url = url_};
    if (request.path == "/plain") return Text(200, "plain");
    const Fetched* const asked = request.fetched.Find("ask");
    if (asked == nullptr) {
      if (request.wake == Wake::kSignalled) return Text(200, "it has forgotten");
      return Fetch{.name = "ask", .method = functions::FetchMethod::kPost, .url = url_, .body = request.body};
    }
    EXPECT_EQ(request.wake, Wake::kFetched);
    if (request.path == "/ask-then-wait") return functions::Wait{{"t"}, absl::Now() + absl::Minutes(1)};
    if (request.path == "/twice" && request.fetched.Find("again") == nullptr)
      return Fetch{.name = "again", .url = url_};
    return Text(200, absl::StrCat(std::string(NameOf(asked->result)), " ", asked->body, " to ", request.body));
  }
  void Refused(int) override {}

 private:
  const std::string url_;
};

class ServerFetchTest : public ServerTest {
 protected:
  ~ServerFetchTest() override {
    if (fetcher_ != nullptr) fetcher_->Stop();
    asking_server_.reset();
  }
  void StartAsking(const std::string& url, Fetcher* fetcher) {
    asking_ = std::make_unique<AskingApplication>(url);
    HttpServerOptions options;
    options.reactors = 1;
    options.workers = 2;
    options.fetcher = fetcher;
    auto server = HttpServer::Start(*SocketAddress::Parse("127.0.0.1:0"), std::move(options), *asking_, hub_, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    asking_server_ = *std::move(server);
  }
  void StartAsking(const std::string& url) {
    fetcher_ = std::make_unique<Fetcher>(FetcherOptions{.allowed = *Networks::Parse("127.0.0.1")}, metrics_);
    StartAsking(url, fetcher_.get());
  }
  RawClient ConnectAsking() { return RawClient(asking_server_->address()); }
  static std::string Post(std::string_view target, std::string_view body) {
    return absl::StrCat("POST ", std::string(target), " HTTP/1.1\r\nHost: a\r\nContent-Length: ", body.size(),
                        "\r\n\r\n", std::string(body));
  }

  Metrics metrics_;
  std::unique_ptr<Fetcher> fetcher_;
  std::unique_ptr<AskingApplication> asking_;
  std::unique_ptr<HttpServer> asking_server_;
};

void Echo(OtherEnd& end) {
  for (std::string request = end.Read(); !request.empty(); request = end.Read()) {
    end.Send(AnswerOf("echo of " + request.substr(request.find("\r\n\r\n") + 4)));
  }
}

TEST_F(ServerFetchTest, RunsTheSameRequestAgainWithWhatCameOfIt) {
  OtherServer other(Echo);
  StartAsking(other.Url());
  RawClient client = ConnectAsking();
  for (const std::string path : {"/ask", "/twice", "/ask"}) {
    client.Send(Post(path, "hello"));
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, "answered echo of hello to hello");
  }
}

TEST_F(ServerFetchTest, HoldsNoWorkerMeanwhile) {
  LateServer other("late");
  StartAsking(other.Url());
  // More than there are workers.
  std::vector<RawClient> asking;
  for (int i = 0; i < 6; ++i) {
    asking.push_back(ConnectAsking());
    asking.back().Send(Post("/ask", "x"));
  }
  Await([&] { return fetcher_->out() == 6; }, "six are out");
  RawClient client = ConnectAsking();
  client.Send(Get("/plain"));
  EXPECT_EQ(client.Read()->body, "plain");
  other.LetGo();
  for (RawClient& one : asking) EXPECT_EQ(one.Read()->body, "answered late to x");
}

TEST_F(ServerFetchTest, AnswersThatItIsABugToAskTheSameAgain) {
  OtherServer other(Echo);
  StartAsking(other.Url());
  RawClient client = ConnectAsking();
  client.Send(Get("/loop"));
  EXPECT_EQ(client.Read()->status, 500);
}

TEST_F(ServerFetchTest, MayWaitAfterwardsAndHasThenForgotten) {
  OtherServer other(Echo);
  StartAsking(other.Url());
  RawClient client = ConnectAsking();
  client.Send(Post("/ask-then-wait", ""));
  Await([&] { return asking_server_->parked_requests() == 1; }, "it waits");
  hub_.Signal("t");
  EXPECT_EQ(client.Read()->body, "it has forgotten");
}

TEST_F(ServerFetchTest, GoesOnWhereNobodyCanBeAsked) {
  StartAsking("http://127.0.0.1/", nullptr);
  RawClient client = ConnectAsking();
  client.Send(Post("/ask", "x"));
  EXPECT_EQ(client.Read()->body, "stopped  to x");
}

TEST_F(ServerFetchTest, OutlivesClientsThatHaveGoneMeanwhile) {
  LateServer other("late");
  StartAsking(other.Url());
  {
    RawClient client = ConnectAsking();
    client.Send(Post("/ask", "x"));
    Await([&] { return fetcher_->out() == 1; }, "it is out");
  }
  other.LetGo();
  Await([&] { return asking_server_->open_connections() == 0; }, "it is closed");
}

TEST_F(ServerFetchTest, FinishesWhatIsOutWhenItDrains) {
  LateServer other("late");
  StartAsking(other.Url());
  RawClient client = ConnectAsking();
  client.Send(Post("/ask", "x"));
  Await([&] { return fetcher_->out() == 1; }, "it is out");
  asking_server_->Drain();
  other.LetGo();
  EXPECT_EQ(client.Read()->body, "answered late to x");
  Await([&] { return asking_server_->drained(); }, "it has drained");
}

}  // namespace
}  // namespace alcove::runtime
