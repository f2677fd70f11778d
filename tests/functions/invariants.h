// What must hold of a store at any time, whatever was done to it.
#pragma once

#include "tests/functions/world.h"

namespace alcove::functions {

// Counters, indexes, feeds and events of the demo site agree with the heads.
void CheckInvariants(World& world);

}  // namespace alcove::functions
