// `alcove lambda --postgres`: many short-lived instances on one database, each
// told its events by a server that speaks the runtime interface.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "tests/runtime/lambda_events.h"
#include "tests/runtime/nodes.h"
#include "tests/runtime/process.h"
#include "tests/runtime/runtime_interface.h"
#include "tests/store/postgres_server.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

const std::string kSite = "{\"site\":\"sit_demo\"}";

// The body of an answer, out of the JSON text that it is.
std::string BodyOf(const RuntimeInterface::Posted& posted) {
  return absl::StrReplaceAll(posted.body, {{"\\\"", "\""}});
}

std::string MessagePath(int number) {
  const std::string digits = absl::StrCat(number);
  return absl::StrCat(kConversation, "/messages/msg_01J0000000", std::string(16 - digits.size(), '0'), digits);
}

class LambdaOnPostgres : public testing::Test {
 protected:
  LambdaOnPostgres() : web_(store::MakeTemporaryFolder()) {}
  ~LambdaOnPostgres() override { std::filesystem::remove_all(web_); }

  // As its host starts it: all that it knows is in its environment.
  std::unique_ptr<Process> Start(const std::string& place, const RuntimeInterface& interface) const {
    return std::make_unique<Process>(
        std::vector<std::string>{"lambda", "--web", web_},
        Process::Around{.environment = {{"ALCOVE_POSTGRES", place}, {"AWS_LAMBDA_RUNTIME_API", interface.address()}}});
  }
  // What a new instance answers to each.
  std::vector<RuntimeInterface::Posted> Serve(const std::string& place, std::vector<std::string> events) const {
    RuntimeInterface interface(std::move(events));
    const Process::End end = Start(place, interface)->Wait();
    EXPECT_THAT(end.err, HasSubstr("did not take the question for the next event: status 410"));
    return interface.End();
  }
  // A customer of the demo site in `place`, who has begun a conversation.
  std::string Begin(const std::string& place) const {
    const Process::End seeded = Process({"seed", "--postgres", place, "--agents", "1"}).Wait();
    EXPECT_EQ(seeded.code, 0) << seeded.err;
    const auto session = Serve(place, {Event("POST", "/v1/customer/session", "", kSite)});
    const std::string token = Field(BodyOf(session.at(0)), "token");
    EXPECT_NE(token, "") << session.at(0).body;
    EXPECT_THAT(Serve(place, {Event("PUT", kConversation, token, kFirst)}).at(0).body,
                StartsWith("{\"statusCode\":201,"));
    return token;
  }

  const std::string web_;
};

TEST_F(LambdaOnPostgres, InstancesThatKnowNothingOfEachOtherServeAConversation) {
  const std::string place = store::PostgresServer::Shared().NewPlace();
  const std::string token = Begin(place);
  // A repeat at another instance, and there what was said.
  const auto posted = Serve(place, {Event("PUT", kConversation, token, kFirst),
                                    Event("PUT", MessagePath(1), token, "{\"text\":\"and more\"}"),
                                    Event("GET", absl::StrCat(kConversation, "/events"), token, "")});
  ASSERT_THAT(posted, SizeIs(3));
  EXPECT_THAT(posted[0].body, StartsWith("{\"statusCode\":200,"));
  EXPECT_THAT(posted[1].body, StartsWith("{\"statusCode\":201,"));
  EXPECT_THAT(posted[2].body, AllOf(StartsWith("{\"statusCode\":200,"), HasSubstr("hello"), HasSubstr("and more")));
  ExpectVerified(place);
}

