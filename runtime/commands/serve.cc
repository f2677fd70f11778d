#include <malloc.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "functions/deferrables.h"
#include "functions/routes.h"
#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/commands/web_files.h"
#include "runtime/descriptor_limit.h"
#include "runtime/last_watch.h"
#include "runtime/listener.h"
#include "runtime/log.h"
#include "runtime/service.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

// In every thread that starts later, so that only the main one hears them.
sigset_t BlockSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // A limit on the size of files is a full disk, which the store waits out.
  signal(SIGXFSZ, SIG_IGN);
  return signals;
}

void EndOnFatal(const absl::Status& status) {
  // From a store thread: nothing that is acknowledged can be lost by ending here, and nothing else is safe.
  LogError("the store has failed for good and the server ends", {{"reason", std::string(status.message())}});
  std::_Exit(1);
}

// The sockets that a supervisor hands over, in place of those that the command names.
absl::StatusOr<std::vector<Listener>> Inherited(const ServeCommand& command) {
  ASSIGN_OR_RETURN(std::vector<Listener> listeners, TakeInheritedListeners());
  if (listeners.size() > 2) {
    return absl::InvalidArgumentError("more than two sockets are inherited: one for --listen, one for --ops");
  }
  if (command.limits == LimitsSwitch::kOff && !listeners.empty() && !listeners[0].address.IsLoopback()) {
    return absl::InvalidArgumentError(
        "--limits off is for load tests on this machine only: the inherited socket is not");
  }
  return listeners;
}

// What can be found out about what counts with nothing made or opened: a store is made where there is none.
int CheckFiles(const ServeCommand& command) {
  if (command.web.empty()) return 0;
  const auto files = LoadWebFiles(command.web);
  return files.ok() ? 0 : Fail(files.status(), 1);
}

void RunUntilSignalled(Service& service, const sigset_t& signals) {
  constexpr std::chrono::seconds kSweep{30};
  while (!WaitForSignal(signals, kSweep)) service.Sweep();
}

void WaitUntilDrained(Service& service) {
  while (!service.drained()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

}  // namespace

int Serve(std::span<const std::string> arguments) {
  // Each arena keeps what its threads once needed; 48 workers share two.
  mallopt(M_ARENA_MAX, 2);
  // Hashing a password takes 19 MB. Left to itself malloc learns from the first to keep such blocks, and after fifty
  // sign-ins at once the process stays at 800 MB; so they go back to the system at once.
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  const auto command = ParseServe(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  if (command->mode == ServeMode::kCheckConfig) {
    std::fputs(command->effective.c_str(), stdout);
    return CheckFiles(*command);
  }
  auto inherited = Inherited(*command);
  if (!inherited.ok()) return Fail(inherited.status(), 2);
  const sigset_t signals = BlockSignals();
  RaiseDescriptorLimit();

  auto files = LoadWebFiles(command->web);
  if (!files.ok()) return Fail(files.status(), 1);
  auto store = OpenStore(command->store, EndOnFatal);
  if (!store.ok()) return Fail(store.status(), 1);
  auto service = Service::Start(*command, {.store = *std::move(store),
                                           .files = *std::move(files),
                                           .find_route = functions::FindRoute,
                                           .inherited = *std::move(inherited),
                                           .deferrables = functions::Deferrables()});
  if (!service.ok()) return Fail(service.status(), 1);

  std::unique_ptr<AdminSocket> admin;
  if (!command->store.data.empty()) {
    auto listening = AdminSocket::Listen(command->store.data, (*service)->context());
    if (!listening.ok()) {
      LogWarning("alcove backup, verify and admin cannot reach this server",
                 {{"reason", std::string(listening.status().message())}});
    } else {
      admin = *std::move(listening);
    }
  }

  std::printf("listening on http://%s\n", (*service)->address().Text().c_str());
  if (const SocketAddress* const ops = (*service)->ops_address(); ops != nullptr) {
    std::printf("operations on http://%s\n", ops->Text().c_str());
  }
  std::fflush(stdout);
  RunUntilSignalled(**service, signals);

  const LastWatch watch(signals);
  (*service)->Drain();
  WaitUntilDrained(**service);
  // In this order, as they were made: all of it may take its time, which is watched.
  admin.reset();
  (*service).reset();
  return 0;
}

}  // namespace alcove::runtime
