// Another server, on a free port of loopback, that does whatever a test says
// with each connection: also what no server should.
#pragma once

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/descriptor.h"

namespace alcove::runtime {

// One connection, as its server sees it.
class OtherEnd {
 public:
  OtherEnd(int socket, ssl_st* tls) : socket_(socket), tls_(tls) {}

  // The next request, with its body; "" where the connection has ended.
  std::string Read() {
    size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == received_.npos || received_.size() < end + 4 + LengthIn(end)) {
      char buffer[4096];
      const ssize_t got =
          tls_ != nullptr ? SSL_read(tls_, buffer, sizeof(buffer)) : recv(socket_, buffer, sizeof(buffer), 0);
      if (got <= 0) return {};
      received_.append(buffer, static_cast<size_t>(got));
    }
    std::string request = received_.substr(0, end + 4 + LengthIn(end));
    received_.erase(0, request.size());
    return request;
  }
  // False where nobody is there any more.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = tls_ != nullptr ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                                           : send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }
  // Until the other side hangs up, or this server ends.
  void AwaitEnd() {
    char byte = 0;
    while (recv(socket_, &byte, 1, 0) > 0) {
    }
  }

 private:
  size_t LengthIn(size_t head_end) const {
    const size_t at = received_.find("Content-Length: ");
    return at < head_end ? std::strtoul(received_.c_str() + at + 16, nullptr, 10) : 0;
  }

  const int socket_;
  ssl_st* const tls_;
  std::string received_;
};

inline std::string AnswerOf(std::string_view body, std::string_view headers = "") {
  return absl::StrCat("HTTP/1.1 200 OK\r\n", std::string(headers), "Content-Length: ", body.size(), "\r\n\r\n",
                      std::string(body));
}

class OtherServer {
 public:
  using Serve = std::function<void(OtherEnd&)>;

  // With `tls`, which it does not own, every connection begins with a handshake.
  explicit OtherServer(Serve serve, ssl_ctx_st* tls = nullptr)
      : serve_(std::move(serve)), tls_(tls), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_.get(), 64) != 0 ||
        getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { Accept(); });
  }
  ~OtherServer() {
    shutdown(listener_.get(), SHUT_RDWR);
    accepting_.join();
    for (const Descriptor& socket : sockets_) shutdown(socket.get(), SHUT_RDWR);
    for (std::thread& thread : threads_) thread.join();
  }

  int port() const { return port_; }
  std::string Url(std::string_view target = "/", std::string_view host = "127.0.0.1") const {
    return absl::StrCat(tls_ != nullptr ? "https://" : "http://", std::string(host), ":", port_, std::string(target));
  }
  int connections() const { return connections_; }

 private:
  void Accept() {
    while (true) {
      Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.is_open()) return;
      ++connections_;
      const int socket = client.get();
      sockets_.push_back(std::move(client));
      threads_.emplace_back([this, socket] { ServeOne(socket); });
    }
  }
  void ServeOne(int socket) {
    ssl_st* const tls = tls_ != nullptr ? SSL_new(tls_) : nullptr;
    if (tls == nullptr || (SSL_set_fd(tls, socket) == 1 && SSL_accept(tls) == 1)) {
      OtherEnd end(socket, tls);
      serve_(end);
    }
    if (tls != nullptr) SSL_shutdown(tls);
    SSL_free(tls);
    shutdown(socket, SHUT_RDWR);
  }

  const Serve serve_;
  ssl_ctx_st* const tls_;
  const Descriptor listener_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  // Of the accepting thread, until it has ended.
  std::vector<Descriptor> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

// Answers `body` to each request, once it is let go.
class LateServer {
 public:
  explicit LateServer(std::string body)
      : other_([waits = let_go_.get_future().share(), body = std::move(body)](OtherEnd& end) {
          while (!end.Read().empty()) {
            waits.wait();
            end.Send(AnswerOf(body));
          }
        }) {}

  std::string Url() const { return other_.Url(); }
  void LetGo() { let_go_.set_value(); }

 private:
  std::promise<void> let_go_;  // before who waits for it
  OtherServer other_;
};

inline void Until(const std::function<bool()>& holds) {
  while (!holds()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace alcove::runtime
