#include "runtime/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

// A restart brings every client back within a second; the kernel cuts it to
// net.core.somaxconn. cpp-httplib's 5 drops the rest for seconds.
constexpr int kBacklog = 4096;
constexpr int kFirstInherited = 3;

absl::StatusOr<SocketAddress> AddressOf(int socket) {
  sockaddr_storage bound = {};
  socklen_t size = sizeof(bound);
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return absl::InvalidArgumentError(strerror(errno));
  }
  if (bound.ss_family != AF_INET && bound.ss_family != AF_INET6) {
    return absl::InvalidArgumentError("it is not of IPv4 or IPv6");
  }
  return SocketAddress(bound);
}

absl::StatusOr<Listener> Inherit(int number) {
  Descriptor socket(number);
  int listens = 0;
  socklen_t size = sizeof(listens);
  if (getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) {
    return absl::InvalidArgumentError("it is no listening socket");
  }
  ASSIGN_OR_RETURN(const SocketAddress address, AddressOf(number));
  // listen() once more only sets the length of the queue.
  if (fcntl(number, F_SETFD, FD_CLOEXEC) != 0 || fcntl(number, F_SETFL, O_NONBLOCK) != 0 ||
      listen(number, kBacklog) != 0) {
    return absl::InvalidArgumentError(strerror(errno));
  }
  return Listener{address, std::move(socket)};
}

int InheritedCount() {
  const char* const process = std::getenv("LISTEN_PID");
  const char* const count = std::getenv("LISTEN_FDS");
  int for_process = 0;
  int sockets = 0;
  const bool is_ours = process != nullptr && count != nullptr && absl::SimpleAtoi(process, &for_process) &&
                       for_process == getpid() && absl::SimpleAtoi(count, &sockets);
  for (const char* const name : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) unsetenv(name);
  return is_ours ? sockets : 0;
}

}  // namespace

absl::StatusOr<Listener> ListenOn(const SocketAddress& address) {
  Descriptor listener(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto failed = [&] {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", address.Text(), ": ", strerror(errno)));
  };
  if (!listener.is_open()) return failed();
  // Only this one: with SO_REUSEPORT a second server would start without a word and take half of the connections.
  const int one = 1;
  (void)setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
  if (bind(listener.get(), address.get(), address.size()) != 0 || listen(listener.get(), kBacklog) != 0) {
    if (errno != EADDRINUSE) return failed();
    return absl::AlreadyExistsError(
        absl::StrCat("cannot listen on ", address.Text(), ": another program listens there"));
  }
  ASSIGN_OR_RETURN(const SocketAddress bound, AddressOf(listener.get()));
  return Listener{bound, std::move(listener)};
}

absl::StatusOr<std::vector<Listener>> TakeInheritedListeners() {
  std::vector<Listener> listeners;
  for (int i = 0, count = InheritedCount(); i < count; ++i) {
    auto listener = Inherit(kFirstInherited + i);
    if (!listener.ok()) {
      return absl::InvalidArgumentError(absl::StrCat("the inherited descriptor ", kFirstInherited + i,
                                                     " cannot be served: ", std::string(listener.status().message())));
    }
    listeners.push_back(*std::move(listener));
  }
  return listeners;
}

}  // namespace alcove::runtime
