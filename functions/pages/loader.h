#pragma once

#include <string>
#include <string_view>

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::pages {

// GET /loader.js?site=
//
// The loader with what the site's owner configured in it, so that a page view
// costs this one request, and that one five minutes apart. Without `site` it
// has no configuration and reads its script tag.
//
// 200 or 304 with an ETag, compressed where the client takes brotli, or
//   NOT_FOUND  no such site, or, as its detail says, no web files: the server was installed without them
Outcome Loader(const Request& request, Context& context);

// JSON as it may stand in a script: nothing in it ends the script or a line.
std::string JsonForScript(std::string_view json);

}  // namespace alcove::functions::pages
