// What an owner's administration makes, and the people of a site.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/admin_records.h"
#include "functions/secrets.h"
#include "functions/verify_pass.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using wire::ConversationState;

std::vector<std::string> TeamsOf(const wire::SiteId& site, const wire::AgentId& id, const AgentRecord& agent) {
  std::vector<std::string> index;
  for (const std::string& team : agent.teams) index.push_back(keys::TeamMember(site, wire::TeamId(team), id));
  return index;
}

}  // namespace

// --- Sites and people -------------------------------------------------------------

absl::Status VerifyPass::CheckSite(const store::Entry& entry) {
  const auto site = Own<SiteRecord>(entry);
  return site ? ExpectCount(entry.key, "agents", site->agents, keys::AllAgents(site_)) : absl::OkStatus();
}

absl::Status VerifyPass::CheckAgent(const store::Entry& entry) {
  const auto agent = Own<AgentRecord>(entry);
  if (!agent) return absl::OkStatus();
  for (const std::string& team : agent->teams) RETURN_IF_ERROR(ExpectTeam(entry.key, team));
  for (const wire::SkillLevel& skill : agent->skills) {
    RETURN_IF_ERROR(ExpectReference(entry.key, skill.skill, keys::Skill(site_, wire::SkillId(skill.skill))));
  }
  return ExpectIndex(entry.key, TeamsOf(site_, wire::AgentId(parts_.back()), *agent));
}

absl::Status VerifyPass::CheckTotp(const store::Entry& entry) {
  Own<TotpRecord>(entry);
  return ExpectReference(entry.key, parts_.back(), keys::Agent(site_, wire::AgentId(parts_.back())));
}

absl::Status VerifyPass::CheckAgentState(const store::Entry& entry) {
  const auto state = Own<AgentState>(entry);
  if (!state) return absl::OkStatus();
  const wire::AgentId id(parts_.back());
  ASSIGN_OR_RETURN(const auto agent, Peek<AgentRecord>(keys::Agent(site_, id)));
  if (!agent) {
    Found(entry.key, "is of an agent who is not there");
    return absl::OkStatus();
  }
  // What is snoozed is theirs and no load. What leads nowhere is found at the index.
  int64_t load = 0;
  RETURN_IF_ERROR(EachConversation(keys::AgentConversations(site_, id), [&](const ConversationRecord& head) {
    if (!head.snoozed_until) ++load;
  }));
  ExpectNumber(entry.key, "load", state->load, load);
  ASSIGN_OR_RETURN(const auto index, IndexOfAgent(*routing_, id, *agent, *state));
  return ExpectIndex(entry.key, index);
}

absl::Status VerifyPass::CheckAgentIndex(const store::Entry& entry) {
  const wire::AgentId id(parts_.back());
  ASSIGN_OR_RETURN(const auto agent, Peek<AgentRecord>(keys::Agent(site_, id)));
  ASSIGN_OR_RETURN(const auto state, Peek<AgentState>(keys::AgentState(site_, id)));
  std::vector<std::string> index;
  if (agent && state) {
    ASSIGN_OR_RETURN(index, IndexOfAgent(*routing_, id, *agent, *state));
  }
  if (!Holds(index, entry.key)) Found(entry.key, "is not what the agent's state says");
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckCustomer(const store::Entry& entry) {
  const auto customer = Own<CustomerRecord>(entry);
  if (!customer) return absl::OkStatus();
  int64_t open = 0;
  int64_t waiting = 0;
  RETURN_IF_ERROR(EachConversation(keys::CustomerConversations(site_, wire::CustomerId(parts_.back())),
                                   [&](const ConversationRecord& head) {
                                     if (head.state == ConversationState::kClosed) return;
                                     ++open;
                                     if (head.state == ConversationState::kQueued) ++waiting;
                                   }));
  ExpectNumber(entry.key, "open", customer->open, open);
  ExpectNumber(entry.key, "waiting", customer->waiting, waiting);
  return customer->subject ? ExpectIndex(entry.key, {keys::Subject(site_, Sha256Hex(*customer->subject))})
                           : absl::OkStatus();
}

absl::Status VerifyPass::CheckSubject(const store::Entry& entry) {
  const auto subject = Own<SubjectRecord>(entry);
  if (!subject) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto customer,
                   Peek<CustomerRecord>(keys::Customer(site_, wire::CustomerId(subject->customer))));
  if (!customer || Sha256Hex(customer->subject.value_or("")) != parts_.back()) {
    Found(entry.key, "is of a customer who is somebody else: ", subject->customer);
  }
  return absl::OkStatus();
}

// --- What administration made -------------------------------------------------------

