// `alcove admin` of a folder, and of a server that has it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>

#include "functions/records.h"
#include "store/keys.h"
#include "store/leveldb_store.h"
#include "tests/runtime/process.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace keys = store::keys;

class AdminDeferred : public testing::Test {
 protected:
  AdminDeferred() : folder_(store::MakeTemporaryFolder()) {}
  ~AdminDeferred() override { std::filesystem::remove_all(folder_); }

  std::string data() const { return folder_ + "/data"; }

  // A letter of a function that nobody knows, and a call for a time that never comes.
  void Fill() const {
    const auto opened = store::OpenLevelDbStore(data());
    ASSERT_TRUE(opened.ok()) << opened.status();
    const absl::Status status = (*opened)->Transact([&](store::Transaction& txn) {
      functions::DeferredRecord letter;
      letter.function = "unheard_of";
      letter.key = "k1";
      letter.arguments = R"({"a":1})";
      letter.attempts = 16;
      letter.reason = "nobody answered";
      functions::Save(txn, keys::DeadLetter(1'700'000'000'000, dead_), letter);
      functions::DeferredRecord call;
      call.function = "unheard_of";
      call.key = "k2";
      call.arguments = "{}";
      call.due_at = kNever;
      functions::Save(txn, keys::Deferred(kNever, waiting_), call);
      functions::DeferredKeyRecord place;
      place.run_at = kNever;
      place.call = waiting_.text();
      functions::Save(txn, keys::DeferredKey(call.function, call.key), place);
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
  }
  Process::End Admin(std::vector<std::string> words) const {
    words.insert(words.begin(), {"admin", "deferred"});
    words.insert(words.end(), {"--data", data()});
    return Process(words).Wait();
  }

  static constexpr int64_t kNever = 9'000'000'000'000;
  const wire::DeferredId dead_ = wire::DeferredId::Make(1, 1, 1);
  const wire::DeferredId waiting_ = wire::DeferredId::Make(2, 2, 2);
  const std::string folder_;
};

TEST_F(AdminDeferred, ShowsRetriesAndDropsWithAServerAndWithout) {
  for (const bool served : {false, true}) {
    SCOPED_TRACE(served);
    std::filesystem::remove_all(data());
    Fill();
    if (HasFatalFailure()) return;
    std::unique_ptr<Process> server;
    if (served) {
      server = std::make_unique<Process>(
          std::vector<std::string>{"serve", "--data", data(), "--listen", "127.0.0.1:0", "--web", folder_});
      ASSERT_THAT(server->ReadLine(), HasSubstr("listening on"));
    }
    const Process::End text = Admin({});
    EXPECT_EQ(text.code, 0) << text.err;
    EXPECT_THAT(text.out, HasSubstr("dead      " + dead_.text() +
                                    "  2023-11-14 22:13:20Z  unheard_of k1, run 16 times: nobody answered\n"));
    EXPECT_THAT(text.out, HasSubstr("waiting   " + waiting_.text() + "  "));
    const Process::End json = Admin({"--json"});
    EXPECT_THAT(json.out, HasSubstr(R"({"state":"dead","id":")" + dead_.text() +
                                    R"(","function":"unheard_of","key":"k1","arguments":{"a":1},"due_at":0,)"
                                    R"("run_at":1700000000000,"attempts":16,"reason":"nobody answered"})"
                                    "\n"));

    EXPECT_EQ(Admin({"drop", waiting_.text()}).out, "done\n");
    const Process::End again = Admin({"drop", waiting_.text()});
    EXPECT_EQ(again.code, 1);
    EXPECT_EQ(again.err, "alcove: there is no deferred call " + waiting_.text() + "\n");
    const Process::End retried = Admin({"retry", dead_.text()});
    EXPECT_EQ(retried.out, "done\n") << retried.err;
    std::string out = Admin({}).out;
    if (served) {
      // The server has begun to run it, and has no such function.
      while (out.find("this version has no such function") == out.npos) out = Admin({}).out;
      server->Signal(SIGTERM);
      EXPECT_EQ(server->Wait().code, 0);
    } else {
      EXPECT_THAT(out, AllOf(HasSubstr("waiting   " + dead_.text()), Not(HasSubstr("dead "))));
    }
    const Process::End verified = Process({"verify", "--data", data()}).Wait();
    EXPECT_EQ(verified.code, 0) << verified.out;
  }
}

TEST_F(AdminDeferred, SaysWhatItDoesNotUnderstand) {
  const Process::End nothing = Process({"admin", "--data", data()}).Wait();
  EXPECT_EQ(nothing.code, 2);
  EXPECT_THAT(nothing.err, StartsWith("alcove: admin of what?"));
  const Process::End nowhere = Admin({});
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_EQ(nowhere.err, "alcove: there is no store in " + data() + "\n");
}

// What an operator does to a folder, and to the server that has it.
class AdminCalls : public AdminDeferred {
 protected:
  Process::End Call(std::vector<std::string> words) const {
    words.insert(words.begin(), "admin");
    words.insert(words.end(), {"--data", data()});
    return Process(words).Wait();
  }
};

