#include "functions/admin/kinds.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/admin/checks.h"
#include "functions/archive.h"
#include "functions/audit_retention.h"
#include "functions/conversation.h"
#include "functions/lifecycle.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

// --- What most kinds do alike -------------------------------------------------------

template <class Id>
bool IsId(std::string_view text) {
  return Id::Parse(text).has_value();
}

template <class Id, std::string (*key)(const wire::SiteId&, const Id&)>
std::string KeyOf(const Place& place) {
  return key(place.site, Id(place.id));
}

template <class Fields>
absl::StatusOr<std::string> Show(store::Reader&, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const auto record, DecodeRecord<AdminRecord<Fields>>(text));
  return ToJson(wire::Resource<Fields>{place.id, record});
}

template <class Fields, absl::Status (*check)(const Fields&)>
absl::StatusOr<std::string> Make(const Request& request, const std::optional<std::string>& before) {
  ASSIGN_OR_RETURN(Fields fields, ParseBody<Fields>(request));
  RETURN_IF_ERROR(check(fields));
  AdminRecord<Fields> record;
  if (before) {
    ASSIGN_OR_RETURN(record, DecodeRecord<AdminRecord<Fields>>(*before));
  }
  static_cast<Fields&>(record) = std::move(fields);
  return ToRecord(record);
}

absl::Status NamesNothing(store::Reader&, const Place&, const std::string&) { return absl::OkStatus(); }

// 422 where a record of the range, other than the place's own, does what `does` asks.
template <class Record, class Does>
absl::Status CheckNone(store::Reader& reader, const store::Range& range, const Place& place, std::string_view what,
                       const Does& does) {
  return store::EachEntry(reader, range, [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string id, keys::DecodeId(entry.key));
    if (id == place.id) return absl::OkStatus();
    ASSIGN_OR_RETURN(const auto record, DecodeRecord<Record>(entry.value));
    if (!does(record)) return absl::OkStatus();
    return Unprocessable(place.id, absl::StrCat(std::string(what), " ", id));
  });
}

constexpr std::string_view kUsed = "is used by";

// Who waits for what is gone would wait for ever: 422 with how many of the queue's entries `waits_for_it` says.
template <class WaitsForIt>
absl::Status CheckNobodyWaits(store::Reader& reader, const Place& place, const WaitsForIt& waits_for_it) {
  int64_t waiting = 0;
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AllQueued(place.site), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const bool waits, waits_for_it(entry));
    waiting += waits ? 1 : 0;
    return absl::OkStatus();
  }));
  if (waiting == 0) return absl::OkStatus();
  return Unprocessable(place.id, absl::StrCat("is what conversations wait for, ", waiting, " of them: hand them over"));
}

// --- Teams ----------------------------------------------------------------------------

absl::Status CheckTeamNames(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const TeamRecord team, DecodeRecord<TeamRecord>(text));
  if (team.overflow) {
    if (team.overflow->team == place.id) return Unprocessable("overflow.team", "is the team itself");
    RETURN_IF_ERROR(CheckTeamThere(reader, place.site, "overflow.team", team.overflow->team));
  }
  return CheckHoursThere(reader, place.site, "hours", team.hours);
}

absl::Status CheckTeamUnused(store::Reader& reader, const Place& place) {
  const wire::SiteId& site = place.site;
  RETURN_IF_ERROR(CheckNobodyWaits(
      reader, place, [&](const store::Entry& entry) -> absl::StatusOr<bool> { return entry.value == place.id; }));
  ASSIGN_OR_RETURN(const auto members, reader.Scan(keys::TeamMembers(site, wire::TeamId(place.id)), {.limit = 1}));
  if (!members.empty()) {
    ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(members.front().key));
    return Unprocessable(place.id, absl::StrCat(std::string(kUsed), " ", agent.text()));
  }
  RETURN_IF_ERROR(CheckNone<TeamRecord>(reader, keys::AllTeams(site), place, kUsed, [&](const TeamRecord& team) {
    return team.overflow && team.overflow->team == place.id;
  }));
  RETURN_IF_ERROR(CheckNone<RuleRecord>(reader, keys::AllRules(site), place, kUsed,
                                        [&](const RuleRecord& rule) { return rule.effect.team == place.id; }));
  RETURN_IF_ERROR(CheckNone<CannedRecord>(reader, keys::AllCannedReplies(site), place, kUsed,
                                          [&](const CannedRecord& canned) { return canned.team == place.id; }));
  return CheckNone<MacroRecord>(reader, keys::AllMacros(site), place, kUsed, [&](const MacroRecord& macro) {
    return macro.team == place.id ||
           std::any_of(macro.actions.begin(), macro.actions.end(),
                       [&](const wire::MacroAction& action) { return action.team == place.id; });
  });
}

