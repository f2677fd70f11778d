// What administration puts and shows: teams, skills, hours, rules, settings and
// the rest of `/v1/admin/`, each without its id, which the path names.
//
// A resource is stored as it is put (functions/admin_records.h), and shown with
// its id (Resource). The first name of each enum stands for one that is not
// known, which is refused where it is put.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/describe.h"
#include "functions/wire/event.h"

namespace alcove::wire {

// --- People -----------------------------------------------------------------

// In the order of what they may do (functions/domain/permissions.h).
enum class Role { kUnknown, kReadOnly, kAgent, kSupervisor, kAdmin, kOwner };
template <>
struct EnumNames<Role> {
  static constexpr std::array<std::string_view, 6> kNames = {"unknown",    "read_only", "agent",
                                                             "supervisor", "admin",     "owner"};
};

struct SkillLevel {
  std::string skill;
  int64_t level = 1;  // to kSkillLevelMax
  friend bool operator==(const SkillLevel&, const SkillLevel&) = default;
};
template <class V>
void Describe(V& visit, SkillLevel& skill) {
  visit("skill", skill.skill);
  visit("level", skill.level);
}

struct AgentFields {
  std::string name;
  std::string email;
  std::optional<Role> role;         // none: agent
  std::optional<int64_t> capacity;  // conversations at once; the weight by which load is compared. None: the default
  std::vector<std::string> teams;
  std::vector<SkillLevel> skills;
  std::vector<std::string> languages;  // BCP 47: `de`, `pt-BR`
  std::optional<bool> disabled;        // signs in no more, and is given nothing
  friend bool operator==(const AgentFields&, const AgentFields&) = default;
};
template <class V>
void Describe(V& visit, AgentFields& agent) {
  visit("name", agent.name);
  visit("email", agent.email);
  visit("role", agent.role);
  visit("capacity", agent.capacity);
  visit("teams", agent.teams);
  visit("skills", agent.skills);
  visit("languages", agent.languages);
  visit("disabled", agent.disabled);
}

// As agents are shown to administration.
struct AgentShown {
  std::string id;
  AgentFields fields;
  bool password = false;  // there is one: the agent can sign in
  bool totp = false;      // a second factor is asked for
  friend bool operator==(const AgentShown&, const AgentShown&) = default;
};
template <class V>
void Describe(V& visit, AgentShown& agent) {
  visit("id", agent.id);
  Describe(visit, agent.fields);
  visit("password", agent.password);
  visit("totp", agent.totp);
}

// A session of an agent.
struct SessionShown {
  std::string id;
  std::optional<int64_t> created_at;
  int64_t expires_at = 0;
  std::optional<std::string> address;  // from which the agent signed in
  std::optional<bool> current;         // it is the one that asks
  friend bool operator==(const SessionShown&, const SessionShown&) = default;
};
template <class V>
void Describe(V& visit, SessionShown& session) {
  visit("id", session.id);
  visit("created_at", session.created_at);
  visit("expires_at", session.expires_at);
  visit("address", session.address);
  visit("current", session.current);
}

// Another password. Who changes their own gives the one they have, too.
struct PasswordChange {
  std::optional<std::string> current;
  std::string password;
  friend bool operator==(const PasswordChange&, const PasswordChange&) = default;
};
template <class V>
void Describe(V& visit, PasswordChange& change) {
  visit("current", change.current);
  visit("password", change.password);
}

// A second factor that waits to be confirmed with a code.
struct TotpEnrolment {
  std::string secret;  // base 32
  std::string uri;     // `otpauth://totp/...`, for a QR code
  std::vector<std::string> recovery;
  friend bool operator==(const TotpEnrolment&, const TotpEnrolment&) = default;
};
template <class V>
void Describe(V& visit, TotpEnrolment& enrolment) {
  visit("secret", enrolment.secret);
  visit("uri", enrolment.uri);
  visit("recovery", enrolment.recovery);
}

struct TotpCode {
  std::string code;
  friend bool operator==(const TotpCode&, const TotpCode&) = default;
};
template <class V>
void Describe(V& visit, TotpCode& code) {
  visit("code", code.code);
}

// --- Who is given what ------------------------------------------------------

enum class Strategy { kUnknown, kLeastLoaded, kRoundRobin, kSticky, kManual, kExternal };
template <>
struct EnumNames<Strategy> {
  static constexpr std::array<std::string_view, 6> kNames = {"unknown", "least_loaded", "round_robin",
                                                             "sticky",  "manual",       "external"};
};

// Who decides for kExternal, and for how long they are waited for; after that it is kLeastLoaded.
struct ExternalDecider {
  std::string url;
  int64_t timeout_ms = 0;
  friend bool operator==(const ExternalDecider&, const ExternalDecider&) = default;
};
template <class V>
void Describe(V& visit, ExternalDecider& decider) {
  visit("url", decider.url);
  visit("timeout_ms", decider.timeout_ms);
}

// Where what waits goes on waiting.
struct Overflow {
  std::string team;
  int64_t after_ms = 0;
  friend bool operator==(const Overflow&, const Overflow&) = default;
};
template <class V>
void Describe(V& visit, Overflow& overflow) {
  visit("team", overflow.team);
  visit("after_ms", overflow.after_ms);
}

// Its members are the agents who name it.
struct TeamFields {
  std::string name;
  std::optional<Strategy> strategy;  // none: the site's
  std::optional<int64_t> capacity;   // open conversations of the whole team at once; none: its agents' alone
  std::optional<Overflow> overflow;
  std::vector<std::string> languages;  // that it answers; none: any
  std::optional<std::string> hours;    // none: the site's
  std::optional<ExternalDecider> external;
  friend bool operator==(const TeamFields&, const TeamFields&) = default;
};
template <class V>
void Describe(V& visit, TeamFields& team) {
  visit("name", team.name);
  visit("strategy", team.strategy);
  visit("capacity", team.capacity);
  visit("overflow", team.overflow);
  visit("languages", team.languages);
  visit("hours", team.hours);
  visit("external", team.external);
}

struct SkillFields {
  std::string name;
  friend bool operator==(const SkillFields&, const SkillFields&) = default;
};
template <class V>
void Describe(V& visit, SkillFields& skill) {
  visit("name", skill.name);
}

// --- Hours ------------------------------------------------------------------

// Minutes since midnight in the zone of the hours, 0 to 1440: [from, to).
struct MinuteSpan {
  int64_t from_minute = 0;
  int64_t to_minute = 0;
  friend bool operator==(const MinuteSpan&, const MinuteSpan&) = default;
};
template <class V>
void Describe(V& visit, MinuteSpan& span) {
  visit("from_minute", span.from_minute);
  visit("to_minute", span.to_minute);
}

// What goes past midnight is two of these.
struct WeeklySpan {
  int64_t day = 1;  // 1 is Monday, 7 is Sunday
  int64_t from_minute = 0;
  int64_t to_minute = 0;
  friend bool operator==(const WeeklySpan&, const WeeklySpan&) = default;
};
template <class V>
void Describe(V& visit, WeeklySpan& span) {
  visit("day", span.day);
  visit("from_minute", span.from_minute);
  visit("to_minute", span.to_minute);
}

// Closed all day.
struct Holiday {
  std::string date;  // `2026-12-25`
  std::optional<std::string> name;
  std::optional<bool> yearly;  // on that day of every year
  friend bool operator==(const Holiday&, const Holiday&) = default;
};
template <class V>
void Describe(V& visit, Holiday& holiday) {
  visit("date", holiday.date);
  visit("name", holiday.name);
  visit("yearly", holiday.yearly);
}

// The hours of one day, whatever week and holidays say; without a span it is closed.
struct HoursException {
  std::string date;
  std::vector<MinuteSpan> open;
  std::optional<std::string> name;
  friend bool operator==(const HoursException&, const HoursException&) = default;
};
template <class V>
void Describe(V& visit, HoursException& exception) {
  visit("date", exception.date);
  visit("open", exception.open);
  visit("name", exception.name);
}

struct HoursFields {
  std::string name;
  std::string time_zone;  // of the IANA's names: `Europe/Berlin`
  std::vector<WeeklySpan> weekly;
  std::vector<Holiday> holidays;
  std::vector<HoursException> exceptions;
  friend bool operator==(const HoursFields&, const HoursFields&) = default;
};
template <class V>
void Describe(V& visit, HoursFields& hours) {
  visit("name", hours.name);
  visit("time_zone", hours.time_zone);
  visit("weekly", hours.weekly);
  visit("holidays", hours.holidays);
  visit("exceptions", hours.exceptions);
}

// --- Rules ------------------------------------------------------------------

// What a condition looks at:
//   page          the address of the page where the conversation began
//   form          the field `name` of the form before it
//   customer      the customer's attribute `name`
//   conversation  the conversation's attribute `name`
//   tier          the customer's tier
//   hours         `open` or `closed`, by the hours that `name` is the id of; without it, the site's
//   language      of the customer; `pt` is also what is `pt-BR`
enum class ConditionField { kUnknown, kPage, kForm, kCustomer, kConversation, kTier, kHours, kLanguage };
template <>
struct EnumNames<ConditionField> {
  static constexpr std::array<std::string_view, 8> kNames = {"unknown",      "page", "form",  "customer",
                                                             "conversation", "tier", "hours", "language"};
};

// With one of `values`; upper and lower case are the same. Set and not set have none.
enum class ConditionTest { kUnknown, kIs, kIsNot, kContains, kBeginsWith, kIsSet, kIsNotSet };
template <>
struct EnumNames<ConditionTest> {
  static constexpr std::array<std::string_view, 7> kNames = {"unknown",     "is",     "is_not",    "contains",
                                                             "begins_with", "is_set", "is_not_set"};
};

struct Condition {
  ConditionField field = ConditionField::kUnknown;
  std::optional<std::string> name;
  ConditionTest test = ConditionTest::kUnknown;
  std::vector<std::string> values;
  friend bool operator==(const Condition&, const Condition&) = default;
};
template <class V>
void Describe(V& visit, Condition& condition) {
  visit("field", condition.field);
  visit("name", condition.name);
  visit("test", condition.test);
  visit("values", condition.values);
}

enum class Matching { kUnknown, kAll, kAny };
template <>
struct EnumNames<Matching> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "all", "any"};
};

