// Two servers on one PostgreSQL: a customer at one and an agent at the other
// talk; one is killed, and the customer goes on at the other, by the reverse
// proxy that stands before them in life.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "functions/wire/ids.h"
#include "tests/runtime/lambda_events.h"
#include "tests/runtime/nodes.h"
#include "tests/runtime/process.h"
#include "tests/runtime/raw_client.h"
#include "tests/runtime/runtime_interface.h"
#include "tests/store/postgres_server.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

RawAnswer Ask(const SocketAddress& node, const std::string& method, const std::string& target,
              const std::string& token = "", const std::string& body = "") {
  std::string request = absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
  if (!token.empty()) absl::StrAppend(&request, "Authorization: Bearer ", token, "\r\n");
  if (method != "GET") {
    absl::StrAppend(&request, "Content-Type: application/json\r\nContent-Length: ", body.size(), "\r\n");
  }
  std::optional<RawAnswer> answer;
  // While a proxy finds out that a node is away, its clients repeat.
  for (int tries = 0; tries < 100; ++tries) {
    answer = RawClient(node).Ask(absl::StrCat(request, "\r\n", body));
    if (!answer || (answer->status != 502 && answer->status != 503)) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(answer.has_value()) << method << " " << target;
  return answer.value_or(RawAnswer{});
}

// Somebody who polls, at whichever node they are sent to.
struct Person {
  std::string side;
  std::string token;
  std::string cursor;

  // Polls, held, until a text comes that has `text` in it.
  void Await(const SocketAddress& node, const std::string& text) {
    for (int polls = 0; polls < 100; ++polls) {
      const RawAnswer answer = Ask(node, "GET", absl::StrCat("/v1/", side, "/poll?wait=15&cursor=", cursor), token);
      ASSERT_EQ(answer.status, 200) << answer.body;
      cursor = Field(answer.body, "cursor");
      if (answer.body.find(text) != answer.body.npos) return;
    }
    FAIL() << "never heard: " << text;
  }
};

class TwoNodes : public testing::Test {
 protected:
  TwoNodes() : place_(store::PostgresServer::Shared().NewPlace()), web_(store::MakeTemporaryFolder()) {}
  ~TwoNodes() override { std::filesystem::remove_all(web_); }

  std::string Say(const SocketAddress& node, const Person& who, const std::string& conversation,
                  const std::string& message, const std::string& text) const {
    const RawAnswer answer =
        Ask(node, "PUT", absl::StrCat("/v1/", who.side, "/conversations/", conversation, "/messages/", message),
            who.token, absl::StrCat("{\"text\":\"", text, "\"}"));
    EXPECT_THAT(answer.status, testing::AnyOf(200, 201)) << answer.body;
    return answer.body;
  }

  const std::string place_;
  const std::string web_;
};

std::string NewId(const std::string& prefix, int number) {
  const std::string digits = absl::StrCat(number);
  return prefix + "01J0000000" + std::string(16 - digits.size(), '0') + digits;
}

// A customer and an agent of the demo site, each at a node, and a conversation of theirs.
class TwoNodesThatTalk : public TwoNodes {
 protected:
  void SetUp() override {
    const Process::End seeded = Process({"seed", "--postgres", place_, "--agents", "1", "--json"}).Wait();
    ASSERT_EQ(seeded.code, 0) << seeded.err;
    a_.emplace(place_, web_);
    b_.emplace(place_, web_);
    const RawAnswer signed_in = Ask(b_->address(), "POST", "/v1/agent/session", "",
                                    absl::StrCat("{\"email\":\"", Field(seeded.out, "email"), "\",\"password\":\"",
                                                 Field(seeded.out, "password"), "\"}"));
    ASSERT_EQ(signed_in.status, 200) << signed_in.body;
    agent_.token = Field(signed_in.body, "token");
    ASSERT_EQ(Ask(b_->address(), "PUT", "/v1/agent/presence", agent_.token, "{\"state\":\"online\"}").status, 200);
    agent_.cursor = Field(Ask(b_->address(), "GET", "/v1/agent/snapshot", agent_.token).body, "cursor");
  }
  void TearDown() override { ExpectVerified(place_); }
  // By the way of `node`.
  void Begin(const SocketAddress& node) {
    const RawAnswer session = Ask(node, "POST", "/v1/customer/session", "", "{\"site\":\"sit_demo\"}");
    ASSERT_EQ(session.status, 200) << session.body;
    customer_.token = Field(session.body, "token");
    customer_.cursor = Field(session.body, "cursor");
    const RawAnswer started =
        Ask(node, "PUT", absl::StrCat("/v1/customer/conversations/", conversation_), customer_.token,
            absl::StrCat("{\"message\":{\"id\":\"", NewId("msg_", 1), "\",\"text\":\"hello from A\"}}"));
    ASSERT_EQ(started.status, 201) << started.body;
    agent_.Await(b_->address(), "hello from A");
  }
  std::string FromCustomer(const SocketAddress& node, int number, const std::string& text) {
    return Say(node, customer_, conversation_, NewId("msg_", number), text);
  }
  void FromAgent(int number, const std::string& text) {
    Say(b_->address(), agent_, conversation_, NewId("msg_", number), text);
  }

  const std::string conversation_ = NewId("cnv_", 1);
  std::optional<Node> a_, b_;
  Person agent_{"agent", "", ""};
  Person customer_{"customer", "", ""};
};

TEST_F(TwoNodesThatTalk, SurviveOneAnother) {
  Begin(a_->address());
  FromAgent(2, "hello from B");
  customer_.Await(a_->address(), "hello from B");

  // Killed with an acknowledged message that B may not have been told of.
  const std::string last = FromCustomer(a_->address(), 3, "the last to A");
  a_->Kill();
  agent_.Await(b_->address(), "the last to A");
  // The same cursor and the same ids go on at B; what was said is there once.
  EXPECT_EQ(FromCustomer(b_->address(), 3, "the last to A"), last);
  FromAgent(4, "are you still there?");
  customer_.Await(b_->address(), "are you still there?");
  FromCustomer(b_->address(), 5, "here");
  agent_.Await(b_->address(), "\"here\"");

  // And back.
  const Node c(place_, web_);
  FromCustomer(c.address(), 6, "at a third");
  agent_.Await(b_->address(), "at a third");
}

TEST_F(TwoNodesThatTalk, HearWhatAProcessForOneRequestWrites) {
  Begin(a_->address());
  const auto invoke = [&](const std::string& line, const std::string& body) {
    Process process({"invoke", "--web", web_}, {.environment = {{"ALCOVE_POSTGRES", place_}}, .piped = true});
    process.Write(absl::StrCat(line, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nAuthorization: Bearer ",
                               customer_.token, "\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
    process.CloseInput();
    const Process::End end = process.Wait();
    EXPECT_EQ(end.code, 0) << end.err;
    return end.out;
  };
  EXPECT_THAT(invoke(absl::StrCat("PUT /v1/customer/conversations/", conversation_, "/messages/", NewId("msg_", 2)),
                     "{\"text\":\"by a process\"}"),
              testing::StartsWith("HTTP/1.1 201 "));
  agent_.Await(b_->address(), "by a process");
  FromAgent(3, "so I see");
  EXPECT_THAT(invoke(absl::StrCat("GET /v1/customer/poll?wait=25&cursor=", customer_.cursor), ""),
              testing::AllOf(testing::StartsWith("HTTP/1.1 200 "), HasSubstr("so I see")));
}

TEST_F(TwoNodesThatTalk, HearWhatALambdaWrites) {
  Begin(a_->address());
  const auto serve = [&](const std::string& event) {
    RuntimeInterface interface({event});
    Process({"lambda", "--postgres", place_, "--web", web_},
            {.environment = {{"AWS_LAMBDA_RUNTIME_API", interface.address()}}})
        .Wait();
    const auto& posted = interface.End();
    return posted.size() == 1 ? posted.front().body : std::string();
  };
  EXPECT_THAT(
      serve(Event("PUT", absl::StrCat("/v1/customer/conversations/", conversation_, "/messages/", NewId("msg_", 2)),
                  customer_.token, "{\"text\":\"by a lambda\"}")),
      testing::StartsWith("{\"statusCode\":201,"));
  agent_.Await(b_->address(), "by a lambda");
  FromAgent(3, "so I see");
  EXPECT_THAT(
      serve(Event("GET", absl::StrCat("/v1/customer/poll?wait=25&cursor=", customer_.cursor), customer_.token, "")),
      testing::AllOf(testing::StartsWith("{\"statusCode\":200,"), HasSubstr("so I see")));
}

// Whoever listens is cut off again and again: each looks by itself.
TEST_F(TwoNodesThatTalk, TalkOnWhileNobodyIsNotified) {
  constexpr int kCuts = 3;
  constexpr int kRounds = 4;
  constexpr int kRoundsMax = 100;
  std::atomic<bool> over = false;
  std::atomic<int> cut = 0;
  std::thread cutter([&] {
    while (!over) {
      cut += static_cast<int>(
          store::PostgresServer::Shared()
              .Execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE pid <> pg_backend_pid() AND (query LIKE 'LISTEN %' OR query LIKE '%alcove_signal%')")
              .size());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  Begin(a_->address());
  // However slow the cutter is beside them.
  for (int round = 1; !HasFailure() && (round <= kRounds || (cut < kCuts && round <= kRoundsMax)); ++round) {
    FromAgent(2 * round, absl::StrCat("question ", round, "."));
    customer_.Await(a_->address(), absl::StrCat("question ", round, "."));
    FromCustomer(a_->address(), 2 * round + 1, absl::StrCat("answer ", round, "."));
    agent_.Await(b_->address(), absl::StrCat("answer ", round, "."));
  }
  over = true;
  cutter.join();
  EXPECT_GE(cut, kCuts) << "nobody listened: this shows nothing";
}

TEST_F(TwoNodesThatTalk, SeeEachOtherTypeAndRead) {
  Begin(a_->address());
  const std::string path = absl::StrCat("/conversations/", conversation_);
  EXPECT_EQ(Ask(a_->address(), "POST", absl::StrCat("/v1/customer", path, "/typing"), customer_.token,
                "{\"text\":\"I was wondering\"}")
                .status,
            200);
  agent_.Await(b_->address(), "I was wondering");
  EXPECT_EQ(Ask(b_->address(), "POST", absl::StrCat("/v1/agent", path, "/read"), agent_.token, "{\"seq\":1}").status,
            200);
  customer_.Await(a_->address(), "\"read\"");
  EXPECT_EQ(Ask(b_->address(), "PUT", "/v1/agent/presence", agent_.token, "{\"state\":\"away\"}").status, 200);
  // Nobody is woken for that: it comes with what is told next.
  FromAgent(2, "back soon");
  customer_.Await(a_->address(), "\"presence\"");
}

TEST_F(TwoNodesThatTalk, GoOnThroughTheProxyWhenOneIsKilled) {
  const Proxy proxy(a_->address(), b_->address());
  Begin(proxy.address());
  FromAgent(2, "hello from B");
  customer_.Await(proxy.address(), "hello from B");
  FromCustomer(proxy.address(), 3, "the last by A");
  a_->Kill();
  FromAgent(4, "did you lose me?");
  customer_.Await(proxy.address(), "did you lose me?");
  FromCustomer(proxy.address(), 5, "not at all");
  agent_.Await(b_->address(), "not at all");
  const std::string all =
      Ask(b_->address(), "GET", absl::StrCat("/v1/agent/conversations/", conversation_, "/events"), agent_.token).body;
  for (const char* const text : {"hello from A", "hello from B", "the last by A", "did you lose me?", "not at all"}) {
    EXPECT_THAT(std::vector<std::string>(absl::StrSplit(all, text)), testing::SizeIs(2)) << text << " is there once";
  }
}

// From the database into a folder, where another server takes over, and back: nothing else changes.
TEST_F(TwoNodesThatTalk, MoveToAFolderAndBack) {
  const auto run = [](std::vector<std::string> words) {
    const Process::End end = Process(std::move(words)).Wait();
    EXPECT_EQ(end.code, 0) << end.err;
    return end.out;
  };
  Begin(a_->address());
  run({"backup", "--postgres", place_, "--to", web_ + "/early.backup"});
  FromAgent(2, "after the backup");
  EXPECT_EQ(a_->Stop(), 0);
  EXPECT_EQ(b_->Stop(), 0);

  const std::string folder = web_ + "/data";
  EXPECT_THAT(run({"copy", "--from", place_, "--to", folder}), HasSubstr("are in both"));
  EXPECT_THAT(run({"verify", "--data", folder}), HasSubstr(" 0 findings"));
  const std::string back = store::PostgresServer::Shared().NewPlace();
  EXPECT_THAT(run({"copy", "--from", folder, "--to", back}), HasSubstr("are in both"));
  ExpectVerified(back);
  const std::string restored = store::PostgresServer::Shared().NewPlace();
  run({"restore", "--from", web_ + "/early.backup", "--postgres", restored});
  ExpectVerified(restored);

  const auto events_at = [&](const std::string& place) {
    const Node node(place, web_);
    const RawAnswer gone =
        Ask(node.address(), "GET", absl::StrCat("/v1/customer/poll?wait=0&cursor=", customer_.cursor), customer_.token);
    EXPECT_EQ(gone.status, 410) << "it is another store";
    return Ask(node.address(), "GET", absl::StrCat("/v1/customer/conversations/", conversation_, "/events"),
               customer_.token)
        .body;
  };
  EXPECT_THAT(events_at(back), testing::AllOf(HasSubstr("hello from A"), HasSubstr("after the backup")));
  EXPECT_THAT(events_at(restored), testing::AllOf(HasSubstr("hello from A"), Not(HasSubstr("after the backup"))));
}

TEST_F(TwoNodes, SayWhyTheyDoNotStart) {
  const Process::End away =
      Process({"serve", "--postgres", "postgresql://alcove@/x?host=" + web_, "--listen", "127.0.0.1:0"}).Wait();
  EXPECT_EQ(away.code, 1);
  EXPECT_THAT(away.err, HasSubstr("alcove: the database cannot be reached: "));
  const Process::End wrong = Process({"seed", "--postgres", "postgresql://h/?what=1"}).Wait();
  EXPECT_EQ(wrong.code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("the address of the database is not understood"));
}

}  // namespace
}  // namespace alcove::runtime