// --- Skills ---------------------------------------------------------------------------

absl::Status CheckSkillUnused(store::Reader& reader, const Place& place) {
  const auto is_among = [&](const std::vector<wire::SkillLevel>& skills) {
    return std::any_of(skills.begin(), skills.end(),
                       [&](const wire::SkillLevel& skill) { return skill.skill == place.id; });
  };
  RETURN_IF_ERROR(CheckNobodyWaits(reader, place, [&](const store::Entry& entry) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const wire::ConversationId id, keys::DecodeConversation(entry.key));
    ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(reader, place.site, id));
    return is_among(conversation.record.skills.value_or(std::vector<wire::SkillLevel>()));
  }));
  RETURN_IF_ERROR(CheckNone<AgentRecord>(reader, keys::AllAgents(place.site), place, kUsed,
                                         [&](const AgentRecord& agent) { return is_among(agent.skills); }));
  return CheckNone<RuleRecord>(reader, keys::AllRules(place.site), place, kUsed,
                               [&](const RuleRecord& rule) { return rule.effect.skill == place.id; });
}

// --- Hours ----------------------------------------------------------------------------

absl::Status CheckHoursUnused(store::Reader& reader, const Place& place) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(place.site)));
  if (settings.hours == place.id) return Unprocessable(place.id, "is used by the site's settings");
  RETURN_IF_ERROR(CheckNone<TeamRecord>(reader, keys::AllTeams(place.site), place, kUsed,
                                        [&](const TeamRecord& team) { return team.hours == place.id; }));
  return CheckNone<RuleRecord>(reader, keys::AllRules(place.site), place, kUsed, [&](const RuleRecord& rule) {
    return std::any_of(rule.conditions.begin(), rule.conditions.end(), [&](const wire::Condition& condition) {
      return condition.field == wire::ConditionField::kHours && condition.name == place.id;
    });
  });
}

// --- Bots -----------------------------------------------------------------------------

// A conversation that it has goes to a person with the customer's next message.
absl::Status CheckBotUnused(store::Reader& reader, const Place& place) {
  ASSIGN_OR_RETURN(const auto settings, LoadOrDefault<SettingsRecord>(reader, keys::Settings(place.site)));
  if (settings.bot == place.id) return Unprocessable(place.id, "is used by the site's settings");
  return CheckNone<RuleRecord>(reader, keys::AllRules(place.site), place, kUsed,
                               [&](const RuleRecord& rule) { return rule.effect.bot == place.id; });
}

// --- Rules, canned replies, settings --------------------------------------------------

absl::Status CheckRuleNames(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const RuleRecord rule, DecodeRecord<RuleRecord>(text));
  for (const wire::Condition& condition : rule.conditions) {
    if (condition.field != wire::ConditionField::kHours) continue;
    RETURN_IF_ERROR(CheckHoursThere(reader, place.site, "conditions.name", condition.name));
  }
  RETURN_IF_ERROR(CheckTeamThere(reader, place.site, "effect.team", rule.effect.team));
  RETURN_IF_ERROR(CheckSkillThere(reader, place.site, "effect.skill", rule.effect.skill));
  if (rule.effect.bot == wire::kNoBot) return absl::OkStatus();
  return CheckBotThere(reader, place.site, "effect.bot", rule.effect.bot);
}

absl::Status CheckCannedNames(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const CannedRecord canned, DecodeRecord<CannedRecord>(text));
  return CheckTeamThere(reader, place.site, "team", canned.team);
}

absl::Status CheckSettingsNames(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const SettingsRecord settings, DecodeRecord<SettingsRecord>(text));
  RETURN_IF_ERROR(CheckBotThere(reader, place.site, "bot", settings.bot));
  return CheckHoursThere(reader, place.site, "hours", settings.hours);
}

