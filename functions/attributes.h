// Attributes of customers and conversations in the store: what a page or an
// agent says is set, and told to those whom it concerns.
//
// A head carries the attributes of its customer as long as it is not over, so
// that a change of them is an event of each of their conversations.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/conversation.h"
#include "functions/domain/attributes.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Those that a site defined.
absl::StatusOr<std::vector<wire::AttributeFields>> AttributesOf(store::Reader& reader, const wire::SiteId& site);

// 422 naming the field, where there are more than may be sent at once, or a name is longer than any is.
absl::Status CheckFields(std::string_view field, const std::optional<std::vector<wire::Field>>& fields,
                         size_t count_max);

// Sets attributes of a conversation, for the caller to append what tells of it. Returns the `field` events, none where
// nothing is another now.
std::vector<wire::Event> SetOfConversation(ConversationRecord& record, std::span<const AttributeSetting> settings,
                                           const wire::Actor& by);

// Sets attributes of a customer, and appends to each of their conversations that is not over what is another now; to
// `asked_in`, too, if it is. NOT_FOUND where there is no such customer.
absl::Status SetOfCustomer(store::Transaction& transaction, const wire::SiteId& site, const wire::CustomerId& customer,
                           std::span<const AttributeSetting> settings, const wire::Actor& by,
                           const std::optional<wire::ConversationId>& asked_in, int64_t now_ms);

// The owner says who the customer is: `name`, if they say it, in each of their conversations that is not over and in
// those to come; each of these tells of it. NOT_FOUND where there is no such customer.
absl::Status VouchFor(store::Transaction& transaction, const wire::SiteId& site, const wire::CustomerId& customer,
                      const std::optional<std::string>& name, int64_t now_ms);

}  // namespace alcove::functions
