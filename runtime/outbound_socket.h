// A connection to another server on which everything has an end: nothing takes
// longer than its deadline, or brings more bytes than were asked for.
//
// Threads: one at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/fetch.h"
#include "runtime/descriptor.h"

// Of OpenSSL.
struct ssl_ctx_st;
struct ssl_st;

namespace alcove::runtime {

// How long, and until who else says so.
struct Patience {
  std::chrono::steady_clock::time_point deadline;
  int stop = -1;  // a descriptor: whoever makes it readable ends the wait
};

// Whose certificates are good.
class OutboundTls {
 public:
  // Those of the file, in PEM; where it is empty those of the system, or where SSL_CERT_FILE says.
  // FAILED_PRECONDITION where they cannot be read.
  static absl::StatusOr<std::unique_ptr<OutboundTls>> Make(const std::string& file);
  ~OutboundTls();
  ssl_ctx_st* get() const { return context_; }

 private:
  explicit OutboundTls(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* const context_;
};

class OutboundSocket {
 public:
  struct Place {
    std::string address;  // not a name: who asks has looked it up, and checked it
    int port = 0;
    // As which host the server has to show itself, by a certificate. Null: without TLS.
    const OutboundTls* tls = nullptr;
    std::string host = {};
  };
  // failure() says why where it is not connected.
  OutboundSocket(const Place& place, const Patience& patience);
  ~OutboundSocket();
  OutboundSocket(const OutboundSocket&) = delete;
  OutboundSocket& operator=(const OutboundSocket&) = delete;

  // What went wrong first, or nullopt: then nothing works any more.
  std::optional<functions::FetchResult> failure() const { return failure_; }
  // For what Read() and Write() do from now on; the count of bytes begins anew.
  void Begin(const Patience& patience, size_t bytes_max);
  // So many more may come.
  void Allow(size_t more_bytes) { bytes_left_ += more_bytes; }

  // The next bytes, at least one; 0 at the end; -1 where there is a failure.
  ssize_t Read(char* to, size_t size);
  // All of them, or -1.
  ssize_t Write(std::string_view bytes);

  // Whether another request may be sent: nothing came that nobody asked for, and it is not closed.
  bool IsFresh() const;

 private:
  ssize_t Fail(functions::FetchResult result);
  bool Await(short events);
  void Connect(const Place& place);
  void ShakeHands(const Place& place);
  // What a call of OpenSSL that came back with `result` waits for. False: it failed, or waits in vain.
  bool AwaitTls(int result);
  ssize_t Receive(char* to, size_t size);
  ssize_t Send(std::string_view bytes);

  Patience patience_;
  Descriptor socket_;
  ssl_st* tls_ = nullptr;
  std::optional<functions::FetchResult> failure_;
  size_t bytes_left_ = 0;
  // cpp-httplib reads heads byte by byte.
  std::array<char, size_t{16} * 1024> buffer_;
  std::string_view unread_;
};

// Waits until one of the events comes. False where the deadline or the stop comes first; `stopped` says which.
struct Awaited {
  bool came = false;
  bool stopped = false;
};
Awaited AwaitEvents(int descriptor, short events, const Patience& patience);

}  // namespace alcove::runtime