// In place of a bot's id: no bot answers, whatever the settings say.
inline constexpr std::string_view kNoBot = "none";

struct RuleEffect {
  std::optional<std::string> team;
  std::optional<std::string> skill;
  std::optional<int64_t> skill_level;  // the least that is asked for; none: 1
  std::optional<int64_t> priority;     // to kPriorityMax, the highest first; without a rule it is 0
  std::vector<std::string> tags;
  std::optional<std::string> bot = {};  // that answers first, or kNoBot
  friend bool operator==(const RuleEffect&, const RuleEffect&) = default;
};
template <class V>
void Describe(V& visit, RuleEffect& effect) {
  visit("team", effect.team);
  visit("skill", effect.skill);
  visit("skill_level", effect.skill_level);
  visit("priority", effect.priority);
  visit("tags", effect.tags);
  visit("bot", effect.bot);
}

// Rules are tried in the order of their places, of equal ones in that of their
// ids. Each that matches says what no rule before it said; tags add up.
struct RuleFields {
  std::string name;
  int64_t place = 0;
  std::optional<bool> disabled;
  std::optional<Matching> matching;   // none: all
  std::vector<Condition> conditions;  // none: it always matches
  RuleEffect effect;
  friend bool operator==(const RuleFields&, const RuleFields&) = default;
};
template <class V>
void Describe(V& visit, RuleFields& rule) {
  visit("name", rule.name);
  visit("place", rule.place);
  visit("disabled", rule.disabled);
  visit("matching", rule.matching);
  visit("conditions", rule.conditions);
  visit("effect", rule.effect);
}

