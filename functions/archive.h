// What was closed long enough ago is archived: in no list of what is closed, and
// over for good. Agents still read it.
//
// Off until a site's settings (archive_after_ms) say otherwise.
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

// Archives the oldest, kArchiveBatchMax at a time, and defers itself to when the next is due, at the latest to
// kArchivePauseMs from now; until the site wants it no longer.
inline constexpr DeferredFunction<SiteArguments> kArchiving{"archive"};
absl::StatusOr<Afterwards> ArchiveOld(store::Transaction& transaction, const SiteArguments& arguments,
                                      Context& context);

// Sets it to now, where the site wants it: its settings are others.
absl::Status ExpectArchiving(store::Transaction& transaction, const wire::SiteId& site, Context& context);

}  // namespace alcove::functions
