#include "functions/admin/checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/admin/resource.h"
#include "functions/domain/attributes.h"
#include "functions/domain/bot.h"
#include "functions/domain/hours.h"
#include "functions/origin.h"
#include "functions/url.h"
#include "functions/wire/limits.h"
#include "functions/wire/placeholders.h"
#include "functions/wire/typed_text.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {
namespace {

bool IsColour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
}

absl::Status CheckColour(std::string_view field, std::string_view text) {
  return IsColour(text) ? absl::OkStatus() : Unprocessable(field, "is no colour such as `#2f5bea`");
}

absl::Status CheckDate(std::string_view field, std::string_view text) {
  return IsDay(text) ? absl::OkStatus() : Unprocessable(field, "is no day such as `2026-12-25`");
}

absl::Status CheckSpan(std::string_view field, int64_t from_minute, int64_t to_minute) {
  if (from_minute >= 0 && from_minute < to_minute && to_minute <= kMinutesOfADay) return absl::OkStatus();
  return Unprocessable(field, "has a span that does not go forward within a day, from 0 to 1440 minutes");
}

absl::Status CheckExternal(const std::optional<wire::Strategy>& strategy,
                           const std::optional<wire::ExternalDecider>& external) {
  if (!external) {
    if (strategy == wire::Strategy::kExternal) return Unprocessable("external", "is missing: who decides?");
    return absl::OkStatus();
  }
  if (!ParseUrl(external->url).ok()) return Unprocessable("external.url", "is no address of HTTP");
  return CheckNumber("external.timeout_ms", external->timeout_ms, 1, wire::kExternalTimeoutMsMax);
}

absl::Status CheckTimer(std::string_view field, const std::optional<int64_t>& timer) {
  return timer ? CheckNumber(field, *timer, 1, wire::kTimerMsMax) : absl::OkStatus();
}

absl::Status CheckTexts(std::string_view field, const std::vector<std::string>& texts, size_t length_max,
                        size_t bytes_max) {
  RETURN_IF_ERROR(CheckLength(field, texts.size(), length_max));
  RETURN_IF_ERROR(CheckDistinct(field, texts));
  for (const std::string& text : texts) RETURN_IF_ERROR(CheckTextGiven(field, text, bytes_max));
  return absl::OkStatus();
}

absl::Status CheckConditionName(const wire::Condition& condition) {
  using enum wire::ConditionField;
  const bool names_field = condition.field == kForm;
  const bool names_attribute = condition.field == kCustomer || condition.field == kConversation;
  if (condition.name && !names_field && !names_attribute && condition.field != kHours) {
    return Unprocessable("conditions.name", "is not asked for with this field");
  }
  if (names_field) return CheckName("conditions.name", condition.name.value_or(""));
  if (names_attribute && !wire::IsAttributeName(condition.name.value_or(""))) {
    return Unprocessable("conditions.name", "is no name of an attribute");
  }
  return absl::OkStatus();
}

absl::Status CheckCondition(const wire::Condition& condition) {
  using enum wire::ConditionTest;
  RETURN_IF_ERROR(CheckKnown("conditions.field", std::optional(condition.field)));
  RETURN_IF_ERROR(CheckKnown("conditions.test", std::optional(condition.test)));
  RETURN_IF_ERROR(CheckConditionName(condition));
  const bool compares = condition.test != kIsSet && condition.test != kIsNotSet;
  if (compares == condition.values.empty()) {
    return Unprocessable("conditions.values", compares ? "is empty" : "is not asked for with this test");
  }
  RETURN_IF_ERROR(
      CheckTexts("conditions.values", condition.values, wire::kConditionValuesMax, wire::kConditionValueBytesMax));
  if (condition.field != wire::ConditionField::kHours) return absl::OkStatus();
  if (condition.test != kIs && condition.test != kIsNot) {
    return Unprocessable("conditions.test", "of hours is `is` or `is_not`");
  }
  for (const std::string& value : condition.values) {
    if (value != "open" && value != "closed") return Unprocessable("conditions.values", "of hours are open and closed");
  }
  return absl::OkStatus();
}

