#include "functions/explain.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "functions/advance.h"
#include "functions/conversation.h"
#include "functions/json_codec.h"
#include "functions/lifecycle.h"
#include "functions/routing.h"
#include "functions/wire/event.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

std::string TimeText(int64_t at_ms) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%E3SZ", absl::FromUnixMillis(at_ms), absl::UTCTimeZone());
}

std::string NameOrNobody(const std::optional<wire::Actor>& actor) {
  return actor ? actor->name : std::string("nobody");
}

std::string By(const wire::Actor& actor) {
  if (actor.kind == wire::ActorKind::kSystem) return "";
  return absl::StrCat(" by ", actor.name.empty() ? std::string(wire::NameOf(actor.kind)) : actor.name);
}

// nullopt: it decides nothing about who has it.
std::optional<std::string> LineOf(const wire::Event& event) {
  const std::string why = event.why ? absl::StrCat(": ", *event.why) : "";
  switch (event.type) {
    case wire::EventType::kQueued:
      return absl::StrCat("queued at place ", event.position.value_or(0),
                          event.team ? absl::StrCat(" of ", *event.team) : "");
    case wire::EventType::kAssigned:
      return absl::StrCat("assigned to ", NameOrNobody(event.agent), why);
    case wire::EventType::kUnassigned:
      return absl::StrCat("taken from ", NameOrNobody(event.agent), why);
    case wire::EventType::kTransferred:
      return absl::StrCat("handed from ", NameOrNobody(event.from), " to ", NameOrNobody(event.to), By(event.actor));
    case wire::EventType::kSnoozed:
      return absl::StrCat("snoozed until ", TimeText(event.until.value_or(0)), By(event.actor));
    case wire::EventType::kReopened:
      return absl::StrCat("reopened", By(event.actor));
    case wire::EventType::kClosed:
      return absl::StrCat("closed", By(event.actor));
    case wire::EventType::kJoined:
      return event.agent ? absl::StrCat("joined by ", event.agent->name)
                         : absl::StrCat("taken", By(event.actor), ", a bot");
    case wire::EventType::kLeft:
      return event.agent ? absl::StrCat("left by ", event.agent->name)
                         : absl::StrCat("handed over", By(event.actor), why);
    default:
      return std::nullopt;
  }
}

std::string NeedText(const ConversationRecord& record) {
  const Need need = NeedOf(record);
  std::vector<std::string> parts = {absl::StrCat("priority ", record.priority.value_or(0))};
  if (!need.team.empty()) parts.push_back(absl::StrCat("team ", need.team));
  for (const Skill& skill : need.skills) {
    parts.push_back(absl::StrCat("skill ", skill.name, " at level ", skill.level));
  }
  if (!need.language.empty()) parts.push_back(absl::StrCat("language ", need.language));
  for (const wire::AgentId& agent : need.passed) parts.push_back(absl::StrCat("not ", agent.text()));
  return absl::StrCat("needs ", absl::StrJoin(parts, ", "));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> Explain(store::Reader& reader, const wire::SiteId& site,
                                                 const wire::ConversationId& id) {
  ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(reader, site, id));
  const ConversationRecord& record = conversation.record;
  std::vector<std::string> lines = {absl::StrCat("is ", std::string(wire::NameOf(StateOf(record)))), NeedText(record)};
  for (const std::string& rule : record.rules.value_or(std::vector<std::string>())) {
    lines.push_back(absl::StrCat("by the rule ", rule));
  }
  RETURN_IF_ERROR(store::EachEntry(reader, keys::Events(site, id), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const auto event, ParseJson<wire::Event>(entry.value));
    if (auto line = LineOf(event)) lines.push_back(absl::StrCat(TimeText(event.at), "  ", *line));
    return absl::OkStatus();
  }));
  if (StateOf(record) == State::kQueued) {
    SiteRouting routing(reader, site);
    ASSIGN_OR_RETURN(Decision decision, ChooseAgent(routing, conversation));
    lines.push_back(absl::StrCat(
        "now  ",
        decision.agent ? absl::StrCat("would go to ", decision.agent->text(), ": ") : "waits: ", WhyOf(decision)));
  } else if (StateOf(record) == State::kBot && record.bot) {
    lines.push_back(absl::StrCat("now  ", record.bot->asking ? "waits for the program of the bot " : "is with the bot ",
                                 record.bot->bot.name));
  } else if (record.accept_by) {
    lines.push_back(absl::StrCat("now  is offered until ", TimeText(*record.accept_by)));
  }
  if (record.ending) lines.push_back(absl::StrCat("was ", std::string(wire::NameOf(*record.ending))));
  return lines;
}

}  // namespace alcove::functions
