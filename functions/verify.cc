#include "functions/verify.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/admin_records.h"
#include "functions/advance.h"
#include "functions/endings.h"
#include "functions/newest_put.h"
#include "functions/records.h"
#include "functions/routing.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using wire::ConversationState;

// --- What the indexes should hold ---------------------------------------------

std::vector<std::string> IndexOf(const wire::SiteId& site, const wire::ConversationId& id,
                                 const ConversationRecord& record) {
  std::vector<std::string> index = {keys::CustomerConversation(site, wire::CustomerId(record.customer.id), id)};
  if (record.state == ConversationState::kClosed) {
    const int64_t closed_at = std::max<int64_t>(record.closed_at, 0);
    index.push_back(record.archived_at ? keys::Archived(site, closed_at, id) : keys::Closed(site, closed_at, id));
    return index;
  }
  index.push_back(keys::Open(site, std::max<int64_t>(record.created_at, 0), id));
  for (const wire::Actor& agent : record.participants.value_or(std::vector<wire::Actor>())) {
    index.push_back(keys::JoinedConversation(site, wire::AgentId(agent.id), id));
  }
  if (record.state == ConversationState::kQueued) {
    const int64_t place = std::max<int64_t>(record.queued_at, 0);
    index.push_back(keys::Queue(site, place, id));
    index.push_back(keys::Lane(site, LaneOf(NeedOf(record)), place, id));
  } else if (record.state == ConversationState::kBot) {
    index.push_back(keys::WithBot(site, std::max<int64_t>(record.created_at, 0), id));
  } else if (record.state == ConversationState::kOpen && record.agent) {
    index.push_back(keys::AgentConversation(site, wire::AgentId(record.agent->id), id));
  }
  return index;
}

std::vector<std::string> IndexOf(const TokenRecord& token, std::string_view digest) {
  const int64_t expires_at = std::max<int64_t>(token.expires_at, 0);
  std::vector<std::string> index = {keys::TokenExpiry(expires_at, digest)};
  if (token.kind == TokenKind::kAgent) {
    index.push_back(keys::AgentSession(wire::SiteId(token.site), wire::AgentId(token.principal), expires_at, digest));
  }
  return index;
}

std::vector<std::string> TeamsOf(const wire::SiteId& site, const wire::AgentId& id, const AgentRecord& agent) {
  std::vector<std::string> index;
  for (const std::string& team : agent.teams) index.push_back(keys::TeamMember(site, wire::TeamId(team), id));
  return index;
}

bool Holds(const std::vector<std::string>& index, std::string_view key) {
  return std::find(index.begin(), index.end(), key) != index.end();
}

// --- The pass -------------------------------------------------------------------

class Pass {
 public:
  Pass(store::Reader& reader, const VerifyListener& listener) : reader_(reader), listener_(listener) {}

  absl::StatusOr<VerifyReport> Run() {
    RETURN_IF_ERROR(CheckMeta());
    const auto check = [&](const std::vector<store::Entry>& page) -> absl::Status {
      for (const store::Entry& entry : page) RETURN_IF_ERROR(Check(entry));
      report_.entries += static_cast<int64_t>(page.size());
      return listener_.progress ? listener_.progress(report_.entries) : absl::OkStatus();
    };
    RETURN_IF_ERROR(store::EachPage(reader_, keys::Everything(), check));
    RETURN_IF_ERROR(EndEvents());
    RETURN_IF_ERROR(EndFeed());
    return report_;
  }

 private:
  using Handler = absl::Status (Pass::*)(const store::Entry&);
  struct Family {
    std::string_view name;
    Handler check;
  };

  template <class... Parts>
  void Found(std::string_view key, const Parts&... what) {
    ++report_.findings;
    if (listener_.found) listener_.found({std::string(key), absl::StrCat(what...)});
  }

