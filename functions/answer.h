// The way into the functions: what runs a route that was found.
//
// Threads: free functions without state.
#pragma once

#include "functions/context.h"
#include "functions/function.h"
#include "functions/routes.h"

namespace alcove::functions {

// Runs the route's function. Functions look at the request before they read
// the store, so that they know what is wrong with it before they know who
// asks; whoever has no session of the route's side is told only that.
//
// What the function returns, or 401 token_invalid in place of any other refusal.
Outcome AnswerRoute(const Route& route, const Request& request, Context& context);

}  // namespace alcove::functions
