// The browser as client/ and the faces see it.
#pragma once

#include "wasm-widget/platform/app.h"

namespace alcove::platform {

class BrowserTransport : public client::Transport {
 public:
  void Send(const client::HttpRequest& request) override;
  void Abort(int64_t id) override;
};

class BrowserClock : public client::Clock {
 public:
  int64_t WallMs() override;
  int64_t MonotonicMs() override;
};

class BrowserRandom : public client::Random {
 public:
  uint64_t Next() override;
};

class BrowserStorage : public client::Storage {
 public:
  enum class Of { kBrowser, kTab };
  explicit BrowserStorage(Of of) : of_(of) {}
  std::optional<std::string> Get(std::string_view key) override;
  void Set(std::string_view key, std::string_view value) override;
  void Remove(std::string_view key) override;

 private:
  const Of of_;
};

class Browser : public Platform {
 public:
  client::Platform& client() override { return client_; }
  client::Storage& drafts() override { return drafts_; }
  void Wake() override;
  void TickIn(double ms) override;
  std::string QueryParameter(std::string_view name) override;
  std::string PageOrigin() override;
  bool Visible() override;
  bool Online() override;
  void SetTitle(std::string_view title) override;
  void TellLoaderReady() override;
  void TellLoaderUnread(int count) override;
  void TellLoaderClose() override;
  std::string FormatTime(int64_t at_ms) override;
  std::string FormatDay(int64_t at_ms) override;
  std::string FormatRelative(int64_t at_ms) override;

 private:
  BrowserTransport transport_;
  BrowserClock clock_;
  BrowserRandom random_;
  BrowserStorage storage_{BrowserStorage::Of::kBrowser};
  BrowserStorage drafts_{BrowserStorage::Of::kTab};
  client::Platform client_ = {transport_, clock_, random_, storage_};
};

}  // namespace alcove::platform