// --- What agents write with -------------------------------------------------

// Its shortcut is its id. The text may hold placeholders (placeholders.h).
struct CannedFields {
  std::string text;
  std::optional<std::string> folder;
  std::optional<std::string> team;  // whose it is; none: everybody's
  friend bool operator==(const CannedFields&, const CannedFields&) = default;
};
template <class V>
void Describe(V& visit, CannedFields& canned) {
  visit("text", canned.text);
  visit("folder", canned.folder);
  visit("team", canned.team);
}

// What a macro does to the conversation on which it is run, each as the call of that name would:
//   reply   text, with placeholders: a message to the customer, once in a macro at most
//   note    text, for agents
//   tags    add, remove
//   assign  agent or team, comment
//   snooze  for_ms, from when it is run
//   close   reason
//   claim, reopen
enum class MacroAct { kUnknown, kReply, kNote, kTags, kAssign, kClaim, kSnooze, kReopen, kClose };
template <>
struct EnumNames<MacroAct> {
  static constexpr std::array<std::string_view, 9> kNames = {"unknown", "reply",  "note",   "tags", "assign",
                                                             "claim",   "snooze", "reopen", "close"};
};

struct MacroAction {
  MacroAct act = MacroAct::kUnknown;
  std::optional<std::string> text;
  std::optional<std::vector<std::string>> add;
  std::optional<std::vector<std::string>> remove;
  std::optional<std::string> agent;
  std::optional<std::string> team;
  std::optional<std::string> comment;
  std::optional<int64_t> for_ms;
  std::optional<std::string> reason;
  friend bool operator==(const MacroAction&, const MacroAction&) = default;
};
template <class V>
void Describe(V& visit, MacroAction& action) {
  visit("act", action.act);
  visit("text", action.text);
  visit("add", action.add);
  visit("remove", action.remove);
  visit("agent", action.agent);
  visit("team", action.team);
  visit("comment", action.comment);
  visit("for_ms", action.for_ms);
  visit("reason", action.reason);
}

