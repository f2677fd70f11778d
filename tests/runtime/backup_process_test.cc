// Backup, restore, verify and copy as an operator runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "store/backup.h"
#include "store/keys.h"
#include "store/leveldb_store.h"
#include "tests/runtime/process.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

std::string Contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class BackupProcess : public testing::Test {
 protected:
  BackupProcess() {
    std::string path = testing::TempDir() + "/alcove_backup_XXXXXX";
    folder_ = mkdtemp(path.data());
    data_ = (folder_ / "data").string();
    EXPECT_EQ(Run({"seed", "--data", data_, "--agents", "1"}).code, 0);
  }
  ~BackupProcess() override { fs::remove_all(folder_); }

  static Process::End Run(std::vector<std::string> words) { return Process(std::move(words)).Wait(); }
  std::string At(const std::string& name) const { return (folder_ / name).string(); }

  std::unique_ptr<Process> Serve(const std::string& data) {
    auto server = std::make_unique<Process>(std::vector<std::string>{"serve", "--data", data, "--listen", "127.0.0.1:0",
                                                                     "--web", folder_.string(), "--limits", "off"});
    address_ = AddressIn(server->ReadLine());
    return server;
  }
  std::string NewSession() {
    const auto session = RawClient(address_).Ask(kSession);
    EXPECT_EQ(session->status, 200) << session->body;
    return session->body;
  }
  // The status of a poll that does not wait.
  int Poll(const std::string& session) {
    return RawClient(address_)
        .Ask(absl::StrCat("GET /v1/customer/poll?wait=0&cursor=", Field(session, "cursor"),
                          " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", Field(session, "token"), "\r\n\r\n"))
        ->status;
  }
  // Plays a server that answers every request in the folder so.
  void Pretend(const std::string& answer, const std::function<void()>& act) {
    const Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un name = {};
    name.sun_family = AF_UNIX;
    const std::string path = data_ + "/admin.socket";
    std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
    unlink(path.c_str());
    ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
    ASSERT_EQ(listen(listener.get(), 1), 0);
    std::thread server([&] {
      const Descriptor connection(accept(listener.get(), nullptr, nullptr));
      char request[64];
      EXPECT_GT(recv(connection.get(), request, sizeof(request), 0), 0);
      EXPECT_EQ(send(connection.get(), answer.data(), answer.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(answer.size()));
    });
    act();
    server.join();
    unlink(path.c_str());
  }

  fs::path folder_;
  std::string data_;
  SocketAddress address_ = *SocketAddress::Parse("127.0.0.1:1");
};

TEST_F(BackupProcess, BacksUpWhileTheServerRunsAndComesBackUnderANewEpoch) {
  auto server = Serve(data_);
  const std::string session = NewSession();
  EXPECT_EQ(Poll(session), 200);
  const Process::End backup = Run({"backup", "--data", data_, "--to", At("a.backup")});
  EXPECT_EQ(backup.code, 0) << backup.err;
  EXPECT_THAT(backup.out, MatchesRegex("[0-9]+ entries are backed up in .*a\\.backup\n"));
  EXPECT_EQ(backup.err, "") << "no bar where there is no terminal";
  EXPECT_EQ(Run({"verify", "--data", data_}).code, 0);
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait().code, 0);

  const Process::End restore = Run({"restore", "--from", At("a.backup"), "--data", At("restored")});
  EXPECT_EQ(restore.code, 0) << restore.err;
  const Process::End verify = Run({"verify", "--data", At("restored")});
  EXPECT_EQ(verify.code, 0) << verify.out << verify.err;
  EXPECT_THAT(verify.out, HasSubstr(" entries, 0 findings\n"));
  server = Serve(At("restored"));
  EXPECT_EQ(Poll(session), 410) << "what it knew is of another store";
}

// Conversations begin and go on meanwhile: each backup is of one moment, in which nothing is half done.
TEST_F(BackupProcess, IsOfOneMomentWhileOthersWrite) {
  auto server = Serve(data_);
  std::atomic<bool> over = false;
  std::atomic<int> written = 0;
  std::vector<std::thread> customers;
  for (int customer = 1; customer <= 3; ++customer) {
    customers.emplace_back([&, customer] {
      std::string session;
      for (int number = 0; !over && !HasFailure(); ++number) {
        const auto id = [&](const char* prefix, int of) {
          return absl::StrFormat("%s01J0000000%04d%012d", prefix, customer, of);
        };
        // Ten messages a conversation, each of a customer of its own.
        const bool begins = number % 10 == 0;
        if (begins) session = NewSession();
        const std::string path = "/v1/customer/conversations/" + id("cnv_", number / 10);
        const std::string message = id("msg_", number);
        const std::string body =
            begins ? absl::StrCat(R"({"message":{"id":")", message, R"(","text":"hello"}})") : R"({"text":"more"})";
        const auto answer = RawClient(address_).Ask(
            absl::StrCat("PUT ", path, begins ? "" : "/messages/" + message,
                         " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ", Field(session, "token"),
                         "\r\nContent-Type: application/json\r\nContent-Length: ", body.size(), "\r\n\r\n", body));
        ASSERT_TRUE(answer.has_value());
        ASSERT_EQ(answer->status, 201) << answer->body;
        ++written;
      }
    });
  }
  std::vector<std::string> backups;
  for (int i = 0; i < 6; ++i) {
    const int before = written;
    while (written < before + 5 && !HasFailure()) std::this_thread::yield();
    backups.push_back(At(absl::StrCat(i, ".backup")));
    const Process::End backup = Run({"backup", "--data", data_, "--to", backups.back()});
    EXPECT_EQ(backup.code, 0) << backup.err;
  }
  over = true;
  for (std::thread& customer : customers) customer.join();
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait().code, 0);
  for (const std::string& backup : backups) {
    SCOPED_TRACE(backup);
    EXPECT_EQ(Run({"restore", "--from", backup, "--data", backup + ".restored"}).code, 0);
    const Process::End verify = Run({"verify", "--data", backup + ".restored"});
    EXPECT_THAT(verify.out, HasSubstr(" entries, 0 findings\n")) << verify.err;
  }
}

