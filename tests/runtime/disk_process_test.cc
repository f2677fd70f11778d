// The program on a disk that refuses, and on folders that it cannot use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/keys.h"
#include "store/leveldb_store.h"
#include "tests/runtime/process.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class DiskProcess : public testing::Test {
 protected:
  DiskProcess() {
    std::string path = testing::TempDir() + "/alcove_disk_XXXXXX";
    folder_ = mkdtemp(path.data());
    data_ = (folder_ / "data").string();
    EXPECT_EQ(Process({"seed", "--data", data_, "--agents", "1"}).Wait().code, 0);
  }
  ~DiskProcess() override { fs::remove_all(folder_); }

  std::vector<std::string> Words() const {
    // Who waits for a disk repeats more often than a customer may begin conversations.
    return {"serve", "--data", data_, "--listen", "127.0.0.1:0", "--web", folder_.string(), "--limits", "off"};
  }

  fs::path folder_;
  std::string data_;
};

// The server under a limit on the size of files that the test sets and lifts: EFBIG, which it takes as a full disk.
class LimitedServer {
 public:
  explicit LimitedServer(std::vector<std::string> words) {
    process_.emplace(std::move(words));
    address_ = AddressIn(process_->ReadLine());
    getrlimit(RLIMIT_FSIZE, &before_);
  }

  void Refuse() { Limit(1); }
  void Allow() { Limit(before_.rlim_cur); }

  // A session, and the status of a conversation that it begins.
  void SignIn() {
    const auto answer = RawClient(address_).Ask(kSession);
    ASSERT_TRUE(answer.has_value());
    ASSERT_EQ(answer->status, 200) << answer->body;
    token_ = Field(answer->body, "token");
  }
  RawAnswer Begin() {
    const std::string body = R"({"message":{"id":"msg_01J00000000000000000000001","text":"hello"}})";
    const auto answer = RawClient(address_).Ask(
        absl::StrCat("PUT /v1/customer/conversations/cnv_01J00000000000000000000001 HTTP/1.1\r\nHost: a\r\n"
                     "Content-Type: application/json\r\nAuthorization: Bearer ",
                     token_, "\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
    return answer.value_or(RawAnswer{});
  }
  RawAnswer Poll() {
    const auto answer = RawClient(address_).Ask(absl::StrCat(
        "GET /v1/customer/conversations HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", token_, "\r\n\r\n"));
    return answer.value_or(RawAnswer{});
  }
  Process& process() { return *process_; }

 private:
  void Limit(rlim_t bytes) {
    const rlimit limit = {.rlim_cur = bytes, .rlim_max = before_.rlim_max};
    ASSERT_EQ(prlimit(process_->pid(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }

  std::optional<Process> process_;
  SocketAddress address_ = *SocketAddress::Parse("127.0.0.1:1");
  rlimit before_ = {};
  std::string token_;
};

TEST_F(DiskProcess, RefusesWritesForAsLongAsTheDiskDoesAndGoesOnByItself) {
  LimitedServer server(Words());
  server.SignIn();
  server.Refuse();
  for (int i = 0; i < 3; ++i) {
    const RawAnswer refused = server.Begin();
    EXPECT_EQ(refused.status, 503) << refused.body;
    EXPECT_EQ(Field(refused.body, "code"), "storage");
  }
  server.Allow();
  RawAnswer answer;
  while ((answer = server.Begin()).status == 503) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQ(answer.status, 201) << answer.body;
  EXPECT_EQ(server.Begin().status, 200) << "it is there, once";
  server.process().Signal(SIGTERM);
  EXPECT_EQ(server.process().Wait().code, 0);
  const Process::End verified = Process({"verify", "--data", data_}).Wait();
  EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
}

// What is there when the disk is back is not what was there before: nothing is acknowledged on top of it.
TEST_F(DiskProcess, EndsWithASentenceWhereItCannotGoOn) {
  LimitedServer server(Words());
  server.SignIn();
  server.Refuse();
  EXPECT_EQ(server.Begin().status, 503);
  std::ofstream(fs::path(data_) / "CURRENT", std::ios::trunc) << "MANIFEST-";
  server.Allow();
  const Process::End end = server.process().Wait();
  EXPECT_EQ(end.code, 1);
  EXPECT_THAT(end.err, HasSubstr(R"("level":"error","text":"the store has failed for good and the server ends",)"
                                 R"("reason":"the data folder )" +
                                 data_ + " is damaged: keep a copy of it and restore a backup into a new folder"));
}

TEST_F(DiskProcess, SaysInASentenceWhichFolderItCannotUse) {
  const auto with_format = [&](const std::string& format) {
    auto store = store::OpenLevelDbStore(data_);
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_TRUE((*store)
                    ->Transact([&](store::Transaction& txn) {
                      txn.Put(store::keys::MetaFormat(), format);
                      return absl::OkStatus();
                    })
                    .ok());
  };
  std::unique_ptr<Process> other;
  const struct {
    const char* name;
    std::function<void()> harm;
    std::function<void()> mend;
    std::string says;
  } kCases[] = {
      {"another process has it",
       [&] {
         other = std::make_unique<Process>(Words());
         other->ReadLine();
       },
       [&] {
         other->Signal(SIGTERM);
         other->Wait();
       },
       " is in use by another alcove process: stop that one, or choose another folder"},
      {"a newer Alcove", [&] { with_format("2"); },
       [&] {
         fs::remove_all(data_);
         EXPECT_EQ(Process({"seed", "--data", data_, "--agents", "1"}).Wait().code, 0);
       },
       "was written by a newer Alcove"},
      {"a damaged file", [&] { std::ofstream(fs::path(data_) / "CURRENT", std::ios::trunc); }, [] {},
       " is damaged: keep a copy of it and restore a backup into a new folder"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    c.harm();
    for (const char* command : {"serve", "seed"}) {
      std::vector<std::string> words = Words();
      if (std::string(command) == "seed") words = {"seed", "--data", data_};
      const Process::End end = Process(words).Wait();
      EXPECT_EQ(end.code, 1);
      EXPECT_EQ(end.out, "");
      EXPECT_THAT(end.err, AllOf(StartsWith("alcove: the data folder " + data_), HasSubstr(c.says)));
      EXPECT_EQ(std::count(end.err.begin(), end.err.end(), '\n'), 1) << end.err;
    }
    c.mend();
  }
}

}  // namespace
}  // namespace alcove::runtime
