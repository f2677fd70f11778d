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
  ASSIGN_OR_RETURN(auto record, Find<TokenRecord>(reader, keys::Token(Sha256Hex(token))));
  if (!record || record->expires_at <= absl::ToUnixMillis(context.clock.Now())) return Refused();
  return *std::move(record);
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
  auto conversation = LoadConversation(reader, access.site, id);
  if (conversation.ok() && CustomerOf(*conversation) != access.customer) {
    conversation = absl::NotFoundError("another customer's");
  }
  return conversation;
}

absl::StatusOr<Conversation> AccessConversation(store::Reader& reader, const Request& request,
                                                const AgentAccess& access) {
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::ConversationId>(request, "conversation"));
  return LoadConversation(reader, access.site, id);
}

namespace {

absl::Status EnterAsCustomer(store::Reader& reader, const Request& request, Context& context, Entered& entered) {
  ASSIGN_OR_RETURN(const CustomerAccess access, AccessCustomer(reader, request, context));
  ASSIGN_OR_RETURN(entered.conversation, AccessConversation(reader, request, access));
  entered.actor = entered.conversation.record.customer;
  return absl::OkStatus();
}

absl::Status EnterAsAgent(store::Reader& reader, const Request& request, Context& context, Entered& entered) {
  ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
  ASSIGN_OR_RETURN(AgentRecord agent, Load<AgentRecord>(reader, keys::Agent(access.site, access.agent)));
  if (request.method != Method::kGet) RETURN_IF_ERROR(CheckRole(RoleOf(agent), Permission::kConverse));
  ASSIGN_OR_RETURN(entered.conversation, AccessConversation(reader, request, access));
  entered.actor = {wire::ActorKind::kAgent, access.agent.text(), std::move(agent.name)};
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Entered> Enter(store::Reader& reader, const Request& request, Side side, Context& context) {
  absl::StatusOr<Entered> entered(absl::in_place);
  entered->side = side;
  absl::Status status = side == Side::kCustomer ? EnterAsCustomer(reader, request, context, *entered)
                                                : EnterAsAgent(reader, request, context, *entered);
  if (!status.ok()) entered = std::move(status);
  return entered;
}

}  // namespace alcove::functions
