#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/endings
//
// How the site's conversations ended: `?from=2026-12-01&to=2026-12-24`, days of
// UTC, both included; without them the last 30 days.
//
// 200 with a wire::EndingsReport, or
//   INVALID_ARGUMENT  a day is none, they are in the wrong order, or more than kEndingDaysMax
//   403 role_required
Outcome ReportEndings(const Request& request, Context& context);

}  // namespace alcove::functions::admin
