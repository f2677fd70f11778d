#include "functions/close.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/change.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace {

// What the site wants of agents before they close.
absl::Status CheckClosing(store::Reader& reader, const Conversation& conversation, const std::string& reason) {
  ASSIGN_OR_RETURN(const auto settings,
                   LoadOrDefault<SettingsRecord>(reader, store::keys::Settings(conversation.site)));
  const std::vector<std::string>& reasons = settings.close_reasons;
  if (settings.close_reason_required.value_or(false) && reason.empty()) {
    return ProblemStatus(ProblemCode::kUnprocessable, "reason is missing: this site asks for one");
  }
  if (!reasons.empty() && !reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
    return ProblemStatus(ProblemCode::kUnprocessable, "reason is none of those that this site knows");
  }
  const bool is_tagged = conversation.record.tags && !conversation.record.tags->empty();
  if (settings.tag_required.value_or(false) && !is_tagged) {
    return ProblemStatus(ProblemCode::kUnprocessable, "a tag is missing: this site asks for one before the end");
  }
  return absl::OkStatus();
}

}  // namespace

Outcome CloseBy(Side side, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto close, ParseBody<wire::CloseConversation>(request));
  RETURN_IF_ERROR(CheckText("reason", close.reason.value_or(""), wire::kReasonBytesMax));

  const auto end = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    const State state = StateOf(conversation.record);
    if (IsOver(state)) return absl::OkStatus();
    if (side == Side::kAgent) RETURN_IF_ERROR(CheckClosing(txn, conversation, close.reason.value_or("")));
    ASSIGN_OR_RETURN(wire::Event closed, Close(txn, conversation, entered.actor, close.reason, now_ms));
    RETURN_IF_ERROR(Append(txn, conversation, std::move(closed), now_ms).status());
    return IsAssigned(state) ? DispatchQueue(txn, conversation.site, context).status() : absl::OkStatus();
  };
  return ChangeConversation(side, request, context, end);
}

}  // namespace alcove::functions
