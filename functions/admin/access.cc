#include "functions/admin/access.h"

#include "functions/access.h"
#include "functions/admin_records.h"
#include "functions/problem.h"
#include "functions/records.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

absl::StatusOr<AdminAccess> AccessOfAgent(store::Reader& reader, const TokenRecord& token) {
  const wire::SiteId site(token.site);
  ASSIGN_OR_RETURN(const AgentRecord agent,
                   Load<AgentRecord>(reader, keys::Agent(site, wire::AgentId(token.principal))));
  return AdminAccess{site, RoleOf(agent), {wire::AuditActorKind::kAgent, token.principal, agent.name}};
}

absl::StatusOr<AdminAccess> AccessOfKey(store::Reader& reader, const TokenRecord& token) {
  const wire::SiteId site(token.site);
  ASSIGN_OR_RETURN(const KeyRecord key, Load<KeyRecord>(reader, keys::Key(site, wire::KeyId(token.principal))));
  return AdminAccess{site, key.role, {wire::AuditActorKind::kKey, token.principal, key.name}};
}

absl::StatusOr<AdminAccess> AccessAnyone(store::Reader& reader, const Request& request, Context& context) {
  if (!request.operated_site.empty()) {
    const auto site = wire::SiteId::Parse(request.operated_site);
    if (!site) return absl::NotFoundError("no site");
    return AdminAccess{*site, wire::Role::kOwner, {wire::AuditActorKind::kOperator, "", ""}};
  }
  ASSIGN_OR_RETURN(const TokenRecord token, AccessToken(reader, request.token, context));
  if (token.kind == TokenKind::kAgent) return AccessOfAgent(reader, token);
  if (token.kind == TokenKind::kKey) return AccessOfKey(reader, token);
  return ProblemStatus(ProblemCode::kTokenInvalid);
}

}  // namespace

absl::StatusOr<AdminAccess> AccessAdmin(store::Reader& reader, const Request& request, Permission permission,
                                        Context& context) {
  ASSIGN_OR_RETURN(AdminAccess access, AccessAnyone(reader, request, context));
  RETURN_IF_ERROR(CheckRole(access.role, permission));
  return access;
}

Change BeginChange(Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  const auto high = static_cast<uint16_t>(context.random.Next());
  return {wire::AuditId::Make(now_ms, high, context.random.Next()), now_ms};
}

void Audit(store::Transaction& transaction, const AdminAccess& access, const Change& change, const Audited& audited) {
  AuditRecord record;
  record.at = change.at;
  record.actor = access.actor;
  record.action = audited.action;
  record.resource = audited.resource;
  record.target = audited.target;
  if (audited.before) record.before = wire::RawJson{*audited.before};
  if (audited.after) record.after = wire::RawJson{*audited.after};
  Save(transaction, keys::Audit(access.site, change.at, change.id), record);
}

absl::Status TellConsoles(store::Transaction& transaction, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(SiteRecord record, Load<SiteRecord>(transaction, keys::Site(site)));
  record.revision = record.revision.value_or(0) + 1;
  Save(transaction, keys::Site(site), record);
  transaction.Signal(keys::ConfigurationTopic(site));
  return absl::OkStatus();
}

}  // namespace alcove::functions::admin
