#include "functions/agent/put_note.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "functions/access.h"
#include "functions/message.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/sent.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
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
    ASSIGN_OR_RETURN(auto earlier, EarlierAnswer(txn, conversation, id, digest));
    if (earlier) return Ok(*std::move(earlier));
    RETURN_IF_ERROR(CheckAreThere(txn, conversation.site, mentions));
    wire::Event event;
    event.type = wire::EventType::kNote;
    event.actor = entered.actor;
    event.text = note.text;
    if (!mentions.empty()) event.mentions = mentions;
    ASSIGN_OR_RETURN(event, AppendPut(txn, conversation, std::move(event), id, std::move(digest), now_ms));
    return Created(ToJson(wire::EventAnswer{event}));
  });
}

}  // namespace alcove::functions::agent
