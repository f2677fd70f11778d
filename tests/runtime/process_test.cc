// The program itself: what it prints, how it ends.
#include "tests/runtime/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "tests/runtime/exposition.h"
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
  std::unique_ptr<Process> Serve(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words = {"serve", "--data",      Data(),  "--listen",      "127.0.0.1:0",
                                      "--ops", "127.0.0.1:0", "--web", folder_.string()};
    words.insert(words.end(), more.begin(), more.end());
    return std::make_unique<Process>(std::move(words));
  }

  const std::filesystem::path folder_;
};

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

  // Of several: when each is to come back is random, and may be at once.
  std::deque<RawClient> clients;
  for (int i = 0; i < 3; ++i) {
    RawClient& client = clients.emplace_back(address);
    const auto session = client.Ask(kSession);
    ASSERT_TRUE(session.has_value());
    ASSERT_EQ(session->status, 200) << session->body;
    ASSERT_TRUE(client.Send(absl::StrCat("GET /v1/customer/poll?wait=25&cursor=", Field(session->body, "cursor"),
                                         " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ",
                                         Field(session->body, "token"), "\r\n\r\n")));
  }
  RawClient operations(ops);
  std::string metrics;
  for (int i = 0; i < 1000 && metrics.find("alcove_parked_requests 3\n") == metrics.npos; ++i) {
    metrics = operations.Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")->body;
  }
  EXPECT_THAT(metrics, AllOf(HasSubstr("alcove_parked_requests 3\n"), HasSubstr("alcove_function_failures_total 0\n")));

  server->Signal(SIGTERM);
  int64_t retry_ms = 0;
  for (RawClient& client : clients) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value()) << "a parked poll is answered";
    EXPECT_EQ(answer->status, 200);
    retry_ms = std::max(retry_ms, NumberField(answer->body, "retry_ms"));
    EXPECT_EQ(answer->Header("Connection"), "close");
  }
  EXPECT_GT(retry_ms, 0) << "all would come back at once, while the server is down";
  const Process::End end = server->Wait();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(end.err, "");
}

TEST(SimulateProcess, RunsTheExample) {
  const std::string example = ALCOVE_SOURCE "/docs/day.json";
  const Process::End text = Process({"simulate", example}).Wait();
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, AllOf(StartsWith("140 came: "), HasSubstr("\nMara Kovač "), HasSubstr("\nCheckout is urgent "),
                              HasSubstr("\nAlva ")));
  EXPECT_EQ(Process({"simulate", example}).Wait().out, text.out);
  EXPECT_THAT(Process({"simulate", example, "--json"}).Wait().out, StartsWith("{\"arrivals\":140,\"served\":"));
  const Process::End folder = Process({"simulate", ALCOVE_SOURCE "/docs"}).Wait();
  EXPECT_EQ(folder.code, 1);
  EXPECT_THAT(folder.err, HasSubstr("/docs: Is a directory"));
  const Process::End wrong = Process({"simulate", ALCOVE_SOURCE "/package.json"}).Wait();
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("package.json: `date` is missing"));
  EXPECT_EQ(Process({"simulate", ALCOVE_SOURCE "/none.json"}).Wait().code, 1);
  EXPECT_EQ(Process({"simulate"}).Wait().code, 2);
  EXPECT_EQ(Process({"simulate", example, "--data", "d"}).Wait().code, 2);
}

std::string Ask(const std::string& line, const std::string& token, const std::string& body) {
  return absl::StrCat(line, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ", token,
                      "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
}

TEST_F(ProcessTest, IsNotReadyWhileItDrainsAndFinishesWhatWasBegun) {
  Process({"seed", "--data", Data(), "--agents", "1"}).Wait();
  const auto server = Serve();
  const SocketAddress address = AddressIn(server->ReadLine());
  const SocketAddress ops = AddressIn(server->ReadLine());
  RawClient customer(address);
  const std::string token = Field(customer.Ask(kSession)->body, "token");

  // A write of which half has come.
  const std::string conversation = "/v1/customer/conversations/cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  const std::string write = Ask(absl::StrCat("PUT ", conversation), token,
                                "{\"message\":{\"id\":\"msg_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"text\":\"hello\"}}");
  RawClient writer(address);
  ASSERT_TRUE(writer.Send(write.substr(0, write.size() - 5)));
  // Its reactor has read it once it has answered who came later; each of the two is asked.
  for (int i = 0; i < 4; ++i) EXPECT_EQ(RawClient(address).Ask("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")->status, 404);

  server->Signal(SIGTERM);
  std::optional<RawAnswer> ready;
  do {
    ready = RawClient(ops).Ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_TRUE(ready.has_value());
  } while (ready->status != 503);
  EXPECT_THAT(ready->body, HasSubstr("draining"));
  EXPECT_EQ(RawClient(ops).Ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);

  const auto written = writer.Ask(write.substr(write.size() - 5));
  ASSERT_TRUE(written.has_value());
  EXPECT_EQ(written->status, 201) << written->body;
  // Not ready any more is said first, so this answer may have come before its reactor was told; then it ends after it.
  EXPECT_TRUE(writer.AtEnd());
  EXPECT_EQ(server->Wait().code, 0);

  const auto again = Serve();
  RawClient reader(AddressIn(again->ReadLine()));
  EXPECT_THAT(reader.Ask(Ask(absl::StrCat("GET ", conversation, "/events?after=0"), token, ""))->body,
              HasSubstr("\"hello\""));
}

