#include "functions/timers.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "functions/advance.h"
#include "functions/append.h"
#include "functions/defer.h"
#include "functions/lifecycle.h"
#include "functions/message.h"
#include "functions/routing.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kWarning =
    "We have not heard from you for a while. If there is nothing else, this conversation will be closed soon.";
constexpr std::string_view kSilence = "no reply";

absl::Status SetTimer(store::Transaction& txn, const DeferredFunction<TimerArguments>& function,
                      const Conversation& conversation, int64_t at, int64_t due_ms, Context& context) {
  return Defer(txn, function, {conversation.site.text(), conversation.id.text(), at}, absl::FromUnixMillis(due_ms),
               KeyIn(conversation.site, conversation.id), context);
}

// nullopt: it is not there any more.
absl::StatusOr<std::optional<Conversation>> Find(store::Reader& reader, const TimerArguments& arguments) {
  return FindConversation(reader, wire::SiteId(arguments.site), wire::ConversationId(arguments.conversation));
}

// It waits again, for others; whoever has room gets it at once.
absl::Status GiveBack(store::Transaction& txn, Conversation& conversation, std::string why, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  ASSIGN_OR_RETURN(Unassigned events, Unassign(txn, conversation, std::move(why), now_ms));
  RETURN_IF_ERROR(Append(txn, conversation, std::move(events.unassigned), now_ms).status());
  RETURN_IF_ERROR(Append(txn, conversation, std::move(events.queued), now_ms).status());
  return ExpectOverflow(txn, conversation, context);
}

}  // namespace

// --- Offers -----------------------------------------------------------------

absl::Status ExpectAnswer(store::Transaction& txn, const Conversation& conversation, Context& context) {
  const int64_t at = *conversation.record.accept_by;
  return SetTimer(txn, kLetPass, conversation, at, at, context);
}

absl::StatusOr<Afterwards> LetPass(store::Transaction& txn, const TimerArguments& arguments, Context& context) {
  ASSIGN_OR_RETURN(auto conversation, Find(txn, arguments));
  if (!conversation || conversation->record.accept_by != arguments.at) return Afterwards();
  ConversationRecord& record = conversation->record;
  std::vector<std::string> passed = record.passed.value_or(std::vector<std::string>());
  passed.push_back(record.agent->id);
  record.passed = std::move(passed);
  RETURN_IF_ERROR(GiveBack(txn, *conversation, "was not answered in time", context));
  RETURN_IF_ERROR(DispatchQueue(txn, conversation->site, context).status());
  return Afterwards();
}

// --- Overflow ---------------------------------------------------------------

absl::Status ExpectOverflow(store::Transaction& txn, const Conversation& conversation, Context& context) {
  if (!conversation.record.team) return absl::OkStatus();
  SiteRouting routing(txn, conversation.site);
  ASSIGN_OR_RETURN(const TeamRecord* const team, routing.Team(*conversation.record.team));
  if (team == nullptr || !team->overflow) return absl::OkStatus();
  const int64_t since = *conversation.record.waits_since;
  return SetTimer(txn, kOverflow, conversation, since, since + team->overflow->after_ms, context);
}

absl::StatusOr<Afterwards> OverflowTeam(store::Transaction& txn, const TimerArguments& arguments, Context& context) {
  ASSIGN_OR_RETURN(auto conversation, Find(txn, arguments));
  if (!conversation || StateOf(conversation->record) != State::kQueued || !conversation->record.team ||
      conversation->record.waits_since != arguments.at) {
    return Afterwards();
  }
  SiteRouting routing(txn, conversation->site);
  ASSIGN_OR_RETURN(const TeamRecord* const team, routing.Team(*conversation->record.team));
  if (team == nullptr || !team->overflow) return Afterwards();
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  ASSIGN_OR_RETURN(wire::Event queued, MoveToTeam(txn, *conversation, team->overflow->team, now_ms));
  RETURN_IF_ERROR(Append(txn, *conversation, std::move(queued), now_ms).status());
  RETURN_IF_ERROR(DispatchQueue(txn, conversation->site, context).status());
  return Afterwards();
}

