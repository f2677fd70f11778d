// Listens and hands new connections out.
//
// Threads: Start() and the destructor from one; it accepts on a thread of its own.
#pragma once

#include <functional>
#include <thread>

#include "runtime/descriptor.h"
#include "runtime/listener.h"
#include "runtime/mailbox.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

class Acceptor {
 public:
  // Calls `accepted` on its own thread for each connection, until it dies.
  Acceptor(Listener listener, std::function<void(Accepted)> accepted);
  // Nobody is accepted any more when it returns.
  ~Acceptor();

  const SocketAddress& address() const { return address_; }

 private:
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