absl::Status CheckEffect(const wire::RuleEffect& effect) {
  if (!effect.team && !effect.skill && !effect.priority && !effect.bot && effect.tags.empty()) {
    return Unprocessable("effect", "is empty");
  }
  if (effect.skill_level) {
    if (!effect.skill) return Unprocessable("effect.skill_level", "is of no skill");
    RETURN_IF_ERROR(CheckNumber("effect.skill_level", *effect.skill_level, 1, wire::kSkillLevelMax));
  }
  if (effect.priority) RETURN_IF_ERROR(CheckNumber("effect.priority", *effect.priority, 0, wire::kPriorityMax));
  return CheckTexts("effect.tags", effect.tags, wire::kTagsMax, wire::kTagBytesMax);
}

// What an action of a macro may hold, by its act.
struct MacroNeeds {
  bool text = false;
  bool tags = false;
  bool whom = false;
  bool for_ms = false;
  bool reason = false;
};
MacroNeeds NeedsOf(wire::MacroAct act) {
  switch (act) {
    case wire::MacroAct::kReply:
    case wire::MacroAct::kNote:
      return {.text = true};
    case wire::MacroAct::kTags:
      return {.tags = true};
    case wire::MacroAct::kAssign:
      return {.whom = true};
    case wire::MacroAct::kSnooze:
      return {.for_ms = true};
    case wire::MacroAct::kClose:
      return {.reason = true};
    case wire::MacroAct::kUnknown:
    case wire::MacroAct::kClaim:
    case wire::MacroAct::kReopen:
      break;
  }
  return {};
}

absl::Status CheckMacroTexts(const wire::MacroAction& action) {
  if (action.text) {
    RETURN_IF_ERROR(CheckTextGiven("actions.text", *action.text, wire::kCannedTextBytesMax));
    if (const auto bad = wire::BadPlaceholder(*action.text)) {
      return Unprocessable("actions.text", absl::StrCat("has a placeholder that is none: ", *bad));
    }
  }
  const std::vector<std::string> none;
  RETURN_IF_ERROR(CheckTexts("actions.add", action.add.value_or(none), wire::kTagsMax, wire::kTagBytesMax));
  RETURN_IF_ERROR(CheckTexts("actions.remove", action.remove.value_or(none), wire::kTagsMax, wire::kTagBytesMax));
  RETURN_IF_ERROR(CheckText("actions.comment", action.comment.value_or(""), wire::kCommentBytesMax));
  return CheckText("actions.reason", action.reason.value_or(""), wire::kReasonBytesMax);
}

absl::Status CheckMacroAction(const wire::MacroAction& action) {
  RETURN_IF_ERROR(CheckKnown("actions.act", std::optional(action.act)));
  const MacroNeeds needs = NeedsOf(action.act);
  const struct {
    std::string_view field;
    bool is_given;
    bool is_needed;
  } kFields[] = {
      {"actions.text", action.text.has_value(), needs.text},
      {"actions.add", action.add || action.remove, needs.tags},
      {"actions.agent", action.agent || action.team, needs.whom},
      {"actions.for_ms", action.for_ms.has_value(), needs.for_ms},
  };
  for (const auto& [field, is_given, is_needed] : kFields) {
    if (is_given != is_needed) return Unprocessable(field, is_needed ? "is missing" : "is not asked for with this act");
  }
  if (action.comment && !needs.whom) return Unprocessable("actions.comment", "is not asked for with this act");
  if (action.reason && !needs.reason) return Unprocessable("actions.reason", "is not asked for with this act");
  if (action.agent && action.team) return Unprocessable("actions.agent", "is named beside a team");
  if (action.for_ms) RETURN_IF_ERROR(CheckNumber("actions.for_ms", *action.for_ms, 1, wire::kSnoozeMsMax));
  return CheckMacroTexts(action);
}

absl::Status CheckEmail(std::string_view email) {
  RETURN_IF_ERROR(CheckTextGiven("email", email, wire::kEmailBytesMax));
  return wire::IsEmailAddress(email) ? absl::OkStatus() : Unprocessable("email", "is no address");
}

}  // namespace

