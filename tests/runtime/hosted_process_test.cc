// The program where it has no listener: one request from standard input, and
// the events of AWS Lambda's runtime interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/runtime/lambda_events.h"
#include "tests/runtime/process.h"
#include "tests/runtime/runtime_interface.h"

namespace alcove::runtime {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// When a poll is to come back is random, and may be at once: not so of as many.
constexpr int kPolls = 3;

class HostedTest : public testing::Test {
 protected:
  HostedTest() : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("alcove_hosted_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ / "web");
    EXPECT_EQ(Process({"seed", "--data", Data(), "--agents", "1"}).Wait().code, 0);
  }
  ~HostedTest() override { std::filesystem::remove_all(folder_); }

  std::string Data() const { return (folder_ / "data").string(); }
  std::vector<std::string> Words(const std::string& command) const {
    return {command, "--data", Data(), "--web", (folder_ / "web").string()};
  }

  Process::End Invoke(const std::string& request) const {
    Process process(Words("invoke"), {.piped = true});
    process.Write(request);
    process.CloseInput();
    return process.Wait();
  }

  static std::string Ask(const std::string& line, const std::string& token, const std::string& body) {
    return absl::StrCat(line, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ", token,
                        "\r\nContent-Length: ", body.size(), "\r\n\r\n", body);
  }

  const std::filesystem::path folder_;
};

TEST_F(HostedTest, InvokeServesAConversationARequestAtATime) {
  const Process::End session = Invoke(Ask("POST /v1/customer/session", "", "{\"site\":\"sit_demo\"}"));
  EXPECT_EQ(session.code, 0) << session.err;
  ASSERT_THAT(session.out, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("Connection: close\r\n")));
  EXPECT_EQ(session.err, "");
  const std::string token = Field(session.out, "token");
  const std::string poll = absl::StrCat("GET /v1/customer/poll?wait=25&cursor=", Field(session.out, "cursor"));

  int64_t retry_ms = 0;
  for (int i = 0; i < kPolls; ++i) {
    const Process::End empty = Invoke(Ask(poll, token, ""));
    EXPECT_EQ(empty.code, 0) << empty.err;
    EXPECT_THAT(empty.out, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\"events\":[]")));
    retry_ms = std::max(retry_ms, NumberField(empty.out, "retry_ms"));
  }
  EXPECT_GT(retry_ms, 0) << "it would be started again at once, and again";

  EXPECT_THAT(Invoke(Ask(absl::StrCat("PUT ", kConversation), token, kFirst)).out, StartsWith("HTTP/1.1 201 "));
  EXPECT_THAT(Invoke(Ask(absl::StrCat("PUT ", kConversation), token, kFirst)).out, StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(Invoke(Ask(poll, token, "")).out, AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\"hello\"")));
}

TEST_F(HostedTest, InvokeAnswersWhateverCame) {
  struct Case {
    std::string request;
    std::string begin;
  };
  for (const Case& c : std::vector<Case>{
           {"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404 "},
           {"HEAD /v1/customer/poll HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 4"},
           // What follows is nobody's request.
           {"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /v1/customer/poll HTTP/1.1\r\n\r\n", "HTTP/1.1 404 "},
           {"GET /nothing HTTP/1.1\r\nHost: a\r\n", "HTTP/1.1 400 "},
           {"GET / HTTP/1.1\nHost: a\n\n", "HTTP/1.1 400 "},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 400 "},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999\r\n\r\n", "HTTP/1.1 413 "},
           {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nx", "HTTP/1.1 400 "},
       }) {
    SCOPED_TRACE(c.request);
    const Process::End end = Invoke(c.request);
    EXPECT_EQ(end.code, 0) << end.err;
    EXPECT_THAT(end.out, StartsWith(c.begin));
    EXPECT_EQ(end.out.find("HTTP/1.1", 1), end.out.npos) << "one answer";
    EXPECT_EQ(end.err, "");
  }
}