absl::Status CheckMacroNames(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const MacroRecord macro, DecodeRecord<MacroRecord>(text));
  RETURN_IF_ERROR(CheckTeamThere(reader, place.site, "team", macro.team));
  for (const wire::MacroAction& action : macro.actions) {
    RETURN_IF_ERROR(CheckTeamThere(reader, place.site, "actions.team", action.team));
    RETURN_IF_ERROR(CheckAgentThere(reader, place.site, "actions.agent", action.agent));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ShowSettings(store::Reader&, const Place&, const std::string& text) {
  ASSIGN_OR_RETURN(const SettingsRecord settings, DecodeRecord<SettingsRecord>(text));
  return ToJson<wire::SettingsFields>(settings);
}

// Who is first in line is another agent by another strategy, and somebody may have room by it.
absl::StatusOr<bool> DecideAnew(store::Transaction& txn, const Place& place, Context& context) {
  RETURN_IF_ERROR(ReindexAgents(txn, place.site));
  return DispatchQueue(txn, place.site, context);
}

absl::StatusOr<bool> SettingsKept(store::Transaction& txn, const Place& place, Context& context) {
  RETURN_IF_ERROR(ExpectArchiving(txn, place.site, context));
  RETURN_IF_ERROR(ExpectAuditErasure(txn, place.site, context));
  return DecideAnew(txn, place, context);
}

// --- Names that are taken ----------------------------------------------------------------

constexpr std::string_view kTaken = "has a name that is taken by";

absl::Status CheckTagName(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const TagRecord tag, DecodeRecord<TagRecord>(text));
  return CheckNone<TagRecord>(reader, keys::AllTags(place.site), place, kTaken,
                              [&](const TagRecord& other) { return other.name == tag.name; });
}

absl::Status CheckAttributeName(store::Reader& reader, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const AttributeRecord attribute, DecodeRecord<AttributeRecord>(text));
  return CheckNone<AttributeRecord>(
      reader, keys::AllAttributes(place.site), place, kTaken,
      [&](const AttributeRecord& other) { return other.of == attribute.of && other.name == attribute.name; });
}

absl::StatusOr<std::string> ShowIdentitySecret(store::Reader&, const Place& place, const std::string& text) {
  ASSIGN_OR_RETURN(const auto record, DecodeRecord<IdentitySecretRecord>(text));
  return ToJson(wire::IdentitySecretShown{place.id, record.name});
}

std::string CannedKey(const Place& place) { return keys::CannedReply(place.site, place.id); }
std::string SettingsKey(const Place& place) { return keys::Settings(place.site); }
bool IsSettings(std::string_view text) { return text == kSettings.name; }
std::string DefaultSettings() { return ToRecord(SettingsRecord()); }
// There is no list of them.
store::Range OneSettings(const wire::SiteId& site) {
  std::string key = keys::Settings(site);
  return {key, key + '\0'};
}

}  // namespace

const ResourceKind kTeams = {
    .name = "teams",
    .parameter = "team",
    .change = Permission::kChangeRouting,
    .shown = Shown::kToConsoles,
    .count_max = wire::kTeamsMax,
    .is_id = IsId<wire::TeamId>,
    .key = KeyOf<wire::TeamId, keys::Team>,
    .all = keys::AllTeams,
    .show = Show<wire::TeamFields>,
    .make = Make<wire::TeamFields, CheckTeam>,
    .check = CheckTeamNames,
    .check_unused = CheckTeamUnused,
    .kept = DecideAnew,
};

const ResourceKind kSkills = {
    .name = "skills",
    .parameter = "skill",
    .change = Permission::kChangeRouting,
    .count_max = wire::kSkillsMax,
    .is_id = IsId<wire::SkillId>,
    .key = KeyOf<wire::SkillId, keys::Skill>,
    .all = keys::AllSkills,
    .show = Show<wire::SkillFields>,
    .make = Make<wire::SkillFields, CheckSkill>,
    .check = NamesNothing,
    .check_unused = CheckSkillUnused,
};

const ResourceKind kHours = {
    .name = "hours",
    .parameter = "hours",
    .change = Permission::kChangeHours,
    .count_max = wire::kHoursMax,
    .is_id = IsId<wire::HoursId>,
    .key = KeyOf<wire::HoursId, keys::Hours>,
    .all = keys::AllHours,
    .show = Show<wire::HoursFields>,
    .make = Make<wire::HoursFields, CheckHours>,
    .check = NamesNothing,
    .check_unused = CheckHoursUnused,
};

