#include "functions/amend.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "functions/access.h"
#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/message.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/sent.h"
#include "functions/wire/amend.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

bool IsOwn(Side side, const Entered& entered, const wire::Event& target) {
  if (side == Side::kCustomer) return target.actor.kind == wire::ActorKind::kCustomer;
  return target.actor.kind == wire::ActorKind::kAgent && target.actor.id == entered.actor.id;
}

// The message or note that the path names, where the caller is shown it.
absl::StatusOr<wire::Event> LoadTarget(store::Reader& reader, const Entered& entered, const Request& request) {
  ASSIGN_OR_RETURN(auto target, FindPut(reader, entered.conversation, request.Parameter("message")));
  const bool is_shown = target && (entered.side == Side::kAgent || target->type == wire::EventType::kMessage);
  if (!is_shown) return absl::NotFoundError("no such message");
  return *std::move(target);
}

absl::Status CheckWindow(store::Reader& reader, const Conversation& conversation, const wire::Event& target,
                         int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(conversation.site)));
  if (now_ms - target.at < settings.edit_window_ms.value_or(wire::kEditWindowMs)) return absl::OkStatus();
  return ProblemStatus(ProblemCode::kUnprocessable, "it was written too long ago to be edited or deleted");
}

// What agents and bots wrote is deleted by who supervises, too; what a customer wrote, by nobody else.
absl::Status CheckMayDeleteOthers(store::Reader& reader, const Entered& entered, const wire::Event& target) {
  const bool by_customer = target.actor.kind == wire::ActorKind::kCustomer;
  if (entered.side == Side::kCustomer || by_customer) return absl::NotFoundError("another one's message");
  ASSIGN_OR_RETURN(const auto caller,
                   Load<AgentRecord>(reader, keys::Agent(entered.conversation.site, wire::AgentId(entered.actor.id))));
  return CheckRole(RoleOf(caller), Permission::kSupervise);
}

wire::Event ChangeBy(wire::EventType type, const Entered& entered) {
  wire::Event change;
  change.type = type;
  change.actor = entered.actor;
  return change;
}

Outcome AnswerWith(wire::Event target) { return Ok(ToJson(wire::EventAnswer{std::move(target)})); }

}  // namespace

absl::StatusOr<wire::Event> AmendStored(store::Transaction& txn, const Conversation& conversation,
                                        const wire::Event& change, int64_t seq) {
  const std::string key = keys::Event(conversation.site, conversation.id, seq);
  ASSIGN_OR_RETURN(const auto stored, txn.Get(key));
  if (!stored) return absl::DataLossError("a change of no event");
  ASSIGN_OR_RETURN(const auto before, ParseJson<wire::Event>(*stored));
  wire::Event after = before;
  wire::Amend(change, after);
  if (after == before) return after;
  if (change.type == wire::EventType::kErased) {
    txn.Put(key, ToJson(after));
    return after;
  }
  ASSIGN_OR_RETURN(const std::string changed, WithChange(*stored, before, after));
  txn.Put(key, changed);
  return after;
}

absl::StatusOr<wire::Event> AppendAmendment(store::Transaction& txn, Conversation& conversation, wire::Event change,
                                            const wire::Event& target, int64_t now_ms) {
  change.target = target.id;
  change.target_seq = target.seq;
  if (target.type == wire::EventType::kNote) change.note = true;
  const bool erases = change.type == wire::EventType::kErased;
  // Whoever was mentioned holds it, and whoever had the conversation before may.
  const AlsoTold also{target.mentions.value_or(std::vector<std::string>()), erases};
  ASSIGN_OR_RETURN(change, Append(txn, conversation, std::move(change), now_ms, also));
  ASSIGN_OR_RETURN(wire::Event after, AmendStored(txn, conversation, change, target.seq));
  if (target.edited_seq) RETURN_IF_ERROR(AmendStored(txn, conversation, change, *target.edited_seq).status());
  wire::AmendPreview(after, conversation.record.preview);
  Save(txn, keys::Conversation(conversation.site, conversation.id), conversation.record);
  const std::string started = keys::Started(conversation.site, conversation.id);
  RETURN_IF_ERROR(erases ? ForgetPut(txn, started) : ForgetAnswer(txn, started));
  return after;
}

Outcome EditBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto edit, ParseBody<wire::MessageEdit>(request));
  RETURN_IF_ERROR(CheckTextGiven("text", edit.text, wire::kMessageTextBytesMax));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, side, context));
    ASSIGN_OR_RETURN(wire::Event target, LoadTarget(txn, entered, request));
    if (!IsOwn(side, entered, target) || !target.text) return absl::NotFoundError("another one's message, or gone");
    if (target.text == edit.text) return AnswerWith(std::move(target));
    RETURN_IF_ERROR(CheckMay(entered.conversation.record, Action::kTell));
    RETURN_IF_ERROR(CheckWindow(txn, entered.conversation, target, now_ms));
    wire::Event edited = ChangeBy(wire::EventType::kEdited, entered);
    edited.text = edit.text;
    ASSIGN_OR_RETURN(target, AppendAmendment(txn, entered.conversation, std::move(edited), target, now_ms));
    return AnswerWith(std::move(target));
  });
}

Outcome DeleteBy(Side side, const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, side, context));
    ASSIGN_OR_RETURN(wire::Event target, LoadTarget(txn, entered, request));
    const bool is_own = IsOwn(side, entered, target);
    if (!is_own) RETURN_IF_ERROR(CheckMayDeleteOthers(txn, entered, target));
    if (!target.text) return AnswerWith(std::move(target));
    RETURN_IF_ERROR(CheckMay(entered.conversation.record, Action::kTell));
    if (is_own) RETURN_IF_ERROR(CheckWindow(txn, entered.conversation, target, now_ms));
    wire::Event deleted = ChangeBy(wire::EventType::kDeleted, entered);
    ASSIGN_OR_RETURN(target, AppendAmendment(txn, entered.conversation, std::move(deleted), target, now_ms));
    return AnswerWith(std::move(target));
  });
}

}  // namespace alcove::functions
