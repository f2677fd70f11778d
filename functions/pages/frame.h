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
//   NOT_FOUND    no such site
//   503 storage  the web files are not there: the server was installed without them
Outcome Frame(const Request& request, Context& context);

}  // namespace alcove::functions::pages
