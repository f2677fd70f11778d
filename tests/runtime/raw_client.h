// A client that writes the bytes it is told and reads what comes: nothing in
// between that would repair, reorder or retry.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/characters.h"
#include "runtime/descriptor.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

struct RawAnswer {
  int status = 0;
  std::string head;
  std::string body;

  // The value of a header, or "".
  std::string Header(std::string_view name) const {
    size_t begin = head.find("\r\n") + 2;
    while (begin < head.size()) {
      const size_t end = head.find("\r\n", begin);
      const std::string_view line = std::string_view(head).substr(begin, end - begin);
      const size_t colon = line.find(':');
      if (EqualsIgnoringCase(line.substr(0, colon), name)) return std::string(Trimmed(line.substr(colon + 1)));
      begin = end + 2;
    }
    return {};
  }
};

class RawClient {
 public:
  // Nothing in a test takes longer, on the slowest machine; waiting for it means it failed.
  static constexpr int kPatienceMs = 20'000;

  explicit RawClient(const SocketAddress& address)
      : socket_(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (connect(socket_.get(), address.get(), address.size()) != 0) socket_.Close();
  }

  bool connected() const { return socket_.is_open(); }

  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // The next answer, or nullopt where the connection ended before it was whole.
  // 100 Continue is an answer of its own.
  std::optional<RawAnswer> Read() {
    size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == received_.npos) {
      if (!ReadSome()) return std::nullopt;
    }
    RawAnswer answer;
    answer.head = received_.substr(0, end + 2);
    answer.status = std::atoi(answer.head.c_str() + 9);
    const size_t length = std::strtoul(answer.Header("Content-Length").c_str(), nullptr, 10);
    while (received_.size() < end + 4 + length) {
      if (!ReadSome()) return std::nullopt;
    }
    answer.body = received_.substr(end + 4, length);
    received_.erase(0, end + 4 + length);
    return answer;
  }

  std::optional<RawAnswer> Ask(std::string_view request) {
    if (!Send(request)) return std::nullopt;
    return Read();
  }

  // Whether the server has ended the connection in order, with nothing left to read.
  bool AtEnd() {
    while (ReadSome()) {
    }
    return received_.empty() && ended_in_order_;
  }

  // Whether something is there to be read, without waiting for it.
  bool HasInput() {
    pollfd event = {socket_.get(), POLLIN, 0};
    return !received_.empty() || poll(&event, 1, 0) > 0;
  }

  // A little of what comes next. False: it is the end, or nothing came.
  bool ReadSome() {
    pollfd event = {socket_.get(), POLLIN, 0};
    if (poll(&event, 1, kPatienceMs) <= 0) return false;
    char buffer[4096];
    const ssize_t got = recv(socket_.get(), buffer, sizeof(buffer), 0);
    ended_in_order_ = got == 0;
    if (got <= 0) return false;
    received_.append(buffer, static_cast<size_t>(got));
    return true;
  }

  // The kernel reads a little ahead, and not the more the more there is.
  void ReadLittleAhead() {
    const int bytes = 16 * 1024;
    (void)setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
  }

  // Each Send() a segment of its own.
  void SendAtOnce() {
    const int one = 1;
    (void)setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
  }

  void HalfClose() { shutdown(socket_.get(), SHUT_WR); }
  void Close() { socket_.Close(); }
  void Reset() {
    const linger at_once = {.l_onoff = 1, .l_linger = 0};
    (void)setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    Close();
  }

 private:
  Descriptor socket_;
  std::string received_;
  bool ended_in_order_ = false;
};

}  // namespace alcove::runtime