absl::Status CheckTeam(const wire::TeamFields& team) {
  RETURN_IF_ERROR(CheckName("name", team.name));
  RETURN_IF_ERROR(CheckKnown("strategy", team.strategy));
  if (team.capacity) RETURN_IF_ERROR(CheckNumber("capacity", *team.capacity, 1, wire::kTeamCapacityMax));
  if (team.overflow) RETURN_IF_ERROR(CheckNumber("overflow.after_ms", team.overflow->after_ms, 1, wire::kTimerMsMax));
  RETURN_IF_ERROR(CheckLanguages("languages", team.languages));
  return CheckExternal(team.strategy, team.external);
}

absl::Status CheckSkill(const wire::SkillFields& skill) { return CheckName("name", skill.name); }

absl::Status CheckHours(const wire::HoursFields& hours) {
  RETURN_IF_ERROR(CheckName("name", hours.name));
  RETURN_IF_ERROR(CheckTextGiven("time_zone", hours.time_zone, wire::kTimeZoneBytesMax));
  if (!ParseZone(hours.time_zone).ok()) {
    return Unprocessable("time_zone", "is none that this server knows, such as `Europe/Berlin`");
  }
  RETURN_IF_ERROR(CheckLength("weekly", hours.weekly.size(), wire::kWeeklySpansMax));
  for (const wire::WeeklySpan& span : hours.weekly) {
    RETURN_IF_ERROR(CheckNumber("weekly.day", span.day, 1, 7));
    RETURN_IF_ERROR(CheckSpan("weekly", span.from_minute, span.to_minute));
  }
  RETURN_IF_ERROR(CheckLength("holidays", hours.holidays.size(), wire::kHolidaysMax));
  for (const wire::Holiday& holiday : hours.holidays) {
    RETURN_IF_ERROR(CheckDate("holidays.date", holiday.date));
    RETURN_IF_ERROR(CheckText("holidays.name", holiday.name.value_or(""), wire::kNameBytesMax));
  }
  RETURN_IF_ERROR(CheckLength("exceptions", hours.exceptions.size(), wire::kHoursExceptionsMax));
  std::vector<std::string> dates;
  for (const wire::HoursException& exception : hours.exceptions) {
    RETURN_IF_ERROR(CheckDate("exceptions.date", exception.date));
    RETURN_IF_ERROR(CheckText("exceptions.name", exception.name.value_or(""), wire::kNameBytesMax));
    RETURN_IF_ERROR(CheckLength("exceptions.open", exception.open.size(), wire::kDaySpansMax));
    for (const wire::MinuteSpan& span : exception.open) {
      RETURN_IF_ERROR(CheckSpan("exceptions.open", span.from_minute, span.to_minute));
    }
    dates.push_back(exception.date);
  }
  return CheckDistinct("exceptions", std::move(dates));
}

absl::Status CheckRule(const wire::RuleFields& rule) {
  RETURN_IF_ERROR(CheckName("name", rule.name));
  RETURN_IF_ERROR(CheckNumber("place", rule.place, 0, wire::kPlaceMax));
  RETURN_IF_ERROR(CheckKnown("matching", rule.matching));
  RETURN_IF_ERROR(CheckLength("conditions", rule.conditions.size(), wire::kConditionsMax));
  for (const wire::Condition& condition : rule.conditions) RETURN_IF_ERROR(CheckCondition(condition));
  return CheckEffect(rule.effect);
}

absl::Status CheckCanned(const wire::CannedFields& canned) {
  RETURN_IF_ERROR(CheckTextGiven("text", canned.text, wire::kCannedTextBytesMax));
  if (const auto bad = wire::BadPlaceholder(canned.text)) {
    return Unprocessable("text", absl::StrCat("has a placeholder that is none: ", *bad));
  }
  return canned.folder ? CheckTextGiven("folder", *canned.folder, wire::kFolderBytesMax) : absl::OkStatus();
}