TEST_F(ProcessTest, TellsOperatorsAloneHowItIs) {
  const auto server = Serve();
  const SocketAddress address = AddressIn(server->ReadLine());
  const SocketAddress ops = AddressIn(server->ReadLine());
  for (const char* const path : {"/healthz", "/readyz", "/metrics"}) {
    const std::string asked = absl::StrCat("GET ", path, " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(RawClient(ops).Ask(asked)->status, 200) << path;
    EXPECT_EQ(RawClient(address).Ask(asked)->status, 404) << path;
  }
}

TEST_F(ProcessTest, EndsInTimeWhereSomebodyNeverDoes) {
  const auto server = Serve();
  const SocketAddress address = AddressIn(server->ReadLine());
  RawClient half(address);
  ASSERT_TRUE(half.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(RawClient(address).Ask("GET /none HTTP/1.1\r\nHost: a\r\n\r\n")->status, 404);
  server->Signal(SIGTERM);
  // Past 14 s it would be 1.
  EXPECT_EQ(server->Wait().code, 0);
}

// Marks everything that people write, their tokens and addresses, and looks for the marks in the log.
TEST_F(ProcessTest, LogsRequestsWithoutTextsTokensAndAddresses) {
  Process seed({"seed", "--data", Data(), "--agents", "1", "--json"});
  const std::string signs = seed.Wait().out;
  const auto server = Serve({"--log", "requests", "--trust-proxy", "127.0.0.0/8"});
  RawClient client(AddressIn(server->ReadLine()));
  const std::string marks =
      "X-Request-Id: asked-42\r\nX-Forwarded-For: 203.0.113.77\r\nUser-Agent: marked-agent\r\n"
      "Cookie: marked-cookie\r\n";
  const auto ask = [&](const std::string& line, const std::string& token, const std::string& body) {
    std::string request = Ask(line, token, body);
    request.insert(request.find("Content-Type"), marks);
    const auto answer = client.Ask(request);
    return answer.value_or(RawAnswer{});
  };
  const std::string token = Field(ask("POST /v1/customer/session", "", "{\"site\":\"sit_demo\"}").body, "token");
  const std::string conversation = "/v1/customer/conversations/cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV";
  EXPECT_EQ(ask(absl::StrCat("PUT ", conversation), token,
                "{\"message\":{\"id\":\"msg_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"text\":\"marked-text\"}}")
                .status,
            201);
  EXPECT_EQ(ask(absl::StrCat("POST ", conversation, "/typing"), token, "{\"text\":\"marked-draft\"}").status, 200);
  EXPECT_EQ(ask("POST /v1/customer/session", "", "{\"site\":\"sit_demo\",\"page\":{marked-json").status, 400);
  EXPECT_EQ(ask("POST /v1/agent/session", "",
                absl::StrCat("{\"email\":\"", Field(signs, "email"), "\",\"password\":\"marked-password\"}"))
                .status,
            401);
  const RawAnswer agent =
      ask("POST /v1/agent/session", "",
          absl::StrCat("{\"email\":\"", Field(signs, "email"), "\",\"password\":\"", Field(signs, "password"), "\"}"));
  EXPECT_EQ(agent.status, 200);
  EXPECT_EQ(ask("GET /v1/agent/conversations?q=marked-query", Field(agent.body, "token"), "").status, 400);
  EXPECT_EQ(ask("GET /marked-path?marked-query", "at_marked-token", "").status, 404);
  server->Signal(SIGTERM);
  const Process::End end = server->Wait();
  EXPECT_EQ(end.code, 0);

  size_t lines = 0;
  std::istringstream log(end.err);
  for (std::string line; std::getline(log, line); ++lines) {
    EXPECT_THAT(line, AllOf(StartsWith("{\"time\":\""), HasSubstr("\"id\":\"asked-42\""), HasSubstr("\"route\":\""),
                            HasSubstr("\"status\":\""), testing::EndsWith("}")));
  }
  EXPECT_EQ(lines, 8U) << end.err;
  for (const std::string& mark :
       {std::string("marked"), std::string("203.0.113"), std::string("127.0.0.1"), token, Field(agent.body, "token"),
        Field(signs, "email"), Field(signs, "password"), std::string("01ARZ3NDEKTSV4RRFFQ69G5FAV")}) {
    EXPECT_EQ(end.err.find(mark), end.err.npos) << mark;
  }
}

TEST_F(ProcessTest, ChecksItsConfiguration) {
  const std::string path = (folder_ / "alcove.conf").string();
  std::ofstream(path) << "postgres = postgresql://u:marked@h/d\nlisten = 127.0.0.1:81\n";
  const Process::End end =
      Process({"serve", "--check-config", "--config", path}, {.environment = {{"ALCOVE_LISTEN", "127.0.0.1:82"}}})
          .Wait();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_EQ(end.err, "");
  EXPECT_THAT(end.out, AllOf(HasSubstr("listen = 127.0.0.1:82  # ALCOVE_LISTEN\n"),
                             HasSubstr("postgres = postgresql://u:****@h/d  # " + path + ", line 1: postgres\n"),
                             testing::Not(HasSubstr("marked"))));
  std::ofstream(path) << "data = d\n\nlimits = some\n";
  const Process::End refused = Process({"serve", "--check-config", "--config", path}).Wait();
  EXPECT_EQ(refused.code, 2);
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(refused.err, "alcove: " + path + ", line 3: limits is on or off, not \"some\"\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "d"));
}

TEST_F(ProcessTest, ChecksThatTheWebFilesAreThere) {
  const std::string data = (folder_ / "d").string();
  const std::string web = (folder_ / "none").string();
  const Process::End missing = Process({"serve", "--check-config", "--data", data, "--web", web}).Wait();
  EXPECT_EQ(missing.code, 1) << "as it would without --check-config";
  EXPECT_THAT(missing.out, HasSubstr("web = " + web));
  EXPECT_EQ(missing.err, "alcove: there is no folder " + web + "\n");
  EXPECT_EQ(Process({"serve", "--data", data, "--web", web}).Wait().err, missing.err);
  std::filesystem::create_directories(web);
  const Process::End there = Process({"serve", "--check-config", "--data", data, "--web", web}).Wait();
  EXPECT_EQ(there.code, 0) << there.err;
  EXPECT_EQ(there.err, "");
  EXPECT_FALSE(std::filesystem::exists(data));
}

TEST_F(ProcessTest, WritesMetricsThatPrometheusReads) {
  Process({"seed", "--data", Data(), "--agents", "1"}).Wait();
  const auto server = Serve();
  RawClient client(AddressIn(server->ReadLine()));
  RawClient ops(AddressIn(server->ReadLine()));
  const std::string session = client.Ask(kSession)->body;
  const std::string token = Field(session, "token");
  // As many conversations and messages as there are, the series are as many.
  const auto page = [&] { return Exposition(ops.Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")->body); };
  // What is deferred has its series once it is run, whenever that is.
  const std::string by_the_clock = "alcove_deferred_runs_total";
  size_t series = 0;
  for (const char last : std::string("ABCDEFGH")) {
    const std::string id = std::string("01ARZ3NDEKTSV4RRFFQ69G5FA") + last;
    EXPECT_EQ(client
                  .Ask(Ask(absl::StrCat("PUT /v1/customer/conversations/cnv_", id), token,
                           absl::StrCat("{\"message\":{\"id\":\"msg_", id, "\",\"text\":\"hello\"}}")))
                  ->status,
              201);
    client.Ask(absl::StrCat("GET /unknown/", id, " HTTP/1.1\r\nHost: a\r\n\r\n"));
    if (series == 0) series = page().SeriesBut(by_the_clock);
  }
  EXPECT_EQ(page().SeriesBut(by_the_clock), series);
  EXPECT_EQ(client.Ask(Ask(absl::StrCat("GET /v1/customer/poll?cursor=", Field(session, "cursor")), token, ""))->status,
            200);
  const Exposition last = page();
  EXPECT_EQ(last.faults(), "");
  EXPECT_EQ(last.Value("alcove_answers_total{route=\"/v1/customer/conversations/{conversation}\",code=\"201\"}"), 8);
  EXPECT_GE(last.Value("alcove_request_seconds_count{class=\"write\"}"), 9);
  EXPECT_EQ(last.Value("alcove_request_seconds_count{class=\"poll\"}"), 1);
  EXPECT_GE(last.Value("alcove_delivery_seconds_count"), 8) << "each message was told";
  EXPECT_GE(last.Value("alcove_commit_seconds_count"), 8);
  EXPECT_GE(last.Value("alcove_store_commits_total"), 9);
  EXPECT_GE(last.Value("alcove_store_sync_seconds_count"), 1);
  // Another thread may have work at this moment, but not for ever.
  double queued = 1;
  for (int i = 0; i < RawClient::kPatienceMs && queued != 0; ++i) {
    queued = page().Value("alcove_queue_length{queue=\"fast\"}");
  }
  EXPECT_EQ(queued, 0);
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
  EXPECT_THAT(end.err, HasSubstr(R"("level":"error","text":"told twice, ending at once"})"));
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
  EXPECT_EQ(Process({"version", "--json"}).Wait().code, 2);
  const auto of_a_command = Process({"serve", "--help"}).Wait();
  EXPECT_EQ(of_a_command.code, 0);
  EXPECT_THAT(of_a_command.out, HasSubstr("alcove serve --data DIR"));
}

}  // namespace
}  // namespace alcove::runtime
