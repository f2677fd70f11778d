// A listening socket handed over as systemd does it: the server takes it, and a
// restart refuses nobody who comes meanwhile.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/listener.h"
#include "tests/runtime/process.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;

constexpr char kRequest[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

class InheritedSocketTest : public testing::Test {
 protected:
  InheritedSocketTest()
      : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("alcove_inherited_socket_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~InheritedSocketTest() override { std::filesystem::remove_all(folder_); }

  // Runs `alcove serve ...` as the process that the shell (bash: dash knows no descriptor above 9) was, with `socket`
  // as descriptor 3.
  Process Serve(int socket, const std::string& environment, const std::string& arguments = "") const {
    const std::string command =
        absl::StrCat("exec ", environment, " ", ALCOVE_BINARY, " serve --data ", (folder_ / "data").string(), " --web ",
                     folder_.string(), " ", arguments, " 3<&", socket);
    return Process("/bin/bash", {"-c", command}, socket);
  }

  const std::filesystem::path folder_;
  const Listener ours_ = *ListenOn(*SocketAddress::Parse("127.0.0.1:0"));
};

constexpr char kHandedOver[] = "env LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=alcove.socket";

TEST_F(InheritedSocketTest, ARestartRefusesNobodyAndAnswersEverybody) {
  Process first = Serve(ours_.socket.get(), kHandedOver, "--listen 127.0.0.1:1");
  ASSERT_EQ(first.ReadLine(), absl::StrCat("listening on http://", ours_.address.Text()));

  std::atomic<bool> enough{false};
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  std::atomic<int> unanswered{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      while (!enough) {
        RawClient client(ours_.address);
        if (!client.connected()) {
          ++refused;
        } else if (!client.Ask(kRequest).has_value()) {
          ++unanswered;
        } else {
          ++answered;
        }
      }
    });
  }
  const auto until_answered = [&](int more) {
    for (const int before = answered; answered < before + more && refused + unanswered == 0;) std::this_thread::yield();
  };
  until_answered(100);
  first.Signal(SIGTERM);
  const Process::End end = first.Wait();
  EXPECT_EQ(end.code, 0) << end.err;
  Process second = Serve(ours_.socket.get(), kHandedOver);
  EXPECT_EQ(second.ReadLine(), absl::StrCat("listening on http://", ours_.address.Text()));
  until_answered(100);
  enough = true;
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(refused, 0);
  EXPECT_EQ(unanswered, 0);
}

TEST_F(InheritedSocketTest, TheSecondIsForOperators) {
  const Listener operators = *ListenOn(*SocketAddress::Parse("127.0.0.1:0"));
  const int kept = operators.socket.get();
  // Both stay open over exec: this one by hand.
  const int both = dup(ours_.socket.get());
  Process server =
      Serve(kept, absl::StrCat("env LISTEN_PID=$$ LISTEN_FDS=2"), absl::StrCat("4<&", kept, " 3<&", both, " #"));
  EXPECT_EQ(server.ReadLine(), absl::StrCat("listening on http://", ours_.address.Text()));
  EXPECT_EQ(server.ReadLine(), absl::StrCat("operations on http://", operators.address.Text()));
  EXPECT_EQ(RawClient(operators.address).Ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")->status, 200);
  close(both);
}

TEST_F(InheritedSocketTest, WhatIsForAnotherProcessIsLeftAlone) {
  Process server = Serve(ours_.socket.get(), "env LISTEN_PID=1 LISTEN_FDS=1", "--listen 127.0.0.1:0");
  const std::string line = server.ReadLine();
  EXPECT_THAT(line, HasSubstr("listening on http://127.0.0.1:"));
  EXPECT_NE(line, absl::StrCat("listening on http://", ours_.address.Text()));
}

TEST_F(InheritedSocketTest, SaysWhatCannotBeServed) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Process::End end = Serve(ends[0], kHandedOver).Wait();
  EXPECT_EQ(end.code, 2);
  EXPECT_THAT(end.err, HasSubstr("the inherited descriptor 3 cannot be served: it is no listening socket"));
  for (const int open : ends) close(open);

  const Listener everybody = *ListenOn(*SocketAddress::Parse("0.0.0.0:0"));
  const Process::End unlimited = Serve(everybody.socket.get(), kHandedOver, "--limits off").Wait();
  EXPECT_EQ(unlimited.code, 2);
  EXPECT_THAT(unlimited.err, HasSubstr("--limits off"));
}

}  // namespace
}  // namespace alcove::runtime
