#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/sites
//
// The site that the caller may administer, in a list.
//
// 200 with {sites: [wire::Resource<wire::SiteFields>...], more}
Outcome ListSites(const Request& request, Context& context);

// GET /v1/admin/sites/{site}
//
// 200 with a wire::Resource<wire::SiteFields>, or
//   NOT_FOUND  no such site, or not the caller's
Outcome GetSite(const Request& request, Context& context);

// PUT /v1/admin/sites/{site}
//
// Changes a site; the operator makes one, too. There is no DELETE: what a site
// has is the conversations of people.
//
// 201 or 200 with a wire::Resource<wire::SiteFields>, or
//   INVALID_ARGUMENT   the body is no wire::SiteFields
//   NOT_FOUND          not the caller's
//   422 unprocessable  a field has a value that is not accepted
//   403 role_required
Outcome PutSite(const Request& request, Context& context);

}  // namespace alcove::functions::admin
