// What the sessions need of the world: requests, time, chance, and a small
// store. The browser's are in wasm-widget/platform; tests have their own.
//
// Everything runs on one thread. A session never waits: it sends, returns, and
// is told later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace alcove::client {

enum class HttpMethod { kGet, kPost, kPut, kDelete };

struct HttpRequest {
  int64_t id = 0;  // never 0, never used twice by one session
  HttpMethod method = HttpMethod::kGet;
  std::string path;        // with the query, `/v1/customer/poll?cursor=…`
  std::string token;       // for `Authorization: Bearer`; empty: without
  std::string body;        // JSON; empty: without
  int64_t timeout_ms = 0;  // from sending to the last byte of the answer
  // Of those with this name in all tabs of the browser, one is under way at a time: until its answer was taken. One
  // that would have had to wait is not sent, but answered with `came_second` when its turn has come. "": none. Where
  // the browser has no such locks all are sent.
  std::string lock;
};

struct HttpAnswer {
  int status = 0;              // 0: no answer came
  bool timed_out = false;      // status is 0 because timeout_ms were over
  bool came_second = false;    // status is 0 because it was not sent: see HttpRequest::lock
  int64_t retry_after_s = -1;  // -1: the header is not there, or is no number
  std::string content_type;    // as sent, parameters included
  std::string body;
};

// Each request is answered once by Session::OnResponse(), unless it was
// aborted. Never from within Send().
class Transport {
 public:
  virtual ~Transport() = default;
  virtual void Send(const HttpRequest& request) = 0;
  // The answer is no longer wanted; one that still comes is ignored.
  virtual void Abort(int64_t id) = 0;
};

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970, as the device believes: for what is shown and kept.
  virtual int64_t WallMs() = 0;
  // Milliseconds that never go back: for waiting.
  virtual int64_t MonotonicMs() = 0;
};

class Random {
 public:
  virtual ~Random() = default;
  virtual uint64_t Next() = 0;
};

// localStorage of the frame's origin. It may be full or forbidden: a Set() that
// is lost costs the resumption after a reload, nothing else.
class Storage {
 public:
  virtual ~Storage() = default;
  virtual std::optional<std::string> Get(std::string_view key) = 0;
  virtual void Set(std::string_view key, std::string_view value) = 0;
  virtual void Remove(std::string_view key) = 0;
};

// Not owned; they outlive the session.
struct Platform {
  Transport& transport;
  Clock& clock;
  Random& random;
  Storage& storage;
};

// A time that never comes.
inline constexpr int64_t kNever = INT64_MAX;

}  // namespace alcove::client
