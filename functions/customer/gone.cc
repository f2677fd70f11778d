#include "functions/customer/gone.h"

#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/defer.h"
#include "functions/lifecycle.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

namespace keys = store::keys;

namespace {

constexpr std::string_view kReason = "the customer is gone";
// A poll that ends within kCustomerSeenMs of the last that was noted is not, and the next one may be held to its end.
constexpr absl::Duration kUnnoticed = absl::Milliseconds(wire::kCustomerSeenMs + wire::kPollHoldMs);
// Later than this after its time, a call tells of a server that was down.
constexpr absl::Duration kLate = absl::Milliseconds(wire::kCustomerSeenMs);

absl::Status Expect(store::Transaction& txn, const CustomerAccess& customer, int64_t gone_close_ms, Context& context) {
  const absl::Time at = context.clock.Now() + kUnnoticed + absl::Milliseconds(gone_close_ms);
  return Defer(txn, kCustomerGone, {customer.site.text(), customer.customer.text(), absl::ToUnixMillis(at)}, at,
               KeyIn(customer.site, customer.customer), context);
}

absl::StatusOr<std::optional<int64_t>> GoneCloseMs(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(site)));
  return settings.gone_close_ms;
}

bool IsEnded(const ConversationRecord& record) {
  const State state = StateOf(record);
  return !IsOver(state) && state != State::kSnoozed && !record.offline.value_or(false);
}

}  // namespace

absl::StatusOr<Afterwards> CloseOfGone(store::Transaction& txn, const GoneArguments& arguments, Context& context) {
  const CustomerAccess customer{wire::SiteId(arguments.site), wire::CustomerId(arguments.customer)};
  const auto& [site, id] = customer;
  ASSIGN_OR_RETURN(const auto gone_close_ms, GoneCloseMs(txn, site));
  if (!gone_close_ms) return Afterwards();
  if (context.clock.Now() > absl::FromUnixMillis(arguments.at) + kLate) {
    RETURN_IF_ERROR(Expect(txn, customer, *gone_close_ms, context));
    return Afterwards();
  }
  std::vector<Conversation> ended;
  RETURN_IF_ERROR(
      store::EachEntry(txn, keys::CustomerConversations(site, id), [&](const store::Entry& entry) -> absl::Status {
        ASSIGN_OR_RETURN(const wire::ConversationId one, keys::DecodeConversation(entry.key));
        ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(txn, site, one));
        if (IsEnded(conversation.record)) ended.push_back(std::move(conversation));
        return absl::OkStatus();
      }));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  for (Conversation& conversation : ended) {
    ASSIGN_OR_RETURN(wire::Event closed, CloseForGone(txn, conversation, std::string(kReason), now_ms));
    RETURN_IF_ERROR(Append(txn, conversation, std::move(closed), now_ms).status());
  }
  if (!ended.empty()) RETURN_IF_ERROR(DispatchQueue(txn, site, context).status());
  return Afterwards();
}

absl::Status ExpectPolls(store::Transaction& txn, const CustomerAccess& customer, Context& context) {
  ASSIGN_OR_RETURN(const auto gone_close_ms, GoneCloseMs(txn, customer.site));
  return gone_close_ms ? Expect(txn, customer, *gone_close_ms, context) : absl::OkStatus();
}

void NoteSeen(const CustomerAccess& customer, Context& context) {
  const std::string topic = keys::SeenTopic(customer.site, customer.customer);
  const absl::Time now = context.clock.Now();
  if (!context.ephemera.Since(topic, 0, now).empty()) return;
  const auto counts = context.store.Read([&](store::Reader& reader) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto gone_close_ms, GoneCloseMs(reader, customer.site));
    if (!gone_close_ms) return false;
    ASSIGN_OR_RETURN(const auto record, Load<CustomerRecord>(reader, keys::Customer(customer.site, customer.customer)));
    return record.open > 0;
  });
  if (!counts.ok() || !*counts) return;
  const auto noted =
      context.store.Transact([&](store::Transaction& txn) { return ExpectPolls(txn, customer, context); });
  // What is not noted is with the next poll.
  if (noted.ok()) context.ephemera.Publish(topic, "", "", now + absl::Milliseconds(wire::kCustomerSeenMs));
}

}  // namespace alcove::functions::customer
