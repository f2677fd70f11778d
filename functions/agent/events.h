#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// GET /v1/agent/conversations/{conversation}/events?after=&before=&limit=
//
// A page of events, oldest first. With `after`: the first `limit` behind it, to
// fill a gap. Else the last `limit` before `before`, or of all. At most
// kEventPageMax events or kSnapshotBytesMax; `more` says that there are more
// in that direction.
//
// 200 with a wire::EventPage, or
//   INVALID_ARGUMENT  after, before or limit is no such number
//   UNAUTHENTICATED   no session of an agent
//   NOT_FOUND         no such conversation in the agent's site
Outcome Events(const Request& request, Context& context);

}  // namespace alcove::functions::agent
