#include "functions/admin/sites.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/admin/access.h"
#include "functions/admin/checks.h"
#include "functions/admin/resource.h"
#include "functions/records.h"
#include "functions/request.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

constexpr std::string_view kName = "sites";

std::string Show(const wire::SiteId& site, const SiteRecord& record) {
  return ToJson(wire::Resource<wire::SiteFields>{
      site.text(), {record.name, record.greeting, record.allowed_origins, record.appearance}});
}

// The site of the path, which must be the caller's own.
absl::StatusOr<AdminAccess> Enter(store::Reader& reader, const Request& request, Permission permission,
                                  Context& context) {
  ASSIGN_OR_RETURN(AdminAccess access, AccessAdmin(reader, request, permission, context));
  if (request.Parameter("site") != access.site.text()) return absl::NotFoundError("another site");
  return access;
}

}  // namespace

Outcome ListSites(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kFollow, context));
    ASSIGN_OR_RETURN(const auto record, Find<SiteRecord>(reader, keys::Site(access.site)));
    Page page{kName, {}, false};
    if (record) page.items.push_back({Show(access.site, *record)});
    return Ok(ToJson(page));
  });
}

Outcome GetSite(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, Enter(reader, request, Permission::kFollow, context));
    ASSIGN_OR_RETURN(const auto record, Load<SiteRecord>(reader, keys::Site(access.site)));
    return Ok(Show(access.site, record));
  });
}

Outcome PutSite(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto fields, ParseBody<wire::SiteFields>(request));
  RETURN_IF_ERROR(CheckSite(fields));
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, Enter(txn, request, Permission::kChangeRouting, context));
    ASSIGN_OR_RETURN(const auto before, Find<SiteRecord>(txn, keys::Site(access.site)));
    SiteRecord record = before.value_or(SiteRecord());
    record.name = fields.name;
    record.greeting = fields.greeting;
    record.allowed_origins = fields.allowed_origins;
    record.appearance = fields.appearance;
    std::string shown = Show(access.site, record);
    Audited audited{before ? "change" : "create", kName, access.site.text()};
    if (before) audited.before = Show(access.site, *before);
    if (audited.before == shown) return Ok(std::move(shown));
    audited.after = shown;
    Save(txn, keys::Site(access.site), record);
    Audit(txn, access, change, audited);
    RETURN_IF_ERROR(TellConsoles(txn, access.site));
    return before ? Ok(std::move(shown)) : Created(std::move(shown));
  });
}

}  // namespace alcove::functions::admin
