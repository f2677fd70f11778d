#include "functions/agent/snooze.h"

#include <cstddef>
#include <utility>

#include "functions/advance.h"
#include "functions/agent/claim.h"
#include "functions/append.h"
#include "functions/change.h"
#include "functions/defer.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/event.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {
namespace {

// So many behind the one that the agent had seen are looked at. Half would
// do: they have it on screen. With more than these it is not what they saw.
constexpr size_t kEventsBehind = 100;

// Whether something behind the event `seq` makes the snooze void: the customer has written, or this one was done.
absl::StatusOr<bool> IsOvertaken(store::Reader& reader, const Entered& entered, const wire::SnoozeUntil& snooze) {
  if (!snooze.seq) return false;
  const Conversation& conversation = entered.conversation;
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(store::keys::Events(conversation.site, conversation.id, *snooze.seq),
                                                   {.limit = kEventsBehind}));
  if (entries.size() == kEventsBehind) return true;
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto event, ParseJson<wire::Event>(entry.value));
    if (event.type == wire::EventType::kMessage && event.actor.kind == wire::ActorKind::kCustomer) return true;
    const bool by_caller = event.actor.id == entered.actor.id;
    if (event.type == wire::EventType::kSnoozed && by_caller && event.until == snooze.until) return true;
  }
  return false;
}

absl::Status PutAside(store::Transaction& txn, Entered& entered, int64_t until_ms, int64_t now_ms, Context& context) {
  Conversation& conversation = entered.conversation;
  if (!IsAssigned(StateOf(conversation.record))) RETURN_IF_ERROR(ClaimForCaller(txn, entered, now_ms));
  ASSIGN_OR_RETURN(wire::Event snoozed, Snooze(txn, conversation, entered.actor, until_ms, now_ms));
  RETURN_IF_ERROR(Append(txn, conversation, std::move(snoozed), now_ms).status());
  RETURN_IF_ERROR(Defer(txn, kWakeConversation, {conversation.site.text(), conversation.id.text()},
                        absl::FromUnixMillis(until_ms), KeyIn(conversation.site, conversation.id), context));
  return DispatchQueue(txn, conversation.site, context).status();
}

}  // namespace

Outcome SnoozeIt(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto snooze, ParseBody<wire::SnoozeUntil>(request));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  if (snooze.until <= now_ms || snooze.until > now_ms + wire::kSnoozeMsMax) {
    return ProblemResponse(ProblemCode::kUnprocessable, "until is not within a year from now");
  }
  const auto put_aside = [&](store::Transaction& txn, Entered& entered, int64_t at_ms) -> absl::Status {
    if (entered.conversation.record.snoozed_until == snooze.until) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool is_overtaken, IsOvertaken(txn, entered, snooze));
    if (is_overtaken) return absl::OkStatus();
    return PutAside(txn, entered, snooze.until, at_ms, context);
  };
  return ChangeConversation(Side::kAgent, request, context, put_aside);
}

absl::StatusOr<Afterwards> WakeConversation(store::Transaction& txn, const WakeArguments& arguments, Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  ASSIGN_OR_RETURN(auto conversation,
                   FindConversation(txn, wire::SiteId(arguments.site), wire::ConversationId(arguments.conversation)));
  if (!conversation) return Afterwards();
  const auto until = conversation->record.snoozed_until;
  if (!until || *until > now_ms) return Afterwards();
  RETURN_IF_ERROR(GoOn(txn, *conversation, Action::kWake, now_ms));
  wire::Event reopened;
  reopened.type = wire::EventType::kReopened;
  RETURN_IF_ERROR(Append(txn, *conversation, std::move(reopened), now_ms).status());
  return Afterwards();
}

}  // namespace alcove::functions::agent
