// What a World has in place of the clock, the dice, what is short-lived, the files of a server and other servers.
//
// Threads: may be used by several at once, but for FakeAssets and for FakeEphemera::Restart().
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/context.h"
#include "functions/fetch.h"

namespace alcove::functions {

class FakeClock : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixMillis(now_ms_); }
  void Advance(absl::Duration by) { now_ms_ += absl::ToInt64Milliseconds(by); }

 private:
  std::atomic<int64_t> now_ms_ = 1'790'000'000'000;
};

class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  uint64_t Next() override {
    const std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

class FakeEphemera : public Ephemera {
 public:
  void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) override {
    const std::lock_guard lock(mutex_);
    topics_[std::string(topic)][std::string(key)] = {std::string(key), std::string(value), ++version_, expires_at};
    woken_.insert(std::string(topic));
    ++published_;
  }
  std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) override {
    const std::lock_guard lock(mutex_);
    std::vector<Item> items;
    for (const auto& [key, item] : topics_[std::string(topic)]) {
      if (item.version > after && item.expires_at > now) items.push_back(item);
    }
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.version < b.version; });
    return items;
  }
  uint64_t Version() override {
    const std::lock_guard lock(mutex_);
    return version_;
  }
  const std::string& Incarnation() override { return incarnation_; }

  std::set<std::string> TakeWoken() {
    const std::lock_guard lock(mutex_);
    return std::exchange(woken_, {});
  }
  int published() const { return published_; }
  void Restart() {
    topics_.clear();
    version_ = 0;
    incarnation_ += "x";
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, Item>> topics_;
  std::set<std::string> woken_;
  uint64_t version_ = 0;
  std::atomic<int> published_ = 0;
  std::string incarnation_ = "first";
};

class FakeAssets : public Assets {
 public:
  std::optional<std::string_view> Find(std::string_view name) override {
    const auto found = files.find(std::string(name));
    return found == files.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }
  std::map<std::string, std::string> files = {{"loader.js", "(function(){var c=__ALCOVE_CONFIG__||{};})()"},
                                              {"frame.html", "<!doctype html><title>The chat</title>"}};
};

// The servers that functions ask: those that a test has put there. All others are unreachable.
class FakeWeb {
 public:
  using Server = std::function<Fetched(const Fetch&)>;

  // What is at the URL, without its query. It may do what happens while its answer is on the way.
  void Serve(const std::string& url, Server server) {
    const std::lock_guard lock(mutex_);
    servers_[url] = std::move(server);
  }
  void Serve(const std::string& url, int status, const std::string& body) {
    Serve(url, [=](const Fetch&) {
      Fetched fetched;
      fetched.result = FetchResult::kAnswered;
      fetched.status = status;
      fetched.body = body;
      return fetched;
    });
  }
  void Fail(const std::string& url, FetchResult result) {
    Serve(url, [=](const Fetch&) {
      Fetched fetched;
      fetched.result = result;
      return fetched;
    });
  }

  // Asks, as the runtime does.
  Fetched Ask(const Fetch& fetch) {
    Fetched fetched;
    fetched.result = FetchResult::kUnreachable;
    if (const Server server = Find(fetch); server) fetched = server(fetch);
    fetched.name = fetch.name;
    return fetched;
  }

  // What was asked, in its order, since it was last taken.
  std::vector<Fetch> TakeAsked() {
    const std::lock_guard lock(mutex_);
    return std::exchange(asked_, {});
  }

 private:
  Server Find(const Fetch& fetch) {
    const std::lock_guard lock(mutex_);
    asked_.push_back(fetch);
    const auto found = servers_.find(fetch.url.substr(0, fetch.url.find('?')));
    return found == servers_.end() ? nullptr : found->second;
  }

  std::mutex mutex_;
  std::map<std::string, Server> servers_;
  std::vector<Fetch> asked_;
};

}  // namespace alcove::functions