absl::Status CheckMacro(const wire::MacroFields& macro) {
  RETURN_IF_ERROR(CheckName("name", macro.name));
  if (macro.folder) RETURN_IF_ERROR(CheckTextGiven("folder", *macro.folder, wire::kFolderBytesMax));
  if (macro.actions.empty()) return Unprocessable("actions", "are none: it would do nothing");
  RETURN_IF_ERROR(CheckLength("actions", macro.actions.size(), wire::kMacroActionsMax));
  int64_t replies = 0;
  for (const wire::MacroAction& action : macro.actions) {
    RETURN_IF_ERROR(CheckMacroAction(action));
    replies += action.act == wire::MacroAct::kReply ? 1 : 0;
  }
  return replies > 1 ? Unprocessable("actions", "reply more than once") : absl::OkStatus();
}

namespace {

// Phrases of whole words: each has one.
absl::Status CheckPhrases(std::string_view field, const std::vector<std::string>& phrases) {
  RETURN_IF_ERROR(CheckTexts(field, phrases, wire::kBotPhrasesMax, wire::kBotPhraseBytesMax));
  for (const std::string& phrase : phrases) {
    if (WordsOf(phrase).empty()) return Unprocessable(field, "has a phrase without a word");
  }
  return absl::OkStatus();
}

absl::Status CheckBotText(std::string_view field, const std::optional<std::string>& text) {
  return text ? CheckTextGiven(field, *text, wire::kCannedTextBytesMax) : absl::OkStatus();
}

// Of a list of answers. Who writes what it does not know is told something in any case.
absl::Status CheckAnswers(const wire::BotFields& bot) {
  if (bot.timeout_ms) return Unprocessable("timeout_ms", "is of no url");
  RETURN_IF_ERROR(CheckLength("answers", bot.answers.size(), wire::kBotAnswersMax));
  for (const wire::BotAnswer& answer : bot.answers) {
    if (answer.phrases.empty()) return Unprocessable("answers.phrases", "is empty");
    RETURN_IF_ERROR(CheckPhrases("answers.phrases", answer.phrases));
    RETURN_IF_ERROR(CheckTextGiven("answers.text", answer.text, wire::kCannedTextBytesMax));
    RETURN_IF_ERROR(CheckQuickReplies("answers.quick_replies", answer.quick_replies));
  }
  const int64_t hand_over_after = bot.hand_over_after.value_or(1);
  RETURN_IF_ERROR(CheckNumber("hand_over_after", hand_over_after, 1, wire::kBotUnknownMax));
  if (hand_over_after > 1 && !bot.fallback) return Unprocessable("fallback", "is missing: it has to say something");
  if (hand_over_after == 1 && bot.fallback) return Unprocessable("fallback", "is never said: hand_over_after is 1");
  return absl::OkStatus();
}

absl::Status CheckProgram(const wire::BotFields& bot) {
  if (!ParseUrl(*bot.url).ok()) return Unprocessable("url", "is no address of HTTP");
  if (!bot.answers.empty()) return Unprocessable("answers", "are given beside a url");
  if (bot.fallback) return Unprocessable("fallback", "is given beside a url");
  if (bot.hand_over_after) return Unprocessable("hand_over_after", "is given beside a url");
  return bot.timeout_ms ? CheckNumber("timeout_ms", *bot.timeout_ms, 1, wire::kBotTimeoutMsMax) : absl::OkStatus();
}

}  // namespace

absl::Status CheckBot(const wire::BotFields& bot) {
  RETURN_IF_ERROR(CheckName("name", bot.name));
  RETURN_IF_ERROR(CheckBotText("greeting", bot.greeting));
  RETURN_IF_ERROR(CheckQuickReplies("greeting_replies", bot.greeting_replies));
  if (bot.greeting_replies && !bot.greeting) return Unprocessable("greeting_replies", "are of no greeting");
  RETURN_IF_ERROR(CheckPhrases("hand_over", bot.hand_over));
  RETURN_IF_ERROR(CheckBotText("hand_over_text", bot.hand_over_text));
  RETURN_IF_ERROR(CheckBotText("fallback", bot.fallback));
  if (bot.language) RETURN_IF_ERROR(CheckLanguage("language", *bot.language));
  return bot.url ? CheckProgram(bot) : CheckAnswers(bot);
}

