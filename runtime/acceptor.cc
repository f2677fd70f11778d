#include "runtime/acceptor.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "runtime/log.h"

namespace alcove::runtime {
namespace {

// A restart brings every client back within a second; the kernel cuts it to
// net.core.somaxconn. cpp-httplib's 5 drops the rest for seconds.
constexpr int kBacklog = 4096;
// How long to leave the kernel alone when it has no memory for a socket.
constexpr auto kPause = std::chrono::milliseconds(50);

Descriptor OpenReserve() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

void SetOption(int socket, int level, int option) {
  const int one = 1;
  // Both options only make things better; nothing breaks without.
  (void)setsockopt(socket, level, option, &one, sizeof(one));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(const SocketAddress& address,
                                                          std::function<void(Accepted)> accepted) {
  Descriptor listener(socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const auto failed = [&] {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", address.Text(), ": ", strerror(errno)));
  };
  if (!listener.is_open()) return failed();
  // Only this one: with SO_REUSEPORT a second server would start without a word and take half of the connections.
  SetOption(listener.get(), SOL_SOCKET, SO_REUSEADDR);
  if (bind(listener.get(), address.get(), address.size()) != 0 || listen(listener.get(), kBacklog) != 0) {
    if (errno != EADDRINUSE) return failed();
    return absl::AlreadyExistsError(
        absl::StrCat("cannot listen on ", address.Text(), ": another program listens there"));
  }
  sockaddr_storage bound = {};
  socklen_t size = sizeof(bound);
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&bound), &size) != 0) return failed();
  return std::unique_ptr<Acceptor>(new Acceptor(SocketAddress(bound), std::move(listener), std::move(accepted)));
}

Acceptor::Acceptor(SocketAddress address, Descriptor listener, std::function<void(Accepted)> accepted)
    : address_(address),
      listener_(std::move(listener)),
      reserve_(OpenReserve()),
      stop_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      accepted_(std::move(accepted)),
      thread_([this] { Run(); }) {}

Acceptor::~Acceptor() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof(one));
  thread_.join();
}

void Acceptor::Run() {
  std::array<pollfd, 2> events = {pollfd{listener_.get(), POLLIN, 0}, pollfd{stop_.get(), POLLIN, 0}};
  while (true) {
    (void)poll(events.data(), events.size(), -1);
    if (events[1].revents != 0) return;
    while (AcceptOne()) {
    }
  }
}

bool Acceptor::AcceptOne() {
  sockaddr_storage peer = {};
  socklen_t size = sizeof(peer);
  Descriptor socket(accept4(listener_.get(), reinterpret_cast<sockaddr*>(&peer), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (socket.is_open()) {
    // Answers are written whole; waiting for more to send would only delay them.
    SetOption(socket.get(), IPPROTO_TCP, TCP_NODELAY);
    accepted_({.socket = std::move(socket), .peer_address = SocketAddress(peer).Host()});
    return true;
  }
  switch (errno) {
    case EAGAIN:
      return false;
    case EMFILE:
    case ENFILE:
      DropOne();
      return false;
    case ENOBUFS:
    case ENOMEM:
      std::this_thread::sleep_for(kPause);
      return false;
    default:
      return true;  // that connection failed before it was taken: the next
  }
}

void Acceptor::DropOne() {
  LogWarning("no descriptor is free: a connection was dropped; raise the limit of open files");
  reserve_.Close();
  Descriptor(accept(listener_.get(), nullptr, nullptr)).Close();
  reserve_ = OpenReserve();
  // Another thread may have been quicker to take the descriptor.
  if (!reserve_.is_open()) std::this_thread::sleep_for(kPause);
}

}  // namespace alcove::runtime
