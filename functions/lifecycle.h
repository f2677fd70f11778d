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
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/domain/dispatch.h"
#include "functions/domain/state.h"
#include "functions/routing.h"
#include "functions/wire/event.h"
#include "store/store.h"

namespace alcove::functions {

// Changes an agent's record, or their presence and load, and the indexes made
// of them. NOT_FOUND where there is no such agent.
absl::Status UpdateAgent(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                         const std::function<void(AgentRecord&)>& change);
absl::Status UpdateAgentState(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                              const std::function<void(AgentState&)>& change);

// Makes the indexes of who has room anew: a strategy of the site or of a team is another one.
absl::Status ReindexAgents(store::Transaction& transaction, const wire::SiteId& site);

// Who of a site's agents takes it.
absl::StatusOr<Decision> ChooseAgent(SiteRouting& routing, const Conversation& conversation);

// A new conversation of a customer.
//   422 unprocessable  the customer has kCustomerOpenConversationsMax
absl::Status Begin(store::Transaction& transaction, const Conversation& conversation);

// Gives what just began, anew or at all, to a bot. Returns the `joined` event.
absl::StatusOr<wire::Event> GiveToBot(store::Transaction& transaction, Conversation& conversation,
                                      const wire::Actor& bot, int64_t now_ms);

// Puts a conversation at the end of the queue. Returns the `queued` event.
//   503 overloaded  kQueueLengthMax wait
absl::StatusOr<wire::Event> Enqueue(store::Transaction& transaction, Conversation& conversation, int64_t now_ms);

// Its agent has seen that it is theirs: it is no longer only offered.
void Accept(ConversationRecord& record, const wire::Actor& by);
// An agent writes to the customer: they wait no longer for a first answer.
absl::Status NoteAnswer(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                        int64_t now_ms);

// A customer writes to what is closed: where the site wants it, and it is not too long ago, that begins it anew, with
// the agent who had it if there is room, with the bot where nobody else had it, else with anybody. Returns the events
// that tell of it, none where nothing was done.
absl::StatusOr<std::vector<wire::Event>> ReopenByWriting(store::Transaction& transaction, Conversation& conversation,
                                                         Context& context);

// Gives what just began to somebody, or a place in the queue; nobody overtakes those who wait already. Returns the
// event that tells of it. The caller hands the queue out where it waits.
absl::StatusOr<wire::Event> Place(store::Transaction& transaction, Conversation& conversation, SiteRouting& routing,
                                  Context& context);

// As Place(), of what a customer begins. A message to whom is not there (`offline`) waits for them, whoever has room
// now; and where no more may wait it becomes one, where the site wants that.
absl::StatusOr<wire::Event> PlaceNew(store::Transaction& transaction, Conversation& conversation, SiteRouting& routing,
                                     Context& context);

// As PlaceNew(), of what a bot hands over. It has begun, so that where the site would refuse another one it waits all
// the same. The caller hands the queue out where it waits.
absl::StatusOr<wire::Event> PlaceHandedOver(store::Transaction& transaction, Conversation& conversation,
                                            SiteRouting& routing, Context& context);

// Takes it from its agent. It waits again, at the age that it has.
struct Unassigned {
  wire::Event unassigned;
  wire::Event queued;
};
absl::StatusOr<Unassigned> Unassign(store::Transaction& transaction, Conversation& conversation, std::string why,
                                    int64_t now_ms);

// Has it wait for another team. Returns the `queued` event. REQUIRES: it waits.
absl::StatusOr<wire::Event> MoveToTeam(store::Transaction& transaction, Conversation& conversation,
                                       const std::optional<std::string>& team, int64_t now_ms);

// Gives a conversation that waits, that a bot has or that just began, anew or at all, to an agent. Returns the
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

// Ends a conversation, and counts it. REQUIRES: it is not closed. Returns the `closed` event.
absl::StatusOr<wire::Event> Close(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                  std::optional<std::string> reason, int64_t now_ms);
// As Close() by the system, of a customer who is gone: who waited has given up.
absl::StatusOr<wire::Event> CloseForGone(store::Transaction& transaction, Conversation& conversation,
                                         std::string reason, int64_t now_ms);

// As Assign(), to whom was decided; where the site wants it they have to answer in time, or the next one has it.
absl::StatusOr<wire::Event> Offer(store::Transaction& transaction, Conversation& conversation, const Decision& decision,
                                  SiteRouting& routing, Context& context);

// A program of the owner's has answered who gets it, or will not (elsewhere.h): it waits as any other. REQUIRES: it
// waits.
void StopAsking(store::Transaction& transaction, Conversation& conversation);

// Gives waiting conversations to agents with room whom they fit, the most urgent and oldest first, at most
// kDispatchBatchMax. Where a program of the owner's is to say who, it begins to be asked. Returns whether there may be
// more to hand out.
absl::StatusOr<bool> DispatchQueue(store::Transaction& transaction, const wire::SiteId& site, Context& context);

// Gives waiting conversations to agents with room, as many as there are, in as many transactions as it takes. What
// fails is left to the next who frees up.
void HandOut(const wire::SiteId& site, Context& context);

}  // namespace alcove::functions
