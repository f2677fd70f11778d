#include "runtime/admin_deferred.h"

#include <utility>

#include "functions/deferred_list.h"
#include "runtime/admin_socket.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

constexpr std::string_view kList = "deferred";
constexpr std::string_view kRetry = "deferred retry ";
constexpr std::string_view kDrop = "deferred drop ";

DeferredLine LineOf(const functions::ListedCall& listed) {
  const functions::DeferredRecord& record = listed.call.record;
  DeferredLine line;
  line.state = std::string(listed.state);
  line.id = listed.call.id.text();
  line.function = record.function;
  line.key = record.key;
  line.arguments = wire::RawJson{record.arguments};
  line.due_at = record.due_at;
  line.run_at = listed.call.run_at;
  line.attempts = record.attempts;
  line.reason = record.reason;
  return line;
}

absl::Status Change(store::Store& store, std::string_view request, int64_t now_ms) {
  const bool retries = request.starts_with(kRetry);
  const auto id = wire::DeferredId::Parse(request.substr((retries ? kRetry : kDrop).size()));
  if (!id) return absl::NotFoundError("that is no id of a deferred call");
  return retries ? functions::RetryCall(store, *id, now_ms) : functions::DropCall(store, *id, now_ms);
}

}  // namespace

bool AsksForDeferred(std::string_view request) {
  return request == kList || request.starts_with(kRetry) || request.starts_with(kDrop);
}

void AnswerDeferred(store::Store& store, std::string_view request, int64_t now_ms, const TakeLine& take) {
  bool gone = false;
  absl::Status status;
  if (request == kList) {
    status = store.Read([&](store::Reader& reader) {
      return functions::ListCalls(reader, now_ms, [&](const functions::ListedCall& listed) {
        absl::Status taken = take(LineOf(listed));
        gone = !taken.ok();
        return taken;
      });
    });
  } else {
    status = Change(store, request, now_ms);
  }
  if (gone) return;
  DeferredLine end;
  if (!status.ok()) end.error = std::string(status.message());
  // Who does not take the end knows it.
  (void)take(end);
}

absl::Status ReadDeferred(const Descriptor& asked, const TakeLine& take) {
  return ReadLines(asked, [&](const std::string& text) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const auto line, functions::ParseJson<DeferredLine>(text));
    RETURN_IF_ERROR(take(line));
    return line.state.has_value();
  });
}

}  // namespace alcove::runtime
