// Who may do what: every function takes what it works on from here.
//
// Access is checked in the snapshot that is read, or the transaction that
// writes, so that a session that ends takes its requests with it. "Not there"
// and "not yours" are the same answer.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/domain/permissions.h"
#include "functions/function.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/store.h"

namespace alcove::functions {

// What a session proves.
struct CustomerAccess {
  wire::SiteId site;
  wire::CustomerId customer;
};
struct AgentAccess {
  wire::SiteId site;
  wire::AgentId agent;
};

// 401 token_invalid where the request carries no token, or one that is
// unknown, over, or of the other side.
absl::StatusOr<CustomerAccess> AccessCustomer(store::Reader& reader, const Request& request, Context& context);
absl::StatusOr<AgentAccess> AccessAgent(store::Reader& reader, const Request& request, Context& context);

// The conversation that the path names. NOT_FOUND where it does not exist or
// is another customer's. An agent may see every conversation of their site.
absl::StatusOr<Conversation> AccessConversation(store::Reader& reader, const Request& request,
                                                const CustomerAccess& access);
absl::StatusOr<Conversation> AccessConversation(store::Reader& reader, const Request& request,
                                                const AgentAccess& access);

// 403 role_required where the role may not.
absl::Status CheckRole(wire::Role role, Permission permission);

// The record of a token that is not over, whoever's it is. 401 token_invalid.
absl::StatusOr<TokenRecord> AccessToken(store::Reader& reader, std::string_view token, Context& context);

// Either side at a conversation, for what both may do in the same way.
struct Entered {
  Side side = Side::kCustomer;
  wire::Actor actor;  // the caller
  Conversation conversation;
};

// Who calls, and the conversation that the path names. Errors as
// AccessCustomer() or AccessAgent(), and AccessConversation(); and 403
// role_required, where an agent asks for more than to read (any method but GET)
// whose role may not converse.
absl::StatusOr<Entered> Enter(store::Reader& reader, const Request& request, Side side, Context& context);

}  // namespace alcove::functions
