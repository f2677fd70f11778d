#include "wasm-widget/platform/browser.h"

#include <cstdlib>
#include <string>

#include "wasm-widget/platform/javascript.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::platform {

namespace {

// Takes over a string that JavaScript made.
std::string Take(char* text, size_t size) {
  std::string result(text, size);
  std::free(text);
  return result;
}

void Tell(std::string_view what, int count = -1) { js_tell(what.data(), what.size(), count); }

}  // namespace

// ---------------------------------------------------------------- client/

void BrowserTransport::Send(const client::HttpRequest& request) {
  js_send(static_cast<double>(request.id), static_cast<int>(request.method), request.path.data(), request.path.size(),
          request.token.data(), request.token.size(), request.body.data(), request.body.size(),
          static_cast<double>(request.timeout_ms), request.lock.data(), request.lock.size());
}

void BrowserTransport::Abort(int64_t id) { js_abort(static_cast<double>(id)); }

int64_t BrowserClock::WallMs() { return static_cast<int64_t>(js_wall_ms()); }
int64_t BrowserClock::MonotonicMs() { return static_cast<int64_t>(js_monotonic_ms()); }

uint64_t BrowserRandom::Next() {
  uint64_t number = 0;
  js_random(&number, sizeof number);
  return number;
}

std::optional<std::string> BrowserStorage::Get(std::string_view key) {
  size_t size = 0;
  char* text = js_storage_get(static_cast<int>(of_), key.data(), key.size(), &size);
  if (text == nullptr) return std::nullopt;
  return Take(text, size);
}

void BrowserStorage::Set(std::string_view key, std::string_view value) {
  js_storage_set(static_cast<int>(of_), key.data(), key.size(), value.data(), value.size());
}

void BrowserStorage::Remove(std::string_view key) { js_storage_remove(static_cast<int>(of_), key.data(), key.size()); }

// ---------------------------------------------------------------- Platform

void Browser::Wake() { js_wake(); }
void Browser::TickIn(double ms) { js_tick_in(ms); }

std::string Browser::QueryParameter(std::string_view name) {
  size_t size = 0;
  char* text = js_query(name.data(), name.size(), &size);
  return Take(text, size);
}

std::string Browser::PageOrigin() {
  size_t size = 0;
  char* text = js_origin(&size);
  return Take(text, size);
}

bool Browser::Visible() { return js_visible() != 0; }
bool Browser::Online() { return js_online() != 0; }
void Browser::SetTitle(std::string_view title) { js_title(title.data(), title.size()); }

void Browser::TellLoaderReady() { Tell("ready"); }
void Browser::TellLoaderUnread(int count) { Tell("unread", count); }
void Browser::TellLoaderClose() { Tell("close"); }

std::string Browser::FormatTime(int64_t at_ms) {
  size_t size = 0;
  char* text = js_format(0, static_cast<double>(at_ms), &size);
  return Take(text, size);
}

std::string Browser::FormatDay(int64_t at_ms) {
  const int days = js_days_ago(static_cast<double>(at_ms));
  if (days == 0) return std::string(strings::kToday);
  if (days == 1) return std::string(strings::kYesterday);
  size_t size = 0;
  char* text = js_format(1, static_cast<double>(at_ms), &size);
  return Take(text, size);
}

std::string Browser::FormatRelative(int64_t at_ms) {
  const int64_t minutes = (clock_.WallMs() - at_ms) / 60000;
  if (minutes < 1) return std::string(strings::kNow);
  if (minutes < 60) return ui::Fill(strings::kMinutes, {std::to_string(minutes)});
  if (minutes < 24 * 60) return ui::Fill(strings::kHours, {std::to_string(minutes / 60)});
  return ui::Fill(strings::kDays, {std::to_string(minutes / (24 * 60))});
}

}  // namespace alcove::platform
