// Agents who take part in a conversation beside the one who has it.
//
// They are told of it as its agent is, and find it in their snapshot. It is no
// load of theirs, nobody is chosen for a conversation because of it, and the
// customer is told who came and who went. Who is given the conversation takes
// part no longer, but has it; what is closed ends it for all.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/conversation.h"
#include "functions/records.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

bool TakesPart(const ConversationRecord& record, std::string_view agent);
// It is open, and theirs.
bool HasIt(const Conversation& conversation, std::string_view agent);

// The agent takes part from now on. Returns the `joined` event, for the caller to append; none where they do so
// already, or have it.
//   409 closed         it is over
//   422 unprocessable  kParticipantsMax take part, or the agent does so in kJoinedConversationsMax
//   NOT_FOUND          there is no such agent
absl::StatusOr<std::optional<wire::Event>> AddParticipant(store::Transaction& transaction, Conversation& conversation,
                                                          const wire::AgentId& agent, const wire::Actor& by);

// The agent takes part no longer. Returns the `left` event, for the caller to append; none where they did not.
std::optional<wire::Event> RemoveParticipant(store::Transaction& transaction, Conversation& conversation,
                                             const wire::AgentId& agent, const wire::Actor& by);

// Nobody takes part any more, which the event tells by which it is closed.
void EndParticipation(store::Transaction& transaction, Conversation& conversation);

// The agent takes part in nothing any more: they are no agent of the site, or may only read. Tells of it everywhere.
absl::Status EndParticipationOf(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                                int64_t now_ms);

}  // namespace alcove::functions
