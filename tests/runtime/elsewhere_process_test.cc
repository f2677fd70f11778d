// The strategy `external` of the real program, with the owner's program as a real server beside it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/wire/ids.h"
#include "store/mutex.h"
#include "tests/runtime/other_server.h"
#include "tests/runtime/process.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;

// What the program answers is set between one question and the next.
class Program {
 public:
  using Serve = std::function<void(OtherEnd&, const std::string& request)>;

  void Set(Serve serve) {
    const store::MutexLock lock(mutex_);
    serve_ = std::move(serve);
  }
  void Answer(OtherEnd& end) {
    for (std::string request = end.Read(); !request.empty(); request = end.Read()) {
      Serve serve;
      {
        const store::MutexLock lock(mutex_);
        serve = serve_;
      }
      serve(end, request);
    }
  }

 private:
  store::Mutex mutex_;
  Serve serve_ ABSL_GUARDED_BY(mutex_);
};

std::string Names(const std::string& agent) { return R"({"agent":")" + agent + "\"}"; }

class ElsewhereProcess : public testing::Test {
 protected:
  ElsewhereProcess() {
    const Process::End seeded = Process({"seed", "--data", Data(), "--agents", "2", "--json"}).Wait();
    EXPECT_EQ(seeded.code, 0) << seeded.err;
    program_server_ = std::make_unique<OtherServer>([this](OtherEnd& end) { program_.Answer(end); });
    server_ = std::make_unique<Process>(std::vector<std::string>{"serve", "--data", Data(), "--listen", "127.0.0.1:0",
                                                                 "--web", folder_, "--fetch-allow", "127.0.0.1"});
    address_ = AddressIn(server_->ReadLine());
    Put("settings", absl::StrCat(R"({"strategy":"external","external":{"url":")", program_server_->Url("/who"),
                                 R"(","timeout_ms":300}})"));
    size_t at = 0;
    for (int i = 0; i < 2; ++i) {
      at = seeded.out.find("{\"email\"", at + 1);
      agents_[i].token = Field(
          Ask("POST", "/v1/agent/session", "", seeded.out.substr(at, seeded.out.find('}', at) + 1 - at)).body, "token");
      agents_[i].id = Field(Ask("PUT", "/v1/agent/presence", agents_[i].token, R"({"state":"online"})").body, "id");
      EXPECT_NE(agents_[i].id, "");
    }
    customer_ = Field(RawClient(address_).Ask(kSession)->body, "token");
  }
  ~ElsewhereProcess() override {
    server_->Signal(SIGTERM);
    EXPECT_EQ(server_->Wait().code, 0);
    const Process::End verified = Process({"verify", "--data", Data()}).Wait();
    EXPECT_EQ(verified.code, 0) << verified.out;
    std::filesystem::remove_all(folder_);
  }

  std::string Data() const { return folder_ + "/data"; }
  RawAnswer Ask(const std::string& method, const std::string& path, const std::string& token, const std::string& body) {
    const auto answer = RawClient(address_).Ask(
        absl::StrCat(method, " ", path, " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
                     token.empty() ? "" : absl::StrCat("Authorization: Bearer ", token, "\r\n"),
                     "Content-Length: ", body.size(), "\r\n\r\n", body));
    return answer.value_or(RawAnswer{});
  }
  void Put(const std::string& resource, const std::string& body) {
    const Process::End put = Process({"admin", "put", resource, body, "--data", Data()}).Wait();
    EXPECT_EQ(put.code, 0) << put.err;
  }
  // A new conversation, once somebody has it: the line of its trace that says who and why.
  std::string StartAndTrace() {
    const std::string id = wire::ConversationId::Make(++started_, 1, 1).text();
    EXPECT_EQ(Ask("PUT", "/v1/customer/conversations/" + id, customer_, "{}").status, 201);
    std::string trace;
    Until([&] {
      trace = Process({"admin", "explain", id, "--data", Data()}).Wait().out;
      return trace.find("assigned to") != trace.npos;
    });
    // They have room again.
    EXPECT_EQ(Ask("POST", "/v1/agent/conversations/" + id + "/close", agents_[0].token, "").status, 200);
    const size_t line = trace.find("assigned to");
    return trace.substr(line, trace.find('\n', line) - line);
  }

  struct Agent {
    std::string id;
    std::string token;
  };
  const std::string folder_ = store::MakeTemporaryFolder();
  Program program_;
  std::unique_ptr<OtherServer> program_server_;
  std::unique_ptr<Process> server_;
  SocketAddress address_ = *SocketAddress::Parse("127.0.0.1:1");
  Agent agents_[2];
  std::string customer_;
  int64_t started_ = 0;
};

TEST_F(ElsewhereProcess, GivesToWhomTheProgramNamesAndFallsBackOtherwise) {
  for (const Agent& agent : agents_) {
    program_.Set([&](OtherEnd& end, const std::string& request) {
      EXPECT_THAT(request,
                  testing::AllOf(testing::StartsWith("POST /who HTTP/1.1\r\n"), HasSubstr("\"candidates\":[{")));
      end.Send(AnswerOf(Names(agent.id)));
    });
    EXPECT_THAT(StartAndTrace(), HasSubstr("chosen by the site's program"));
  }
  program_.Set([&](OtherEnd& end, const std::string&) { end.Send(AnswerOf("who knows")); });
  EXPECT_THAT(StartAndTrace(), HasSubstr("least loaded [load 0 of 5; the site's program: its answer is none"));
  program_.Set([&](OtherEnd& end, const std::string&) {
    end.Send("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_THAT(StartAndTrace(), HasSubstr("the site's program: answered 500"));
  // Too late: nobody hears it.
  program_.Set([&](OtherEnd& end, const std::string&) { end.AwaitEnd(); });
  EXPECT_THAT(StartAndTrace(), HasSubstr("the site's program: no answer: timed_out"));
  // Whoever is named has just gone.
  program_.Set([&](OtherEnd& end, const std::string&) {
    EXPECT_EQ(Ask("PUT", "/v1/agent/presence", agents_[1].token, R"({"state":"away"})").status, 200);
    end.Send(AnswerOf(Names(agents_[1].id)));
  });
  EXPECT_THAT(StartAndTrace(), HasSubstr("who is away"));
  program_server_.reset();
  EXPECT_THAT(StartAndTrace(), HasSubstr("the site's program: no answer: unreachable"));
}

}  // namespace
}  // namespace alcove::runtime