TEST_F(BackupProcess, NamesTheFileInAFolderByTheTime) {
  const Process::End backup = Run({"backup", "--data", data_, "--to", folder_.string()});
  EXPECT_EQ(backup.code, 0) << backup.err;
  EXPECT_THAT(backup.out, MatchesRegex(".*/alcove-[0-9]{8}-[0-9]{6}\\.backup\n"));
}

TEST_F(BackupProcess, VerifyNamesWhatDoesNotHoldTogether) {
  const std::string lost = store::keys::Open(wire::SiteId("sit_demo"), 7, wire::ConversationId("cnv_x"));
  {
    auto store = store::OpenLevelDbStore(data_);
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)
                    ->Transact([&](store::Transaction& txn) {
                      txn.Put(lost, "1");
                      for (int i = 0; i < 150; ++i) txn.Put(absl::StrCat("strange", i), "1");
                      return absl::OkStatus();
                    })
                    .ok());
  }
  const Process::End stopped = Run({"verify", "--data", data_});
  EXPECT_EQ(stopped.code, 1);
  EXPECT_THAT(stopped.out, HasSubstr(lost + " points at a conversation that is not there\n"));
  EXPECT_THAT(stopped.out, HasSubstr("\nand 51 more\n"));
  EXPECT_THAT(stopped.out, HasSubstr(" entries, 151 findings\n"));
  const auto server = Serve(data_);
  const Process::End running = Run({"verify", "--data", data_});
  EXPECT_EQ(running.code, 1);
  EXPECT_THAT(running.out, HasSubstr(lost + " points at a conversation that is not there\n"));
  EXPECT_THAT(running.out, HasSubstr(" 151 findings\n"));
  // It is backed up and restored as it is, and the restore says so.
  EXPECT_EQ(Run({"backup", "--data", data_, "--to", At("b")}).code, 0);
  const Process::End restore = Run({"restore", "--from", At("b"), "--data", At("restored")});
  EXPECT_EQ(restore.code, 1);
  EXPECT_THAT(restore.err, HasSubstr("`alcove verify` names 151 keys"));
}

TEST_F(BackupProcess, CopiesBetweenStores) {
  const Process::End copy = Run({"copy", "--from", data_, "--to", At("copy")});
  EXPECT_EQ(copy.code, 0) << copy.err;
  EXPECT_THAT(copy.out, MatchesRegex("[0-9]+ entries with SHA-256 [0-9a-f]{64} are in both\n"));
  EXPECT_EQ(Run({"verify", "--data", At("copy")}).code, 0);
  const Process::End again = Run({"copy", "--from", data_, "--to", At("copy")});
  EXPECT_EQ(again.code, 1);
  EXPECT_THAT(again.err, AllOf(HasSubstr(At("copy")), HasSubstr("not empty")));
  const auto server = Serve(data_);
  const Process::End served = Run({"copy", "--from", data_, "--to", At("other")});
  EXPECT_EQ(served.code, 1);
  EXPECT_THAT(served.err, HasSubstr("in use by another alcove process"));
  EXPECT_FALSE(fs::exists(At("other")));
}

