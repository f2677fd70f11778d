#include "functions/lifecycle.h"

#include <algorithm>
#include <utility>

#include "functions/advance.h"
#include "functions/append.h"
#include "functions/problem.h"
#include "functions/routing.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::Status UpdateCustomer(store::Transaction& transaction, const Conversation& conversation,
                            const std::function<void(CustomerRecord&)>& change) {
  const std::string key = keys::Customer(conversation.site, CustomerOf(conversation));
  ASSIGN_OR_RETURN(CustomerRecord customer, Load<CustomerRecord>(transaction, key));
  change(customer);
  Save(transaction, key, customer);
  return absl::OkStatus();
}

// Counts it among the customer's open ones.
absl::Status Open(store::Transaction& transaction, const Conversation& conversation) {
  const wire::SiteId& site = conversation.site;
  ASSIGN_OR_RETURN(const auto record,
                   Load<CustomerRecord>(transaction, keys::Customer(site, CustomerOf(conversation))));
  if (record.open >= static_cast<int64_t>(wire::kCustomerOpenConversationsMax)) {
    // Waiting helps nobody: one has to be closed first.
    return ProblemStatus(ProblemCode::kUnprocessable, "this customer has too many open conversations");
  }
  transaction.Put(keys::Open(site, conversation.record.created_at, conversation.id), "1");
  return UpdateCustomer(transaction, conversation, [](CustomerRecord& changed) { ++changed.open; });
}

absl::Status AddLoad(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                     int64_t more) {
  return UpdateAgentState(transaction, site, agent, [&](AgentState& state) { state.load += more; });
}

// The caller has moved it to be open.
absl::Status GiveTo(store::Transaction& transaction, Conversation& conversation, const wire::AgentId& agent,
                    int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  ASSIGN_OR_RETURN(const AgentRecord record, Load<AgentRecord>(transaction, keys::Agent(site, agent)));
  conversation.record.agent = wire::Actor{wire::ActorKind::kAgent, agent.text(), record.name};
  transaction.Put(keys::AgentConversation(site, agent, conversation.id), "1");
  return UpdateAgentState(transaction, site, agent, [&](AgentState& state) {
    ++state.load;
    state.assigned_at = now_ms;
  });
}

// `state` is the one in which they had it.
absl::Status TakeFrom(store::Transaction& transaction, const Conversation& conversation, const wire::AgentId& agent,
                      State state) {
  transaction.Erase(keys::AgentConversation(conversation.site, agent, conversation.id));
  return IsLoad(state) ? AddLoad(transaction, conversation.site, agent, -1) : absl::OkStatus();
}

absl::Status LeaveQueue(store::Transaction& transaction, const Conversation& conversation) {
  const wire::SiteId& site = conversation.site;
  transaction.Erase(keys::Queue(site, conversation.record.queued_at, conversation.id));
  ASSIGN_OR_RETURN(QueueRecord queue, Load<QueueRecord>(transaction, keys::QueueState(site)));
  --queue.length;
  ++queue.departures;
  Save(transaction, keys::QueueState(site), queue);
  transaction.Signal(keys::PositionsTopic(site));
  return UpdateCustomer(transaction, conversation, [](CustomerRecord& customer) { --customer.waiting; });
}

}  // namespace

absl::Status UpdateAgentState(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                              const std::function<void(AgentState&)>& change) {
  ASSIGN_OR_RETURN(const AgentRecord record, Load<AgentRecord>(transaction, keys::Agent(site, agent)));
  const std::string key = keys::AgentState(site, agent);
  ASSIGN_OR_RETURN(AgentState state, LoadOrDefault<AgentState>(transaction, key));
  if (HasRoom(CandidateOf(agent, record, state))) {
    transaction.Erase(keys::Available(site, state.load, state.assigned_at, agent));
  }
  const bool was_online = state.presence == wire::Presence::kOnline;
  change(state);
  Save(transaction, key, state);
  const bool is_online = state.presence == wire::Presence::kOnline;
  if (is_online && !was_online) transaction.Put(keys::Online(site, agent), "1");
  if (was_online && !is_online) transaction.Erase(keys::Online(site, agent));
  if (HasRoom(CandidateOf(agent, record, state))) {
    transaction.Put(keys::Available(site, state.load, state.assigned_at, agent), "1");
  }
  return absl::OkStatus();
}

absl::StatusOr<Decision> ChooseAgent(store::Reader& reader, const wire::SiteId& site) {
  StoreRoster roster(reader, site);
  return Dispatch(Need{}, Policy{}, std::nullopt, roster);
}

absl::Status Begin(store::Transaction& transaction, const Conversation& conversation) {
  transaction.Put(keys::CustomerConversation(conversation.site, CustomerOf(conversation), conversation.id), "1");
  return Open(transaction, conversation);
}

