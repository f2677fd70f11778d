#include "functions/agent/attributes.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/admin_records.h"
#include "functions/append.h"
#include "functions/attributes.h"
#include "functions/change.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/collaboration.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace {

absl::Status Set(store::Transaction& txn, Entered& entered, const AttributeRecord& attribute, const std::string& value,
                 int64_t now_ms) {
  Conversation& conversation = entered.conversation;
  const AttributeSetting settings[] = {{{attribute.name, value, true}, attribute.visible.value_or(false)}};
  if (attribute.of == wire::AttributeOwner::kConversation) {
    for (wire::Event& event : SetOfConversation(conversation.record, settings, entered.actor)) {
      RETURN_IF_ERROR(Append(txn, conversation, std::move(event), now_ms).status());
    }
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(SetOfCustomer(txn, conversation.site, CustomerOf(conversation), settings, entered.actor,
                                conversation.id, now_ms));
  ASSIGN_OR_RETURN(conversation, LoadConversation(txn, conversation.site, conversation.id));
  return absl::OkStatus();
}

}  // namespace

Outcome SetAttribute(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto change, ParseBody<wire::AttributeChange>(request));
  ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::AttributeId>(request, "attribute"));

  const auto set = [&](store::Transaction& txn, Entered& entered, int64_t now_ms) -> absl::Status {
    ASSIGN_OR_RETURN(const auto attribute,
                     Load<AttributeRecord>(txn, store::keys::Attribute(entered.conversation.site, id)));
    if (const auto why = WhyNoValue(attribute, change.value)) {
      return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("value ", *why));
    }
    return Set(txn, entered, attribute, change.value, now_ms);
  };
  return ChangeConversation(Side::kAgent, request, context, set);
}

}  // namespace alcove::functions::agent
