// Which pages may use a site's chat.
//
// Threads: free functions without state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alcove::functions {

// Whether a page of this origin may: one of ours ("") may always, and any where
// the site names none. An entry is what a policy's frame-ancestors takes:
// `https://shop.example`, `https://*.shop.example` (what is below it),
// `http://localhost:*`, or `shop.example` for http and https. "null", which a
// browser says of a page without an origin, is in no list.
bool AllowsOrigin(const std::vector<std::string>& allowed, std::string_view origin);

// Whether an entry may stand in a policy: nothing that would begin another directive.
bool IsOriginPattern(std::string_view origin);

}  // namespace alcove::functions
