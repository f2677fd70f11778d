#include "functions/lifecycle.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/elsewhere.h"
#include "functions/endings.h"
#include "functions/participants.h"
#include "functions/problem.h"
#include "functions/reception.h"
#include "functions/routing.h"
#include "functions/timers.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
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

// Counts it as the agent's, and as its team's.
absl::Status AddLoad(store::Transaction& transaction, const Conversation& conversation, const wire::AgentId& agent,
                     int64_t more, const std::function<void(AgentState&)>& change = {}) {
  const wire::SiteId& site = conversation.site;
  if (conversation.record.team) {
    const std::string key = keys::TeamState(site, wire::TeamId(*conversation.record.team));
    ASSIGN_OR_RETURN(TeamState team, LoadOrDefault<TeamState>(transaction, key));
    team.load += more;
    Save(transaction, key, team);
  }
  return UpdateAgentState(transaction, site, agent, [&](AgentState& state) {
    state.load += more;
    if (change) change(state);
  });
}

// The caller has moved it to be open.
absl::Status GiveTo(store::Transaction& transaction, Conversation& conversation, const wire::AgentId& agent,
                    int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  ASSIGN_OR_RETURN(const AgentRecord record, Load<AgentRecord>(transaction, keys::Agent(site, agent)));
  conversation.record.agent = wire::Actor{wire::ActorKind::kAgent, agent.text(), record.name};
  // That they have it tells enough.
  RemoveParticipant(transaction, conversation, agent, {});
  transaction.Put(keys::AgentConversation(site, agent, conversation.id), "1");
  RETURN_IF_ERROR(
      UpdateCustomer(transaction, conversation, [&](CustomerRecord& customer) { customer.agent = agent.text(); }));
  return AddLoad(transaction, conversation, agent, 1, [&](AgentState& state) { state.assigned_at = now_ms; });
}

// `state` is the one in which they had it.
absl::Status TakeFrom(store::Transaction& transaction, const Conversation& conversation, const wire::AgentId& agent,
                      State state) {
  transaction.Erase(keys::AgentConversation(conversation.site, agent, conversation.id));
  return IsLoad(state) ? AddLoad(transaction, conversation, agent, -1) : absl::OkStatus();
}

void EraseFromQueue(store::Transaction& transaction, const Conversation& conversation) {
  const ConversationRecord& record = conversation.record;
  transaction.Erase(keys::Queue(conversation.site, record.queued_at, conversation.id));
  transaction.Erase(keys::Lane(conversation.site, LaneOf(NeedOf(record)), record.queued_at, conversation.id));
}

void PutIntoQueue(store::Transaction& transaction, const Conversation& conversation) {
  const ConversationRecord& record = conversation.record;
  transaction.Put(keys::Queue(conversation.site, record.queued_at, conversation.id), QueueValueOf(record));
  transaction.Put(keys::Lane(conversation.site, LaneOf(NeedOf(record)), record.queued_at, conversation.id), "1");
}

absl::Status LeaveQueue(store::Transaction& transaction, Conversation& conversation) {
  const wire::SiteId& site = conversation.site;
  EraseFromQueue(transaction, conversation);
  conversation.record.asked_elsewhere_at.reset();
  ASSIGN_OR_RETURN(QueueRecord queue, Load<QueueRecord>(transaction, keys::QueueState(site)));
  --queue.length;
  ++queue.departures;
  Save(transaction, keys::QueueState(site), queue);
  transaction.Signal(keys::PositionsTopic(site));
  return UpdateCustomer(transaction, conversation, [](CustomerRecord& customer) { --customer.waiting; });
}

void ChangeIndex(store::Transaction& transaction, const std::vector<std::string>& before,
                 const std::vector<std::string>& after) {
  for (const std::string& key : before) {
    if (std::find(after.begin(), after.end(), key) == after.end()) transaction.Erase(key);
  }
  for (const std::string& key : after) {
    // Of a record that the caller has written before, both are the same, and nothing may be there yet.
    if (before == after || std::find(before.begin(), before.end(), key) == before.end()) transaction.Put(key, "1");
  }
}

