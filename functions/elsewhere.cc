#include "functions/elsewhere.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/defer.h"
#include "functions/json_codec.h"
#include "functions/lifecycle.h"
#include "functions/post_json.h"
#include "functions/wire/decision.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kDecide = "decide";

// nullopt: nobody is to be asked any more.
absl::StatusOr<std::optional<wire::ExternalDecider>> DeciderFor(SiteRouting& routing, const std::string& team) {
  ASSIGN_OR_RETURN(const Strategy strategy, routing.StrategyOf(team));
  if (strategy != Strategy::kExternal) return std::optional<wire::ExternalDecider>();
  if (!team.empty()) {
    ASSIGN_OR_RETURN(const TeamRecord* const record, routing.Team(team));
    if (record != nullptr && record->strategy == wire::Strategy::kExternal) return record->external;
  }
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  return settings->external;
}

absl::StatusOr<std::string> QuestionAbout(const Conversation& conversation, SiteRouting& routing) {
  const ConversationRecord& record = conversation.record;
  wire::DecisionQuestion question;
  question.site = conversation.site.text();
  question.conversation = conversation.id.text();
  question.customer = record.customer.id;
  question.asked_at = record.asked_elsewhere_at.value_or(0);
  question.waits_since = record.waits_since.value_or(record.created_at);
  question.priority = record.priority.value_or(0);
  question.team = record.team;
  question.skills = record.skills.value_or(std::vector<wire::SkillLevel>());
  question.language = record.language;
  question.page = record.page;
  question.tags = record.tags.value_or(std::vector<std::string>());
  question.last_agent = record.last_agent;
  const Need need = NeedOf(record);
  StoreRoster roster(routing);
  RETURN_IF_ERROR(roster.EachFree(PoolFor(need), [&](const Candidate& candidate) {
    if (!Fits(candidate.agent, candidate.talents, need)) return true;
    question.candidates.push_back({candidate.agent.text(), "", candidate.load, candidate.capacity});
    return question.candidates.size() < wire::kDecisionCandidatesMax;
  }));
  for (wire::DecisionCandidate& candidate : question.candidates) {
    ASSIGN_OR_RETURN(
        const auto agent,
        Load<AgentRecord>(routing.reader(), keys::Agent(conversation.site, wire::AgentId(candidate.agent))));
    candidate.name = agent.name;
  }
  return ToJson(question);
}

// Whoever was named, or why that is nobody.
struct Named {
  std::optional<wire::AgentId> agent;
  std::string why_not = {};
};

Named NamedBy(const Fetched& fetched) {
  if (fetched.result != FetchResult::kAnswered) {
    return {std::nullopt, absl::StrCat("no answer: ", std::string(NameOf(fetched.result)))};
  }
  if (fetched.status != 200) return {std::nullopt, absl::StrCat("answered ", fetched.status)};
  const auto answer = ParseJson<wire::DecisionAnswer>(fetched.body);
  if (!answer.ok()) return {std::nullopt, "its answer is none"};
  if (!answer->agent) return {std::nullopt, "named nobody"};
  auto agent = wire::AgentId::Parse(*answer->agent);
  if (!agent) return {std::nullopt, "named what is no agent"};
  return {std::move(agent)};
}

// Why the agent may not have it just now, or nothing.
absl::StatusOr<std::string> Objection(const wire::AgentId& agent, const Need& need, const Policy& policy,
                                      Roster& roster) {
  if (policy.load_max && policy.load >= *policy.load_max) return std::string("the team has as many as it can take");
  ASSIGN_OR_RETURN(const auto candidate, roster.Find(agent));
  if (!candidate) return std::string("named an agent who is not there");
  const std::string named = absl::StrCat("named ", agent.text());
  if (candidate->presence != wire::Presence::kOnline) return absl::StrCat(named, ", who is away");
  if (!HasRoom(*candidate)) return absl::StrCat(named, ", who has no room");
  if (!Fits(agent, candidate->talents, need)) return absl::StrCat(named, ", who does not fit");
  return std::string();
}

// Who gets it by the answer, or by what the site does without one.
absl::StatusOr<Decision> Decide(const Conversation& conversation, const Fetched& fetched, SiteRouting& routing) {
  StoreRoster roster(routing);
  const Waiting waiting = WaitingOf(conversation);
  ASSIGN_OR_RETURN(Policy policy, routing.PolicyOf(waiting.need.team));
  Named named = NamedBy(fetched);
  if (named.agent) {
    ASSIGN_OR_RETURN(named.why_not, Objection(*named.agent, waiting.need, policy, roster));
    if (named.why_not.empty()) return Decision{named.agent, "chosen by the site's program"};
  }
  policy.strategy = Strategy::kLeastLoaded;
  ASSIGN_OR_RETURN(Decision decision, Dispatch(waiting.need, policy, waiting.last_agent, roster));
  absl::StrAppend(&decision.numbers, decision.numbers.empty() ? "" : "; ", "the site's program: ", named.why_not);
  return decision;
}

}  // namespace

absl::Status ExpectDecision(store::Transaction& txn, const Conversation& conversation, Context& context) {
  return Defer(txn, kAskElsewhere,
               {conversation.site.text(), conversation.id.text(), *conversation.record.asked_elsewhere_at},
               context.clock.Now(), KeyIn(conversation.site, conversation.id), context);
}

absl::StatusOr<AskOrDone> AskElsewhere(store::Transaction& txn, const TimerArguments& arguments, const Fetches& fetches,
                                       Context& context) {
  const wire::SiteId site(arguments.site);
  ASSIGN_OR_RETURN(auto found, FindConversation(txn, site, wire::ConversationId(arguments.conversation)));
  // Somebody has claimed it, it is closed, or waits for others.
  if (!found || found->record.asked_elsewhere_at != arguments.at) return AskOrDone(Afterwards());
  Conversation& conversation = *found;
  SiteRouting routing(txn, site);
  ASSIGN_OR_RETURN(const auto decider, DeciderFor(routing, conversation.record.team.value_or("")));
  const Fetched* const fetched = fetches.Find(kDecide);
  if (decider && fetched == nullptr) {
    ASSIGN_OR_RETURN(std::string question, QuestionAbout(conversation, routing));
    return AskOrDone(
        PostJson(kDecide, decider->url, std::move(question),
                 {.timeout = absl::Milliseconds(decider->timeout_ms), .bytes_max = wire::kDecisionBytesMax}));
  }
  StopAsking(txn, conversation);
  if (decider) {
    const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
    ASSIGN_OR_RETURN(const Decision decision, Decide(conversation, *fetched, routing));
    if (decision.agent) {
      ASSIGN_OR_RETURN(wire::Event assigned, Offer(txn, conversation, decision, routing, context));
      RETURN_IF_ERROR(Append(txn, conversation, std::move(assigned), now_ms).status());
    }
  }
  RETURN_IF_ERROR(DispatchQueue(txn, site, context).status());
  return AskOrDone(Afterwards());
}

}  // namespace alcove::functions
