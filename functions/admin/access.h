// Who administers: an agent whose role allows it, a key of the site, or the
// operator, who has the machine.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/domain/permissions.h"
#include "functions/function.h"
#include "functions/wire/admin.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions::admin {

struct AdminAccess {
  wire::SiteId site;
  wire::Role role = wire::Role::kUnknown;
  wire::AuditActor actor;
};

// 401 token_invalid where the request carries no token of an agent or a key
// that is not over; 403 role_required where the role may not.
absl::StatusOr<AdminAccess> AccessAdmin(store::Reader& reader, const Request& request, Permission permission,
                                        Context& context);

// What of a change is known before its transaction runs: the ids that it draws must not differ from one run to the
// next.
struct Change {
  wire::AuditId id;  // of that time
  int64_t at = 0;
};
Change BeginChange(Context& context);

// One line of the audit log.
struct Audited {
  std::string_view action;    // `create`, `change`, `delete`, `password`, ...
  std::string_view resource;  // `teams`, ...
  std::string_view target;
  std::optional<std::string> before = {};  // as it is shown, in JSON
  std::optional<std::string> after = {};
};
void Audit(store::Transaction& transaction, const AdminAccess& access, const Change& change, const Audited& audited);

// Consoles are told that what they were given with their snapshot is another now.
absl::Status TellConsoles(store::Transaction& transaction, const wire::SiteId& site);

}  // namespace alcove::functions::admin
