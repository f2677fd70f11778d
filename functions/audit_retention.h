// The audit log is kept for as long as a site's settings say, and without a word for ever.
//
// A deferred call of the site erases what is older, an hour late at most. It is
// set where the settings are put, and ends with them.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

inline constexpr DeferredFunction<SiteArguments> kEraseAudits{"erase_audits"};

// The deferred function. Erases at most kAuditsErasedMax, the oldest first, and comes back for the rest.
absl::StatusOr<Afterwards> EraseAudits(store::Transaction& transaction, const SiteArguments& arguments,
                                       Context& context);

// Sets it to now, where the site wants it.
absl::Status ExpectAuditErasure(store::Transaction& transaction, const wire::SiteId& site, Context& context);

}  // namespace alcove::functions
