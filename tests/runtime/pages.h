// The sessions of browser pages, as the faces have them, over real requests:
// what a test does with them is what a person would have seen.
//
// Threads: a page's requests have one each; sessions are called by the test's
// own, inside of Pages::Await().
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/socket_address.h"
#include "tests/runtime/raw_client.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/session.h"

namespace alcove::runtime {

// Pages whose sessions go on together.
class Pages {
 public:
  // Lets the sessions send, hear and repeat until it is so.
  void Await(const std::string& what, const std::function<bool()>& is_so) {
    const auto end = std::chrono::steady_clock::now() + kPatience;
    while (!is_so()) {
      if (std::chrono::steady_clock::now() > end) {
        ADD_FAILURE() << "never came to be: " << what;
        return;
      }
      for (client::Session* session : sessions_) session->Tick();
      for (const Answered& answered : TakeAnswers()) answered.session->OnResponse(answered.request, answered.answer);
    }
  }

 private:
  friend class Page;
  struct Answered {
    client::Session* session;
    int64_t request;
    client::HttpAnswer answer;
  };

  // Nothing in a test takes longer, on the slowest machine.
  static constexpr std::chrono::seconds kPatience{100};
  // Between looks at what no answer tells.
  static constexpr std::chrono::milliseconds kLook{20};

  std::vector<Answered> TakeAnswers() {
    std::unique_lock lock(mutex_);
    answered_.wait_for(lock, kLook, [&] { return !answers_.empty(); });
    return std::exchange(answers_, {});
  }

  std::vector<client::Session*> sessions_;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::vector<Answered> answers_;
};

// One page, at the address that its requests go to.
class Page final : public client::Transport {
 public:
  Page(Pages& pages, const SocketAddress& address, uint64_t seed) : pages_(pages), address_(address), random_(seed) {}
  // What is under way is waited for: the server must be there, or away for good.
  ~Page() override {
    for (std::thread& request : requests_) request.join();
  }

  client::Platform platform() { return {*this, clock_, random_, storage_}; }
  // REQUIRES: once, before the session sends anything; it lives longer than the last Await().
  void Host(client::Session& session) {
    session_ = &session;
    pages_.sessions_.push_back(&session);
  }

  // How often an answer had this status.
  int Heard(int status) {
    const std::lock_guard lock(pages_.mutex_);
    return static_cast<int>(std::count(statuses_.begin(), statuses_.end(), status));
  }

  void Send(const client::HttpRequest& request) override {
    requests_.emplace_back([this, request] {
      client::HttpAnswer answer = Ask(request);
      const std::lock_guard lock(pages_.mutex_);
      statuses_.push_back(answer.status);
      if (std::find(aborted_.begin(), aborted_.end(), request.id) != aborted_.end()) return;
      pages_.answers_.push_back({session_, request.id, std::move(answer)});
      pages_.answered_.notify_one();
    });
  }
  void Abort(int64_t id) override {
    const std::lock_guard lock(pages_.mutex_);
    aborted_.push_back(id);
    std::erase_if(pages_.answers_, [&](const Pages::Answered& answered) {
      return answered.session == session_ && answered.request == id;
    });
  }

 private:
  class SystemClock final : public client::Clock {
   public:
    int64_t WallMs() override { return Ms(std::chrono::system_clock::now().time_since_epoch()); }
    int64_t MonotonicMs() override { return Ms(std::chrono::steady_clock::now().time_since_epoch()); }

   private:
    static int64_t Ms(std::chrono::nanoseconds time) {
      return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    }
  };

  client::HttpAnswer Ask(const client::HttpRequest& request) const {
    static constexpr const char* kMethods[] = {"GET", "POST", "PUT", "DELETE"};
    std::string text = absl::StrCat(kMethods[static_cast<int>(request.method)], " ", request.path,
                                    " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n");
    if (!request.token.empty()) absl::StrAppend(&text, "Authorization: Bearer ", request.token, "\r\n");
    if (request.method != client::HttpMethod::kGet) {
      absl::StrAppend(&text, "Content-Type: application/json\r\nContent-Length: ", request.body.size(), "\r\n");
    }
    const std::optional<RawAnswer> got = RawClient(address_).Ask(absl::StrCat(text, "\r\n", request.body));
    client::HttpAnswer answer;
    if (!got) return answer;
    answer.status = got->status;
    answer.content_type = got->Header("Content-Type");
    answer.body = got->body;
    const std::string retry_after = got->Header("Retry-After");
    if (!retry_after.empty()) answer.retry_after_s = std::atoll(retry_after.c_str());
    return answer;
  }

  Pages& pages_;
  const SocketAddress address_;
  SystemClock clock_;
  client::FakeRandom random_;
  client::FakeStorage storage_;
  client::Session* session_ = nullptr;
  std::vector<int> statuses_;     // guarded by pages_.mutex_
  std::vector<int64_t> aborted_;  // guarded by pages_.mutex_
  std::vector<std::thread> requests_;
};

}  // namespace alcove::runtime