  // The record at a key that another one names. nullopt where it is not there or
  // cannot be read: the latter is found at the key itself.
  template <class T>
  absl::StatusOr<std::optional<T>> Peek(const std::string& key) {
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    if (!value) return std::optional<T>();
    auto record = DecodeRecord<T>(*value);
    return record.ok() ? std::optional<T>(*std::move(record)) : std::nullopt;
  }
  // The record of an entry, or nullopt after a finding.
  template <class T>
  std::optional<T> Own(const store::Entry& entry) {
    auto record = DecodeRecord<T>(entry.value);
    if (record.ok()) return *std::move(record);
    Found(entry.key, "cannot be read: ", std::string(record.status().message()));
    return std::nullopt;
  }
  absl::StatusOr<bool> IsThere(const std::string& key) {
    ASSIGN_OR_RETURN(const auto value, reader_.Get(key));
    return value.has_value();
  }
  absl::Status ExpectIndex(std::string_view key, const std::vector<std::string>& index) {
    for (const std::string& entry : index) {
      ASSIGN_OR_RETURN(const bool there, IsThere(entry));
      if (!there) Found(key, "is missing from the index: there is no ", entry);
    }
    return absl::OkStatus();
  }
  void ExpectNumber(std::string_view key, std::string_view name, int64_t said, int64_t counted) {
    if (said != counted) Found(key, "says ", std::string(name), " ", said, ", and there are ", counted);
  }
  absl::Status ExpectCount(std::string_view key, std::string_view name, int64_t said, const store::Range& counted) {
    int64_t count = 0;
    RETURN_IF_ERROR(store::EachPage(reader_, counted, [&](const std::vector<store::Entry>& page) {
      count += static_cast<int64_t>(page.size());
      return absl::OkStatus();
    }));
    ExpectNumber(key, name, said, count);
    return absl::OkStatus();
  }

  // The heads that an index leads to; where it leads nowhere is found at the index.
  template <class Take>
  absl::Status EachConversation(const store::Range& index, const Take& take) {
    return store::EachEntry(reader_, index, [&](const store::Entry& entry) -> absl::Status {
      const auto id = keys::DecodeConversation(entry.key);
      if (!id.ok()) return absl::OkStatus();
      ASSIGN_OR_RETURN(const auto head, Peek<ConversationRecord>(keys::Conversation(site_, *id)));
      if (head) take(*head);
      return absl::OkStatus();
    });
  }

  absl::Status Check(const store::Entry& entry);
  absl::Status EnterSite(std::string_view site, std::string_view key);
  absl::Status CheckMeta();
  absl::Status CheckNothing(const store::Entry&) { return absl::OkStatus(); }
  absl::Status CheckToken(const store::Entry& entry);
  absl::Status CheckTokenIndex(const store::Entry& entry);
  absl::Status CheckEmail(const store::Entry& entry);
  absl::Status CheckDeferred(const store::Entry& entry);
  absl::Status CheckDeferredKey(const store::Entry& entry);
  absl::Status CheckDeadLetter(const store::Entry& entry);
  absl::Status CheckSite(const store::Entry& entry);
  absl::Status CheckAgent(const store::Entry& entry);
  absl::Status CheckAgentState(const store::Entry& entry);
  absl::Status CheckAgentIndex(const store::Entry& entry);
  absl::Status CheckCustomer(const store::Entry& entry);
  absl::Status CheckSubject(const store::Entry& entry);
  absl::Status CheckCanned(const store::Entry& entry);
  absl::Status CheckTotp(const store::Entry& entry);
  absl::Status CheckSettings(const store::Entry& entry);
  absl::Status CheckTeam(const store::Entry& entry);
  absl::Status CheckTeamMember(const store::Entry& entry);
  absl::Status CheckTeamState(const store::Entry& entry);
  absl::Status CheckRule(const store::Entry& entry);
  absl::Status CheckMacro(const store::Entry& entry);
  absl::Status CheckMacroRun(const store::Entry& entry);
  absl::Status CheckKey(const store::Entry& entry);
  absl::Status CheckAudit(const store::Entry& entry);
  // What refers to nothing.
  template <class Record>
  absl::Status CheckAlone(const store::Entry& entry) {
    Own<Record>(entry);
    return absl::OkStatus();
  }
  absl::Status ExpectReference(std::string_view key, std::string_view named, const std::string& other);
  absl::Status ExpectTeam(std::string_view key, const std::optional<std::string>& team);
  absl::Status ExpectHours(std::string_view key, const std::optional<std::string>& hours);
  absl::Status ExpectBot(std::string_view key, const std::optional<std::string>& bot);
  absl::Status CheckConversation(const store::Entry& entry);
  absl::Status CheckParticipants(std::string_view key, const ConversationRecord& head);
  absl::Status CheckConversationIndex(const store::Entry& entry);
  absl::Status CheckEnding(const store::Entry& entry);
  absl::Status CheckQueueState(const store::Entry& entry);
  absl::Status CheckEvent(const store::Entry& entry);
  absl::Status CheckAmended(std::string_view key, const wire::Event& event);
  absl::Status EndEvents();
  absl::Status CheckSent(const store::Entry& entry);
  absl::Status CheckStarted(const store::Entry& entry);
  absl::Status CheckFeed(const store::Entry& entry);
  absl::Status EndFeed();
  absl::Status CheckFeedHead(const store::Entry& entry);

