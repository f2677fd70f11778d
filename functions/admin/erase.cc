#include "functions/admin/erase.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/admin/access.h"
#include "functions/amend.h"
#include "functions/append.h"
#include "functions/conversation.h"
#include "functions/endings.h"
#include "functions/json_codec.h"
#include "functions/message.h"
#include "functions/request.h"
#include "functions/sent.h"
#include "functions/wire/amend.h"
#include "functions/wire/describe.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

// What the audit log says of it.
struct ErasedOf {
  std::string conversation;
};
template <class V>
void Describe(V& visit, ErasedOf& erased) {
  visit("conversation", erased.conversation);
}

void AuditErasure(store::Transaction& txn, const AdminAccess& access, const Change& change,
                  const Conversation& conversation, std::string_view target) {
  Audited audited{"erase", "messages", target};
  audited.after = ToJson(ErasedOf{conversation.id.text()});
  Audit(txn, access, change, audited);
}

// A key and the operator are nobody whom a customer knows.
wire::Actor ActorOf(const AdminAccess& access) {
  if (access.actor.kind != wire::AuditActorKind::kAgent) return {};
  return {wire::ActorKind::kAgent, access.actor.id, access.actor.name};
}

struct Entered {
  AdminAccess access;
  Conversation conversation;
};
absl::StatusOr<Entered> Enter(store::Reader& reader, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(AdminAccess access, AccessAdmin(reader, request, Permission::kErase, context));
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::ConversationId>(request, "conversation"));
  ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(reader, access.site, id));
  return Entered{std::move(access), std::move(conversation)};
}

// By its id alone: what bots and timers of earlier servers said is not remembered as a put.
absl::StatusOr<std::optional<wire::Event>> Search(store::Reader& reader, const Conversation& conversation,
                                                  std::string_view id) {
  std::optional<wire::Event> found;
  RETURN_IF_ERROR(store::EachEntry(reader, keys::Events(conversation.site, conversation.id),
                                   [&](const store::Entry& entry) -> absl::Status {
                                     if (entry.value.find(id) == entry.value.npos) return absl::OkStatus();
                                     ASSIGN_OR_RETURN(wire::Event event, ParseJson<wire::Event>(entry.value));
                                     if (event.id == id) found = std::move(event);
                                     return absl::OkStatus();
                                   }));
  return found;
}

absl::StatusOr<wire::Event> LoadTarget(store::Reader& reader, const Conversation& conversation,
                                       const Request& request) {
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::MessageId>(request, "message"));
  ASSIGN_OR_RETURN(auto target, FindPut(reader, conversation, id.text()));
  if (!target) {
    ASSIGN_OR_RETURN(target, Search(reader, conversation, id.text()));
  }
  if (!target) return absl::NotFoundError("no such message");
  return *std::move(target);
}

// What the head, and the day's counts, hold of what the customer wrote up to that seq.
absl::Status EraseFromHead(store::Transaction& txn, Conversation& conversation, int64_t upto) {
  ConversationRecord& record = conversation.record;
  wire::EraseCustomersPart(record, upto);
  const bool ended_it = record.ended && record.ended->by == wire::ActorKind::kCustomer;
  return ended_it ? ForgetReason(txn, conversation) : absl::OkStatus();
}

// How far a batch came.
struct Batch {
  int64_t upto = 0;  // the seq of the last event that it looked at
  bool more = false;
};

// Erases what of the next events up to `last` the customer wrote, and tells of it. `last` is moved to where what they
// wrote up to there was edited since.
absl::StatusOr<Batch> EraseBatch(store::Transaction& txn, Entered& entered, int64_t after, int64_t& last,
                                 const Change& change) {
  Conversation& conversation = entered.conversation;
  const std::string& customer = conversation.record.customer.id;
  ASSIGN_OR_RETURN(const auto entries, txn.Scan(keys::Events(conversation.site, conversation.id, after, last + 1),
                                                {.limit = wire::kErasedBatchMax}));
  wire::Event erased;
  erased.type = wire::EventType::kErased;
  erased.actor = ActorOf(entered.access);
  erased.target = customer;
  // As it will be told: Amend() looks at its place and its time.
  erased.seq = conversation.record.last_seq + 1;
  erased.at = std::max(change.at, conversation.record.updated_at);
  if (!entries.empty()) {
    ASSIGN_OR_RETURN(erased.upto, keys::DecodeNumber(entries.back().key));
  }
  bool any = conversation.record.form || conversation.record.page;
  Batch batch{.upto = after};
  for (const store::Entry& entry : entries) {
    ASSIGN_OR_RETURN(const auto before, ParseJson<wire::Event>(entry.value));
    batch.upto = before.seq;
    if (before.actor.id != customer) continue;
    last = std::max(last, before.edited_seq.value_or(0));
    ASSIGN_OR_RETURN(const auto is, AmendStored(txn, conversation, erased, before.seq));
    any = any || is != before;
    // Also of what they took back themselves.
    if (!before.id) continue;
    RETURN_IF_ERROR(ForgetPut(txn, keys::Sent(conversation.site, conversation.id, wire::MessageId(*before.id))));
  }
  batch.more = batch.upto < last;
  RETURN_IF_ERROR(ForgetPut(txn, keys::Started(conversation.site, conversation.id)));
  if (!any) return batch;
  RETURN_IF_ERROR(EraseFromHead(txn, conversation, batch.upto));
  RETURN_IF_ERROR(Append(txn, conversation, std::move(erased), change.at, {.all_agents = true}).status());
  AuditErasure(txn, entered.access, change, conversation, customer);
  return batch;
}

}  // namespace

Outcome EraseMessage(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, context));
    Conversation& conversation = entered.conversation;
    ASSIGN_OR_RETURN(const wire::Event target, LoadTarget(txn, conversation, request));
    if (target.erased_at) return Done();
    wire::Event erased;
    erased.type = wire::EventType::kErased;
    erased.actor = ActorOf(entered.access);
    RETURN_IF_ERROR(AppendAmendment(txn, conversation, std::move(erased), target, change.at).status());
    RETURN_IF_ERROR(ForgetPut(txn, keys::Sent(conversation.site, conversation.id, wire::MessageId(*target.id))));
    AuditErasure(txn, entered.access, change, conversation, *target.id);
    return Done();
  });
}

Outcome EraseCustomersPart(const Request& request, Context& context) {
  RETURN_IF_ERROR(CheckContentType(request));
  Batch batch;
  // What is written meanwhile is another request's.
  std::optional<int64_t> last;
  do {
    const Change change = BeginChange(context);
    const Batch before = batch;
    Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
      ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, context));
      if (!last) last = entered.conversation.record.last_seq;
      ASSIGN_OR_RETURN(batch, EraseBatch(txn, entered, before.upto, *last, change));
      return Done();
    });
    if (outcome.response()->status != 200) return outcome;
  } while (batch.more);
  return Done();
}

}  // namespace alcove::functions::admin
