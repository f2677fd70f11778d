// Why a conversation is where it is: what it needs and by which rule, what was
// decided about it with which numbers, and, where it waits, who would get it now and why nobody does.
//
// Threads: a free function; a Reader belongs to its body.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Lines for an operator, the oldest decision first. They name agents and rules, and nothing that anybody wrote.
// NOT_FOUND where there is no such conversation.
absl::StatusOr<std::vector<std::string>> Explain(store::Reader& reader, const wire::SiteId& site,
                                                 const wire::ConversationId& conversation);

}  // namespace alcove::functions