TEST_F(BackupProcess, SaysInASentenceWhatIsWrong) {
  ASSERT_EQ(Run({"backup", "--data", data_, "--to", At("sound")}).code, 0);
  const std::string sound = Contents(At("sound"));
  std::ofstream(At("cut"), std::ios::binary) << sound.substr(0, sound.size() / 2);
  std::string flipped = sound;
  flipped[sound.size() / 2] = static_cast<char>(flipped[sound.size() / 2] ^ 1);
  std::ofstream(At("flipped"), std::ios::binary) << flipped;
  std::ofstream(At("newer"), std::ios::binary) << std::string(sound).replace(sound.find("format 1"), 8, "format 9");
  std::ofstream(At("text"), std::ios::binary) << "Dear reader\n";
  const struct {
    std::vector<std::string> words;
    int code;
    std::string says;
  } kCases[] = {
      {{"restore", "--from", At("cut"), "--data", At("x")}, 1, "cut: the backup is damaged at byte"},
      {{"restore", "--from", At("flipped"), "--data", At("x")}, 1, "flipped: the backup is damaged at byte"},
      {{"restore", "--from", At("newer"), "--data", At("x")}, 1, "made by a newer Alcove (format 9"},
      {{"restore", "--from", At("text"), "--data", At("x")}, 1, "text: it is no backup of Alcove"},
      {{"restore", "--from", At("none"), "--data", At("x")}, 1, "none cannot be read: No such file"},
      {{"restore", "--from", At("sound"), "--data", data_}, 1, "not empty: name a new one"},
      {{"restore", "--from", At("sound")}, 2, "--data is missing"},
      {{"restore", "--data", At("x")}, 2, "--from is missing"},
      {{"backup", "--data", data_, "--to", At("sound")}, 1, "sound is there already: name another file"},
      {{"backup", "--data", data_, "--to", At("no/such")}, 1, "no/such cannot be written: No such file"},
      {{"backup", "--data", At("x"), "--to", At("y")}, 1, "there is no store in"},
      {{"backup", "--data", data_}, 2, "--to is missing"},
      {{"backup", "--to", At("y")}, 2, "--data is missing"},
      {{"verify", "--data", At("x")}, 1, "there is no store in"},
      {{"verify"}, 2, "--data is missing"},
      {{"verify", "--data", data_, "--fix"}, 2, "--fix is not a flag"},
      {{"copy", "--from", At("x"), "--to", At("y")}, 1, "there is no store in"},
      {{"copy", "--from", data_}, 2, "--to is missing"},
      {{"copy", "--to", data_}, 2, "--from is missing"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(testing::PrintToString(c.words));
    const Process::End end = Run(c.words);
    EXPECT_EQ(end.code, c.code);
    EXPECT_THAT(end.err, AllOf(StartsWith("alcove: "), HasSubstr(c.says)));
    EXPECT_EQ(end.out, "");
  }
  EXPECT_FALSE(fs::exists(At("x"))) << "nothing was made of a bad backup or a mistyped name";
  EXPECT_FALSE(fs::exists(At("y")));
  EXPECT_EQ(Contents(At("sound")), sound);
}

// The server is killed, or its disk fails, in the middle of a backup: no file is left.
TEST_F(BackupProcess, BackupThatTheServerDoesNotFinishIsNone) {
  ASSERT_EQ(Run({"backup", "--data", data_, "--to", At("sound")}).code, 0);
  const std::string sound = Contents(At("sound"));
  std::string refusal = sound.substr(0, sound.find("entries"));
  refusal += "entries 0\n" + store::Bytes16(0xffff) + store::Bytes32(4) + "fire";
  const struct {
    std::string answer;
    const char* says;
  } kCases[] = {
      {"", "the server ended before the backup did"},
      {sound.substr(0, sound.size() / 2), "cut off"},
      {refusal, "fire"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.says);
    Pretend(c.answer, [&] {
      const Process::End end = Run({"backup", "--data", data_, "--to", At("new")});
      EXPECT_EQ(end.code, 1);
      EXPECT_THAT(end.err, HasSubstr(c.says));
    });
    EXPECT_FALSE(fs::exists(At("new")));
    EXPECT_FALSE(fs::exists(At("new.partial")));
  }
  for (const auto& [answer, says] : std::vector<std::pair<std::string, std::string>>{
           {"{\"entries\":500}\n", "the server ended before its answer did"}, {"{\"error\":\"fire\"}\n", "fire"}}) {
    Pretend(answer, [&, said = says] {
      const Process::End end = Run({"verify", "--data", data_});
      EXPECT_EQ(end.code, 1);
      EXPECT_THAT(end.err, HasSubstr(said));
    });
  }
}

// What a killed server leaves of its socket stops neither it nor the commands;
// nor does a folder whose path no socket's address can hold.
TEST_F(BackupProcess, SocketIsFoundWhereverTheFolderIs) {
  const std::string deep = At(std::string(60, 'a') + "/" + std::string(60, 'b'));
  fs::create_directories(deep);
  for (const std::string& data : {data_, deep + "/data"}) {
    SCOPED_TRACE(data);
    EXPECT_EQ(Run({"seed", "--data", data, "--agents", "1"}).code, 0);
    Serve(data)->Signal(SIGKILL);
    EXPECT_EQ(Run({"verify", "--data", data}).code, 0) << "nobody listens: the folder is opened";
    const auto server = Serve(data);
    EXPECT_EQ(Run({"verify", "--data", data}).code, 0);
    EXPECT_EQ(fs::status(data + "/admin.socket").permissions(), fs::perms::owner_read | fs::perms::owner_write);
  }
}

// One that asks and does not read must not keep a server from ending.
TEST_F(BackupProcess, ServerEndsWhileItIsAsked) {
  const auto server = Serve(data_);
  const Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un name = {};
  name.sun_family = AF_UNIX;
  const std::string path = data_ + "/admin.socket";
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  ASSERT_EQ(connect(connection.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
  server->Signal(SIGTERM);
  EXPECT_EQ(server->Wait().code, 0);
}

}  // namespace
}  // namespace alcove::runtime