  inline static constexpr Family kOfNoSite[] = {
      {"meta", &Pass::CheckNothing},          {"token", &Pass::CheckToken},    {"token_expiry", &Pass::CheckTokenIndex},
      {"agent_by_email", &Pass::CheckEmail},  {"defer", &Pass::CheckDeferred}, {"defer_key", &Pass::CheckDeferredKey},
      {"defer_dead", &Pass::CheckDeadLetter},
  };
  static constexpr Family kOfSites[] = {
      {"site", &Pass::CheckSite},
      {"agent", &Pass::CheckAgent},
      {"agent_state", &Pass::CheckAgentState},
      {"agent_session", &Pass::CheckTokenIndex},
      {"online", &Pass::CheckAgentIndex},
      {"available", &Pass::CheckAgentIndex},
      {"free", &Pass::CheckAgentIndex},
      {"team_state", &Pass::CheckTeamState},
      {"waits", &Pass::CheckAlone<WaitsRecord>},
      {"replies", &Pass::CheckAlone<WaitsRecord>},
      {"ending", &Pass::CheckEnding},
      {"customer", &Pass::CheckCustomer},
      {"subject", &Pass::CheckSubject},
      {"identity_secret", &Pass::CheckAlone<IdentitySecretRecord>},
      {"canned", &Pass::CheckCanned},
      {"agent_totp", &Pass::CheckTotp},
      {"settings", &Pass::CheckSettings},
      {"team", &Pass::CheckTeam},
      {"of_team", &Pass::CheckTeamMember},
      {"skill", &Pass::CheckAlone<SkillRecord>},
      {"hours", &Pass::CheckAlone<HoursRecord>},
      {"rule", &Pass::CheckRule},
      {"macro", &Pass::CheckMacro},
      {"macro_run", &Pass::CheckMacroRun},
      {"bot", &Pass::CheckAlone<BotRecord>},
      {"tag", &Pass::CheckAlone<TagRecord>},
      {"attribute", &Pass::CheckAlone<AttributeRecord>},
      {"key", &Pass::CheckKey},
      {"audit", &Pass::CheckAudit},
      {"conversation", &Pass::CheckConversation},
      {"of_customer", &Pass::CheckConversationIndex},
      {"of_agent", &Pass::CheckConversationIndex},
      {"joined", &Pass::CheckConversationIndex},
      {"queue", &Pass::CheckConversationIndex},
      {"lane", &Pass::CheckConversationIndex},
      {"open", &Pass::CheckConversationIndex},
      {"with_bot", &Pass::CheckConversationIndex},
      {"closed", &Pass::CheckConversationIndex},
      {"archived", &Pass::CheckConversationIndex},
      {"queue_state", &Pass::CheckQueueState},
      {"event", &Pass::CheckEvent},
      {"sent", &Pass::CheckSent},
      {"started", &Pass::CheckStarted},
      {"feed", &Pass::CheckFeed},
      {"feed_head", &Pass::CheckFeedHead},
  };

  store::Reader& reader_;
  const VerifyListener& listener_;
  VerifyReport report_;

  wire::SiteId site_;  // whose keys are passed
  std::optional<SiteRouting> routing_;
  std::map<std::string, int64_t> team_loads_;      // by what the heads say, which are passed before
  std::map<int64_t, wire::EndingCounts> endings_;  // by day, likewise
  std::vector<std::string> parts_;                 // of the key at hand, behind its family

  // The conversation whose events are passed.
  struct Events {
    std::string of;  // empty: none
    std::string key;
    ConversationRecord head;
    bool has_head = false;
    int64_t last = 0;
    int64_t for_agent = 0;  // messages above what each has read
    int64_t for_customer = 0;
  } events_;

  // The conversation whose puts are passed.
  struct Puts {
    std::string of;  // empty: none
    std::optional<ConversationRecord> head;
  } puts_;

  // The feed whose entries are passed.
  struct Feed {
    std::string of;  // empty: none
    std::string key;
    int64_t last = 0;
  } feed_;
};

absl::Status Pass::Check(const store::Entry& entry) {
  const auto decoded = keys::DecodeParts(entry.key);
  if (!decoded) {
    Found(entry.key, "is no key of ours");
    return absl::OkStatus();
  }
  const bool of_no_site = decoded->site == keys::kNoSite;
  if (!of_no_site && decoded->site != site_.text()) RETURN_IF_ERROR(EnterSite(decoded->site, entry.key));
  if (decoded->family != "event") RETURN_IF_ERROR(EndEvents());
  if (decoded->family != "feed") RETURN_IF_ERROR(EndFeed());
  parts_ = decoded->parts;
  const auto check = [&](const auto& families) -> absl::Status {
    for (const Family& family : families) {
      if (family.name == decoded->family) return (this->*family.check)(entry);
    }
    ++report_.unknown;
    return absl::OkStatus();
  };
  return of_no_site ? check(kOfNoSite) : check(kOfSites);
}

