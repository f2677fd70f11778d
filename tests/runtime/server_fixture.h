// A live server on a free port of loopback, in front of functions that echo,
// poll, stand still or answer much; clients write raw bytes.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "runtime/http_server.h"
#include "runtime/system.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {

inline functions::Response Text(int status, std::string body) {
  functions::Response response;
  response.status = status;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

// There is nothing to read: the functions of a test do not look.
class NothingStored final : public store::Reader {
 public:
  absl::StatusOr<std::optional<std::string>> Get(std::string_view) override { return std::optional<std::string>(); }
  absl::StatusOr<std::vector<store::Entry>> Scan(const store::Range&, const store::ScanOptions&) override {
    return std::vector<store::Entry>();
  }
};

enum class PollsRun { kOnWorkers, kOnReactors };

// Functions of a test: an echo, a poll of named counters, and one that stands still until it is let go.
class TestApplication final : public Application {
 public:
  explicit TestApplication(Hub& hub) : hub_(hub) {}

  Admission Admit(Call& call) override {
    const functions::Request& request = call.request;
    if (puts_off) return {.refusal = Text(429, "later"), .supersede_key = ""};
    return {.supersede_key = request.path == "/poll" ? request.token : std::string(),
            .lane = request.path == "/slow" ? functions::Lane::kSlow : functions::Lane::kFast};
  }

  Foreseen Foresee(std::string_view canonical) override {
    using functions::Work;
    static constexpr std::pair<std::string_view, Work> kWorks[] = {
        {"GET /presence", Work::kPresence}, {"GET /typing", Work::kTyping},     {"POST /typing", Work::kTyping},
        {"GET /history", Work::kHistory},   {"GET /page", Work::kPage},         {"GET /poll", Work::kPoll},
        {"GET /session", Work::kSession},   {"GET /start", Work::kConversation}};
    for (const auto& [begin, work] : kWorks) {
      if (canonical.starts_with(begin)) return {work};
    }
    return {Work::kSend, canonical.starts_with("PUT ")};
  }

  std::unique_ptr<store::Reader> SnapshotAtOnce() override {
    return polls_run == PollsRun::kOnWorkers ? nullptr : std::make_unique<NothingStored>();
  }

  functions::Outcome Run(Call& call) override {
    const functions::Request& request = call.request;
    runs.fetch_add(1);
    if (before_run) before_run(request);
    if (call.moment != nullptr || call.at_once) {
      runs_at_once.fetch_add(1);
      call.needs_to_wait = request.Query("writes") == "1";
    }
    if (request.path == "/poll" && request.Query("stands-still").empty()) return Poll(request);
    if (request.path == "/echo") return Text(200, request.body);
    if (request.path == "/large") return Text(200, std::string(4'000'000, 'x'));
    if (request.path == "/huge") return Text(200, std::string(16'000'000, 'x'));
    if (request.path == "/slow") {
      const int now = slow_running.fetch_add(1) + 1;
      slow_max.store(std::max(slow_max.load(), now));
      while (!let_go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      slow_running.fetch_sub(1);
      return Text(200, "slow");
    }
    if (request.path == "/stands-still" || request.path == "/poll") {
      standing.fetch_add(1);
      while (!let_go.load()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return Poll(request);
    }
    return Text(200, absl::StrCat("hello ", request.path));
  }

  void Refused(int) override { refused.fetch_add(1); }

  // As a commit does: first visible, then signalled.
  void Raise(const std::string& topic) {
    {
      const store::MutexLock lock(mutex_);
      ++counters_[topic];
    }
    hub_.Signal(topic);
  }

  // REQUIRES: set before the server is started.
  PollsRun polls_run = PollsRun::kOnWorkers;
  std::function<void(const functions::Request&)> before_run;

  std::atomic<int> runs{0};
  std::atomic<int> runs_at_once{0};
  std::atomic<int> refused{0};
  std::atomic<int> standing{0};
  std::atomic<int> slow_running{0};
  std::atomic<int> slow_max{0};
  std::atomic<bool> let_go{false};
  std::atomic<bool> puts_off{false};

 private:
  // `topic`, `after`, `hold` in ms.
  functions::Outcome Poll(const functions::Request& request) {
    const std::string topic(request.Query("topic"));
    int counter = 0;
    {
      const store::MutexLock lock(mutex_);
      counter = counters_[topic];
    }
    const absl::Duration hold = absl::Milliseconds(std::atoi(std::string(request.Query("hold")).c_str()));
    std::vector<std::string> topics = {topic, "other/" + topic};
    // As a cursor is read that is not there.
    const std::string_view after = request.Query(request.Query("cursor").empty() ? "after" : "cursor");
    if (counter > std::atoi(std::string(after).c_str())) {
      functions::Response news = Text(200, absl::StrCat(counter));
      news.next = {absl::StrCat(counter), std::move(topics), hold};
      return news;
    }
    switch (request.wake) {
      case functions::Wake::kDeadline:
        return Text(200, "nothing");
      case functions::Wake::kSuperseded:
        return Text(409, "superseded");
      case functions::Wake::kDraining:
        return Text(200, "draining");
      case functions::Wake::kArrived:
      case functions::Wake::kSignalled:
      case functions::Wake::kFetched:
        break;
    }
    return functions::Wait{std::move(topics), absl::Now() + hold};
  }

  Hub& hub_;
  store::Mutex mutex_;
  std::map<std::string, int> counters_ ABSL_GUARDED_BY(mutex_);
};

inline std::string Put(std::string_view target) {
  return absl::StrCat("PUT ", std::string(target), " HTTP/1.1\r\nHost: a.example\r\nContent-Length: 0\r\n\r\n");
}

inline std::string Get(std::string_view target, std::string_view headers = "") {
  return absl::StrCat("GET ", std::string(target), " HTTP/1.1\r\nHost: a\r\n", std::string(headers), "\r\n");
}
inline std::string Poll(std::string_view topic, int after, int hold_ms, std::string_view token = "") {
  return Get(absl::StrCat("/poll?topic=", std::string(topic), "&after=", after, "&hold=", hold_ms),
             token.empty() ? "" : absl::StrCat("Authorization: Bearer ", std::string(token), "\r\n"));
}

// As a client asks that goes on where its last answer ended.
inline std::string PollBehind(std::string_view topic, int cursor, int hold_ms, std::string_view headers = "") {
  return Get(absl::StrCat("/poll?topic=", std::string(topic), "&cursor=", cursor, "&hold=", hold_ms), headers);
}

// Keeps the reactors of a server from what they do, from the next connection that they are given: its options ask
// IsShared() there.
class Holdup {
 public:
  std::function<bool(std::string_view)> IsShared() {
    return [this](std::string_view) {
      if (is_on_) stands_ = true;
      while (is_on_) std::this_thread::sleep_for(std::chrono::milliseconds(1));
      return false;
    };
  }
  void Begin() { is_on_ = true; }
  bool stands() const { return stands_; }
  void End() { is_on_ = false; }

 private:
  std::atomic<bool> is_on_{false};
  std::atomic<bool> stands_{false};
};

class ServerTest : public testing::Test {
 protected:
  // A test that fails meanwhile ends all the same.
  void TearDown() override { holdup_.End(); }
  void Start(HttpServerOptions options = {}, int reactors = 2) {
    options.reactors = reactors;
    options.workers = 4;
    auto server =
        HttpServer::Start(*SocketAddress::Parse("127.0.0.1:0"), std::move(options), application_, hub_, clock_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }
  RawClient Connect() { return RawClient(server_->address()); }

  // What happens on other threads happens at last, or the test fails.
  static void Await(const std::function<bool()>& condition, const std::string& what) {
    for (int i = 0; i < RawClient::kPatienceMs && !condition(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ASSERT_TRUE(condition()) << what;
  }
  void AwaitConnections(size_t count) {
    Await([&] { return server_->open_connections() == count; }, absl::StrCat(count, " connections"));
  }
  // So many clients of a new server, each of whom has sent `begun`; one after another, so that the first is the oldest.
  std::vector<RawClient> BeginRequests(size_t count, std::string_view begun) {
    std::vector<RawClient> clients;
    while (clients.size() < count) {
      clients.push_back(Connect());
      EXPECT_TRUE(clients.back().Send(begun));
      AwaitConnections(clients.size());
    }
    return clients;
  }
  void AwaitParked(size_t count) {
    Await([&] { return server_->parked_requests() == count; }, absl::StrCat(count, " parked"));
  }

  Hub hub_;
  SystemClock clock_;
  TestApplication application_{hub_};
  Holdup holdup_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace alcove::runtime