// It keeps its place, and nobody is given it until there is an answer.
absl::Status BeginToAsk(store::Transaction& transaction, Conversation& conversation, Context& context) {
  EraseFromQueue(transaction, conversation);
  conversation.record.asked_elsewhere_at = absl::ToUnixMillis(context.clock.Now());
  PutIntoQueue(transaction, conversation);
  Save(transaction, keys::Conversation(conversation.site, conversation.id), conversation.record);
  return ExpectDecision(transaction, conversation, context);
}

// What the event tells: to agents with the numbers, and with the owner's rules that said what it needs.
std::string WhyOf(Decision decision, const ConversationRecord& record) {
  std::string rules = absl::StrJoin(record.rules.value_or(std::vector<std::string>()), ", ");
  if (!rules.empty()) absl::StrAppend(&decision.numbers, "; by the rules: ", rules);
  return functions::WhyOf(decision);
}

// People take what a bot had in `state`, or before it was closed.
void TakeFromBot(store::Transaction& transaction, Conversation& conversation, State state, int64_t now_ms) {
  ConversationRecord& record = conversation.record;
  if (state == State::kBot) {
    transaction.Erase(keys::WithBot(conversation.site, record.created_at, conversation.id));
    record.handed_over_at = now_ms;
  }
  record.bot.reset();
}

// Puts it into the queue at its place, which the head says.
absl::StatusOr<wire::Event> JoinQueue(store::Transaction& transaction, Conversation& conversation, QueueRecord queue) {
  const wire::SiteId& site = conversation.site;
  ConversationRecord& record = conversation.record;
  record.queued_at = PlaceOf(record.priority.value_or(0), *record.waits_since);
  ++queue.length;
  // Who is more urgent, or comes back, moves others down: their places are told anew, as where somebody leaves.
  store::Range later = keys::AllQueued(site);
  later.begin = keys::Queue(site, record.queued_at, conversation.id);
  ASSIGN_OR_RETURN(const auto behind, transaction.Scan(later, {.limit = 1}));
  if (!behind.empty()) {
    ++queue.departures;
    transaction.Signal(keys::PositionsTopic(site));
  }
  Save(transaction, keys::QueueState(site), queue);
  PutIntoQueue(transaction, conversation);
  RETURN_IF_ERROR(UpdateCustomer(transaction, conversation, [](CustomerRecord& customer) { ++customer.waiting; }));
  ASSIGN_OR_RETURN(record.began_place, PlaceInQueue(transaction, conversation));
  wire::Event event;
  event.type = wire::EventType::kQueued;
  event.team = record.team;
  event.position = record.began_place;
  return event;
}

// Remembers how long it has waited, of which others are told how long they will.
absl::Status NoteWait(store::Transaction& transaction, const Conversation& conversation, int64_t now_ms) {
  const ConversationRecord& record = conversation.record;
  const std::string key = keys::Waits(conversation.site, record.team.value_or(""));
  return NoteWaited(transaction, key,
                    {now_ms, now_ms - record.waits_since.value_or(now_ms), record.began_place.value_or(1)});
}

// What is known of its customer, which may be more than when it ended.
absl::Status KnowCustomer(store::Reader& reader, Conversation& conversation) {
  const std::string key = keys::Customer(conversation.site, CustomerOf(conversation));
  ASSIGN_OR_RETURN(const CustomerRecord customer, Load<CustomerRecord>(reader, key));
  ConversationRecord& record = conversation.record;
  record.customer.name = customer.name;
  record.customer_attributes = customer.attributes;
  record.customer_language = customer.language;
  if (customer.subject) record.customer_verified = true;
  return absl::OkStatus();
}