absl::Status CheckTag(const wire::TagFields& tag) {
  RETURN_IF_ERROR(CheckTextGiven("name", tag.name, wire::kTagBytesMax));
  return CheckColour("colour", tag.colour);
}

absl::Status CheckAttribute(const wire::AttributeFields& attribute) {
  if (!wire::IsAttributeName(attribute.name)) {
    return Unprocessable("name", "is not made of letters, digits and `_` alone, or is too long");
  }
  RETURN_IF_ERROR(CheckName("label", attribute.label));
  RETURN_IF_ERROR(CheckKnown("of", std::optional(attribute.of)));
  RETURN_IF_ERROR(CheckKnown("type", std::optional(attribute.type)));
  RETURN_IF_ERROR(CheckKnown("written_by", attribute.written_by));
  if ((attribute.type == wire::AttributeType::kChoice) == attribute.choices.empty()) {
    return Unprocessable("choices", "are what an attribute of the type `choice` has, and no other");
  }
  return CheckTexts("choices", attribute.choices, wire::kChoicesMax, wire::kNameBytesMax);
}

namespace {

absl::Status CheckFormField(std::string_view form, const wire::FormField& field) {
  const auto of = [&](std::string_view part) { return absl::StrCat(std::string(form), ".", std::string(part)); };
  if (!wire::IsAttributeName(field.name)) {
    return Unprocessable(of("name"), "is not made of letters, digits and `_` alone, or is too long");
  }
  RETURN_IF_ERROR(CheckName(of("label"), field.label));
  RETURN_IF_ERROR(CheckKnown(of("type"), field.type));
  if ((field.type == wire::FormFieldType::kChoice) == field.choices.empty()) {
    return Unprocessable(of("choices"), "are what a field of the type `choice` has, and no other");
  }
  return CheckTexts(of("choices"), field.choices, wire::kChoicesMax, wire::kNameBytesMax);
}

absl::Status CheckForm(std::string_view form, const std::vector<wire::FormField>& fields) {
  RETURN_IF_ERROR(CheckLength(form, fields.size(), wire::kFormFieldsMax));
  std::vector<std::string> names;
  for (const wire::FormField& field : fields) {
    RETURN_IF_ERROR(CheckFormField(form, field));
    names.push_back(field.name);
  }
  return CheckDistinct(form, std::move(names));
}

}  // namespace

absl::Status CheckSettings(const wire::SettingsFields& settings) {
  RETURN_IF_ERROR(CheckKnown("strategy", settings.strategy));
  RETURN_IF_ERROR(CheckExternal(settings.strategy, settings.external));
  RETURN_IF_ERROR(CheckTimer("accept_timeout_ms", settings.accept_timeout_ms));
  RETURN_IF_ERROR(CheckTimer("warn_after_ms", settings.warn_after_ms));
  RETURN_IF_ERROR(CheckTimer("close_after_ms", settings.close_after_ms));
  RETURN_IF_ERROR(CheckTimer("gone_close_ms", settings.gone_close_ms));
  RETURN_IF_ERROR(CheckTimer("reopen_window_ms", settings.reopen_window_ms));
  if (settings.warn_after_ms && settings.close_after_ms.value_or(0) <= *settings.warn_after_ms) {
    return Unprocessable("warn_after_ms", "is not before close_after_ms: it warns of nothing");
  }
  RETURN_IF_ERROR(CheckKnown("reopening", settings.reopening));
  RETURN_IF_ERROR(CheckKnown("away", settings.away));
  RETURN_IF_ERROR(CheckKnown("overload", settings.overload));
  if (settings.audit_retention_ms) {
    RETURN_IF_ERROR(CheckNumber("audit_retention_ms", *settings.audit_retention_ms, wire::kAuditRetentionMsMin,
                                wire::kAuditRetentionMsMax));
  }
  if (settings.queue_limit) {
    RETURN_IF_ERROR(CheckNumber("queue_limit", *settings.queue_limit, 0, static_cast<int64_t>(wire::kQueueLengthMax)));
  }
  RETURN_IF_ERROR(CheckKnown("outside_hours", settings.outside_hours));
  RETURN_IF_ERROR(CheckKnown("nobody_online", settings.nobody_online));
  RETURN_IF_ERROR(CheckForm("form", settings.form));
  RETURN_IF_ERROR(CheckForm("offline_form", settings.offline_form));
  RETURN_IF_ERROR(CheckLanguages("languages", settings.languages));
  if (settings.archive_after_ms) {
    RETURN_IF_ERROR(CheckNumber("archive_after_ms", *settings.archive_after_ms, 1, wire::kArchiveAfterMsMax));
  }
  if (settings.edit_window_ms) {
    RETURN_IF_ERROR(CheckNumber("edit_window_ms", *settings.edit_window_ms, 0, wire::kEditWindowMsMax));
  }
  return CheckTexts("close_reasons", settings.close_reasons, wire::kCloseReasonsMax, wire::kReasonBytesMax);
}

