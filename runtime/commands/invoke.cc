#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "functions/problem.h"
#include "runtime/answer.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/hosted.h"
#include "runtime/framer.h"
#include "runtime/reactor.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {
namespace {

using functions::ProblemCode;

bool WriteAll(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// The request, what is to be said instead, or neither where nothing came.
struct Asked {
  std::optional<FramedRequest> request;
  std::string refusal;
};

// What follows a whole request is left unread or thrown away: nobody else's bytes are ever served.
Asked ReadRequest() {
  const FramerLimits limits = HostedLimits();
  const Deadlines deadlines;
  const SteadyTime end = std::chrono::steady_clock::now() + deadlines.head + deadlines.body;
  Framer framer(limits);
  bool continued = false;
  std::array<char, size_t{16} * 1024> buffer;
  while (framer.state() == Framer::State::kHead || framer.state() == Framer::State::kBody) {
    if (framer.awaits_continue() && !std::exchange(continued, true) && !WriteAll("HTTP/1.1 100 Continue\r\n\r\n")) {
      return {};
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd input = {STDIN_FILENO, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : poll(&input, 1, static_cast<int>(left.count()));
    if (ready == 0) return {{}, RefusalBytes(ProblemCode::kTimeout)};
    if (ready < 0 && errno == EINTR) continue;
    const ssize_t got = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return framer.begun() ? Asked{{}, RefusalBytes(ProblemCode::kBadRequest)} : Asked{};
    framer.Consume(std::string_view(buffer.data(), static_cast<size_t>(got)));
  }
  if (framer.state() == Framer::State::kRefused) return {{}, RefusalBytes(framer.refusal())};
  return {framer.Take(), {}};
}

// Who sends: as a CGI-style host says, or the other end where standard input is
// a connection, as inetd hands it over.
std::string PeerAddress() {
  if (const char* const told = std::getenv("REMOTE_ADDR"); told != nullptr) return told;
  sockaddr_storage storage = {};
  socklen_t size = sizeof(storage);
  if (getpeername(STDIN_FILENO, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
  if (storage.ss_family != AF_INET && storage.ss_family != AF_INET6) return {};
  return SocketAddress(storage).Host();
}

}  // namespace

int Invoke(std::span<const std::string> arguments) {
  const auto command = ParseHosted(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  std::signal(SIGPIPE, SIG_IGN);

  Asked asked = ReadRequest();
  const absl::Status unwritten = absl::UnavailableError("the answer could not be written to standard output");
  if (!asked.request.has_value()) {
    if (asked.refusal.empty()) return Fail(absl::InvalidArgumentError("no request came on standard input"));
    return WriteAll(asked.refusal) ? 0 : Fail(unwritten);
  }
  const auto host = OpenHosted(*command);
  if (!host.ok()) {
    // Whoever asked is told to come back; whoever deployed it is told why.
    (void)WriteAll(RefusalBytes(ProblemCode::kStorage));
    return Fail(host.status());
  }
  return WriteAll((*host)->Answer(*std::move(asked.request), PeerAddress())) ? 0 : Fail(unwritten);
}

}  // namespace alcove::runtime
