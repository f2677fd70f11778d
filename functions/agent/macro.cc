#include "functions/agent/macro.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/access.h"
#include "functions/admin/access.h"
#include "functions/admin_records.h"
#include "functions/agent/assign.h"
#include "functions/agent/claim.h"
#include "functions/agent/close.h"
#include "functions/agent/put_message.h"
#include "functions/agent/put_note.h"
#include "functions/agent/reopen.h"
#include "functions/agent/snooze.h"
#include "functions/agent/tags.h"
#include "functions/attributes.h"
#include "functions/one_transaction.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/sent.h"
#include "functions/wire/collaboration.h"
#include "functions/wire/placeholders.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

// What the audit log says of a run.
struct RunOn {
  std::string conversation;
};
template <class V>
void Describe(V& visit, RunOn& run) {
  visit("conversation", run.conversation);
}

// What a run is of.
struct Run {
  Entered entered;
  wire::MessageId id;
  std::string site_name;
};

// Whose an attribute is, in a placeholder's name (wire/placeholders.h).
constexpr std::string_view kOfCustomer = "customer.";
constexpr std::string_view kOfConversation = "conversation.";

// With its placeholders filled. 422 naming the one that has no value here.
absl::StatusOr<std::string> Filled(const Run& run, std::string_view text) {
  const ConversationRecord& record = run.entered.conversation.record;
  std::string missing;
  const auto value = [&](std::string_view name) -> std::optional<std::string> {
    if (name == "customer.name") return record.customer.name;
    if (name == "agent.name") return run.entered.actor.name;
    if (name == "site.name") return run.site_name;
    const bool of_customer = name.starts_with(kOfCustomer);
    const std::string_view attribute = name.substr((of_customer ? kOfCustomer : kOfConversation).size());
    const std::string* const known = ValueOf(of_customer ? record.customer_attributes : record.attributes, attribute);
    if (known != nullptr) return *known;
    if (missing.empty()) missing = name;
    return std::nullopt;
  };
  std::string filled = wire::FillPlaceholders(text, value);
  if (missing.empty()) return filled;
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("there is no ", missing, " to fill in here"));
}

// The call that an action stands for.
struct Step {
  Function function = nullptr;
  Request request;
};

absl::StatusOr<Step> StepOf(const Run& run, const wire::MacroAction& action, const Request& asked, Context& context) {
  Step step;
  step.request.method = Method::kPost;
  step.request.token = asked.token;
  step.request.id = asked.id;
  step.request.content_type = "application/json";
  step.request.parameters = {{"conversation", run.entered.conversation.id.text()}};
  switch (action.act) {
    case wire::MacroAct::kReply:
    case wire::MacroAct::kNote: {
      const bool replies = action.act == wire::MacroAct::kReply;
      ASSIGN_OR_RETURN(const std::string text, Filled(run, action.text.value_or("")));
      step.function = replies ? PutMessage : PutNote;
      step.request.method = Method::kPut;
      step.request.parameters.emplace_back("message",
                                           replies ? run.id.text() : MakeId<wire::MessageId>(context).text());
      step.request.body = ToJson(wire::NewMessage{.text = text});
      return step;
    }
    case wire::MacroAct::kTags:
      step.function = ChangeTags;
      step.request.body = ToJson(wire::TagChange{action.add, action.remove});
      return step;
    case wire::MacroAct::kAssign:
      step.function = AssignTo;
      step.request.body = ToJson(wire::Assignment{action.agent, action.team, action.comment});
      return step;
    case wire::MacroAct::kSnooze:
      step.function = SnoozeIt;
      step.request.body =
          ToJson(wire::SnoozeUntil{.until = absl::ToUnixMillis(context.clock.Now()) + action.for_ms.value_or(0)});
      return step;
    case wire::MacroAct::kClose:
      step.function = Close;
      step.request.body = ToJson(wire::CloseConversation{action.reason});
      return step;
    case wire::MacroAct::kClaim:
      step.function = Claim;
      return step;
    case wire::MacroAct::kReopen:
      step.function = ReopenFor;
      return step;
    case wire::MacroAct::kUnknown:
      break;
  }
  return ProblemStatus(ProblemCode::kUnprocessable, "this version does not know what it is to do");
}

// The refusal of an action, which it names.
Outcome RefusedAt(size_t index, wire::MacroAct act, Response refusal) {
  auto problem = ParseJson<wire::Problem>(refusal.body);
  if (!problem.ok()) return refusal;
  problem->detail = absl::StrCat("actions[", index, "], ", std::string(wire::NameOf(act)), ": ",
                                 problem->detail.value_or(problem->title));
  refusal.body = ToJson(*problem);
  return refusal;
}

absl::StatusOr<MacroRecord> LoadMacro(store::Reader& reader, const wire::SiteId& site, const std::string& id) {
  const auto macro = wire::MacroId::Parse(id);
  if (!macro) return BadChosenId("macro");
  ASSIGN_OR_RETURN(const auto record, Find<MacroRecord>(reader, keys::Macro(site, *macro)));
  if (!record) return ProblemStatus(ProblemCode::kUnprocessable, "macro: there is no such macro");
  return *record;
}

void AuditRun(store::Transaction& txn, const Run& run, const std::string& macro, const admin::Change& change) {
  const Conversation& conversation = run.entered.conversation;
  const admin::AdminAccess access{conversation.site,
                                  wire::Role::kUnknown,
                                  {wire::AuditActorKind::kAgent, run.entered.actor.id, run.entered.actor.name}};
  admin::Audited audited{"run", "macros", macro};
  audited.after = ToJson(RunOn{conversation.id.text()});
  admin::Audit(txn, access, change, audited);
}

}  // namespace

Outcome RunMacro(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto asked, ParseBody<wire::MacroRun>(request));
  ASSIGN_OR_RETURN(const auto id, ParseChosenId<wire::MessageId>("message", request.Parameter("message")));
  const admin::Change change = admin::BeginChange(context);
  std::vector<Unpublished> unpublished;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    unpublished.clear();
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kAgent, context));
    const wire::SiteId site = entered.conversation.site;
    const std::string key = keys::MacroRun(site, entered.conversation.id, id);
    const std::string digest = DigestOf({entered.actor.id, asked.macro});
    ASSIGN_OR_RETURN(const auto earlier, CheckSent(txn, key, digest));
    if (earlier) return Ok(ToJson(wire::MacroAnswer{entered.conversation.id.text(), earlier->seq}));
    ASSIGN_OR_RETURN(const MacroRecord macro, LoadMacro(txn, site, asked.macro));
    ASSIGN_OR_RETURN(const auto record, Load<SiteRecord>(txn, keys::Site(site)));
    const Run run{std::move(entered), id, record.name};
    OneTransaction together(txn, context, unpublished);
    for (size_t i = 0; i < macro.actions.size(); ++i) {
      ASSIGN_OR_RETURN(const Step step, StepOf(run, macro.actions[i], request, context));
      Outcome done = step.function(step.request, together.context());
      if (done.response()->status >= 400) return RefusedAt(i, macro.actions[i].act, *std::move(done.response()));
    }
    ASSIGN_OR_RETURN(const Conversation after, LoadConversation(txn, site, run.entered.conversation.id));
    SentRecord sent;
    sent.digest = digest;
    sent.seq = after.record.last_seq;
    Save(txn, key, sent);
    AuditRun(txn, run, asked.macro, change);
    return Created(ToJson(wire::MacroAnswer{after.id.text(), sent.seq}));
  });
  if (outcome.response()->status == 201) Tell(unpublished, context);
  return outcome;
}

}  // namespace alcove::functions::agent