absl::StatusOr<wire::Event> Enqueue(store::Transaction& transaction, Conversation& conversation, int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  ASSIGN_OR_RETURN(QueueRecord queue, LoadOrDefault<QueueRecord>(transaction, keys::QueueState(site)));
  if (queue.length >= static_cast<int64_t>(wire::kQueueLengthMax)) {
    return ProblemStatus(ProblemCode::kOverloaded, "too many conversations wait");
  }
  RETURN_IF_ERROR(Advance(conversation.record, Action::kQueue, now_ms));
  ++queue.length;
  // Unique, so that two of one millisecond keep the order in which they came.
  queue.queued_at = std::max(now_ms, queue.queued_at + 1);
  conversation.record.queued_at = queue.queued_at;
  transaction.Put(keys::Queue(site, queue.queued_at, conversation.id), "1");
  Save(transaction, keys::QueueState(site), queue);
  RETURN_IF_ERROR(UpdateCustomer(transaction, conversation, [](CustomerRecord& customer) { ++customer.waiting; }));

  wire::Event event;
  event.type = wire::EventType::kQueued;
  event.position = queue.length;
  return event;
}

absl::StatusOr<wire::Event> Assign(store::Transaction& transaction, Conversation& conversation,
                                   const wire::AgentId& agent, const wire::Actor& by, std::string why, int64_t now_ms) {
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kAssign, now_ms));
  if (state == State::kQueued) RETURN_IF_ERROR(LeaveQueue(transaction, conversation));
  RETURN_IF_ERROR(GiveTo(transaction, conversation, agent, now_ms));

  wire::Event event;
  event.type = wire::EventType::kAssigned;
  event.actor = by;
  event.agent = conversation.record.agent;
  event.why = std::move(why);
  return event;
}

absl::StatusOr<wire::Event> Transfer(store::Transaction& transaction, Conversation& conversation,
                                     const wire::AgentId& agent, const wire::Actor& by, int64_t now_ms) {
  wire::Event event;
  event.type = wire::EventType::kTransferred;
  event.actor = by;
  event.from = conversation.record.agent;
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kTransfer, now_ms));
  RETURN_IF_ERROR(TakeFrom(transaction, conversation, *AssigneeOf(conversation), state));
  RETURN_IF_ERROR(GiveTo(transaction, conversation, agent, now_ms));
  event.to = conversation.record.agent;
  return event;
}

absl::StatusOr<wire::Event> Reopen(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                   int64_t now_ms) {
  RETURN_IF_ERROR(Advance(conversation.record, Action::kReopen, now_ms));
  transaction.Erase(keys::Closed(conversation.site, conversation.record.closed_at, conversation.id));
  RETURN_IF_ERROR(Open(transaction, conversation));
  conversation.record.agent.reset();
  conversation.record.closed_at = 0;
  wire::Event event;
  event.type = wire::EventType::kReopened;
  event.actor = by;
  return event;
}

absl::StatusOr<wire::Event> Snooze(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                   int64_t until_ms, int64_t now_ms) {
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kSnooze, now_ms));
  if (IsLoad(state)) RETURN_IF_ERROR(AddLoad(transaction, conversation.site, *AssigneeOf(conversation), -1));
  conversation.record.snoozed_until = until_ms;
  wire::Event event;
  event.type = wire::EventType::kSnoozed;
  event.actor = by;
  event.until = until_ms;
  return event;
}

absl::Status GoOn(store::Transaction& transaction, Conversation& conversation, Action action, int64_t now_ms) {
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, action, now_ms));
  const bool wakes = state == State::kSnoozed && IsLoad(StateOf(conversation.record));
  return wakes ? AddLoad(transaction, conversation.site, *AssigneeOf(conversation), 1) : absl::OkStatus();
}

absl::StatusOr<wire::Event> Close(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                  std::optional<std::string> reason, int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kClose, now_ms));
  if (state == State::kQueued) {
    RETURN_IF_ERROR(LeaveQueue(transaction, conversation));
  } else if (IsAssigned(state)) {
    RETURN_IF_ERROR(TakeFrom(transaction, conversation, *AssigneeOf(conversation), state));
  }
  conversation.record.closed_at = now_ms;
  transaction.Erase(keys::Open(site, conversation.record.created_at, conversation.id));
  transaction.Put(keys::Closed(site, now_ms, conversation.id), "1");
  RETURN_IF_ERROR(UpdateCustomer(transaction, conversation, [](CustomerRecord& customer) { --customer.open; }));

  wire::Event event;
  event.type = wire::EventType::kClosed;
  event.actor = by;
  event.by = by.kind;
  event.reason = std::move(reason);
  return event;
}

absl::StatusOr<bool> DispatchQueue(store::Transaction& transaction, const wire::SiteId& site, int64_t now_ms) {
  for (int given = 0; given < wire::kDispatchBatchMax; ++given) {
    ASSIGN_OR_RETURN(const auto first, transaction.Scan(keys::AllQueued(site), {.limit = 1}));
    if (first.empty()) return false;
    ASSIGN_OR_RETURN(Decision decision, ChooseAgent(transaction, site));
    if (!decision.agent) return false;
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(first.front().key));
    ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(transaction, site, id));
    ASSIGN_OR_RETURN(wire::Event assigned, Assign(transaction, conversation, *decision.agent, wire::Actor{},
                                                  "first in the queue; " + decision.why, now_ms));
    ASSIGN_OR_RETURN(assigned, Append(transaction, conversation, std::move(assigned), now_ms));
  }
  return true;
}

}  // namespace alcove::functions
