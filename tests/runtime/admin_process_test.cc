// `alcove admin deferred` of a folder, and of a server that has it.
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

}  // namespace
}  // namespace alcove::runtime