// Whom it was for, and what they had to know, may have been deleted since: it is for anybody then.
absl::Status ForgetWhatIsGone(store::Reader& reader, Conversation& conversation) {
  ConversationRecord& record = conversation.record;
  if (record.team) {
    SiteRouting routing(reader, conversation.site);
    ASSIGN_OR_RETURN(const TeamRecord* const team, routing.Team(*record.team));
    if (team == nullptr) record.team.reset();
  }
  std::vector<wire::SkillLevel> skills;
  for (const wire::SkillLevel& skill : record.skills.value_or(std::vector<wire::SkillLevel>())) {
    ASSIGN_OR_RETURN(const auto there, reader.Get(keys::Skill(conversation.site, wire::SkillId(skill.skill))));
    if (there) skills.push_back(skill);
  }
  record.skills = skills.empty() ? std::nullopt : std::optional(std::move(skills));
  return absl::OkStatus();
}

// The agent's indexes follow what `change` makes of the two; it saves what it changes.
absl::Status ChangeAgent(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                         absl::FunctionRef<void(AgentRecord&, AgentState&)> change) {
  ASSIGN_OR_RETURN(AgentRecord record, Load<AgentRecord>(transaction, keys::Agent(site, agent)));
  ASSIGN_OR_RETURN(AgentState state, LoadOrDefault<AgentState>(transaction, keys::AgentState(site, agent)));
  SiteRouting routing(transaction, site);
  ASSIGN_OR_RETURN(const auto before, IndexOfAgent(routing, agent, record, state));
  change(record, state);
  ASSIGN_OR_RETURN(const auto after, IndexOfAgent(routing, agent, record, state));
  ChangeIndex(transaction, before, after);
  return absl::OkStatus();
}

}  // namespace

absl::Status UpdateAgent(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                         const std::function<void(AgentRecord&)>& change) {
  return ChangeAgent(transaction, site, agent, [&](AgentRecord& record, AgentState&) {
    change(record);
    Save(transaction, keys::Agent(site, agent), record);
  });
}

absl::Status UpdateAgentState(store::Transaction& transaction, const wire::SiteId& site, const wire::AgentId& agent,
                              const std::function<void(AgentState&)>& change) {
  return ChangeAgent(transaction, site, agent, [&](AgentRecord&, AgentState& state) {
    change(state);
    Save(transaction, keys::AgentState(site, agent), state);
  });
}

absl::Status ReindexAgents(store::Transaction& transaction, const wire::SiteId& site) {
  transaction.EraseRange(keys::AllAvailable(site));
  transaction.EraseRange(keys::AllFree(site));
  SiteRouting routing(transaction, site);
  return store::EachEntry(transaction, keys::AllOnline(site), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
    ASSIGN_OR_RETURN(const AgentRecord record, Load<AgentRecord>(transaction, keys::Agent(site, agent)));
    ASSIGN_OR_RETURN(const AgentState state, Load<AgentState>(transaction, keys::AgentState(site, agent)));
    ASSIGN_OR_RETURN(const auto index, IndexOfAgent(routing, agent, record, state));
    ChangeIndex(transaction, {}, index);
    return absl::OkStatus();
  });
}

absl::StatusOr<Decision> ChooseAgent(SiteRouting& routing, const Conversation& conversation) {
  StoreRoster roster(routing);
  const Waiting waiting = WaitingOf(conversation);
  ASSIGN_OR_RETURN(const Policy policy, routing.PolicyOf(waiting.need.team));
  return Dispatch(waiting.need, policy, waiting.last_agent, roster);
}

absl::Status Begin(store::Transaction& transaction, const Conversation& conversation) {
  transaction.Put(keys::CustomerConversation(conversation.site, CustomerOf(conversation), conversation.id), "1");
  return Open(transaction, conversation);
}

