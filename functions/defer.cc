#include "functions/defer.h"

#include <algorithm>
#include <utility>

#include "functions/deferred_call.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

bool IsPartOfAKey(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == ':';
}
bool IsPartOfKeys(std::string_view text, size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && std::all_of(text.begin(), text.end(), IsPartOfAKey);
}

}  // namespace

absl::Status DeferJson(store::Transaction& transaction, std::string_view function, std::string arguments,
                       absl::Time due, std::string_view key, Context& context) {
  if (!IsPartOfKeys(function, wire::kDeferNameBytesMax)) return absl::InternalError("no name of a deferred function");
  if (!IsPartOfKeys(key, wire::kDeferKeyBytesMax)) return absl::InternalError("no key of a deferred call");
  if (arguments.size() > wire::kDeferArgumentsBytesMax) return absl::InternalError("too much for a deferred call");
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  StoredCall call;
  call.id = MakeId<wire::DeferredId>(context);
  call.record.function = function;
  call.record.key = key;
  call.record.arguments = std::move(arguments);
  call.record.due_at = std::max<int64_t>(absl::ToUnixMillis(due), 0);
  call.run_at = call.record.due_at;
  ASSIGN_OR_RETURN(const auto earlier, FindCallOf(transaction, function, key));
  if (earlier) {
    if (earlier->IsLeased(now_ms)) {
      call.record.lease_until = earlier->record.lease_until;
      call.record.behind = earlier->record.behind.value_or(earlier->id.text());
      call.run_at = std::max(call.run_at, call.record.lease_until);
    }
    EraseCall(transaction, *earlier);
  }
  PutCall(transaction, call);
  TellOfCall(transaction, call.run_at, now_ms);
  return absl::OkStatus();
}

absl::Status Cancel(store::Transaction& transaction, std::string_view function, std::string_view key,
                    Context& context) {
  ASSIGN_OR_RETURN(auto call, FindCallOf(transaction, function, key));
  if (!call) return absl::OkStatus();
  if (!call->IsLeased(absl::ToUnixMillis(context.clock.Now()))) {
    EraseCall(transaction, *call);
    return absl::OkStatus();
  }
  // The lease is kept: a call that is deferred anew must not begin beside the run that is under way.
  call->record.cancelled = true;
  return MoveCall(transaction, *call, call->record.lease_until);
}

absl::StatusOr<std::optional<absl::Time>> DueTime(store::Reader& reader, std::string_view function,
                                                  std::string_view key) {
  ASSIGN_OR_RETURN(const auto call, FindCallOf(reader, function, key));
  if (!call || call->record.cancelled.value_or(false)) return std::optional<absl::Time>();
  return std::optional(absl::FromUnixMillis(call->record.due_at));
}

}  // namespace alcove::functions
