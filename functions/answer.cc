#include "functions/answer.h"

#include "functions/access.h"
#include "functions/admin/access.h"

namespace alcove::functions {
namespace {

absl::Status CheckCaller(Caller caller, store::Reader& reader, const Request& request, Context& context) {
  switch (caller) {
    case Caller::kCustomer:
      return AccessCustomer(reader, request, context).status();
    case Caller::kAgent:
      return AccessAgent(reader, request, context).status();
    case Caller::kAdmin:
      return admin::AccessAdmin(reader, request, Permission::kFollow, context).status();
    case Caller::kAnyone:
      break;
  }
  return absl::OkStatus();
}

}  // namespace

Outcome AnswerRoute(const Route& route, const Request& request, Context& context) {
  Outcome outcome = route.function(request, context);
  const Response* const response = outcome.response();
  const bool refuses = response != nullptr && response->status >= 400 && response->status < 500;
  if (!refuses || response->status == 401) return outcome;
  absl::Status caller = context.store.Read(
      [&](store::Reader& reader) { return CheckCaller(route.who.caller, reader, request, context); });
  if (!caller.ok()) return caller;
  return outcome;
}

}  // namespace alcove::functions