absl::Status Pass::EnterSite(std::string_view site, std::string_view key) {
  RETURN_IF_ERROR(EndEvents());
  RETURN_IF_ERROR(EndFeed());
  site_ = wire::SiteId(std::string(site));
  routing_.emplace(reader_, site_);
  team_loads_.clear();
  endings_.clear();
  if (!wire::SiteId::Parse(site)) Found(key, "is of a site whose id is none");
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Site(site_)));
  if (!there) Found(key, "is of a site that is not there");
  return absl::OkStatus();
}

absl::Status Pass::CheckMeta() {
  ASSIGN_OR_RETURN(const auto format, reader_.Get(keys::MetaFormat()));
  int number = 0;
  if (!format || !absl::SimpleAtoi(*format, &number) || number < 1 || number > keys::kFormat) {
    Found(keys::MetaFormat(), "is no format of ours");
  }
  ASSIGN_OR_RETURN(const bool epoch, IsThere(keys::MetaEpoch()));
  if (!epoch) Found(keys::MetaEpoch(), "is not there");
  return absl::OkStatus();
}

// --- Sessions -------------------------------------------------------------------

absl::Status Pass::CheckToken(const store::Entry& entry) {
  const auto token = Own<TokenRecord>(entry);
  if (!token) return absl::OkStatus();
  if (token->kind == TokenKind::kKey) {
    ASSIGN_OR_RETURN(const auto key,
                     Peek<KeyRecord>(keys::Key(wire::SiteId(token->site), wire::KeyId(token->principal))));
    if (!key || key->token_sha256 != parts_.back()) Found(entry.key, "is of a key that does not name it");
  }
  return ExpectIndex(entry.key, IndexOf(*token, parts_.back()));
}

absl::Status Pass::CheckTokenIndex(const store::Entry& entry) {
  ASSIGN_OR_RETURN(const auto token, Peek<TokenRecord>(keys::Token(parts_.back())));
  if (!token) {
    Found(entry.key, "is of a session that is not there");
  } else if (!Holds(IndexOf(*token, parts_.back()), entry.key)) {
    Found(entry.key, "is not what its session says");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckEmail(const store::Entry& entry) {
  const auto email = Own<AgentEmailRecord>(entry);
  if (!email) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Agent(wire::SiteId(email->site), wire::AgentId(email->agent))));
  if (!there) Found(entry.key, "is of an agent who is not there: ", email->agent);
  return absl::OkStatus();
}

// --- Deferred calls ---------------------------------------------------------------