const ResourceKind kRules = {
    .name = "rules",
    .parameter = "rule",
    .change = Permission::kChangeRouting,
    .count_max = wire::kRulesMax,
    .is_id = IsId<wire::RuleId>,
    .key = KeyOf<wire::RuleId, keys::Rule>,
    .all = keys::AllRules,
    .show = Show<wire::RuleFields>,
    .make = Make<wire::RuleFields, CheckRule>,
    .check = CheckRuleNames,
};

const ResourceKind kCanned = {
    .name = "canned",
    .parameter = "shortcut",
    .change = Permission::kChangeReplies,
    .shown = Shown::kToConsoles,
    .count_max = wire::kCannedMax,
    .is_id = IsId<wire::Shortcut>,
    .key = CannedKey,
    .all = keys::AllCannedReplies,
    .show = Show<wire::CannedFields>,
    .make = Make<wire::CannedFields, CheckCanned>,
    .check = CheckCannedNames,
};

const ResourceKind kMacros = {
    .name = "macros",
    .parameter = "macro",
    .change = Permission::kChangeReplies,
    .shown = Shown::kToConsoles,
    .count_max = wire::kMacrosMax,
    .is_id = IsId<wire::MacroId>,
    .key = KeyOf<wire::MacroId, keys::Macro>,
    .all = keys::AllMacros,
    .show = Show<wire::MacroFields>,
    .make = Make<wire::MacroFields, CheckMacro>,
    .check = CheckMacroNames,
};

const ResourceKind kBots = {
    .name = "bots",
    .parameter = "bot",
    .change = Permission::kChangeRouting,
    .count_max = wire::kBotsMax,
    .is_id = IsId<wire::BotId>,
    .key = KeyOf<wire::BotId, keys::Bot>,
    .all = keys::AllBots,
    .show = Show<wire::BotFields>,
    .make = Make<wire::BotFields, CheckBot>,
    .check = NamesNothing,
    .check_unused = CheckBotUnused,
};

const ResourceKind kTags = {
    .name = "tags",
    .parameter = "tag",
    .change = Permission::kChangeReplies,
    .shown = Shown::kToConsoles,
    .count_max = wire::kTagDefinitionsMax,
    .is_id = IsId<wire::TagId>,
    .key = KeyOf<wire::TagId, keys::Tag>,
    .all = keys::AllTags,
    .show = Show<wire::TagFields>,
    .make = Make<wire::TagFields, CheckTag>,
    .check = CheckTagName,
};

const ResourceKind kAttributes = {
    .name = "attributes",
    .parameter = "attribute",
    .change = Permission::kChangeRouting,
    .shown = Shown::kToConsoles,
    .count_max = wire::kAttributesMax,
    .is_id = IsId<wire::AttributeId>,
    .key = KeyOf<wire::AttributeId, keys::Attribute>,
    .all = keys::AllAttributes,
    .show = Show<wire::AttributeFields>,
    .make = Make<wire::AttributeFields, CheckAttribute>,
    .check = CheckAttributeName,
};

const ResourceKind kIdentitySecrets = {
    .name = "identity",
    .parameter = "secret",
    .change = Permission::kChangeKeys,
    .count_max = wire::kIdentitySecretsMax,
    .is_id = IsId<wire::IdentitySecretId>,
    .key = KeyOf<wire::IdentitySecretId, keys::IdentitySecret>,
    .all = keys::AllIdentitySecrets,
    .show = ShowIdentitySecret,
    .make = Make<wire::IdentitySecretFields, CheckIdentitySecret>,
    .check = NamesNothing,
};

const ResourceKind kSettings = {
    .name = "settings",
    .parameter = "",
    .change = Permission::kChangeRouting,
    .shown = Shown::kToConsoles,
    .is_id = IsSettings,
    .key = SettingsKey,
    .all = OneSettings,
    .show = ShowSettings,
    .make = Make<wire::SettingsFields, CheckSettings>,
    .check = CheckSettingsNames,
    .kept = SettingsKept,
    .absent = DefaultSettings,
};

}  // namespace alcove::functions::admin
