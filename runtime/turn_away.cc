#include "runtime/turn_away.h"

#include <sys/socket.h>

#include <array>
#include <string>

#include "functions/wire/limits.h"
#include "runtime/answer.h"

namespace alcove::runtime {

void TurnAway(Descriptor socket, functions::ProblemCode problem) {
  const std::string bytes = RefusalBytes(problem);
  // A new socket has room for it, or is broken.
  (void)send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  (void)shutdown(socket.get(), SHUT_WR);
  // As much as a head.
  std::array<char, wire::kRequestHeadBytesMax> unread;
  (void)recv(socket.get(), unread.data(), unread.size(), MSG_DONTWAIT);
}

}  // namespace alcove::runtime
