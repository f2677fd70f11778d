#include "functions/access.h"

#include <utility>

#include "functions/problem.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::Status Refused() { return ProblemStatus(ProblemCode::kTokenInvalid); }

}  // namespace

absl::StatusOr<TokenRecord> AccessToken(store::Reader& reader, std::string_view token, Context& context) {
  if (token.empty()) return Refused();
  ASSIGN_OR_RETURN(const auto record, Find<TokenRecord>(reader, keys::Token(Sha256Hex(token))));
  if (!record || record->expires_at <= absl::ToUnixMillis(context.clock.Now())) return Refused();
  return *record;
}

absl::Status CheckRole(wire::Role role, Permission permission) {
  return May(role, permission) ? absl::OkStatus() : ProblemStatus(ProblemCode::kRoleRequired);
}

absl::StatusOr<CustomerAccess> AccessCustomer(store::Reader& reader, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const TokenRecord token, AccessToken(reader, request.token, context));
  if (token.kind != TokenKind::kCustomer) return Refused();
  return CustomerAccess{wire::SiteId(token.site), wire::CustomerId(token.principal)};
}

absl::StatusOr<AgentAccess> AccessAgent(store::Reader& reader, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const TokenRecord token, AccessToken(reader, request.token, context));
  if (token.kind != TokenKind::kAgent) return Refused();
  return AgentAccess{wire::SiteId(token.site), wire::AgentId(token.principal)};
}

absl::StatusOr<Conversation> AccessConversation(store::Reader& reader, const Request& request,
                                                const CustomerAccess& access) {
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::ConversationId>(request, "conversation"));
  ASSIGN_OR_RETURN(Conversation conversation, LoadConversation(reader, access.site, id));
  if (CustomerOf(conversation) != access.customer) return absl::NotFoundError("another customer's");
  return conversation;
}

absl::StatusOr<Conversation> AccessConversation(store::Reader& reader, const Request& request,
                                                const AgentAccess& access) {
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::ConversationId>(request, "conversation"));
  return LoadConversation(reader, access.site, id);
}

absl::StatusOr<Entered> Enter(store::Reader& reader, const Request& request, Side side, Context& context) {
  if (side == Side::kCustomer) {
    ASSIGN_OR_RETURN(const CustomerAccess access, AccessCustomer(reader, request, context));
    ASSIGN_OR_RETURN(Conversation conversation, AccessConversation(reader, request, access));
    wire::Actor actor = conversation.record.customer;
    return Entered{side, std::move(actor), std::move(conversation)};
  }
  ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
  ASSIGN_OR_RETURN(const AgentRecord agent, Load<AgentRecord>(reader, keys::Agent(access.site, access.agent)));
  if (request.method != Method::kGet) RETURN_IF_ERROR(CheckRole(RoleOf(agent), Permission::kConverse));
  ASSIGN_OR_RETURN(Conversation conversation, AccessConversation(reader, request, access));
  wire::Actor actor{wire::ActorKind::kAgent, access.agent.text(), agent.name};
  return Entered{side, std::move(actor), std::move(conversation)};
}

}  // namespace alcove::functions
