#include "functions/participants.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/problem.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

wire::Event ParticipationEvent(wire::EventType type, const wire::Actor& agent, const wire::Actor& by) {
  wire::Event event;
  event.type = type;
  event.actor = by;
  event.agent = agent;
  return event;
}

// 422 where one more would be too many.
absl::Status CheckCounts(store::Reader& reader, const Conversation& conversation, const wire::AgentId& agent) {
  const auto& participants = conversation.record.participants;
  if (participants && participants->size() >= wire::kParticipantsMax) {
    return ProblemStatus(ProblemCode::kUnprocessable,
                         absl::StrCat("at most ", wire::kParticipantsMax, " agents take part in a conversation"));
  }
  ASSIGN_OR_RETURN(const auto joined, reader.Scan(keys::JoinedConversations(conversation.site, agent),
                                                  {.limit = wire::kJoinedConversationsMax}));
  if (joined.size() < wire::kJoinedConversationsMax) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("an agent takes part in at most ",
                                                                 wire::kJoinedConversationsMax, " conversations"));
}

}  // namespace

bool TakesPart(const ConversationRecord& record, std::string_view agent) {
  if (!record.participants) return false;
  return std::any_of(record.participants->begin(), record.participants->end(),
                     [&](const wire::Actor& participant) { return participant.id == agent; });
}

bool HasIt(const Conversation& conversation, std::string_view agent) {
  const ConversationRecord& record = conversation.record;
  return IsAssigned(StateOf(record)) && record.agent && record.agent->id == agent;
}

absl::StatusOr<std::optional<wire::Event>> AddParticipant(store::Transaction& transaction, Conversation& conversation,
                                                          const wire::AgentId& agent, const wire::Actor& by) {
  ConversationRecord& record = conversation.record;
  RETURN_IF_ERROR(CheckMay(record, Action::kJoin));
  if (HasIt(conversation, agent.text()) || TakesPart(record, agent.text())) return std::optional<wire::Event>();
  RETURN_IF_ERROR(CheckCounts(transaction, conversation, agent));
  ASSIGN_OR_RETURN(const AgentRecord known, Load<AgentRecord>(transaction, keys::Agent(conversation.site, agent)));
  const wire::Actor participant{wire::ActorKind::kAgent, agent.text(), known.name};
  if (!record.participants) record.participants.emplace();
  record.participants->push_back(participant);
  transaction.Put(keys::JoinedConversation(conversation.site, agent, conversation.id), "1");
  return std::optional(ParticipationEvent(wire::EventType::kJoined, participant, by));
}

std::optional<wire::Event> RemoveParticipant(store::Transaction& transaction, Conversation& conversation,
                                             const wire::AgentId& agent, const wire::Actor& by) {
  auto& participants = conversation.record.participants;
  if (!participants) return std::nullopt;
  const auto found = std::find_if(participants->begin(), participants->end(),
                                  [&](const wire::Actor& participant) { return participant.id == agent.text(); });
  if (found == participants->end()) return std::nullopt;
  const wire::Actor participant = *found;
  participants->erase(found);
  if (participants->empty()) participants.reset();
  transaction.Erase(keys::JoinedConversation(conversation.site, agent, conversation.id));
  return ParticipationEvent(wire::EventType::kLeft, participant, by);
}

void EndParticipation(store::Transaction& transaction, Conversation& conversation) {
  const auto participants = std::exchange(conversation.record.participants, std::nullopt);
  for (const wire::Actor& participant : participants.value_or(std::vector<wire::Actor>())) {
    transaction.Erase(keys::JoinedConversation(conversation.site, wire::AgentId(participant.id), conversation.id));
  }
}

absl::Status EndParticipationOf(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                                int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto joined,
                   transaction.Scan(keys::JoinedConversations(site, agent), {.limit = wire::kJoinedConversationsMax}));
  for (const store::Entry& entry : joined) {
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(transaction, site, id));
    auto left = RemoveParticipant(transaction, conversation, agent, wire::Actor{});
    if (left) RETURN_IF_ERROR(Append(transaction, conversation, *std::move(left), now_ms).status());
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
