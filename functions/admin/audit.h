#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/audit
//
// Who changed what, the newest first: `?before=ID&limit=`, where `before` is the
// id of the last one of the page before.
//
// 200 with {audit: [wire::Resource<wire::AuditFields>...], more}, or
//   INVALID_ARGUMENT   a parameter is none
//   403 role_required
Outcome ListAudit(const Request& request, Context& context);

}  // namespace alcove::functions::admin