absl::Status Pass::CheckDeferred(const store::Entry& entry) {
  const auto call = Own<DeferredRecord>(entry);
  if (!call) return absl::OkStatus();
  const int64_t run_at = keys::DecodeTime(entry.key).value_or(-1);
  // While a run is under way nobody else may look.
  if (run_at < call->lease_until) Found(entry.key, "is looked at before its lease is over, at ", call->lease_until);
  if (call->attempts < 0 || call->attempts > wire::kDeferAttemptsMax) {
    Found(entry.key, "says that it was run ", call->attempts, " times");
  }
  ASSIGN_OR_RETURN(const auto place, Peek<DeferredKeyRecord>(keys::DeferredKey(call->function, call->key)));
  if (!place || place->call != parts_.back() || place->run_at != run_at) {
    Found(entry.key, "is missing from the index: it is not the call of ", call->function, " and ", call->key);
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckDeferredKey(const store::Entry& entry) {
  const auto place = Own<DeferredKeyRecord>(entry);
  if (!place) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto call, Peek<DeferredRecord>(keys::Deferred(std::max<int64_t>(place->run_at, 0),
                                                                        wire::DeferredId(place->call))));
  if (!call) {
    Found(entry.key, "is of a call that is not there: ", place->call);
  } else if (keys::DeferredKey(call->function, call->key) != entry.key) {
    Found(entry.key, "is not what its call says");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckDeadLetter(const store::Entry& entry) {
  const auto call = Own<DeferredRecord>(entry);
  if (call && !call->reason) Found(entry.key, "does not say why it was given up");
  return absl::OkStatus();
}

// --- Sites and people -------------------------------------------------------------

absl::Status Pass::CheckSite(const store::Entry& entry) {
  const auto site = Own<SiteRecord>(entry);
  return site ? ExpectCount(entry.key, "agents", site->agents, keys::AllAgents(site_)) : absl::OkStatus();
}

absl::Status Pass::CheckAgent(const store::Entry& entry) {
  const auto agent = Own<AgentRecord>(entry);
  if (!agent) return absl::OkStatus();
  for (const std::string& team : agent->teams) RETURN_IF_ERROR(ExpectTeam(entry.key, team));
  for (const wire::SkillLevel& skill : agent->skills) {
    RETURN_IF_ERROR(ExpectReference(entry.key, skill.skill, keys::Skill(site_, wire::SkillId(skill.skill))));
  }
  return ExpectIndex(entry.key, TeamsOf(site_, wire::AgentId(parts_.back()), *agent));
}

absl::Status Pass::CheckTotp(const store::Entry& entry) {
  Own<TotpRecord>(entry);
  return ExpectReference(entry.key, parts_.back(), keys::Agent(site_, wire::AgentId(parts_.back())));
}

absl::Status Pass::CheckAgentState(const store::Entry& entry) {
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

absl::Status Pass::CheckAgentIndex(const store::Entry& entry) {
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

absl::Status Pass::CheckCustomer(const store::Entry& entry) {
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

absl::Status Pass::CheckSubject(const store::Entry& entry) {
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

absl::Status Pass::ExpectReference(std::string_view key, std::string_view named, const std::string& other) {
  ASSIGN_OR_RETURN(const bool there, IsThere(other));
  if (!there) Found(key, "names what is not there: ", std::string(named));
  return absl::OkStatus();
}

absl::Status Pass::ExpectTeam(std::string_view key, const std::optional<std::string>& team) {
  return team ? ExpectReference(key, *team, keys::Team(site_, wire::TeamId(*team))) : absl::OkStatus();
}

absl::Status Pass::ExpectHours(std::string_view key, const std::optional<std::string>& hours) {
  return hours ? ExpectReference(key, *hours, keys::Hours(site_, wire::HoursId(*hours))) : absl::OkStatus();
}

absl::Status Pass::ExpectBot(std::string_view key, const std::optional<std::string>& bot) {
  if (!bot || bot == wire::kNoBot) return absl::OkStatus();
  return ExpectReference(key, *bot, keys::Bot(site_, wire::BotId(*bot)));
}

absl::Status Pass::CheckCanned(const store::Entry& entry) {
  const auto canned = Own<CannedRecord>(entry);
  return canned ? ExpectTeam(entry.key, canned->team) : absl::OkStatus();
}

absl::Status Pass::CheckSettings(const store::Entry& entry) {
  const auto settings = Own<SettingsRecord>(entry);
  if (!settings) return absl::OkStatus();
  RETURN_IF_ERROR(ExpectBot(entry.key, settings->bot));
  return ExpectHours(entry.key, settings->hours);
}

absl::Status Pass::CheckTeam(const store::Entry& entry) {
  const auto team = Own<TeamRecord>(entry);
  if (!team) return absl::OkStatus();
  if (team->overflow) RETURN_IF_ERROR(ExpectTeam(entry.key, team->overflow->team));
  return ExpectHours(entry.key, team->hours);
}

absl::Status Pass::CheckTeamMember(const store::Entry& entry) {
  const wire::AgentId id(parts_.back());
  ASSIGN_OR_RETURN(const auto agent, Peek<AgentRecord>(keys::Agent(site_, id)));
  if (!agent || !Holds(TeamsOf(site_, id, *agent), entry.key)) Found(entry.key, "is not what the agent's record says");
  return absl::OkStatus();
}

absl::Status Pass::CheckTeamState(const store::Entry& entry) {
  const auto state = Own<TeamState>(entry);
  if (state) ExpectNumber(entry.key, "load", state->load, team_loads_[parts_.back()]);
  return absl::OkStatus();
}

absl::Status Pass::CheckRule(const store::Entry& entry) {
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
absl::Status Pass::CheckMacro(const store::Entry& entry) {
  const auto macro = Own<MacroRecord>(entry);
  if (!macro) return absl::OkStatus();
  RETURN_IF_ERROR(ExpectTeam(entry.key, macro->team));
  for (const wire::MacroAction& action : macro->actions) RETURN_IF_ERROR(ExpectTeam(entry.key, action.team));
  return absl::OkStatus();
}

absl::Status Pass::CheckMacroRun(const store::Entry& entry) {
  const auto run = Own<SentRecord>(entry);
  if (!run) return absl::OkStatus();
  const wire::ConversationId conversation(parts_.front());
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Event(site_, conversation, std::max<int64_t>(run->seq, 0))));
  if (!there) Found(entry.key, "says event ", run->seq, ", which is not there");
  return absl::OkStatus();
}

absl::Status Pass::CheckKey(const store::Entry& entry) {
  const auto key = Own<KeyRecord>(entry);
  if (!key) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto token, Peek<TokenRecord>(keys::Token(key->token_sha256)));
  // One that is over may have been erased already.
  const bool is_its_own = token && token->kind == TokenKind::kKey && token->principal == parts_.back();
  if (!is_its_own && (token || !key->expires_at)) Found(entry.key, "has no token of its own");
  return absl::OkStatus();
}

absl::Status Pass::CheckAudit(const store::Entry& entry) {
  const auto audit = Own<AuditRecord>(entry);
  if (audit && audit->at != keys::DecodeTime(entry.key).value_or(-1)) Found(entry.key, "tells of another time");
  return absl::OkStatus();
}

// --- Conversations ------------------------------------------------------------------

absl::Status Pass::CheckConversation(const store::Entry& entry) {
  const auto head = Own<ConversationRecord>(entry);
  if (!head) return absl::OkStatus();
  const wire::ConversationId id(parts_.back());
  if (head->state == ConversationState::kOpen && !head->agent) Found(entry.key, "is assigned to nobody");
  if (head->state != ConversationState::kOpen && head->snoozed_until) Found(entry.key, "is snoozed and not open");
  const bool is_closed = head->state == ConversationState::kClosed;
  if (!is_closed && (head->ended || head->archived_at)) Found(entry.key, "tells of its end and is not closed");
  if (head->state != ConversationState::kQueued && head->asked_elsewhere_at) {
    Found(entry.key, "is asked about elsewhere and does not wait");
  }
  RETURN_IF_ERROR(CheckParticipants(entry.key, *head));
  const bool is_bots = head->state == ConversationState::kBot;
  if (is_bots && !head->bot) Found(entry.key, "is with a bot and with none");
  if (is_bots && head->agent) Found(entry.key, "is with a bot and with an agent");
  if (head->bot && !is_bots && !is_closed) Found(entry.key, "names a bot that does not have it");
  if (head->bot && head->bot->asking && !is_bots) Found(entry.key, "asks a bot that does not have it");
  RETURN_IF_ERROR(ExpectIndex(entry.key, IndexOf(site_, id, *head)));
  // That there are as many is seen at the events.
  if (head->last_seq < 1) {
    Found(entry.key, "says last_seq ", head->last_seq);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const bool last, IsThere(keys::Event(site_, id, head->last_seq)));
  if (!last) Found(entry.key, "says last_seq ", head->last_seq, ", and that event is not there");
  if (head->newest_put && head->newest_put->seq > head->last_seq) {
    Found(entry.key, "knows of puts up to event ", head->newest_put->seq, ", which is not there");
  }
  if (head->team && IsLoad(StateOf(*head))) ++team_loads_[*head->team];
  const wire::CustomerId customer(head->customer.id);
  ASSIGN_OR_RETURN(const bool known, IsThere(keys::Customer(site_, customer)));
  if (!known) Found(entry.key, "is of a customer who is not there: ", head->customer.id);
  // What is counted or dense where it is, and would not be missed where all of it is gone.
  std::vector<std::string> needed = {keys::FeedHead(site_, keys::FeedOwner::Of(customer))};
  if (head->state == ConversationState::kQueued) needed.push_back(keys::QueueState(site_));
  if (head->state == ConversationState::kOpen && head->agent) {
    needed.push_back(keys::AgentState(site_, wire::AgentId(head->agent->id)));
    if (head->team && IsLoad(StateOf(*head))) needed.push_back(keys::TeamState(site_, wire::TeamId(*head->team)));
  }
  if (const auto end = is_closed ? CountedEndOf(*head) : std::nullopt) {
    const int64_t day = DayOf(std::max<int64_t>(head->closed_at, 0));
    Add(endings_[day], *end);
    needed.push_back(keys::Ending(site_, day));
  }
  for (const std::string& key : needed) {
    ASSIGN_OR_RETURN(const bool there, IsThere(key));
    if (!there) Found(entry.key, "needs ", key, ", which is not there");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckParticipants(std::string_view key, const ConversationRecord& head) {
  if (!head.participants) return absl::OkStatus();
  if (head.state == ConversationState::kClosed) Found(key, "is closed, and somebody takes part in it");
  std::set<std::string> seen;
  if (head.state == ConversationState::kOpen && head.agent) seen.insert(head.agent->id);
  for (const wire::Actor& agent : *head.participants) {
    if (!seen.insert(agent.id).second) Found(key, "is twice that of ", agent.id, ", who has it or takes part");
    RETURN_IF_ERROR(ExpectReference(key, agent.id, keys::Agent(site_, wire::AgentId(agent.id))));
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckConversationIndex(const store::Entry& entry) {
  const wire::ConversationId id(parts_.back());
  ASSIGN_OR_RETURN(const auto head, Peek<ConversationRecord>(keys::Conversation(site_, id)));
  if (!head) {
    Found(entry.key, "points at a conversation that is not there");
  } else if (!Holds(IndexOf(site_, id, *head), entry.key)) {
    Found(entry.key, "is not what the conversation's head says");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckEnding(const store::Entry& entry) {
  const auto said = Own<EndingsRecord>(entry);
  if (!said) return absl::OkStatus();
  const wire::EndingCounts& counted = endings_[keys::DecodeNumber(entry.key).value_or(-1)];
  ExpectNumber(entry.key, "ended", said->ended, counted.ended);
  ExpectNumber(entry.key, "served", said->served, counted.served);
  ExpectNumber(entry.key, "abandoned", said->abandoned, counted.abandoned);
  ExpectNumber(entry.key, "missed", said->missed, counted.missed);
  ExpectNumber(entry.key, "by_customer", said->by_customer, counted.by_customer);
  ExpectNumber(entry.key, "by_agent", said->by_agent, counted.by_agent);
  ExpectNumber(entry.key, "by_bot", said->by_bot, counted.by_bot);
  ExpectNumber(entry.key, "by_system", said->by_system, counted.by_system);
  ExpectNumber(entry.key, "other_reasons", said->other_reasons, counted.other_reasons);
  // They stand in the order in which they came up, which heads do not tell.
  if (!std::is_permutation(said->reasons.begin(), said->reasons.end(), counted.reasons.begin(),
                           counted.reasons.end())) {
    Found(entry.key, "counts other reasons than there are");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckQueueState(const store::Entry& entry) {
  const auto queue = Own<QueueRecord>(entry);
  return queue ? ExpectCount(entry.key, "length", queue->length, keys::AllQueued(site_)) : absl::OkStatus();
}

absl::Status Pass::CheckEvent(const store::Entry& entry) {
  const std::string& of = parts_.front();
  if (of != events_.of) {
    RETURN_IF_ERROR(EndEvents());
    events_.of = of;
    events_.key = keys::Conversation(site_, wire::ConversationId(of));
    ASSIGN_OR_RETURN(auto head, Peek<ConversationRecord>(events_.key));
    events_.has_head = head.has_value();
    if (head) events_.head = *std::move(head);
    if (!events_.has_head) Found(entry.key, "is of a conversation that is not there");
  }
  const int64_t seq = keys::DecodeNumber(entry.key).value_or(-1);
  if (seq != events_.last + 1) Found(entry.key, "follows event ", events_.last, ": there is a gap");
  events_.last = seq;
  const auto event = ParseJson<wire::Event>(entry.value);
  if (!event.ok()) {
    Found(entry.key, "cannot be read: ", std::string(event.status().message()));
    return absl::OkStatus();
  }
  if (event->conversation != of || event->seq != seq) {
    Found(entry.key, "holds event ", event->seq, " of ", event->conversation);
  }
  RETURN_IF_ERROR(CheckAmended(entry.key, *event));
  if (event->type == wire::EventType::kMessage) {
    const bool by_customer = event->actor.kind == wire::ActorKind::kCustomer;
    if (by_customer && seq > events_.head.read_by_agent) ++events_.for_agent;
    if (!by_customer && seq > events_.head.read_by_customer) ++events_.for_customer;
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckAmended(std::string_view key, const wire::Event& event) {
  using enum wire::EventType;
  const bool amends = event.type == kEdited || event.type == kDeleted || event.type == kErased;
  if (amends && !event.target) Found(key, "changes nothing that it names");
  if (event.type != kMessage && event.type != kNote) return absl::OkStatus();
  const bool is_gone = event.deleted_at || event.erased_at;
  if (!event.text && !is_gone) Found(key, "has no text, and was not deleted");
  if (event.text && is_gone) Found(key, "is deleted, and has a text");
  if (!event.edited_seq) return absl::OkStatus();
  const wire::ConversationId conversation(event.conversation);
  ASSIGN_OR_RETURN(const auto value,
                   reader_.Get(keys::Event(site_, conversation, std::max<int64_t>(*event.edited_seq, 0))));
  const auto edit = value ? ParseJson<wire::Event>(*value) : absl::StatusOr<wire::Event>(absl::NotFoundError(""));
  const bool is_its_edit = edit.ok() && edit->type == kEdited && edit->target == event.id && edit->text == event.text;
  if (!is_its_edit) Found(key, "says that event ", *event.edited_seq, " edited it, which did not");
  return absl::OkStatus();
}

absl::Status Pass::EndEvents() {
  if (events_.of.empty()) return absl::OkStatus();
  const Events events = std::exchange(events_, {});
  if (!events.has_head) return absl::OkStatus();
  ExpectNumber(events.key, "last_seq", events.head.last_seq, events.last);
  ExpectNumber(events.key, "unread_by_agent", events.head.unread_by_agent, events.for_agent);
  ExpectNumber(events.key, "unread_by_customer", events.head.unread_by_customer, events.for_customer);
  return absl::OkStatus();
}

// --- Puts that were answered ----------------------------------------------------------

absl::Status Pass::CheckSent(const store::Entry& entry) {
  const auto sent = Own<SentRecord>(entry);
  if (!sent) return absl::OkStatus();
  const wire::ConversationId conversation(parts_.front());
  ASSIGN_OR_RETURN(const auto value, reader_.Get(keys::Event(site_, conversation, std::max<int64_t>(sent->seq, 0))));
  const auto event = value ? ParseJson<wire::Event>(*value) : absl::StatusOr<wire::Event>(absl::NotFoundError(""));
  if (!event.ok() || event->id != parts_.back()) {
    Found(entry.key, "points at event ", sent->seq, ", which is not that message");
  }
  if (conversation.text() != puts_.of) {
    puts_.of = conversation.text();
    ASSIGN_OR_RETURN(puts_.head, Peek<ConversationRecord>(keys::Conversation(site_, conversation)));
  }
  // It would be taken for new when it is put again.
  const wire::MessageId id(parts_.back());
  if (puts_.head && IsAboveAllPut(*puts_.head, id)) {
    Found(entry.key, "is above ", puts_.head->newest_put->id, ", which is the greatest put by its conversation's head");
  }
  return absl::OkStatus();
}

absl::Status Pass::CheckStarted(const store::Entry& entry) {
  if (!Own<SentRecord>(entry)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Conversation(site_, wire::ConversationId(parts_.back()))));
  if (!there) Found(entry.key, "tells of a conversation that is not there");
  return absl::OkStatus();
}

// --- Feeds ------------------------------------------------------------------------------

absl::Status Pass::CheckFeed(const store::Entry& entry) {
  const std::string& of = parts_.front();
  if (of != feed_.of) {
    RETURN_IF_ERROR(EndFeed());
    feed_.of = of;
    feed_.key = keys::FeedHeadOf(site_, of);
  }
  const int64_t position = keys::DecodeNumber(entry.key).value_or(-1);
  if (position != feed_.last + 1) Found(entry.key, "follows position ", feed_.last, ": there is a gap");
  feed_.last = position;
  const auto pointer = Own<FeedPointer>(entry);
  if (!pointer) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Event(site_, wire::ConversationId(pointer->conversation),
                                                         std::max<int64_t>(pointer->seq, 0))));
  if (!there) Found(entry.key, "points at event ", pointer->seq, " of ", pointer->conversation, ", which is not there");
  return absl::OkStatus();
}

absl::Status Pass::EndFeed() {
  if (feed_.of.empty()) return absl::OkStatus();
  const Feed feed = std::exchange(feed_, {});
  ASSIGN_OR_RETURN(const auto head, Peek<FeedHeadRecord>(feed.key));
  const int64_t said = head ? head->position : 0;
  if (said != feed.last) Found(feed.key, "says position ", said, ", and the feed ends at ", feed.last);
  const auto customer = wire::CustomerId::Parse(feed.of);
  if (!customer) return absl::OkStatus();
  // A customer is told of every event of each conversation.
  int64_t events = 0;
  RETURN_IF_ERROR(EachConversation(keys::CustomerConversations(site_, *customer),
                                   [&](const ConversationRecord& one) { events += one.last_seq; }));
  if (events != feed.last) Found(feed.key, "ends at ", feed.last, ", and the customer's events are ", events);
  return absl::OkStatus();
}

absl::Status Pass::CheckFeedHead(const store::Entry& entry) {
  const auto head = Own<FeedHeadRecord>(entry);
  if (!head) return absl::OkStatus();
  // That the feed has no more is seen at its entries.
  ASSIGN_OR_RETURN(const bool last,
                   IsThere(keys::FeedEntryOf(site_, parts_.back(), std::max<int64_t>(head->position, 0))));
  if (!last) Found(entry.key, "says position ", head->position, ", and that entry is not there");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerifyReport> Verify(store::Reader& reader, const VerifyListener& listener) {
  return Pass(reader, listener).Run();
}

}  // namespace alcove::functions