// --- Silence ----------------------------------------------------------------

absl::Status ExpectReply(store::Transaction& txn, const Conversation& conversation, Context& context) {
  const auto asked_at = conversation.record.asked_at;
  if (!asked_at) return absl::OkStatus();
  SiteRouting routing(txn, conversation.site);
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const auto first = settings->warn_after_ms ? settings->warn_after_ms : settings->close_after_ms;
  if (!first) return absl::OkStatus();
  return SetTimer(txn, kSilent, conversation, *asked_at, *asked_at + *first, context);
}

absl::StatusOr<Afterwards> WarnOrClose(store::Transaction& txn, const TimerArguments& arguments, Context& context) {
  ASSIGN_OR_RETURN(auto conversation, Find(txn, arguments));
  if (!conversation || conversation->record.asked_at != arguments.at) return Afterwards();
  SiteRouting routing(txn, conversation->site);
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  // What a bot has a bot ends.
  const bool is_bots = StateOf(conversation->record) == State::kBot;
  const wire::Actor by = is_bots ? conversation->record.bot->bot : wire::Actor{};
  if (settings->close_after_ms && now_ms >= arguments.at + *settings->close_after_ms) {
    ASSIGN_OR_RETURN(wire::Event closed, Close(txn, *conversation, by, std::string(kSilence), now_ms));
    RETURN_IF_ERROR(Append(txn, *conversation, std::move(closed), now_ms).status());
    RETURN_IF_ERROR(DispatchQueue(txn, conversation->site, context).status());
    return Afterwards();
  }
  if (settings->warn_after_ms && now_ms >= arguments.at + *settings->warn_after_ms) {
    const auto id = MakeId<wire::MessageId>(context);
    RETURN_IF_ERROR(AppendMessage(txn, *conversation, by, id, {.text = std::string(kWarning)}, now_ms).status());
  }
  if (!settings->close_after_ms) return Afterwards();
  RETURN_IF_ERROR(
      SetTimer(txn, kSilent, *conversation, arguments.at, arguments.at + *settings->close_after_ms, context));
  return Afterwards();
}

// --- Agents who are gone ----------------------------------------------------

absl::Status ExpectReassignment(store::Transaction& txn, const wire::SiteId& site, const wire::AgentId& agent,
                                Context& context) {
  SiteRouting routing(txn, site);
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  if (settings->away != wire::AwayPolicy::kReassign) return absl::OkStatus();
  return Defer(txn, kReassign, {site.text(), agent.text()}, context.clock.Now(), KeyIn(site, agent), context);
}

absl::StatusOr<Afterwards> Reassign(store::Transaction& txn, const GoneArguments& arguments, Context& context) {
  const wire::SiteId site(arguments.site);
  const wire::AgentId agent(arguments.agent);
  ASSIGN_OR_RETURN(const auto online, txn.Get(keys::Online(site, agent)));
  if (online) return Afterwards();
  ASSIGN_OR_RETURN(const auto entries, txn.Scan(keys::AgentConversations(site, agent),
                                                {.limit = static_cast<size_t>(wire::kDispatchBatchMax)}));
  bool more = entries.size() == static_cast<size_t>(wire::kDispatchBatchMax);
  bool any = false;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(txn, site, id));
    // What is snoozed waits for its time, not for its agent.
    if (!IsLoad(StateOf(conversation.record))) continue;
    any = true;
    RETURN_IF_ERROR(GiveBack(txn, conversation, "its agent is gone", context));
  }
  RETURN_IF_ERROR(DispatchQueue(txn, site, context).status());
  // Nothing but snoozed ones: there is no getting further.
  more = more && any;
  if (more) RETURN_IF_ERROR(ExpectReassignment(txn, site, agent, context));
  return Afterwards();
}

}  // namespace alcove::functions
