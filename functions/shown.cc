#include "functions/shown.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "functions/json_codec.h"
#include "functions/wire/event.h"

namespace alcove::functions {
namespace {

using wire::EventType;

// By hand, because most events are passed on as they are. Before its type there is no text in an event.
EventType TypeOf(std::string_view event) {
  constexpr std::string_view kName = "\"type\":\"";
  const size_t name = event.find(kName);
  if (name == event.npos) return EventType::kUnknown;
  event.remove_prefix(name + kName.size());
  return wire::FromName<EventType>(event.substr(0, event.find('"')));
}

// What the system reopens was never closed to a customer: a snooze is over. In a value a quote would be escaped.
bool IsForAgents(EventType type, std::string_view event) {
  const bool amends = type == EventType::kEdited || type == EventType::kDeleted || type == EventType::kErased;
  return type == EventType::kNote || type == EventType::kTagged || type == EventType::kSnoozed ||
         type == EventType::kPage || (amends && event.find("\"note\":true") != event.npos) ||
         (type == EventType::kReopened && event.find("\"kind\":\"system\"") != event.npos) ||
         (type == EventType::kField && event.find("\"visible\":true") == event.npos);
}

// In a text the name cannot stand: its quotes would be escaped.
bool HasCommentForAgents(EventType type, std::string_view event) {
  return (type == EventType::kTransferred || type == EventType::kAssigned || type == EventType::kUnassigned ||
          type == EventType::kQueued) &&
         event.find("\"comment\":") != event.npos;
}

// What a bot did not know, or how its program failed.
bool HasReasonForAgents(EventType type, std::string_view event) {
  return type == EventType::kLeft && event.find("\"why\":") != event.npos;
}

// The numbers that decided, which end in a bracket (domain/dispatch.h).
bool HasNumbers(EventType type, std::string_view event) {
  return type == EventType::kAssigned && event.find("]\"") != event.npos &&
         event.find("\"kind\":\"system\"") != event.npos;
}

void TakeNumbersOff(wire::Event& event) {
  if (event.actor.kind != wire::ActorKind::kSystem || !event.why || !event.why->ends_with(']')) return;
  event.why->resize(std::min(event.why->find(" ["), event.why->size()));
}

}  // namespace

absl::StatusOr<std::string> ShownTo(Side side, std::string event) {
  if (side == Side::kAgent) return event;
  const EventType type = TypeOf(event);
  const bool hides_all = IsForAgents(type, event);
  const bool hides_reason = HasReasonForAgents(type, event);
  if (!hides_all && !hides_reason && !HasCommentForAgents(type, event) && !HasNumbers(type, event)) return event;
  auto whole = ParseJson<wire::Event>(event);
  if (!whole.ok()) return absl::DataLossError("an event cannot be read");
  if (!hides_all) {
    whole->comment.reset();
    if (hides_reason) whole->why.reset();
    TakeNumbersOff(*whole);
    return ToJson(*whole);
  }
  wire::Event hidden;
  hidden.conversation = std::move(whole->conversation);
  hidden.seq = whole->seq;
  hidden.type = EventType::kHidden;
  hidden.at = whole->at;
  return ToJson(hidden);
}

}  // namespace alcove::functions