// As a host scales: several at once write to one conversation, and each repeats what its neighbour writes.
TEST_F(LambdaOnPostgres, InstancesAtOnceStoreEachMessageOnce) {
  constexpr int kInstances = 3;
  constexpr int kMessages = 12;
  const std::string place = store::PostgresServer::Shared().NewPlace();
  const std::string token = Begin(place);
  const auto text = [](int number) { return absl::StrCat("text ", number, "."); };
  std::vector<std::unique_ptr<RuntimeInterface>> interfaces;
  std::vector<std::unique_ptr<Process>> instances;
  for (int instance = 0; instance < kInstances; ++instance) {
    std::vector<std::string> events;
    for (int i = 0; i < kMessages; ++i) {
      for (const int of : {instance, (instance + 1) % kInstances}) {
        const int number = of * kMessages + i;
        events.push_back(Event("PUT", MessagePath(number), token, absl::StrCat("{\"text\":\"", text(number), "\"}")));
      }
    }
    interfaces.push_back(std::make_unique<RuntimeInterface>(std::move(events)));
    instances.push_back(Start(place, *interfaces.back()));
  }
  int created = 0;
  int repeated = 0;
  for (int instance = 0; instance < kInstances; ++instance) {
    (void)instances[static_cast<size_t>(instance)]->Wait();
    const auto& posted = interfaces[static_cast<size_t>(instance)]->End();
    EXPECT_THAT(posted, SizeIs(2 * kMessages));
    for (const auto& answer : posted) {
      created += answer.body.starts_with("{\"statusCode\":201,") ? 1 : 0;
      repeated += answer.body.starts_with("{\"statusCode\":200,") ? 1 : 0;
    }
  }
  EXPECT_EQ(created, kInstances * kMessages);
  EXPECT_EQ(repeated, kInstances * kMessages);
  const std::string all = Serve(place, {Event("GET", absl::StrCat(kConversation, "/events"), token, "")}).at(0).body;
  for (int number = 0; number < kInstances * kMessages; ++number) {
    EXPECT_THAT(std::vector<std::string>(absl::StrSplit(all, text(number))), SizeIs(2)) << text(number);
  }
  ExpectVerified(place);
}

TEST_F(LambdaOnPostgres, OneInstanceOutlivesARestartOfTheDatabase) {
  store::PostgresServer server;
  const std::string place = server.NewPlace();
  const std::string token = Begin(place);
  const std::string message = Event("PUT", MessagePath(1), token, "{\"text\":\"once\"}");
  // Before each of the first events the instance waits until this thread has done to the database what is to be done.
  std::counting_semaphore<> asked(0);
  std::counting_semaphore<> go(0);
  // A second may pass before it tries to connect again, as it tells its clients: they repeat.
  constexpr size_t kRepeats = 40;
  RuntimeInterface interface(std::vector<std::string>(2 + kRepeats, message), [&](size_t event) {
    if (event > 2) return std::this_thread::sleep_for(std::chrono::milliseconds(100));
    asked.release();
    go.acquire();
  });
  const auto instance = Start(place, interface);
  asked.acquire();
  go.release();
  asked.acquire();
  server.End(store::PostgresServer::Stop::kFast);
  go.release();
  asked.acquire();
  server.Start();
  go.release();
  const Process::End end = instance->Wait();
  EXPECT_EQ(end.code, 1) << "the interface has ended";
  const auto& posted = interface.End();
  ASSERT_THAT(posted, SizeIs(2 + kRepeats));
  EXPECT_THAT(posted[0].body, StartsWith("{\"statusCode\":201,"));
  EXPECT_THAT(posted[1].body,
              AllOf(StartsWith("{\"statusCode\":503,"), HasSubstr("\\\"storage\\\""), HasSubstr("\"Retry-After\"")));
  EXPECT_EQ(posted[1].path, "invocation/id-2/response") << "an answer, and no failure of the function";
  EXPECT_THAT(posted.back().body, StartsWith("{\"statusCode\":200,")) << "it was stored by the first";
  ExpectVerified(place);
}

TEST_F(LambdaOnPostgres, SaysThatItCannotStart) {
  RuntimeInterface interface({});
  const auto to_start = [&](const std::string& place) {
    const Process::End end = Start(place, interface)->Wait();
    EXPECT_EQ(end.code, 1);
    return end.err;
  };
  EXPECT_THAT(to_start("postgresql://alcove:secret@/x?host=" + web_), HasSubstr("the database cannot be reached"));
  EXPECT_THAT(to_start(store::PostgresServer::Shared().NewPlace()),
              HasSubstr("there is no store of Alcove in the database"));
  const auto& posted = interface.End();
  ASSERT_THAT(posted, SizeIs(2));
  for (const auto& failure : posted) {
    EXPECT_EQ(failure.path, "init/error");
    EXPECT_THAT(failure.body, AllOf(HasSubstr("\"errorType\":\"Alcove.Start\""), testing::Not(HasSubstr("secret"))));
  }
}

}  // namespace
}  // namespace alcove::runtime