// Several actions at once: all of them, in their order, or none.
struct MacroFields {
  std::string name;
  std::optional<std::string> folder;
  std::vector<MacroAction> actions;
  std::optional<std::string> team = {};  // whose it is; none: everybody's
  friend bool operator==(const MacroFields&, const MacroFields&) = default;
};
template <class V>
void Describe(V& visit, MacroFields& macro) {
  visit("name", macro.name);
  visit("folder", macro.folder);
  visit("actions", macro.actions);
  visit("team", macro.team);
}

// What a bot says to a message that holds one of `phrases`: whole words, in this order and next to each other.
struct BotAnswer {
  std::vector<std::string> phrases;
  std::string text;
  std::optional<std::vector<std::string>> quick_replies = {};  // what the customer may answer with
  friend bool operator==(const BotAnswer&, const BotAnswer&) = default;
};
template <class V>
void Describe(V& visit, BotAnswer& answer) {
  visit("phrases", answer.phrases);
  visit("text", answer.text);
  visit("quick_replies", answer.quick_replies);
}

// Who answers first: a list of answers, or a program of the owner's (wire/bot.h). A bot that has neither greets, and
// hands the first message over.
struct BotFields {
  std::string name;                           // as customers and agents see it
  std::optional<std::string> greeting;        // what it says first
  std::vector<BotAnswer> answers;             // the first that fits counts
  std::vector<std::string> hand_over;         // phrases that ask for a person
  std::optional<std::string> hand_over_text;  // what it says when it hands over
  std::optional<std::string> fallback;        // to what it does not know, where it does not hand over yet
  std::optional<int64_t> hand_over_after;     // messages in a row that it does not know; none: 1
  std::optional<std::string> language;        // BCP 47: of whose customers it answers; none: any
  std::optional<std::string> url;             // of the program, in place of answers
  std::optional<int64_t> timeout_ms;          // for how long the program is waited for; none: kFetchMs
  std::optional<std::vector<std::string>> greeting_replies = {};  // what the customer may answer the greeting with
  friend bool operator==(const BotFields&, const BotFields&) = default;
};
template <class V>
void Describe(V& visit, BotFields& bot) {
  visit("name", bot.name);
  visit("greeting", bot.greeting);
  visit("answers", bot.answers);
  visit("hand_over", bot.hand_over);
  visit("hand_over_text", bot.hand_over_text);
  visit("fallback", bot.fallback);
  visit("hand_over_after", bot.hand_over_after);
  visit("language", bot.language);
  visit("url", bot.url);
  visit("timeout_ms", bot.timeout_ms);
  visit("greeting_replies", bot.greeting_replies);
}

// Conversations carry the name: one that is renamed stays on them as it was.
struct TagFields {
  std::string name;
  std::string colour;  // `#rrggbb`
  friend bool operator==(const TagFields&, const TagFields&) = default;
};
template <class V>
void Describe(V& visit, TagFields& tag) {
  visit("name", tag.name);
  visit("colour", tag.colour);
}

// kDate is a day, `2026-12-25`.
// kList: several texts, each on a line of the value.
enum class AttributeType { kUnknown, kText, kNumber, kBoolean, kChoice, kDate, kList };
template <>
struct EnumNames<AttributeType> {
  static constexpr std::array<std::string_view, 7> kNames = {"unknown", "text", "number", "boolean",
                                                             "choice",  "date", "list"};
};
// Who may set it: the page on which the customer is, which anybody can make say anything, and agents; or agents alone.
enum class AttributeWriter { kUnknown, kPage, kAgents };
template <>
struct EnumNames<AttributeWriter> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "page", "agents"};
};