TEST_F(HostedTest, InvokeTellsTheClientToGoOn) {
  Process process(Words("invoke"), {.piped = true});
  process.Write("POST /nothing HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(process.ReadLine(), "HTTP/1.1 100 Continue\r");
  process.Write("{}");
  EXPECT_THAT(process.Wait().out, HasSubstr("HTTP/1.1 404 "));
}

TEST_F(HostedTest, InvokeSaysWhyItCannotServe) {
  const Process::End nothing = Invoke("");
  EXPECT_EQ(nothing.code, 1);
  EXPECT_EQ(nothing.out, "");
  EXPECT_THAT(nothing.err, HasSubstr("no request came"));

  Process elsewhere({"invoke", "--data", Data() + "2", "--web", (folder_ / "web").string()}, {.piped = true});
  elsewhere.Write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const Process::End missing = elsewhere.Wait();
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.out, AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("Retry-After: ")));
  EXPECT_THAT(missing.err, HasSubstr("there is no store in "));
  EXPECT_FALSE(std::filesystem::exists(Data() + "2"));

  EXPECT_EQ(Process({"invoke"}).Wait().code, 2);
  EXPECT_EQ(Process({"invoke", "--data", Data(), "--listen", "127.0.0.1:0"}).Wait().code, 2);
}

TEST_F(HostedTest, InvokeIsToldWhereByTheEnvironment) {
  Process process({"invoke"}, {.environment = {{"ALCOVE_DATA", Data()}, {"ALCOVE_WEB", (folder_ / "web").string()}},
                               .piped = true});
  process.Write("GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(process.Wait().out, StartsWith("HTTP/1.1 404 "));
}

// No server runs beside: an agent who does not accept loses the conversation when `alcove due` is called.
TEST_F(HostedTest, DueDoesWhatIsToBeDoneByNow) {
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--data", Data()});
    const Process::End end = Process(std::move(words)).Wait();
    EXPECT_EQ(end.code, 0) << end.err;
    return end.out;
  };
  run({"admin", "put", "settings", "{\"accept_timeout_ms\":1}"});
  const std::string seeded = run({"seed", "--agents", "1", "--json"});
  const Process::End agent = Invoke(Ask(
      "POST /v1/agent/session", "",
      absl::StrCat("{\"email\":\"", Field(seeded, "email"), "\",\"password\":\"", Field(seeded, "password"), "\"}")));
  EXPECT_THAT(Invoke(Ask("PUT /v1/agent/presence", Field(agent.out, "token"), "{\"state\":\"online\"}")).out,
              StartsWith("HTTP/1.1 200 "));
  const std::string token = Field(Invoke(Ask("POST /v1/customer/session", "", "{\"site\":\"sit_demo\"}")).out, "token");
  EXPECT_THAT(Invoke(Ask(absl::StrCat("PUT ", kConversation), token, kFirst)).out, StartsWith("HTTP/1.1 201 "));
  const auto events = [&] { return Invoke(Ask(absl::StrCat("GET ", kConversation, "/events"), token, "")).out; };
  EXPECT_THAT(events(), AllOf(HasSubstr("\"assigned\""), Not(HasSubstr("\"unassigned\""))));
  EXPECT_THAT(run({"due"}), testing::MatchesRegex("[1-9][0-9]* done, 0 to be run again, 0 given up\n"));
  EXPECT_THAT(events(), HasSubstr("\"unassigned\""));
  EXPECT_EQ(run({"due"}), "0 done, 0 to be run again, 0 given up\n");

  EXPECT_EQ(Process({"due", "--data", (folder_ / "none").string()}).Wait().code, 1);
  EXPECT_EQ(Process({"due"}).Wait().code, 2);
}

