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
#include <utility>

#include "runtime/log.h"

namespace alcove::runtime {
namespace {

// How long to leave the kernel alone when it has no memory for a socket.
constexpr auto kPause = std::chrono::milliseconds(50);

Descriptor OpenReserve() { return Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC)); }

void SetOption(int socket, int level, int option) {
  const int one = 1;
  // It only makes things better; nothing breaks without.
  (void)setsockopt(socket, level, option, &one, sizeof(one));
}

}  // namespace

Acceptor::Acceptor(Listener listener, std::function<void(Accepted)> accepted)
    : address_(listener.address),
      listener_(std::move(listener.socket)),
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
