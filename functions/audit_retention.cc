#include "functions/audit_retention.h"

#include "absl/time/time.h"
#include "functions/admin_records.h"
#include "functions/defer.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::Status EraseAt(store::Transaction& txn, const wire::SiteId& site, absl::Time at, Context& context) {
  return Defer(txn, kEraseAudits, {site.text()}, at, site.text(), context);
}

}  // namespace

absl::StatusOr<Afterwards> EraseAudits(store::Transaction& txn, const SiteArguments& arguments, Context& context) {
  const wire::SiteId site(arguments.site);
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(txn, keys::Settings(site)));
  if (!settings.audit_retention_ms) return Afterwards();
  const absl::Time now = context.clock.Now();
  const int64_t before_ms = absl::ToUnixMillis(now) - *settings.audit_retention_ms;
  ASSIGN_OR_RETURN(const auto old, txn.Scan(keys::AuditsBefore(site, before_ms, wire::AuditId::Make(0, 0, 0)),
                                            {.limit = wire::kAuditsErasedMax}));
  for (const store::Entry& entry : old) txn.Erase(entry.key);
  const bool more = old.size() == wire::kAuditsErasedMax;
  RETURN_IF_ERROR(EraseAt(txn, site, more ? now : now + absl::Milliseconds(wire::kAuditPauseMs), context));
  return Afterwards();
}

absl::Status ExpectAuditErasure(store::Transaction& txn, const wire::SiteId& site, Context& context) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(txn, keys::Settings(site)));
  return settings.audit_retention_ms ? EraseAt(txn, site, context.clock.Now(), context) : absl::OkStatus();
}

}  // namespace alcove::functions
