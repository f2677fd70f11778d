// Who of the agents looks at a conversation, and who writes in it: so that two
// do not answer at once. Told to polls, not stored.
//
// Each conversation has a topic that nobody waits on: it is the list. Those on
// it, and the agents who have the conversation or take part in it, are told at their own. Each session has such a list,
// too, of what it looks at.
//
// Threads: free functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Those on the list, in the order of their ids, but for `except`.
std::vector<wire::Viewer> ViewersOf(const Conversation& conversation, const std::string& except, Context& context);

// Puts the agent on the list, or takes them off it where no other session of theirs looks, and tells the others. The
// session is named by the digest of its token.
enum class Looks { kLooks, kIsGone };
void NoteViewing(const Conversation& conversation, const wire::Actor& agent, std::string_view session, Looks looks,
                 Context& context);

// The session is over: it looks at nothing any more, and where no other of theirs looks the agent writes nothing.
absl::Status ForgetViewing(store::Reader& reader, const wire::SiteId& site, const wire::AgentId& agent,
                           std::string_view session, Context& context);

// The agent writes, or has stopped.
enum class Writes { kWrites, kHasStopped };
void NoteWriting(const Conversation& conversation, const wire::Actor& agent, Writes writes, Context& context);

// Where the agents listen who are told what happens there just now: who has it, who takes part, and who looks at
// it; not `except`.
std::vector<std::string> AgentTopics(const Conversation& conversation, const std::string& except, Context& context);

}  // namespace alcove::functions
