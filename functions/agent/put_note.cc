#include "functions/agent/put_note.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "functions/access.h"
#include "functions/advance.h"
#include "functions/message.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/sent.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

using Agents = std::vector<std::string>;

// Each once, in the order in which they were named.
absl::StatusOr<Agents> MentionsOf(const wire::NewNote& note) {
  Agents mentions;
  for (const std::string& agent : note.mentions.value_or(Agents())) {
    RETURN_IF_ERROR(ParseChosenId<wire::AgentId>("mentions", agent).status());
    if (std::find(mentions.begin(), mentions.end(), agent) == mentions.end()) mentions.push_back(agent);
  }
  if (mentions.size() <= wire::kMentionsMax) return mentions;
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("mentions names more than ", wire::kMentionsMax));
}

absl::Status CheckAreThere(store::Reader& reader, const wire::SiteId& site, const Agents& agents) {
  for (const std::string& agent : agents) {
    ASSIGN_OR_RETURN(const auto record, reader.Get(keys::Agent(site, wire::AgentId(agent))));
    if (!record) return ProblemStatus(ProblemCode::kUnprocessable, "mentions names somebody who is no agent here");
  }
  return absl::OkStatus();
}

// Whispers to the agent who has it, who is mentioned with it.
absl::Status Whisper(store::Reader& reader, const Entered& entered, wire::Event& event) {
  const Conversation& conversation = entered.conversation;
  const wire::AgentId supervisor(entered.actor.id);
  ASSIGN_OR_RETURN(const auto record, Load<AgentRecord>(reader, keys::Agent(conversation.site, supervisor)));
  RETURN_IF_ERROR(CheckRole(RoleOf(record), Permission::kSupervise));
  const auto assignee = AssigneeOf(conversation);
  if (!IsAssigned(StateOf(conversation.record)) || assignee == supervisor) {
    return ProblemStatus(ProblemCode::kUnprocessable, "whisper: no other agent has the conversation");
  }
  event.whisper = true;
  Agents mentions = event.mentions.value_or(Agents());
  if (std::find(mentions.begin(), mentions.end(), assignee->text()) == mentions.end()) {
    mentions.push_back(assignee->text());
  }
  event.mentions = std::move(mentions);
  return absl::OkStatus();
}

}  // namespace

Outcome PutNote(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto note, ParseBody<wire::NewNote>(request));
  RETURN_IF_ERROR(CheckTextGiven("text", note.text, wire::kMessageTextBytesMax));
  ASSIGN_OR_RETURN(const Agents mentions, MentionsOf(note));
  ASSIGN_OR_RETURN(const auto id, ParseChosenId<wire::MessageId>("message", request.Parameter("message")));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());

  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kAgent, context));
    Conversation& conversation = entered.conversation;
    std::string digest = DigestOf({"note", entered.actor.id, note.text, absl::StrJoin(mentions, ",")});
    const bool whispers = note.whisper.value_or(false);
    // Only where it is one: those that are remembered of before were none.
    if (whispers) digest = DigestOf({digest, "whisper"});
    if (auto earlier = EarlierAnswer(txn, conversation, Side::kAgent, id, digest)) return *std::move(earlier);
    RETURN_IF_ERROR(CheckAreThere(txn, conversation.site, mentions));
    wire::Event event;
    event.type = wire::EventType::kNote;
    event.actor = entered.actor;
    event.text = note.text;
    if (!mentions.empty()) event.mentions = mentions;
    if (whispers) RETURN_IF_ERROR(Whisper(txn, entered, event));
    ASSIGN_OR_RETURN(event, AppendPut(txn, conversation, std::move(event), id, std::move(digest), now_ms));
    ASSIGN_OR_RETURN(std::string answer, PutAnswer(txn, conversation, event.seq));
    return Created(std::move(answer));
  });
}

}  // namespace alcove::functions::agent
