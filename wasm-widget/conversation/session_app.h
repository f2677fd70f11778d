// What both faces do between a session, the browser and the log on screen. A
// face adds what it shows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wasm-widget/client/session.h"
#include "wasm-widget/conversation/log.h"
#include "wasm-widget/platform/app.h"

namespace alcove::conversation {

class SessionApp : public platform::App {
 public:
  void OnResponse(int64_t id, const client::HttpAnswer& answer) override;
  void OnTick() override;
  void OnVisible(bool visible) override;
  void OnOnline(bool online) override;
  void OnPageShow() override;

 protected:
  // From Start() on.
  virtual client::Session& session() = 0;
  // After everything that may have changed what is due, or what is told around the face.
  virtual void Settle() = 0;
  // Whether a person can see the face.
  virtual bool Seen() const { return tab_visible_; }

  // Has OnTick() called at this time of the monotonic clock; kNever cancels.
  void TickAt(int64_t due);
  // Brings log() up to date with what is shown. True where it had to be built anew.
  bool BuildLogOf(const client::ConversationView& shown, wire::ActorKind reader);
  const std::vector<LogEntry>& log() const { return log_; }
  // Another one whenever log() was built anew; never 0.
  uint64_t log_version() const { return log_version_; }

  platform::Platform* platform_ = nullptr;  // set by Start()
  bool tab_visible_ = true;

 private:
  uint64_t log_revision_ = 0;
  uint64_t log_version_ = 1;
  std::string log_day_;
  std::string log_conversation_;
  std::vector<LogEntry> log_;
};

}  // namespace alcove::conversation
