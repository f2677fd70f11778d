// Two servers on one PostgreSQL: a customer at one and an agent at the other
// talk; one is killed, and the customer goes on at the other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "functions/wire/ids.h"
#include "tests/runtime/process.h"
#include "tests/store/postgres_server.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;

// The text of the first string field of the name.
std::string Field(const std::string& json, const std::string& name) {
  const size_t begin = json.find("\"" + name + "\":\"");
  if (begin == json.npos) return {};
  const size_t text = begin + name.size() + 4;
  return json.substr(text, json.find('"', text) - text);
}

RawAnswer Ask(const SocketAddress& node, const std::string& method, const std::string& target,
              const std::string& token = "", const std::string& body = "") {
  std::string request = absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
  if (!token.empty()) absl::StrAppend(&request, "Authorization: Bearer ", token, "\r\n");
  if (method != "GET") {
    absl::StrAppend(&request, "Content-Type: application/json\r\nContent-Length: ", body.size(), "\r\n");
  }
  const auto answer = RawClient(node).Ask(absl::StrCat(request, "\r\n", body));
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

  struct Node {
    std::unique_ptr<Process> process;
    SocketAddress address;
  };
  Node Serve() const {
    auto process = std::make_unique<Process>(
        std::vector<std::string>{"serve", "--postgres", place_, "--listen", "127.0.0.1:0", "--web", web_});
    const std::string line = process->ReadLine();
    const size_t begin = line.find("http://");
    EXPECT_NE(begin, line.npos) << line;
    return {std::move(process), *SocketAddress::Parse(line.substr(begin + 7))};
  }
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

TEST_F(TwoNodes, TalkToEachOtherAndSurviveOneAnother) {
  const Process::End seeded = Process({"seed", "--postgres", place_, "--agents", "1", "--json"}).Wait();
  ASSERT_EQ(seeded.code, 0) << seeded.err;
  Node a = Serve();
  const Node b = Serve();

  Person agent{"agent", "", ""};
  const RawAnswer signed_in = Ask(b.address, "POST", "/v1/agent/session", "",
                                  absl::StrCat("{\"email\":\"", Field(seeded.out, "email"), "\",\"password\":\"",
                                               Field(seeded.out, "password"), "\"}"));
  ASSERT_EQ(signed_in.status, 200) << signed_in.body;
  agent.token = Field(signed_in.body, "token");
  ASSERT_EQ(Ask(b.address, "PUT", "/v1/agent/presence", agent.token, "{\"state\":\"online\"}").status, 200);
  agent.cursor = Field(Ask(b.address, "GET", "/v1/agent/snapshot", agent.token).body, "cursor");

  Person customer{"customer", "", ""};
  const RawAnswer session = Ask(a.address, "POST", "/v1/customer/session", "", "{\"site\":\"sit_demo\"}");
  ASSERT_EQ(session.status, 200) << session.body;
  customer.token = Field(session.body, "token");
  customer.cursor = Field(session.body, "cursor");
  const std::string conversation = NewId("cnv_", 1);
  const RawAnswer started =
      Ask(a.address, "PUT", absl::StrCat("/v1/customer/conversations/", conversation), customer.token,
          absl::StrCat("{\"message\":{\"id\":\"", NewId("msg_", 1), "\",\"text\":\"hello from A\"}}"));
  ASSERT_EQ(started.status, 201) << started.body;
  agent.Await(b.address, "hello from A");
  Say(b.address, agent, conversation, NewId("msg_", 2), "hello from B");
  customer.Await(a.address, "hello from B");

  // Killed with an acknowledged message that B may not have been told of.
  const std::string last = Say(a.address, customer, conversation, NewId("msg_", 3), "the last to A");
  a.process->Signal(SIGKILL);
  a.process->Wait();
  agent.Await(b.address, "the last to A");
  // The same cursor and the same ids go on at B; what was said is there once.
  EXPECT_EQ(Say(b.address, customer, conversation, NewId("msg_", 3), "the last to A"), last);
  Say(b.address, agent, conversation, NewId("msg_", 4), "are you still there?");
  customer.Await(b.address, "are you still there?");
  Say(b.address, customer, conversation, NewId("msg_", 5), "here");
  agent.Await(b.address, "\"here\"");

  // And back.
  const Node c = Serve();
  Say(c.address, customer, conversation, NewId("msg_", 6), "at a third");
  agent.Await(b.address, "at a third");
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
