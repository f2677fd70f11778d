// The last word to a client that is not let in.
//
// Threads: free function.
#pragma once

#include "functions/problem.h"
#include "runtime/descriptor.h"

namespace alcove::runtime {

// Says why and closes, without waiting for anything: no seat is held for it.
// What the client has sent already is read, or closing would reset the
// connection and take our word back; what it sends later may still do that.
void TurnAway(Descriptor socket, functions::ProblemCode problem);

}  // namespace alcove::runtime
