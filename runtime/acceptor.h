// Listens and hands new connections out.
//
// Threads: Start() and the destructor from one; it accepts on a thread of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "runtime/descriptor.h"
#include "runtime/mailbox.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

class Acceptor {
 public:
  // Calls `accepted` on its own thread for each connection, until it dies.
  //   ALREADY_EXISTS    somebody listens there
  //   INVALID_ARGUMENT  it cannot be listened there; the message says why
  static absl::StatusOr<std::unique_ptr<Acceptor>> Start(const SocketAddress& address,
                                                         std::function<void(Accepted)> accepted);
  // Nobody is accepted any more when it returns.
  ~Acceptor();

  // With the port that was chosen for port 0.
  const SocketAddress& address() const { return address_; }

 private:
  Acceptor(SocketAddress address, Descriptor listener, std::function<void(Accepted)> accepted);

  void Run();
  // Takes one connection off the queue. False: there is none, or none can be taken now.
  bool AcceptOne();
  // Without a free descriptor the queue's head cannot even be refused, and the
  // listener stays readable: a descriptor kept in reserve takes it and drops it.
  void DropOne();

  const SocketAddress address_;
  Descriptor listener_;
  Descriptor reserve_;
  Descriptor stop_;
  const std::function<void(Accepted)> accepted_;
  std::thread thread_;
};

}  // namespace alcove::runtime