absl::StatusOr<wire::Event> GiveToBot(store::Transaction& transaction, Conversation& conversation,
                                      const wire::Actor& bot, int64_t now_ms) {
  ConversationRecord& record = conversation.record;
  RETURN_IF_ERROR(Advance(record, Action::kGreet, now_ms));
  record.bot = BotSeat{bot, 0, {}};
  // To whom was not there a message is left when the bot hands over, if at all.
  record.offline.reset();
  transaction.Put(keys::WithBot(conversation.site, record.created_at, conversation.id), "1");
  wire::Event event;
  event.type = wire::EventType::kJoined;
  event.actor = bot;
  return event;
}

absl::StatusOr<wire::Event> Enqueue(store::Transaction& transaction, Conversation& conversation, int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  ASSIGN_OR_RETURN(QueueRecord queue, LoadOrDefault<QueueRecord>(transaction, keys::QueueState(site)));
  if (queue.length >= static_cast<int64_t>(wire::kQueueLengthMax)) {
    return ProblemStatus(ProblemCode::kOverloaded, "too many conversations wait");
  }
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kQueue, now_ms));
  TakeFromBot(transaction, conversation, state, now_ms);
  // Unique, so that two of one millisecond keep the order in which they came.
  queue.queued_at = std::max(now_ms, queue.queued_at + 1);
  conversation.record.waits_since = queue.queued_at;
  return JoinQueue(transaction, conversation, std::move(queue));
}

void Accept(ConversationRecord& record, const wire::Actor& by) {
  if (record.agent && record.agent->id == by.id) record.accept_by.reset();
}

absl::Status NoteAnswer(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                        int64_t now_ms) {
  ConversationRecord& record = conversation.record;
  Accept(record, by);
  if (record.answered.value_or(false)) return absl::OkStatus();
  record.answered = true;
  // To whom was not there nobody expects an answer at once.
  return record.offline.value_or(false) ? absl::OkStatus() : NoteFirstAnswer(transaction, conversation, now_ms);
}

absl::StatusOr<wire::Event> Place(store::Transaction& transaction, Conversation& conversation, SiteRouting& routing,
                                  Context& context) {
  const wire::SiteId& site = conversation.site;
  StoreRoster roster(routing);
  ASSIGN_OR_RETURN(const auto queue, LoadOrDefault<QueueRecord>(transaction, keys::QueueState(site)));
  ASSIGN_OR_RETURN(const auto available, transaction.Scan(keys::AllAvailable(site), {.limit = 1}));
  bool goes_first = !available.empty();
  if (goes_first && queue.length > 0) {
    StoreLanes lanes(transaction, routing);
    ASSIGN_OR_RETURN(const auto next, NextPairing(lanes, roster));
    goes_first = !next.has_value();
  }
  bool is_asked_about = false;
  if (goes_first) {
    ASSIGN_OR_RETURN(const Decision decision, ChooseAgent(routing, conversation));
    ASSIGN_OR_RETURN(const Strategy strategy, routing.StrategyOf(conversation.record.team.value_or("")));
    // Who is to have it is asked while it waits.
    is_asked_about = decision.agent && strategy == Strategy::kExternal;
    if (decision.agent && !is_asked_about) return Offer(transaction, conversation, decision, routing, context);
  }
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  if (!is_asked_about && settings->queue_limit && queue.length >= *settings->queue_limit) {
    return ProblemStatus(ProblemCode::kOverloaded, "as many wait as the site allows");
  }
  ASSIGN_OR_RETURN(wire::Event queued, Enqueue(transaction, conversation, absl::ToUnixMillis(context.clock.Now())));
  RETURN_IF_ERROR(ExpectOverflow(transaction, conversation, context));
  return queued;
}

