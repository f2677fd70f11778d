// What must hold of a store at any time, whatever was done to it.
#pragma once

#include <vector>

#include "functions/verify.h"
#include "tests/functions/world.h"

namespace alcove::functions {

// What functions/verify.h finds.
std::vector<Finding> FindingsOf(store::Store& store);

// Nothing is found, and routing chooses by its indexes as it would without.
void CheckInvariants(World& world);

}  // namespace alcove::functions
