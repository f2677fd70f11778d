#include "functions/attributes.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// What tells of a customer's name, which is no attribute.
constexpr std::string_view kNameOfCustomer = "name";

// The settings that change anything, done.
std::vector<AttributeSetting> Change(std::optional<Attributes>& attributes,
                                     std::span<const AttributeSetting> settings) {
  Attributes changed = attributes.value_or(Attributes());
  std::vector<AttributeSetting> done;
  for (const AttributeSetting& setting : settings) {
    if (SetAttribute(changed, setting.attribute)) done.push_back(setting);
  }
  attributes = changed.empty() ? std::nullopt : std::optional(std::move(changed));
  return done;
}

wire::Event EventOf(wire::AttributeOwner of, const AttributeSetting& setting, const wire::Actor& by) {
  wire::Event event;
  event.type = wire::EventType::kField;
  event.actor = by;
  event.of = of;
  event.name = setting.attribute.name;
  event.value = setting.attribute.value;
  event.verified = setting.attribute.verified;
  if (setting.is_visible) event.visible = true;
  return event;
}

// Those of a customer that are not over, and `asked_in`.
absl::StatusOr<std::vector<Conversation>> ConcernedBy(store::Reader& reader, const wire::SiteId& site,
                                                      const wire::CustomerId& customer, int64_t open,
                                                      const std::optional<wire::ConversationId>& asked_in) {
  std::vector<Conversation> concerned;
  if (open == 0 && !asked_in) return concerned;
  RETURN_IF_ERROR(store::EachEntry(
      reader, keys::CustomerConversations(site, customer), [&](const store::Entry& entry) -> absl::Status {
        ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
        ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(reader, site, id));
        if (id == asked_in || !IsOver(StateOf(conversation.record))) concerned.push_back(std::move(conversation));
        return absl::OkStatus();
      }));
  return concerned;
}

}  // namespace

absl::StatusOr<std::vector<wire::AttributeFields>> AttributesOf(store::Reader& reader, const wire::SiteId& site) {
  std::vector<wire::AttributeFields> attributes;
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AllAttributes(site), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(AttributeRecord record, DecodeRecord<AttributeRecord>(entry.value));
    attributes.push_back(std::move(record));
    return absl::OkStatus();
  }));
  return attributes;
}

absl::Status CheckFields(std::string_view field, const std::optional<std::vector<wire::Field>>& fields,
                         size_t count_max) {
  if (!fields) return absl::OkStatus();
  if (fields->size() > count_max) {
    return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(std::string(field), " has more than ", count_max));
  }
  const std::string names = absl::StrCat(std::string(field), ".name");
  for (const wire::Field& one : *fields) {
    RETURN_IF_ERROR(CheckTextGiven(names, one.name, wire::kAttributeNameBytesMax));
  }
  return absl::OkStatus();
}

std::vector<wire::Event> SetOfConversation(ConversationRecord& record, std::span<const AttributeSetting> settings,
                                           const wire::Actor& by) {
  std::vector<wire::Event> events;
  for (const AttributeSetting& setting : Change(record.attributes, settings)) {
    events.push_back(EventOf(wire::AttributeOwner::kConversation, setting, by));
  }
  return events;
}

absl::Status SetOfCustomer(store::Transaction& transaction, const wire::SiteId& site, const wire::CustomerId& customer,
                           std::span<const AttributeSetting> settings, const wire::Actor& by,
                           const std::optional<wire::ConversationId>& asked_in, int64_t now_ms) {
  const std::string key = keys::Customer(site, customer);
  ASSIGN_OR_RETURN(CustomerRecord record, Load<CustomerRecord>(transaction, key));
  const auto changed = Change(record.attributes, settings);
  if (changed.empty()) return absl::OkStatus();
  Save(transaction, key, record);
  ASSIGN_OR_RETURN(auto concerned, ConcernedBy(transaction, site, customer, record.open, asked_in));
  for (Conversation& conversation : concerned) {
    conversation.record.customer_attributes = record.attributes;
    for (const AttributeSetting& setting : changed) {
      RETURN_IF_ERROR(
          Append(transaction, conversation, EventOf(wire::AttributeOwner::kCustomer, setting, by), now_ms).status());
    }
  }
  return absl::OkStatus();
}

absl::Status VouchFor(store::Transaction& transaction, const wire::SiteId& site, const wire::CustomerId& customer,
                      const std::optional<std::string>& name, int64_t now_ms) {
  const std::string key = keys::Customer(site, customer);
  ASSIGN_OR_RETURN(CustomerRecord record, Load<CustomerRecord>(transaction, key));
  if (name && *name != record.name) {
    record.name = *name;
    Save(transaction, key, record);
  }
  ASSIGN_OR_RETURN(auto concerned, ConcernedBy(transaction, site, customer, record.open, std::nullopt));
  for (Conversation& conversation : concerned) {
    ConversationRecord& head = conversation.record;
    if (head.customer.name == record.name && head.customer_verified) continue;
    head.customer.name = record.name;
    head.customer_verified = true;
    const AttributeSetting setting{{std::string(kNameOfCustomer), record.name, true}, false};
    RETURN_IF_ERROR(
        Append(transaction, conversation, EventOf(wire::AttributeOwner::kCustomer, setting, head.customer), now_ms)
            .status());
  }
  return absl::OkStatus();
}

}  // namespace alcove::functions