namespace {

absl::StatusOr<wire::Event> PutAtTheEnd(store::Transaction& transaction, Conversation& conversation, Context& context) {
  ASSIGN_OR_RETURN(wire::Event queued, Enqueue(transaction, conversation, absl::ToUnixMillis(context.clock.Now())));
  RETURN_IF_ERROR(ExpectOverflow(transaction, conversation, context));
  return queued;
}

// What becomes of one for which there is no place.
enum class Crowded { kIsRefused, kWaits };
absl::StatusOr<wire::Event> PlaceIfThereIsRoom(store::Transaction& transaction, Conversation& conversation,
                                               Crowded crowded, SiteRouting& routing, Context& context) {
  ConversationRecord& record = conversation.record;
  if (record.offline.value_or(false)) return PutAtTheEnd(transaction, conversation, context);
  absl::StatusOr<wire::Event> placed = Place(transaction, conversation, routing, context);
  if (placed.ok() || ProblemFor(placed.status()) != ProblemCode::kOverloaded) return placed;
  // Where those who have room do not fit, and no more may wait, it is a message, too.
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const bool becomes_message = settings->overload == wire::Overload::kOfflineForm;
  if (!becomes_message && crowded == Crowded::kIsRefused) return placed;
  if (becomes_message) record.offline = true;
  return PutAtTheEnd(transaction, conversation, context);
}

}  // namespace

absl::StatusOr<wire::Event> PlaceNew(store::Transaction& transaction, Conversation& conversation, SiteRouting& routing,
                                     Context& context) {
  return PlaceIfThereIsRoom(transaction, conversation, Crowded::kIsRefused, routing, context);
}

absl::StatusOr<wire::Event> PlaceHandedOver(store::Transaction& transaction, Conversation& conversation,
                                            SiteRouting& routing, Context& context) {
  return PlaceIfThereIsRoom(transaction, conversation, Crowded::kWaits, routing, context);
}

absl::StatusOr<std::vector<wire::Event>> ReopenByWriting(store::Transaction& transaction, Conversation& conversation,
                                                         Context& context) {
  std::vector<wire::Event> events;
  const ConversationRecord& record = conversation.record;
  if (StateOf(record) != State::kClosed) return events;
  SiteRouting routing(transaction, conversation.site);
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  const bool in_time = !settings->reopen_window_ms || now_ms - record.closed_at <= *settings->reopen_window_ms;
  if (settings->reopening != wire::Reopening::kSame || !in_time) return events;
  const std::optional<wire::AgentId> former = AssigneeOf(conversation);
  const std::optional<BotSeat> bot = record.bot;
  ASSIGN_OR_RETURN(wire::Event reopened, Reopen(transaction, conversation, record.customer, now_ms));
  events.push_back(std::move(reopened));
  if (bot) {
    ASSIGN_OR_RETURN(const auto there, transaction.Get(keys::Bot(conversation.site, wire::BotId(bot->bot.id))));
    if (there) {
      ASSIGN_OR_RETURN(wire::Event joined, GiveToBot(transaction, conversation, bot->bot, now_ms));
      events.push_back(std::move(joined));
      return events;
    }
  }
  StoreRoster roster(routing);
  std::optional<Candidate> candidate;
  if (former) {
    ASSIGN_OR_RETURN(candidate, roster.Find(*former));
  }
  if (candidate && HasRoom(*candidate)) {
    const Decision decision{former, "had it before"};
    ASSIGN_OR_RETURN(wire::Event assigned, Offer(transaction, conversation, decision, routing, context));
    events.push_back(std::move(assigned));
  } else {
    ASSIGN_OR_RETURN(wire::Event placed, Place(transaction, conversation, routing, context));
    events.push_back(std::move(placed));
  }
  return events;
}

absl::StatusOr<Unassigned> Unassign(store::Transaction& transaction, Conversation& conversation, std::string why,
                                    int64_t now_ms) {
  ConversationRecord& record = conversation.record;
  const State state = StateOf(record);
  RETURN_IF_ERROR(Advance(record, Action::kRequeue, now_ms));
  RETURN_IF_ERROR(TakeFrom(transaction, conversation, *AssigneeOf(conversation), state));
  Unassigned events;
  events.unassigned.type = wire::EventType::kUnassigned;
  events.unassigned.agent = std::exchange(record.agent, std::nullopt);
  events.unassigned.why = std::move(why);
  record.accept_by.reset();
  // Who was given it at once has waited since it began, or since a bot handed it over.
  if (!record.waits_since) record.waits_since = record.handed_over_at.value_or(record.created_at);
  RETURN_IF_ERROR(ForgetWhatIsGone(transaction, conversation));
  ASSIGN_OR_RETURN(QueueRecord queue, LoadOrDefault<QueueRecord>(transaction, keys::QueueState(conversation.site)));
  ASSIGN_OR_RETURN(events.queued, JoinQueue(transaction, conversation, std::move(queue)));
  return events;
}

