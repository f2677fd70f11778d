// What a body of administration must be, by itself: 422 naming the field where
// it is not. What it names is looked up elsewhere (kinds.cc).
//
// Threads: free functions without state.
#pragma once

#include "absl/status/status.h"
#include "functions/wire/admin.h"

namespace alcove::functions::admin {

absl::Status CheckTeam(const wire::TeamFields& team);
absl::Status CheckSkill(const wire::SkillFields& skill);
// The time zone is one that this machine knows.
absl::Status CheckHours(const wire::HoursFields& hours);
absl::Status CheckRule(const wire::RuleFields& rule);
absl::Status CheckCanned(const wire::CannedFields& canned);
// Each action has what it needs, and nothing that another one would.
absl::Status CheckMacro(const wire::MacroFields& macro);
// A list of answers or a program, and what each of the two needs.
absl::Status CheckBot(const wire::BotFields& bot);
absl::Status CheckTag(const wire::TagFields& tag);
absl::Status CheckAttribute(const wire::AttributeFields& attribute);
absl::Status CheckSettings(const wire::SettingsFields& settings);
absl::Status CheckAgent(const wire::AgentFields& agent);
absl::Status CheckSite(const wire::SiteFields& site);
absl::Status CheckKey(const wire::KeyFields& key);
absl::Status CheckIdentitySecret(const wire::IdentitySecretFields& secret);

}  // namespace alcove::functions::admin
