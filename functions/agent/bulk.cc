#include "functions/agent/bulk.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/access.h"
#include "functions/admin/resource.h"
#include "functions/agent/assign.h"
#include "functions/agent/claim.h"
#include "functions/agent/close.h"
#include "functions/agent/reopen.h"
#include "functions/agent/snooze.h"
#include "functions/agent/tags.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/bulk.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace {

struct Act {
  std::string_view name;
  Function function;
};
constexpr std::array kActs = {Act{"claim", Claim},      Act{"assign", AssignTo}, Act{"close", Close},
                              Act{"reopen", ReopenFor}, Act{"snooze", SnoozeIt}, Act{"tags", ChangeTags}};

const Act* FindAct(std::string_view name) {
  const auto* const found = std::find_if(kActs.begin(), kActs.end(), [&](const Act& act) { return act.name == name; });
  return found == kActs.end() ? nullptr : found;
}

absl::Status CheckBulk(const wire::Bulk& bulk) {
  RETURN_IF_ERROR(admin::CheckLength("conversations", bulk.conversations.size(), wire::kBulkConversationsMax));
  RETURN_IF_ERROR(admin::CheckLength("actions", bulk.actions.size(), wire::kBulkActionsMax));
  RETURN_IF_ERROR(admin::CheckDistinct("conversations", bulk.conversations));
  for (const std::string& id : bulk.conversations) {
    RETURN_IF_ERROR(ParseChosenId<wire::ConversationId>("conversations", id).status());
  }
  for (const wire::BulkAction& action : bulk.actions) {
    if (FindAct(action.act) == nullptr) return admin::Unprocessable("actions.act", "is none that is known");
  }
  return absl::OkStatus();
}

absl::Status CheckMayConverse(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
    ASSIGN_OR_RETURN(const auto agent, Load<AgentRecord>(reader, store::keys::Agent(access.site, access.agent)));
    return CheckRole(RoleOf(agent), Permission::kConverse);
  });
}

void TellRefusal(const Response& refusal, const std::string& act, wire::BulkResult& result) {
  result.act = act;
  result.code.emplace();
  result.summary.reset();
  auto problem = ParseJson<wire::Problem>(refusal.body);
  if (!problem.ok()) return;
  result.code = std::move(problem->code);
  result.agent = std::move(problem->agent);
}

void TellDone(const Response& done, wire::BulkResult& result) {
  auto answer = ParseJson<wire::BasicConversationAnswer<wire::RawJson>>(done.body);
  if (answer.ok()) result.summary = std::move(answer->conversation.conversation);
}

// Whether the whole ends with it: what is wrong is not wrong with one conversation.
bool IsOfTheWhole(const Response& refusal) { return refusal.status == 401 || refusal.status >= 500; }

}  // namespace

Outcome DoBulk(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto bulk, ParseBody<wire::Bulk>(request));
  RETURN_IF_ERROR(CheckBulk(bulk));
  RETURN_IF_ERROR(CheckMayConverse(request, context));
  wire::BulkAnswer answer;
  for (const std::string& conversation : bulk.conversations) {
    wire::BulkResult result{conversation, 200, {}, {}};
    for (const wire::BulkAction& action : bulk.actions) {
      Request one = request;
      one.parameters = {{"conversation", conversation}};
      one.body = action.body ? action.body->text : std::string("{}");
      Outcome outcome = FindAct(action.act)->function(one, context);
      const Response& response = *outcome.response();
      result.status = response.status;
      if (response.status < 400) {
        TellDone(response, result);
        continue;
      }
      if (IsOfTheWhole(response)) return outcome;
      TellRefusal(response, action.act, result);
      break;
    }
    answer.results.push_back(std::move(result));
  }
  return Ok(ToJson(answer));
}

}  // namespace alcove::functions::agent
