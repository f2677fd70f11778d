// How a conversation begins, waits, is given to an agent and ends, and how the
// queue is handed out.
//
// Each change goes by the table of domain/state.h (advance.h), and errors as
// CheckMay(). It keeps the indexes, the queue and the counters of customer and
// agent in step, and returns the event that tells of it, which the caller
// appends: in the order that it chooses, beside a message.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/conversation.h"
#include "functions/domain/dispatch.h"
#include "functions/domain/state.h"
#include "functions/wire/event.h"
#include "store/store.h"

namespace alcove::functions {

// Changes an agent's presence or load, and the indexes made of them.
// NOT_FOUND where there is no such agent.
absl::Status UpdateAgentState(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                              const std::function<void(AgentState&)>& change);

// Who of a site's agents takes the next conversation.
absl::StatusOr<Decision> ChooseAgent(store::Reader& reader, const wire::SiteId& site);

// A new conversation of a customer.
//   422 unprocessable  the customer has kCustomerOpenConversationsMax
absl::Status Begin(store::Transaction& transaction, const Conversation& conversation);

// Puts a conversation at the end of the queue. Returns the `queued` event.
//   503 overloaded  kQueueLengthMax wait
absl::StatusOr<wire::Event> Enqueue(store::Transaction& transaction, Conversation& conversation, int64_t now_ms);

// Gives a conversation that waits or just began, anew or at all, to an agent. Returns the
// `assigned` event.
absl::StatusOr<wire::Event> Assign(store::Transaction& transaction, Conversation& conversation,
                                   const wire::AgentId& agent, const wire::Actor& by, std::string why, int64_t now_ms);

// Gives an open conversation to another agent, however many they have. Returns
// the `transferred` event. The former one has room: the caller hands the queue out.
absl::StatusOr<wire::Event> Transfer(store::Transaction& transaction, Conversation& conversation,
                                     const wire::AgentId& agent, const wire::Actor& by, int64_t now_ms);

// Begins a closed conversation anew, for the caller to Assign(). Returns the
// `reopened` event. REQUIRES: it is closed.
//   422 unprocessable  the customer has kCustomerOpenConversationsMax
absl::StatusOr<wire::Event> Reopen(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                   int64_t now_ms);

// Takes an open conversation out of its agent's load until it is woken; another
// time takes the place of the one before. Returns the `snoozed` event. The
// caller hands the queue out.
absl::StatusOr<wire::Event> Snooze(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                   int64_t until_ms, int64_t now_ms);

// Somebody writes, or a snooze is over: one that is snoozed is given back to its
// agent where the table says so, however many they have. The caller appends an event.
absl::Status GoOn(store::Transaction& transaction, Conversation& conversation, Action action, int64_t now_ms);

// Ends a conversation. REQUIRES: it is not closed. Returns the `closed` event.
absl::StatusOr<wire::Event> Close(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                  std::optional<std::string> reason, int64_t now_ms);

// Gives waiting conversations to agents with room, first come first, at most
// kDispatchBatchMax. Returns whether there may be more to hand out.
absl::StatusOr<bool> DispatchQueue(store::Transaction& transaction, const wire::SiteId& site, int64_t now_ms);

}  // namespace alcove::functions
