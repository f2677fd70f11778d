// Deferred calls: what is to be done later, written down together with the
// reason for it.
//
//   RETURN_IF_ERROR(Defer(txn, kCloseSilent, {site, conversation}, now + absl::Minutes(10), conversation, context));
//
// A call is kept by the transaction that defers it, or not at all, and outlives
// every process. When it is due some node runs it: once at a time on all nodes
// together, by a lease in the store that a dead node loses after kDeferLeaseMs.
// A run that fails is repeated after a while that grows (kDeferBackoffMs), at
// most kDeferAttemptsMax times; then the call becomes a dead letter, which
// `alcove admin deferred` shows.
//
// There is one call of each function and key: deferring again replaces the
// earlier one, its attempts forgotten. What a run may count on stands in
// deferrable.h, where the functions are declared; the list of them is in
// deferrables.cc.
//
// A call that is due long before it runs (nobody was there to run it) still
// runs, once. Calls of one time run in no particular order.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "functions/context.h"
#include "functions/deferrable.h"
#include "functions/json_codec.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// The key of the one call of a function for something of a site: a conversation, an agent, a customer.
template <class Kind>
std::string KeyIn(const wire::SiteId& site, const wire::Id<Kind>& id) {
  return site.text() + ":" + id.text();
}

// As Defer() below, of arguments that are JSON already.
absl::Status DeferJson(store::Transaction& transaction, std::string_view function, std::string arguments,
                       absl::Time due, std::string_view key, Context& context);

// Has `function` called with `arguments` at `due`, or as soon as may be after
// it. `key` holds 1 to kDeferKeyBytesMax of [A-Za-z0-9_:].
//
// Where the earlier call of the key is running just now, that run goes on and
// the new one begins after its end; a run whose work is one transaction has not
// taken place at all, unless it is committed already.
//
// INTERNAL where the key, or the arguments with more than
// kDeferArgumentsBytesMax, are none that can be kept: a bug of the caller.
template <class Arguments>
absl::Status Defer(store::Transaction& transaction, const DeferredFunction<Arguments>& function,
                   const std::type_identity_t<Arguments>& arguments, absl::Time due, std::string_view key,
                   Context& context) {
  return DeferJson(transaction, function.name, ToJson(arguments), due, key, context);
}

// Takes the call of the key back. OK where there is none. One that is running
// just now is not repeated; a run whose work is one transaction has not taken
// place, unless it is committed already.
absl::Status Cancel(store::Transaction& transaction, std::string_view function, std::string_view key, Context& context);

// When the call of the key is due, or nullopt.
absl::StatusOr<std::optional<absl::Time>> DueTime(store::Reader& reader, std::string_view function,
                                                  std::string_view key);

}  // namespace alcove::functions
