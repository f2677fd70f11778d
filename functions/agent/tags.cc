#include "functions/agent/tags.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/append.h"
#include "functions/change.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace {

using Tags = std::vector<std::string>;

absl::Status CheckTags(std::string_view field, const std::optional<Tags>& tags) {
  if (!tags) return absl::OkStatus();
  for (const std::string& tag : *tags) RETURN_IF_ERROR(CheckTextGiven(field, tag, wire::kTagBytesMax));
  return absl::OkStatus();
}

// The `tagged` event tells only of what was changed.
void Change(const wire::TagChange& change, Tags& tags, wire::Event& tagged) {
  Tags& removed = tagged.remove.emplace();
  Tags& added = tagged.add.emplace();
  for (const std::string& tag : change.remove.value_or(Tags())) {
    if (std::erase(tags, tag) > 0) removed.push_back(tag);
  }
  for (const std::string& tag : change.add.value_or(Tags())) {
    if (std::find(tags.begin(), tags.end(), tag) != tags.end()) continue;
    tags.push_back(tag);
    added.push_back(tag);
  }
}

}  // namespace

Outcome ChangeTags(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto change, ParseBody<wire::TagChange>(request));
  RETURN_IF_ERROR(CheckTags("add", change.add));
  RETURN_IF_ERROR(CheckTags("remove", change.remove));

  const auto tag = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    Conversation& conversation = entered.conversation;
    Tags tags = conversation.record.tags.value_or(Tags());
    wire::Event tagged;
    tagged.type = wire::EventType::kTagged;
    tagged.actor = entered.actor;
    Change(change, tags, tagged);
    if (tags.size() > wire::kTagsMax) {
      return ProblemStatus(ProblemCode::kUnprocessable,
                           absl::StrCat("a conversation has at most ", wire::kTagsMax, " tags"));
    }
    if (tagged.add->empty() && tagged.remove->empty()) return absl::OkStatus();
    conversation.record.tags = std::move(tags);
    return Append(txn, conversation, std::move(tagged), now_ms).status();
  };
  return ChangeConversation(Side::kAgent, request, context, tag);
}

}  // namespace alcove::functions::agent
