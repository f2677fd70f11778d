#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::pages {

// GET /frame.html?site=
//
// The page of the customer's face. Its policy lets it be framed by our own
// origin and by those that the site allows, so that no other page can dress up
// as the site's chat.
//
// 200, or
//   NOT_FOUND  no such site, or, as its detail says, no web files: the server was installed without them
Outcome Frame(const Request& request, Context& context);

}  // namespace alcove::functions::pages