absl::StatusOr<wire::Event> MoveToTeam(store::Transaction& transaction, Conversation& conversation,
                                       const std::optional<std::string>& team, int64_t now_ms) {
  RETURN_IF_ERROR(CheckMay(conversation.record, Action::kQueue));
  ConversationRecord& record = conversation.record;
  EraseFromQueue(transaction, conversation);
  record.asked_elsewhere_at.reset();
  record.team = team;
  PutIntoQueue(transaction, conversation);
  // Those of both teams have other places.
  ASSIGN_OR_RETURN(QueueRecord queue, Load<QueueRecord>(transaction, keys::QueueState(conversation.site)));
  ++queue.departures;
  Save(transaction, keys::QueueState(conversation.site), queue);
  transaction.Signal(keys::PositionsTopic(conversation.site));
  ASSIGN_OR_RETURN(record.began_place, PlaceInQueue(transaction, conversation));
  record.waits_since = record.waits_since.value_or(now_ms);
  wire::Event event;
  event.type = wire::EventType::kQueued;
  event.team = record.team;
  event.position = record.began_place;
  return event;
}

absl::StatusOr<wire::Event> Assign(store::Transaction& transaction, Conversation& conversation,
                                   const wire::AgentId& agent, const wire::Actor& by, std::string why, int64_t now_ms) {
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kAssign, now_ms));
  TakeFromBot(transaction, conversation, state, now_ms);
  if (state == State::kQueued) {
    RETURN_IF_ERROR(LeaveQueue(transaction, conversation));
    if (!conversation.record.offline) RETURN_IF_ERROR(NoteWait(transaction, conversation, now_ms));
  }
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
  RETURN_IF_ERROR(TakeEndBack(transaction, conversation));
  RETURN_IF_ERROR(KnowCustomer(transaction, conversation));
  RETURN_IF_ERROR(ForgetWhatIsGone(transaction, conversation));
  ConversationRecord& record = conversation.record;
  record.agent.reset();
  record.closed_at = 0;
  // Its age is that of this question, which nobody has let pass yet.
  record.waits_since.reset();
  record.passed.reset();
  record.ending.reset();
  record.offline.reset();
  record.handed_over_at.reset();
  wire::Event event;
  event.type = wire::EventType::kReopened;
  event.actor = by;
  return event;
}

absl::StatusOr<wire::Event> Snooze(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                   int64_t until_ms, int64_t now_ms) {
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kSnooze, now_ms));
  if (IsLoad(state)) RETURN_IF_ERROR(AddLoad(transaction, conversation, *AssigneeOf(conversation), -1));
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
  return wakes ? AddLoad(transaction, conversation, *AssigneeOf(conversation), 1) : absl::OkStatus();
}

