// The runtime interface of AWS Lambda as its host speaks it, on a free port of
// loopback: hands out the events that it was given, one after another, and
// keeps what comes back. After the last it ends the conversation.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/characters.h"
#include "runtime/descriptor.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

class RuntimeInterface {
 public:
  struct Posted {
    std::string path;  // behind /2018-06-01/runtime/
    std::string head;
    std::string body;
  };

  // `before(i)` is called before the i-th event is handed out, on another thread.
  explicit RuntimeInterface(
      std::vector<std::string> events, std::function<void(size_t)> before = [](size_t) {})
      : events_(std::move(events)),
        before_(std::move(before)),
        listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_.get(), 8) != 0 ||
        getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~RuntimeInterface() { End(); }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  // Everything that was posted. Nothing is taken any more.
  const std::vector<Posted>& End() {
    shutdown(listener_.get(), SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    return posted_;
  }

 private:
  void Serve() {
    while (true) {
      const Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!client.is_open()) return;
      std::string text;
      size_t head_end = 0;
      size_t length = 0;
      while ((head_end = text.find("\r\n\r\n")) == text.npos || text.size() < head_end + 4 + length) {
        char buffer[4096];
        const ssize_t got = recv(client.get(), buffer, sizeof(buffer), 0);
        if (got <= 0) break;
        text.append(buffer, static_cast<size_t>(got));
        if (text.find("\r\n\r\n") != text.npos) length = ContentLength(text);
      }
      if (head_end == text.npos) continue;
      const std::string answer = AnswerTo(text.substr(0, head_end + 2), text.substr(head_end + 4));
      (void)send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }

  static size_t ContentLength(const std::string& text) {
    for (size_t at = text.find("\r\n"); at < text.find("\r\n\r\n"); at = text.find("\r\n", at + 2)) {
      constexpr std::string_view kName = "content-length:";
      if (EqualsIgnoringCase(std::string_view(text).substr(at + 2, kName.size()), kName)) {
        return std::strtoul(text.c_str() + at + 2 + kName.size(), nullptr, 10);
      }
    }
    return 0;
  }

  std::string AnswerTo(const std::string& head, std::string body) {
    constexpr std::string_view kRuntime = " /2018-06-01/runtime/";
    const size_t begin = head.find(kRuntime);
    if (begin == head.npos) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    const size_t path = begin + kRuntime.size();
    const std::string name = head.substr(path, head.find(' ', path) - path);
    if (head.starts_with("GET ") && name == "invocation/next") {
      if (next_ == events_.size()) return "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n";
      before_(next_);
      const std::string& event = events_[next_++];
      return absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nLambda-Runtime-Aws-Request-Id: id-",
                          next_, "\r\nLambda-Runtime-Deadline-Ms: 1\r\nContent-Length: ", event.size(), "\r\n\r\n",
                          event);
    }
    if (!head.starts_with("POST ")) return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    posted_.push_back({name, head, std::move(body)});
    return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
  }

  const std::vector<std::string> events_;
  const std::function<void(size_t)> before_;
  size_t next_ = 0;
  std::vector<Posted> posted_;
  Descriptor listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace alcove::runtime