// The customer's attribute `tier` is what rules call the customer's tier.
struct AttributeFields {
  std::string name;  // letters, digits and `_`: what rules and placeholders call it
  std::string label;
  AttributeOwner of = AttributeOwner::kUnknown;
  AttributeType type = AttributeType::kUnknown;
  std::vector<std::string> choices;           // of kChoice
  std::optional<AttributeWriter> written_by;  // none: the page, too
  std::optional<bool> visible;                // customers are told of its changes, too
  friend bool operator==(const AttributeFields&, const AttributeFields&) = default;
};
template <class V>
void Describe(V& visit, AttributeFields& attribute) {
  visit("name", attribute.name);
  visit("label", attribute.label);
  visit("of", attribute.of);
  visit("type", attribute.type);
  visit("choices", attribute.choices);
  visit("written_by", attribute.written_by);
  visit("visible", attribute.visible);
}

// --- The site ---------------------------------------------------------------

// What the loader draws before anything is loaded.
struct Appearance {
  std::string accent;    // of the bubble, `#rrggbb`
  std::string position;  // `right` or `left`
  friend bool operator==(const Appearance&, const Appearance&) = default;
};
template <class V>
void Describe(V& visit, Appearance& appearance) {
  visit("accent", appearance.accent);
  visit("position", appearance.position);
}

struct SiteFields {
  std::string name;
  std::string greeting;
  std::vector<std::string> allowed_origins;  // who may frame the widget, beside ourselves
  Appearance appearance;
  friend bool operator==(const SiteFields&, const SiteFields&) = default;
};
template <class V>
void Describe(V& visit, SiteFields& site) {
  visit("name", site.name);
  visit("greeting", site.greeting);
  visit("allowed_origins", site.allowed_origins);
  visit("appearance", site.appearance);
}

// What becomes of a closed conversation to which somebody writes.
enum class Reopening { kUnknown, kSame, kNew };
template <>
struct EnumNames<Reopening> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "same", "new"};
};
// What becomes of the conversations of an agent who is gone.
enum class AwayPolicy { kUnknown, kReassign, kWait };
template <>
struct EnumNames<AwayPolicy> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "reassign", "wait"};
};
// What becomes of a customer who comes when `queue_limit` wait.
enum class Overload { kUnknown, kRefuse, kOfflineForm };
template <>
struct EnumNames<Overload> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "refuse", "offline_form"};
};

// What becomes of a customer who comes when nobody is expected, or nobody is there.
enum class Unattended { kUnknown, kQueue, kOfflineForm };
template <>
struct EnumNames<Unattended> {
  static constexpr std::array<std::string_view, 3> kNames = {"unknown", "queue", "offline_form"};
};

enum class FormFieldType { kUnknown, kText, kLongText, kEmail, kChoice };
template <>
struct EnumNames<FormFieldType> {
  static constexpr std::array<std::string_view, 5> kNames = {"unknown", "text", "long_text", "email", "choice"};
};
// What a customer is asked before a conversation begins. The field `name` gives the customer their name.
struct FormField {
  std::string name;  // letters, digits and `_`: what rules call it
  std::string label;
  std::optional<FormFieldType> type;  // none: text
  std::optional<bool> required;
  std::vector<std::string> choices;  // of kChoice
  friend bool operator==(const FormField&, const FormField&) = default;
};
template <class V>
void Describe(V& visit, FormField& field) {
  visit("name", field.name);
  visit("label", field.label);
  visit("type", field.type);
  visit("required", field.required);
  visit("choices", field.choices);
}