absl::Status CheckAgent(const wire::AgentFields& agent) {
  RETURN_IF_ERROR(CheckName("name", agent.name));
  RETURN_IF_ERROR(CheckEmail(agent.email));
  RETURN_IF_ERROR(CheckKnown("role", agent.role));
  if (agent.capacity) RETURN_IF_ERROR(CheckNumber("capacity", *agent.capacity, 0, wire::kAgentCapacityMax));
  RETURN_IF_ERROR(CheckLength("teams", agent.teams.size(), wire::kAgentTeamsMax));
  RETURN_IF_ERROR(CheckDistinct("teams", agent.teams));
  RETURN_IF_ERROR(CheckLength("skills", agent.skills.size(), wire::kAgentSkillsMax));
  std::vector<std::string> skills;
  for (const wire::SkillLevel& skill : agent.skills) {
    RETURN_IF_ERROR(CheckNumber("skills.level", skill.level, 1, wire::kSkillLevelMax));
    skills.push_back(skill.skill);
  }
  RETURN_IF_ERROR(CheckDistinct("skills", std::move(skills)));
  return CheckLanguages("languages", agent.languages);
}

absl::Status CheckSite(const wire::SiteFields& site) {
  RETURN_IF_ERROR(CheckName("name", site.name));
  RETURN_IF_ERROR(CheckText("greeting", site.greeting, wire::kGreetingBytesMax));
  RETURN_IF_ERROR(CheckTexts("allowed_origins", site.allowed_origins, wire::kAllowedOriginsMax, wire::kOriginBytesMax));
  for (const std::string& origin : site.allowed_origins) {
    if (!IsOriginPattern(origin))
      return Unprocessable("allowed_origins", "has what is no origin: `https://shop.example`");
  }
  RETURN_IF_ERROR(CheckColour("appearance.accent", site.appearance.accent));
  const std::string& position = site.appearance.position;
  return position == "right" || position == "left" ? absl::OkStatus()
                                                   : Unprocessable("appearance.position", "is neither right nor left");
}

absl::Status CheckKey(const wire::KeyFields& key) {
  RETURN_IF_ERROR(CheckName("name", key.name));
  RETURN_IF_ERROR(CheckKnown("role", std::optional(key.role)));
  if (key.role == wire::Role::kOwner) return Unprocessable("role", "of a key is never owner");
  return key.expires_at ? CheckNumber("expires_at", *key.expires_at, 1, INT64_MAX - 1) : absl::OkStatus();
}

absl::Status CheckIdentitySecret(const wire::IdentitySecretFields& secret) {
  RETURN_IF_ERROR(CheckName("name", secret.name));
  RETURN_IF_ERROR(CheckText("secret", secret.secret, wire::kIdentitySecretBytesMax));
  if (secret.secret.size() >= wire::kIdentitySecretBytesMin) return absl::OkStatus();
  return Unprocessable("secret", absl::StrCat("is shorter than ", wire::kIdentitySecretBytesMin, " bytes"));
}

}  // namespace alcove::functions::admin