TEST_F(HostedTest, LambdaServesEventsOneAfterAnother) {
  const Process::End session = Invoke(Ask("POST /v1/customer/session", "", "{\"site\":\"sit_demo\"}"));
  const std::string token = Field(session.out, "token");
  const std::string poll = absl::StrCat("/v1/customer/poll?wait=25&cursor=", Field(session.out, "cursor"));

  const std::vector<std::string> events = {
      Event("PUT", kConversation, token, kFirst),
      "{\"httpMethod\":\"GET\",\"path\":\"/a secret\"}",
      "no JSON, but a secret",
      Event("GET", poll, token, ""),
      Event("GET", "/nothing", "wrong", ""),
      Event("PUT", kConversation, token, std::string(200'000, ' ')),
      Event("GET", "/a%zz", token, ""),
  };
  std::vector<std::string> offered(kPolls, Event("GET", poll, token, ""));
  offered.insert(offered.end(), events.begin(), events.end());
  RuntimeInterface interface(std::move(offered));
  Process process(Words("lambda"), {.environment = {{"AWS_LAMBDA_RUNTIME_API", interface.address()}}});
  const Process::End end = process.Wait();
  EXPECT_EQ(end.code, 1) << "the interface has ended";
  EXPECT_THAT(end.err, HasSubstr("the runtime interface did not take the question for the next event: status 410"));
  EXPECT_EQ(end.out, "");

  const auto& posted = interface.End();
  ASSERT_EQ(posted.size(), kPolls + events.size());
  int64_t retry_ms = 0;
  for (size_t i = 0; i < kPolls; ++i) {
    EXPECT_EQ(posted[i].path, absl::StrCat("invocation/id-", i + 1, "/response"));
    EXPECT_THAT(posted[i].body, AllOf(StartsWith("{\"statusCode\":200,"), HasSubstr("\\\"events\\\":[]"),
                                      HasSubstr("\"isBase64Encoded\":false")));
    retry_ms = std::max(retry_ms, NumberField(posted[i].body, "retry_ms"));
  }
  EXPECT_GT(retry_ms, 0) << "it would be asked again at once, and again";
  const std::span answers = std::span(posted).subspan(kPolls);
  for (size_t i = 0; i < answers.size(); ++i) {
    const bool failed = i == 1 || i == 2;
    EXPECT_EQ(answers[i].path, absl::StrCat("invocation/id-", kPolls + i + 1, failed ? "/error" : "/response"));
  }
  EXPECT_THAT(answers[0].body, StartsWith("{\"statusCode\":201,"));
  for (const size_t i : {1U, 2U}) {
    EXPECT_THAT(answers[i].body, AllOf(HasSubstr("\"errorType\":\"Alcove.BadEvent\""), Not(HasSubstr("secret"))));
    EXPECT_THAT(answers[i].head, HasSubstr("Lambda-Runtime-Function-Error-Type: Alcove.BadEvent\r\n"));
  }
  EXPECT_THAT(answers[3].body, AllOf(StartsWith("{\"statusCode\":200,"), HasSubstr("hello")));
  EXPECT_THAT(answers[4].body, StartsWith("{\"statusCode\":404,"));
  EXPECT_THAT(answers[5].body, StartsWith("{\"statusCode\":413,"));
  EXPECT_THAT(answers[6].body, StartsWith("{\"statusCode\":400,"));
}

TEST_F(HostedTest, LambdaSaysThatItCannotStart) {
  RuntimeInterface interface({});
  Process process({"lambda", "--data", Data() + "2", "--web", (folder_ / "web").string()},
                  {.environment = {{"AWS_LAMBDA_RUNTIME_API", interface.address()}}});
  const Process::End end = process.Wait();
  EXPECT_EQ(end.code, 1);
  EXPECT_THAT(end.err, HasSubstr("there is no store in "));
  const auto& posted = interface.End();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].path, "init/error");
  EXPECT_THAT(posted[0].body, HasSubstr("\"errorType\":\"Alcove.Start\""));

  const Process::End nowhere = Process(Words("lambda")).Wait();
  EXPECT_EQ(nowhere.code, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("AWS_LAMBDA_RUNTIME_API"));
  Process deaf(Words("lambda"), {.environment = {{"AWS_LAMBDA_RUNTIME_API", interface.address()}}});
  EXPECT_EQ(deaf.Wait().code, 1) << "nobody listens there any more";
}

}  // namespace
}  // namespace alcove::runtime
