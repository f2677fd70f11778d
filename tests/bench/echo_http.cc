#include "tests/bench/echo_http.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <utility>

namespace alcove::bench {
namespace {

constexpr int kAttemptsMax = 3;

[[noreturn]] void Die(const char* why) {
  std::fprintf(stderr, "echo_bench: %s\n", why);
  std::exit(2);
}

struct Framed {
  int status;
  size_t body_begin;
  size_t body_bytes;
  bool keeps;
};

// The value of a header, whose name is given with the line end before it and the colon behind it.
std::optional<std::string_view> Header(std::string_view head, std::string_view name) {
  for (size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at + 2)) {
    if (at + name.size() > head.size() || strncasecmp(head.data() + at, name.data(), name.size()) != 0) continue;
    const size_t begin = head.find_first_not_of(' ', at + name.size());
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
  return std::nullopt;
}

// The answer at the start of `in`, or nullopt while it is incomplete. Every
// answer of Alcove has a Content-Length; one without would hang here and count as lost.
std::optional<Framed> Frame(std::string_view in) {
  const size_t end = in.find("\r\n\r\n");
  if (end == std::string_view::npos || in.size() < 12) return std::nullopt;
  const std::string_view head = in.substr(0, end + 2);
  Framed framed{std::atoi(head.data() + 9), end + 4, 0, true};
  const auto length = Header(head, "\r\ncontent-length:");
  if (!length && framed.status != 204 && framed.status != 304) return std::nullopt;
  if (length) framed.body_bytes = std::strtoul(std::string(*length).c_str(), nullptr, 10);
  const auto connection = Header(head, "\r\nconnection:");
  framed.keeps = !connection || strncasecmp(connection->data(), "close", 5) != 0;
  if (in.size() < framed.body_begin + framed.body_bytes) return std::nullopt;
  return framed;
}

}  // namespace

int64_t NowUs() {
  using std::chrono::duration_cast, std::chrono::microseconds, std::chrono::steady_clock;
  return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

Loop::Loop(const std::string& address, uint16_t port) : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  target_.sin_family = AF_INET;
  target_.sin_port = htons(port);
  if (inet_pton(AF_INET, address.c_str(), &target_.sin_addr) != 1) Die("the address must be IPv4");
  if (ntohl(target_.sin_addr.s_addr) >> 24 != 127) Die("only loopback addresses are loaded");
  head_end_ = " HTTP/1.1\r\nHost: " + address + ":" + std::to_string(port) + "\r\n";
}

Loop::~Loop() { close(epoll_); }

void Loop::RunOnce(int timeout_ms) {
  std::array<epoll_event, 256> events;
  const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  for (size_t i = 0; count > 0 && i < static_cast<size_t>(count); ++i) {
    auto& connection = *static_cast<Connection*>(events[i].data.ptr);
    if (connection.fd_ >= 0 && (events[i].events & EPOLLOUT) != 0) connection.Flush();
    if (connection.fd_ >= 0 && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) connection.Read();
  }
}

void Connection::Send(std::string_view method, std::string_view target, std::string_view token, std::string_view body,
                      std::function<void(const Answer&)> done) {
  out_.assign(method).append(" ").append(target).append(loop_.head_end_);
  if (!token.empty()) out_.append("Authorization: Bearer ").append(token).append("\r\n");
  if (method != "GET") {
    out_.append("Content-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
    out_.append("\r\n");
  }
  out_.append("\r\n").append(body);
  done_ = std::move(done);
  busy_ = true;
  attempts_ = 0;
  written_ = 0;
  if (fd_ < 0) {
    Connect();
  } else {
    Flush();
  }
}

void Connection::Connect() {
  fd_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0) Die("no more descriptors: raise `ulimit -n`");
  const int one = 1;
  setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT;
  event.data.ptr = this;
  epoll_ctl(loop_.epoll_, EPOLL_CTL_ADD, fd_, &event);
  wants_write_ = true;
  connect(fd_, reinterpret_cast<const sockaddr*>(&loop_.target_), sizeof loop_.target_);
}

void Connection::Drop() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
  written_ = 0;
  in_.clear();
}

void Connection::WantWrite(bool want) {
  if (wants_write_ == want) return;
  wants_write_ = want;
  epoll_event event{};
  event.events = EPOLLIN | (want ? uint32_t{EPOLLOUT} : 0U);
  event.data.ptr = this;
  epoll_ctl(loop_.epoll_, EPOLL_CTL_MOD, fd_, &event);
}

void Connection::Flush() {
  while (busy_ && written_ < out_.size()) {
    const ssize_t sent = ::send(fd_, out_.data() + written_, out_.size() - written_, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == ENOTCONN)) return WantWrite(true);
    if (sent <= 0) return Break();
    written_ += static_cast<size_t>(sent);
  }
  WantWrite(false);
}

void Connection::Read() {
  std::array<char, 65536> buffer;
  const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return Break();
  in_.append(buffer.data(), static_cast<size_t>(got));
  if (!busy_) return;
  const auto framed = Frame(in_);
  if (!framed) return;
  const std::string held = std::exchange(in_, {});
  if (!framed->keeps) Drop();
  Finish({framed->status, std::string_view(held).substr(framed->body_begin, framed->body_bytes)});
}

void Connection::Break() {
  Drop();
  if (!busy_) return;
  ++loop_.reconnects_;
  if (++attempts_ >= kAttemptsMax) return Finish({});
  Connect();
}

void Connection::Finish(const Answer& answer) {
  busy_ = false;
  // Moved out first: the callback may send the next request from here.
  const auto done = std::exchange(done_, nullptr);
  done(answer);
}

}  // namespace alcove::bench
