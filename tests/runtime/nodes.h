// Servers on one PostgreSQL, and the reverse proxy before them: the real
// haproxy, on a port that the test holds open for it.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/descriptor.h"
#include "runtime/socket_address.h"
#include "tests/runtime/process.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {

// `alcove serve --postgres PLACE`, which listens.
class Node {
 public:
  Node(const std::string& place, const std::string& web)
      : process_({"serve", "--postgres", place, "--listen", "127.0.0.1:0", "--web", web}) {
    const std::string line = process_.ReadLine();
    const size_t begin = line.find("http://");
    if (begin == line.npos) {
      ADD_FAILURE() << line << process_.Wait().err;
      std::abort();
    }
    address_.emplace(*SocketAddress::Parse(line.substr(begin + 7)));
  }

  const SocketAddress& address() const { return *address_; }
  void Kill() {
    process_.Signal(SIGKILL);
    process_.Wait();
  }
  // In order, as an operator does.
  int Stop() {
    process_.Signal(SIGTERM);
    return process_.Wait().code;
  }

 private:
  Process process_;
  std::optional<SocketAddress> address_;
};

// All goes to the first node, to the second while that is away.
class Proxy {
 public:
  Proxy(const SocketAddress& first, const SocketAddress& second)
      : folder_(store::MakeTemporaryFolder()), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const SocketAddress any = *SocketAddress::Parse("127.0.0.1:0");
    sockaddr_storage bound = {};
    socklen_t size = sizeof(bound);
    if (bind(listener_.get(), any.get(), any.size()) != 0 || listen(listener_.get(), SOMAXCONN) != 0 ||
        getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
      std::abort();
    }
    address_.emplace(bound);
    std::ofstream(folder_ + "/haproxy.cfg")
        << "defaults\n"
           "  mode http\n"
           "  timeout connect 2s\n"
           "  timeout client 60s\n"
           "  timeout server 60s\n"
           "  retries 3\n"
           "  option redispatch 1\n"
           "listen chat\n"
           "  bind fd@"
        << listener_.get() << "\n  server first " << first.Text() << " check inter 200ms\n  server second "
        << second.Text() << " check inter 200ms backup\n";
    process_ = std::make_unique<Process>(
        "/usr/sbin/haproxy", std::vector<std::string>{"-db", "-f", folder_ + "/haproxy.cfg"}, listener_.get());
  }
  ~Proxy() {
    process_.reset();
    std::filesystem::remove_all(folder_);
  }
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  const SocketAddress& address() const { return *address_; }

 private:
  const std::string folder_;
  const Descriptor listener_;
  std::optional<SocketAddress> address_;
  std::unique_ptr<Process> process_;
};

// Every rule of the store in the database holds.
inline void ExpectVerified(const std::string& place) {
  const Process::End verified = Process({"verify", "--postgres", place}).Wait();
  EXPECT_EQ(verified.code, 0) << verified.out << verified.err;
  EXPECT_NE(verified.out.find(" entries, 0 findings\n"), verified.out.npos) << verified.out;
}

}  // namespace alcove::runtime