namespace {

absl::StatusOr<wire::Event> End(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                EndedBy ended_by, std::optional<std::string> reason, int64_t now_ms) {
  const wire::SiteId& site = conversation.site;
  const State state = StateOf(conversation.record);
  RETURN_IF_ERROR(Advance(conversation.record, Action::kClose, now_ms));
  if (state == State::kQueued) {
    RETURN_IF_ERROR(LeaveQueue(transaction, conversation));
  } else if (IsAssigned(state)) {
    RETURN_IF_ERROR(TakeFrom(transaction, conversation, *AssigneeOf(conversation), state));
  } else if (state == State::kBot) {
    transaction.Erase(keys::WithBot(site, conversation.record.created_at, conversation.id));
    conversation.record.bot->asking.reset();
  }
  ConversationRecord& record = conversation.record;
  EndParticipation(transaction, conversation);
  record.closed_at = now_ms;
  record.accept_by.reset();
  record.ending = EndingOf(state, ended_by, record.answered.value_or(false) ? Answered::kByAgent : Answered::kByNobody);
  RETURN_IF_ERROR(CountEnd(transaction, conversation, by.kind, reason));
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

}  // namespace

absl::StatusOr<wire::Event> Close(store::Transaction& transaction, Conversation& conversation, const wire::Actor& by,
                                  std::optional<std::string> reason, int64_t now_ms) {
  const EndedBy ended_by = by.kind == wire::ActorKind::kCustomer ? EndedBy::kCustomer : EndedBy::kOther;
  return End(transaction, conversation, by, ended_by, std::move(reason), now_ms);
}

absl::StatusOr<wire::Event> CloseForGone(store::Transaction& transaction, Conversation& conversation,
                                         std::string reason, int64_t now_ms) {
  return End(transaction, conversation, wire::Actor{}, EndedBy::kCustomer, std::move(reason), now_ms);
}

void StopAsking(store::Transaction& transaction, Conversation& conversation) {
  EraseFromQueue(transaction, conversation);
  conversation.record.asked_elsewhere_at.reset();
  PutIntoQueue(transaction, conversation);
  Save(transaction, keys::Conversation(conversation.site, conversation.id), conversation.record);
}

absl::StatusOr<bool> DispatchQueue(store::Transaction& transaction, const wire::SiteId& site, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  SiteRouting routing(transaction, site);
  for (int given = 0; given < wire::kDispatchBatchMax; ++given) {
    // Nearly always one of the two is missing.
    ASSIGN_OR_RETURN(const auto waiting, transaction.Scan(keys::AllQueued(site), {.limit = 1}));
    if (waiting.empty()) return false;
    ASSIGN_OR_RETURN(const auto available, transaction.Scan(keys::AllAvailable(site), {.limit = 1}));
    if (available.empty()) return false;
    StoreRoster roster(routing);
    StoreLanes lanes(transaction, routing);
    ASSIGN_OR_RETURN(auto next, NextPairing(lanes, roster));
    if (!next) return false;
    ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(transaction, site, next->waiting.conversation));
    ASSIGN_OR_RETURN(const Strategy strategy, routing.StrategyOf(next->waiting.need.team));
    if (strategy == Strategy::kExternal) {
      RETURN_IF_ERROR(BeginToAsk(transaction, conversation, context));
      continue;
    }
    next->decision.why = "first in the queue; " + next->decision.why;
    ASSIGN_OR_RETURN(wire::Event assigned, Offer(transaction, conversation, next->decision, routing, context));
    RETURN_IF_ERROR(Append(transaction, conversation, std::move(assigned), now_ms).status());
  }
  return true;
}

void HandOut(const wire::SiteId& site, Context& context) {
  for (bool more = true; more;) {
    const auto handed_out =
        context.store.Transact([&](store::Transaction& txn) { return DispatchQueue(txn, site, context); });
    more = handed_out.ok() && *handed_out;
  }
}

absl::StatusOr<wire::Event> Offer(store::Transaction& transaction, Conversation& conversation, const Decision& decision,
                                  SiteRouting& routing, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  ASSIGN_OR_RETURN(wire::Event assigned, Assign(transaction, conversation, *decision.agent, wire::Actor{},
                                                WhyOf(decision, conversation.record), now_ms));
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  if (!settings->accept_timeout_ms) return assigned;
  conversation.record.accept_by = now_ms + *settings->accept_timeout_ms;
  RETURN_IF_ERROR(ExpectAnswer(transaction, conversation, context));
  return assigned;
}

}  // namespace alcove::functions