// One of a site. What is not there is off, but for the first of each of the
// enums, which is then what counts.
struct SettingsFields {
  std::optional<Strategy> strategy;
  std::optional<ExternalDecider> external;
  std::optional<int64_t> accept_timeout_ms;  // an agent who does not answer in it loses the conversation to the next
  std::optional<int64_t> warn_after_ms;      // of silence of the customer: they are told that it will be closed
  std::optional<int64_t> close_after_ms;     // of silence: it is closed; REQUIRES more than warn_after_ms
  std::optional<int64_t> gone_close_ms;      // after the customer was last there
  std::optional<Reopening> reopening;
  std::optional<int64_t> reopen_window_ms;  // after it a message begins a new conversation in any case
  std::optional<AwayPolicy> away;
  std::optional<int64_t> queue_limit;
  std::optional<Overload> overload;
  std::vector<std::string> close_reasons;  // to choose from; none: whatever is written
  std::optional<bool> close_reason_required;
  std::optional<bool> tag_required;  // before an agent closes
  std::optional<std::string> hours;  // none: always open
  // Whose customers speak one of these, as their browser says, have an agent who speaks it. Any other language is
  // anybody's.
  std::vector<std::string> languages;
  std::vector<FormField> form;          // before a conversation
  std::vector<FormField> offline_form;  // before a message to whom is not there
  std::optional<Unattended> outside_hours;
  std::optional<Unattended> nobody_online;
  std::optional<int64_t> archive_after_ms;    // what is closed is archived after so long: in no list, and over for good
  std::optional<int64_t> audit_retention_ms;  // what is older of the audit log is erased; none: nothing is
  std::optional<std::string> bot;             // that answers first; none: agents do
  // How long after it whoever wrote a message may edit or delete it; none: kEditWindowMs, 0: not at all.
  std::optional<int64_t> edit_window_ms = {};
  friend bool operator==(const SettingsFields&, const SettingsFields&) = default;
};
template <class V>
void Describe(V& visit, SettingsFields& settings) {
  visit("strategy", settings.strategy);
  visit("external", settings.external);
  visit("accept_timeout_ms", settings.accept_timeout_ms);
  visit("warn_after_ms", settings.warn_after_ms);
  visit("close_after_ms", settings.close_after_ms);
  visit("gone_close_ms", settings.gone_close_ms);
  visit("reopening", settings.reopening);
  visit("reopen_window_ms", settings.reopen_window_ms);
  visit("away", settings.away);
  visit("queue_limit", settings.queue_limit);
  visit("overload", settings.overload);
  visit("close_reasons", settings.close_reasons);
  visit("close_reason_required", settings.close_reason_required);
  visit("tag_required", settings.tag_required);
  visit("hours", settings.hours);
  visit("languages", settings.languages);
  visit("form", settings.form);
  visit("offline_form", settings.offline_form);
  visit("outside_hours", settings.outside_hours);
  visit("nobody_online", settings.nobody_online);
  visit("archive_after_ms", settings.archive_after_ms);
  visit("audit_retention_ms", settings.audit_retention_ms);
  visit("bot", settings.bot);
  visit("edit_window_ms", settings.edit_window_ms);
}

// --- How conversations ended ------------------------------------------------

struct ReasonCount {
  std::string reason;
  int64_t count = 0;
  friend bool operator==(const ReasonCount&, const ReasonCount&) = default;
};
template <class V>
void Describe(V& visit, ReasonCount& reason) {
  visit("reason", reason.reason);
  visit("count", reason.count);
}

// Each conversation that is closed counts once, on the day of its end; one that is reopened no longer.
struct EndingCounts {
  int64_t ended = 0;
  // By what came of it: together they are `ended`.
  int64_t served = 0;
  int64_t abandoned = 0;
  int64_t missed = 0;
  // By who ended it: together they are `ended`.
  int64_t by_customer = 0;
  int64_t by_agent = 0;
  int64_t by_bot = 0;
  int64_t by_system = 0;
  std::vector<ReasonCount> reasons;  // in the order in which they came up
  int64_t other_reasons = 0;         // beyond kEndingReasonsMax of a day
  friend bool operator==(const EndingCounts&, const EndingCounts&) = default;
};
template <class V>
void Describe(V& visit, EndingCounts& counts) {
  visit("ended", counts.ended);
  visit("served", counts.served);
  visit("abandoned", counts.abandoned);
  visit("missed", counts.missed);
  visit("by_customer", counts.by_customer);
  visit("by_agent", counts.by_agent);
  visit("by_bot", counts.by_bot);
  visit("by_system", counts.by_system);
  visit("reasons", counts.reasons);
  visit("other_reasons", counts.other_reasons);
}

