// The echo bench's side of HTTP/1.1: one epoll loop and keep-alive connections
// with one request in flight each.
//
// Threads: one; everything here belongs to the thread that runs the loop.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace alcove::bench {

// Microseconds of a clock that never jumps.
int64_t NowUs();

struct Answer {
  int status = 0;         // 0: three attempts in a row ended without an answer
  std::string_view body;  // lives until the callback returns
};

class Loop {
 public:
  // REQUIRES: an address of 127.0.0.0/8. Ends the process where it is another:
  // a load generator has no business elsewhere.
  Loop(const std::string& address, uint16_t port);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Waits at most so long for something to happen, and runs the callbacks.
  void RunOnce(int timeout_ms);

  uint64_t reconnects() const { return reconnects_; }

 private:
  friend class Connection;
  int epoll_;
  sockaddr_in target_{};
  std::string head_end_;  // of every request line: version and Host
  uint64_t reconnects_ = 0;
};

class Connection {
 public:
  explicit Connection(Loop& loop) : loop_(loop) {}
  ~Connection() { Drop(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool busy() const { return busy_; }

  // Sends a request; `done` may send the next one on this connection. Where
  // the connection ends before the answer, the same request goes out again on
  // a new one: everything that the bench sends may be repeated.
  // REQUIRES: !busy().
  void Send(std::string_view method, std::string_view target, std::string_view token, std::string_view body,
            std::function<void(const Answer&)> done);

 private:
  friend class Loop;
  void Connect();
  void Drop();
  void Flush();
  void Read();
  void Break();
  void Finish(const Answer& answer);
  void WantWrite(bool want);

  Loop& loop_;
  int fd_ = -1;
  bool busy_ = false;
  bool wants_write_ = false;
  int attempts_ = 0;
  size_t written_ = 0;
  std::string out_;
  std::string in_;
  std::function<void(const Answer&)> done_;
};

}  // namespace alcove::bench