absl::Status VerifyPass::ExpectReference(std::string_view key, std::string_view named, const std::string& other) {
  ASSIGN_OR_RETURN(const bool there, IsThere(other));
  if (!there) Found(key, "names what is not there: ", std::string(named));
  return absl::OkStatus();
}

absl::Status VerifyPass::ExpectTeam(std::string_view key, const std::optional<std::string>& team) {
  return team ? ExpectReference(key, *team, keys::Team(site_, wire::TeamId(*team))) : absl::OkStatus();
}

absl::Status VerifyPass::ExpectHours(std::string_view key, const std::optional<std::string>& hours) {
  return hours ? ExpectReference(key, *hours, keys::Hours(site_, wire::HoursId(*hours))) : absl::OkStatus();
}

absl::Status VerifyPass::ExpectBot(std::string_view key, const std::optional<std::string>& bot) {
  if (!bot || bot == wire::kNoBot) return absl::OkStatus();
  return ExpectReference(key, *bot, keys::Bot(site_, wire::BotId(*bot)));
}

absl::Status VerifyPass::CheckCanned(const store::Entry& entry) {
  const auto canned = Own<CannedRecord>(entry);
  return canned ? ExpectTeam(entry.key, canned->team) : absl::OkStatus();
}

absl::Status VerifyPass::CheckSettings(const store::Entry& entry) {
  const auto settings = Own<SettingsRecord>(entry);
  if (!settings) return absl::OkStatus();
  RETURN_IF_ERROR(ExpectBot(entry.key, settings->bot));
  return ExpectHours(entry.key, settings->hours);
}

absl::Status VerifyPass::CheckTeam(const store::Entry& entry) {
  const auto team = Own<TeamRecord>(entry);
  if (!team) return absl::OkStatus();
  if (team->overflow) RETURN_IF_ERROR(ExpectTeam(entry.key, team->overflow->team));
  return ExpectHours(entry.key, team->hours);
}

absl::Status VerifyPass::CheckTeamMember(const store::Entry& entry) {
  const wire::AgentId id(parts_.back());
  ASSIGN_OR_RETURN(const auto agent, Peek<AgentRecord>(keys::Agent(site_, id)));
  if (!agent || !Holds(TeamsOf(site_, id, *agent), entry.key)) Found(entry.key, "is not what the agent's record says");
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckTeamState(const store::Entry& entry) {
  const auto state = Own<TeamState>(entry);
  if (state) ExpectNumber(entry.key, "load", state->load, team_loads_[parts_.back()]);
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckRule(const store::Entry& entry) {
  const auto rule = Own<RuleRecord>(entry);
  if (!rule) return absl::OkStatus();
  for (const wire::Condition& condition : rule->conditions) {
    if (condition.field == wire::ConditionField::kHours) RETURN_IF_ERROR(ExpectHours(entry.key, condition.name));
  }
  RETURN_IF_ERROR(ExpectTeam(entry.key, rule->effect.team));
  RETURN_IF_ERROR(ExpectBot(entry.key, rule->effect.bot));
  const std::optional<std::string>& skill = rule->effect.skill;
  return skill ? ExpectReference(entry.key, *skill, keys::Skill(site_, wire::SkillId(*skill))) : absl::OkStatus();
}

// An agent whom it names may be gone: whoever runs it is told so.
absl::Status VerifyPass::CheckMacro(const store::Entry& entry) {
  const auto macro = Own<MacroRecord>(entry);
  if (!macro) return absl::OkStatus();
  RETURN_IF_ERROR(ExpectTeam(entry.key, macro->team));
  for (const wire::MacroAction& action : macro->actions) RETURN_IF_ERROR(ExpectTeam(entry.key, action.team));
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckMacroRun(const store::Entry& entry) {
  const auto run = Own<SentRecord>(entry);
  if (!run) return absl::OkStatus();
  const wire::ConversationId conversation(parts_.front());
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Event(site_, conversation, std::max<int64_t>(run->seq, 0))));
  if (!there) Found(entry.key, "says event ", run->seq, ", which is not there");
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckKey(const store::Entry& entry) {
  const auto key = Own<KeyRecord>(entry);
  if (!key) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto token, Peek<TokenRecord>(keys::Token(key->token_sha256)));
  // One that is over may have been erased already.
  const bool is_its_own = token && token->kind == TokenKind::kKey && token->principal == parts_.back();
  if (!is_its_own && (token || !key->expires_at)) Found(entry.key, "has no token of its own");
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckAudit(const store::Entry& entry) {
  const auto audit = Own<AuditRecord>(entry);
  if (audit && audit->at != keys::DecodeTime(entry.key).value_or(-1)) Found(entry.key, "tells of another time");
  return absl::OkStatus();
}

}  // namespace alcove::functions