struct EndingsOfDay {
  std::string day;  // of UTC: `2026-12-25`
  EndingCounts counts;
  friend bool operator==(const EndingsOfDay&, const EndingsOfDay&) = default;
};
template <class V>
void Describe(V& visit, EndingsOfDay& day) {
  visit("day", day.day);
  Describe(visit, day.counts);
}

// Days on which nothing ended are left out.
struct EndingsReport {
  std::vector<EndingsOfDay> days;
  EndingCounts total;
  friend bool operator==(const EndingsReport&, const EndingsReport&) = default;
};
template <class V>
void Describe(V& visit, EndingsReport& report) {
  visit("days", report.days);
  visit("total", report.total);
}

// A program that calls the administration API.
struct KeyFields {
  std::string name;
  Role role = Role::kUnknown;         // what it may do; never owner
  std::optional<int64_t> expires_at;  // none: never
  friend bool operator==(const KeyFields&, const KeyFields&) = default;
};
template <class V>
void Describe(V& visit, KeyFields& key) {
  visit("name", key.name);
  visit("role", key.role);
  visit("expires_at", key.expires_at);
}

// As keys are shown; the token only in the answer to the put that made it.
struct KeyShown {
  std::string id;
  KeyFields fields;
  int64_t created_at = 0;
  std::optional<std::string> token;
  friend bool operator==(const KeyShown&, const KeyShown&) = default;
};
template <class V>
void Describe(V& visit, KeyShown& key) {
  visit("id", key.id);
  Describe(visit, key.fields);
  visit("created_at", key.created_at);
  visit("token", key.token);
}

// With it the owner's server signs who a customer is: the key of HMAC-SHA-256, byte by byte as it is put.
struct IdentitySecretFields {
  std::string name;
  std::string secret;  // is never shown
  friend bool operator==(const IdentitySecretFields&, const IdentitySecretFields&) = default;
};
template <class V>
void Describe(V& visit, IdentitySecretFields& secret) {
  visit("name", secret.name);
  visit("secret", secret.secret);
}

struct IdentitySecretShown {
  std::string id;
  std::string name;
  friend bool operator==(const IdentitySecretShown&, const IdentitySecretShown&) = default;
};
template <class V>
void Describe(V& visit, IdentitySecretShown& secret) {
  visit("id", secret.id);
  visit("name", secret.name);
}

// --- What was changed -------------------------------------------------------

enum class AuditActorKind { kUnknown, kAgent, kKey, kOperator };
template <>
struct EnumNames<AuditActorKind> {
  static constexpr std::array<std::string_view, 4> kNames = {"unknown", "agent", "key", "operator"};
};

// The operator, who has the machine, has neither id nor name.
struct AuditActor {
  AuditActorKind kind = AuditActorKind::kUnknown;
  std::string id;
  std::string name;
  friend bool operator==(const AuditActor&, const AuditActor&) = default;
};
template <class V>
void Describe(V& visit, AuditActor& actor) {
  visit("kind", actor.kind);
  visit("id", actor.id);
  visit("name", actor.name);
}

// One change, with what was there before and after it as it is shown: without secrets.
struct AuditFields {
  int64_t at = 0;  // milliseconds since 1970
  AuditActor actor;
  std::string action;    // `create`, `change`, `delete`, `password`, ...
  std::string resource;  // `teams`, ...
  std::string target;    // its id
  std::optional<RawJson> before;
  std::optional<RawJson> after;
  friend bool operator==(const AuditFields&, const AuditFields&) = default;
};
template <class V>
void Describe(V& visit, AuditFields& entry) {
  visit("at", entry.at);
  visit("actor", entry.actor);
  visit("action", entry.action);
  visit("resource", entry.resource);
  visit("target", entry.target);
  visit("before", entry.before);
  visit("after", entry.after);
}

// Why a conversation is where it is: for whoever reads it, a sentence a line.
struct Explanation {
  std::vector<std::string> lines;
  friend bool operator==(const Explanation&, const Explanation&) = default;
};
template <class V>
void Describe(V& visit, Explanation& explanation) {
  visit("lines", explanation.lines);
}

// --- How they are shown -----------------------------------------------------

template <class Fields>
struct Resource {
  std::string id;
  Fields fields;
  friend bool operator==(const Resource&, const Resource&) = default;
};
template <class V, class Fields>
void Describe(V& visit, Resource<Fields>& resource) {
  visit("id", resource.id);
  Describe(visit, resource.fields);
}

}  // namespace alcove::wire
