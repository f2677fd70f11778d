#include "functions/admin/audit.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "functions/admin/access.h"
#include "functions/admin/resource.h"
#include "functions/admin_records.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

// The milliseconds that the id was made of, in the digits of ids.cc.
int64_t TimeOf(const wire::AuditId& id) {
  constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr size_t kTimeDigits = 10;
  int64_t time = 0;
  for (const char digit : id.text().substr(wire::AuditKind::kPrefix.size(), kTimeDigits)) {
    time = (time << 5) | static_cast<int64_t>(kDigits.find(digit));
  }
  return time;
}

}  // namespace

Outcome ListAudit(const Request& request, Context& context) {
  const auto page_max = static_cast<int64_t>(wire::kAdminPageMax);
  ASSIGN_OR_RETURN(const int64_t limit, ParseQueryNumber(request, "limit", {page_max, 1, page_max}));
  const auto before = wire::AuditId::Parse(request.Query("before"));
  if (!before && !request.Query("before").empty()) return absl::InvalidArgumentError("before is no id");
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kSeeAudit, context));
    // An entry's id was made of its time.
    const store::Range range =
        before ? keys::AuditsBefore(access.site, TimeOf(*before), *before) : keys::AllAudits(access.site);
    ASSIGN_OR_RETURN(auto entries, reader.Scan(range, {store::Direction::kBackward, static_cast<size_t>(limit) + 1}));
    Page page{"audit", {}, entries.size() > static_cast<size_t>(limit)};
    if (page.more) entries.pop_back();
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const std::string id, keys::DecodeId(entry.key));
      ASSIGN_OR_RETURN(const auto record, DecodeRecord<AuditRecord>(entry.value));
      page.items.push_back({ToJson(wire::Resource<wire::AuditFields>{id, record})});
    }
    return Ok(ToJson(page));
  });
}

}  // namespace alcove::functions::admin
