// Rows of a conversation for the tests of the faces, as a session would show them.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wasm-widget/client/view.h"
#include "wasm-widget/conversation/log.h"

namespace alcove::conversation {

inline constexpr int64_t kMinuteMs = 60 * 1000;

// Keeps what the views of its rows point into.
class FakeRows {
 public:
  FakeRows(wire::ActorKind reader, std::string reader_id) : reader_(reader), reader_id_(std::move(reader_id)) {}

  FakeRows& Message(const wire::Actor& by, std::string text, client::Delivery delivery = client::Delivery::kNone) {
    client::Row row = NewRow(wire::EventType::kMessage, by);
    const bool stored = delivery != client::Delivery::kSending && delivery != client::Delivery::kFailed;
    row.seq = stored ? ++seq_ : 0;
    row.id = texts_.emplace_back("msg_" + std::to_string(rows_.size()));
    row.text = texts_.emplace_back(std::move(text));
    row.delivery = delivery;
    rows_.push_back(row);
    return *this;
  }
  FakeRows& Note(const wire::Actor& by, std::string text) {
    Message(by, std::move(text));
    rows_.back().type = wire::EventType::kNote;
    return *this;
  }
  // What is to be said of the last row beside.
  client::Row& last() { return rows_.back(); }
  FakeRows& News(wire::Event event) {
    News(event.type, event.actor);
    event.seq = seq_;
    event.at = now_;
    events_.back() = std::move(event);
    return *this;
  }
  FakeRows& News(wire::EventType type, const wire::Actor& by, std::optional<wire::Actor> agent = std::nullopt) {
    client::Row row = NewRow(type, by);
    row.seq = ++seq_;
    wire::Event& event = events_.emplace_back();
    event.seq = seq_;
    event.type = type;
    event.at = now_;
    event.actor = by;
    event.agent = std::move(agent);
    row.event = &events_.back();
    rows_.push_back(row);
    return *this;
  }
  FakeRows& Later(int64_t ms) {
    now_ += ms;
    return *this;
  }

  const std::vector<client::Row>& rows() const { return rows_; }
  // Days of a thousand minutes, times as the minutes of the day.
  std::vector<LogEntry> Build() const {
    return BuildLog({.rows = rows_, .reader = reader_},
                    {[](int64_t at) { return "t" + std::to_string(at / kMinuteMs % 1000); },
                     [](int64_t at) { return "day " + std::to_string(at / kMinuteMs / 1000); }});
  }

 private:
  client::Row NewRow(wire::EventType type, const wire::Actor& by) {
    client::Row row;
    row.type = type;
    row.at = now_;
    row.actor = &actors_.emplace_back(by);
    row.mine = by.kind == reader_ && by.id == reader_id_;
    row.our_side = by.kind == reader_ || (reader_ == wire::ActorKind::kAgent && by.kind == wire::ActorKind::kBot);
    return row;
  }

  const wire::ActorKind reader_;
  const std::string reader_id_;
  int64_t now_ = 0;
  int64_t seq_ = 0;
  std::deque<std::string> texts_;
  std::deque<wire::Actor> actors_;
  std::deque<wire::Event> events_;
  std::vector<client::Row> rows_;
};

inline const wire::Actor kPriya = {wire::ActorKind::kCustomer, "cus_1", "Priya Shah"};
inline const wire::Actor kMara = {wire::ActorKind::kAgent, "agt_1", "Mara Kovač"};
inline const wire::Actor kAlva = {wire::ActorKind::kBot, "bot_1", "Alva Helper"};
inline const wire::Actor kJonas = {wire::ActorKind::kAgent, "agt_2", "Jonas"};

}  // namespace alcove::conversation
