// A socket on which connections arrive: opened here, or handed over by whoever
// started the process (systemd's socket activation), who keeps it open: what
// arrives between two processes then waits in its queue and is not refused.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "runtime/descriptor.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

struct Listener {
  SocketAddress address;  // with the port that was chosen for port 0
  Descriptor socket;
};

// Binds and listens.
//   ALREADY_EXISTS    somebody listens there
//   INVALID_ARGUMENT  it cannot be listened there; the message says why
absl::StatusOr<Listener> ListenOn(const SocketAddress& address);

// What the environment hands over by systemd's protocol (sd_listen_fds(3)):
// LISTEN_FDS sockets from descriptor 3 on, where LISTEN_PID is this process. In
// the order of the socket unit. Forgets the variables, so that no child believes
// them too. To be called once, before there are threads.
//   INVALID_ARGUMENT  one of them is no listening TCP socket
absl::StatusOr<std::vector<Listener>> TakeInheritedListeners();

}  // namespace alcove::runtime
