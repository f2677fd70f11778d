// The program itself: what it prints, how it ends.
#include "tests/runtime/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class ProcessTest : public testing::Test {
 protected:
  ProcessTest() : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("alcove_process_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ProcessTest() override { std::filesystem::remove_all(folder_); }

  std::string Data() const { return (folder_ / "data").string(); }
  std::unique_ptr<Process> Serve(const std::string& listen = "127.0.0.1:0") const {
    return std::make_unique<Process>(std::vector<std::string>{"serve", "--data", Data(), "--listen", listen, "--ops",
                                                              "127.0.0.1:0", "--web", folder_.string()});
  }
  // Of "listening on http://127.0.0.1:1234".
  static SocketAddress AddressIn(const std::string& line) {
    const size_t begin = line.find("http://");
    EXPECT_NE(begin, line.npos) << line;
    return *SocketAddress::Parse(line.substr(begin + 7));
  }

  const std::filesystem::path folder_;
};

constexpr char kSession[] =
    "POST /v1/customer/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n"
    "{\"site\":\"sit_demo\"}";

// The text of a string field, without regard to anything else.
std::string Field(const std::string& json, const std::string& name) {
  const size_t begin = json.find("\"" + name + "\":\"") + name.size() + 4;
  return json.substr(begin, json.find('"', begin) - begin);
}

TEST_F(ProcessTest, SeedsTheSameSignInsEachTime) {
  Process first({"seed", "--data", Data(), "--agents", "2", "--json"});
  const Process::End end = first.Wait();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_THAT(end.out,
              AllOf(StartsWith("{\"site\":\"sit_demo\",\"agents\":[{\"email\":\""), HasSubstr("\"password\":\"")));
  Process second({"seed", "--data", Data(), "--agents", "2", "--json"});
  EXPECT_EQ(second.Wait().out, end.out);
}

TEST_F(ProcessTest, ServesAndEndsInOrderOnSigterm) {
  Process({"seed", "--data", Data(), "--agents", "1"}).Wait();
  const auto server = Serve();
  const std::string line = server->ReadLine();
  ASSERT_THAT(line, StartsWith("listening on http://127.0.0.1:"));
  const SocketAddress address = AddressIn(line);
  const SocketAddress ops = AddressIn(server->ReadLine());
  EXPECT_EQ(RawClient(ops).Ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);

  RawClient client(address);
  const auto session = client.Ask(kSession);
  ASSERT_TRUE(session.has_value());
  ASSERT_EQ(session->status, 200) << session->body;
  ASSERT_TRUE(client.Send(absl::StrCat("GET /v1/customer/poll?wait=25&cursor=", Field(session->body, "cursor"),
                                       " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", Field(session->body, "token"),
                                       "\r\n\r\n")));
  RawClient operations(ops);
  std::string metrics;
  for (int i = 0; i < 1000 && metrics.find("alcove_parked_requests 1\n") == metrics.npos; ++i) {
    metrics = operations.Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")->body;
  }
  EXPECT_THAT(metrics, AllOf(HasSubstr("alcove_parked_requests 1\n"), HasSubstr("alcove_function_failures_total 0\n")));

  server->Signal(SIGTERM);
  const auto answer = client.Read();
  ASSERT_TRUE(answer.has_value()) << "a parked poll is answered";
  EXPECT_EQ(answer->status, 200);
  EXPECT_THAT(answer->body, HasSubstr("\"retry_ms\":"));
  EXPECT_EQ(answer->Header("Connection"), "close");
  const Process::End end = server->Wait();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(end.err, "");
}

TEST_F(ProcessTest, EndsAtOnceOnASecondSignal) {
  const auto server = Serve();
  const SocketAddress address = AddressIn(server->ReadLine());
  RawClient half(address);
  ASSERT_TRUE(half.Send("GET /"));
  // Once it has answered somebody else it has read this one too, or will be drained for it.
  EXPECT_EQ(RawClient(address).Ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")->status, 404);
  server->Signal(SIGINT);
  while (RawClient(address).connected()) {
  }
  server->Signal(SIGINT);
  const Process::End end = server->Wait();
  EXPECT_EQ(end.code, 1);
  EXPECT_THAT(end.err, HasSubstr("told twice"));
}

TEST_F(ProcessTest, PutsOffWhoGuessesAPasswordUnlessLimitsAreOff) {
  const std::string body = R"({"email":"mara@demo.alcove.example","password":"guess"})";
  const std::string guess = absl::StrCat(
      "POST /v1/agent/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: ", body.size(),
      "\r\n\r\n", body);
  for (const bool limited : {true, false}) {
    SCOPED_TRACE(limited);
    Process server({"serve", "--data", Data(), "--listen", "127.0.0.1:0", "--web", folder_.string(), "--limits",
                    limited ? "on" : "off"});
    RawClient client(AddressIn(server.ReadLine()));
    for (int i = 0; i < wire::kSignInsByPair.burst; ++i) EXPECT_EQ(client.Ask(guess)->status, 401);
    auto answer = client.Ask(guess);
    // On a machine so slow that another one is allowed meanwhile.
    for (int i = 0; limited && i < 20 && answer->status == 401; ++i) answer = client.Ask(guess);
    EXPECT_EQ(answer->status, limited ? 429 : 401) << answer->body;
    EXPECT_EQ(answer->Header("Retry-After") != "", limited);
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait().code, 0);
  }
}

TEST_F(ProcessTest, SaysWhyItDoesNotStart) {
  const auto server = Serve();
  const SocketAddress address = AddressIn(server->ReadLine());

  const Process::End locked = Serve()->Wait();
  EXPECT_EQ(locked.code, 1);
  EXPECT_THAT(locked.err, StartsWith("alcove: "));
  EXPECT_EQ(locked.out, "");

  Process second({"serve", "--data", Data() + "2", "--listen", address.Text()});
  const Process::End taken = second.Wait();
  EXPECT_EQ(taken.code, 1);
  EXPECT_THAT(taken.err,
              HasSubstr(absl::StrCat("cannot listen on ", address.Text(), ": another program listens there")));

  EXPECT_EQ(Process({"serve"}).Wait().code, 2);
  EXPECT_EQ(Process({"brew"}).Wait().code, 2);
  EXPECT_EQ(Process({"serve", "--data", Data() + "3", "--web", "/nothing/there"}).Wait().code, 1);
}

TEST_F(ProcessTest, TellsItsVersionAndItsUse) {
  EXPECT_THAT(Process({"version"}).Wait().out, StartsWith("alcove "));
  EXPECT_THAT(Process({}).Wait().out, HasSubstr("alcove serve --data DIR"));
  EXPECT_EQ(Process({"help"}).Wait().code, 0);
}

}  // namespace
}  // namespace alcove::runtime