TEST_F(AdminCalls, AdministersWithAServerAndWithout) {
  const std::string team = "teams/" + wire::TeamId::Make(1, 1, 1).text();
  for (const bool served : {false, true}) {
    SCOPED_TRACE(served);
    std::filesystem::remove_all(data());
    ASSERT_EQ(Process({"seed", "--data", data(), "--agents", "2"}).Wait().code, 0);
    std::unique_ptr<Process> server;
    if (served) {
      server = std::make_unique<Process>(
          std::vector<std::string>{"serve", "--data", data(), "--listen", "127.0.0.1:0", "--web", folder_});
      ASSERT_THAT(server->ReadLine(), HasSubstr("listening on"));
    }
    const Process::End agents = Call({"get", "agents"});
    EXPECT_EQ(agents.code, 0) << agents.err;
    EXPECT_THAT(agents.out,
                AllOf(HasSubstr(R"("name":"Mara Kovač")"), HasSubstr(R"("role":"owner")"), Not(HasSubstr("argon2"))));
    EXPECT_EQ(Call({"put", team, R"({"name":"Sales"})"}).code, 0);
    EXPECT_EQ(Call({"get", team}).out, R"({"id":")" + team.substr(6) + R"(","name":"Sales","languages":[]})" + "\n");
    // A body that is larger than what is read at once, from standard input.
    Process piped({"admin", "put", "settings", "--data", data()}, Process::Around{.environment = {}, .piped = true});
    piped.Write(R"({"close_reasons":["solved"]})" + std::string(20'000, ' '));
    piped.CloseInput();
    const Process::End settings = piped.Wait();
    EXPECT_EQ(settings.out, "{\"close_reasons\":[\"solved\"],\"languages\":[],\"form\":[],\"offline_form\":[]}\n")
        << settings.err;
    const Process::End audit = Call({"get", "audit?limit=1"});
    EXPECT_THAT(audit.out, AllOf(HasSubstr(R"("kind":"operator")"), HasSubstr(R"("resource":"settings")")));
    EXPECT_EQ(Call({"delete", team}).out, "{}\n");
    const struct {
      std::vector<std::string> words;
      const char* said;
    } kRefused[] = {
        {{"delete", team}, "alcove: not_found: "},
        {{"put", team, "{}"}, "alcove: bad_request: `name` is missing"},
        {{"put", team, R"({"name":""})"}, "alcove: unprocessable: name is empty"},
        {{"get", "poll"}, "alcove: not_found: there is no such resource"},
        {{"get", "agents", "--site", "sit_none"}, "alcove: not_found: there is no such site"},
    };
    for (const auto& refused : kRefused) {
      const Process::End end = Call(refused.words);
      EXPECT_EQ(end.code, 1);
      EXPECT_THAT(end.err, StartsWith(refused.said));
      EXPECT_EQ(end.out, "");
    }
    const std::string site = R"({"name":"B","greeting":"","allowed_origins":[],)"
                             R"("appearance":{"accent":"#000000","position":"left"}})";
    EXPECT_EQ(Call({"put", "sites/sit_b", site}).code, 0);
    EXPECT_THAT(Call({"get", "agents"}).err, HasSubstr("sit_b, sit_demo"));
    EXPECT_EQ(Call({"get", "agents", "--site", "sit_b"}).out, "{\"agents\":[],\"more\":false}\n");
    if (served) {
      server->Signal(SIGTERM);
      EXPECT_EQ(server->Wait().code, 0);
    }
    const Process::End verified = Process({"verify", "--data", data()}).Wait();
    EXPECT_EQ(verified.code, 0) << verified.out;
  }
}

TEST_F(AdminCalls, SeedTellsWhosePasswordIsAnotherByNow) {
  const std::vector<std::string> seed = {"seed", "--data", data(), "--agents", "2"};
  const Process::End first = Process(seed).Wait();
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(Process(seed).Wait().out, first.out);
  const std::string agent = "agents/" + Field(Call({"get", "agents"}).out, "id");
  const Process::End put = Call({"put", agent + "/password", R"({"password":"another one of hers"})"});
  ASSERT_EQ(put.code, 0) << put.err;
  const Process::End again = Process(seed).Wait();
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr(" (changed since)\nJonas Lindqvist "));
  EXPECT_EQ(again.out.substr(again.out.find("Jonas")), first.out.substr(first.out.find("Jonas")));
}

TEST_F(AdminCalls, ExplainsAConversationWithAServerAndWithout) {
  ASSERT_EQ(Process({"seed", "--data", data(), "--agents", "2"}).Wait().code, 0);
  const std::string rule = "rules/" + wire::RuleId::Make(1, 1, 1).text();
  EXPECT_EQ(Call({"put", rule, R"({"name":"Whoever comes","place":1,"conditions":[],"effect":{"priority":3}})"}).code,
            0);
  Process server({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--web", folder_});
  RawClient customer(AddressIn(server.ReadLine()));
  const std::string token = Field(customer.Ask(kSession)->body, "token");
  const std::string id = wire::ConversationId::Make(1, 1, 1).text();
  const auto started = customer.Ask("PUT /v1/customer/conversations/" + id +
                                    " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" +
                                    "Authorization: Bearer " + token + "\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_EQ(started->status, 201) << started->body;
  for (const bool served : {true, false}) {
    SCOPED_TRACE(served);
    const Process::End text = Call({"explain", id});
    EXPECT_EQ(text.code, 0) << text.err;
    EXPECT_THAT(text.out, StartsWith("is queued\nneeds priority 3\nby the rule Whoever comes\n"));
    EXPECT_THAT(text.out, HasSubstr("Z  queued at place 1\n"));
    EXPECT_THAT(text.out, HasSubstr("\nnow  waits: nobody who is online has room\n"));
    EXPECT_THAT(Call({"explain", id, "--json"}).out, StartsWith(R"({"lines":["is queued",)"));
    const Process::End none = Call({"explain", wire::ConversationId::Make(2, 2, 2).text()});
    EXPECT_EQ(none.code, 1);
    EXPECT_THAT(none.err, StartsWith("alcove: not_found: "));
    if (!served) break;
    server.Signal(SIGTERM);
    EXPECT_EQ(server.Wait().code, 0);
  }
}

}  // namespace
}  // namespace alcove::runtime
