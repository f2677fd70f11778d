#include "functions/domain/rules.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/strings/ascii.h"
#include "functions/domain/attributes.h"

namespace alcove::functions {
namespace {

// The text that a condition looks at; nullopt where there is none.
std::optional<std::string_view> FieldOf(const Condition& condition, const Facts& facts) {
  const auto given = [](const std::string& text) {
    return text.empty() ? std::nullopt : std::optional<std::string_view>(text);
  };
  const auto named = [&](const auto& fields) -> std::optional<std::string_view> {
    const auto found = fields.find(condition.name);
    return found == fields.end() ? std::nullopt : given(found->second);
  };
  switch (condition.of) {
    case Subject::kPage:
      return given(facts.page);
    case Subject::kForm:
      return named(facts.form);
    case Subject::kCustomer:
      return named(facts.customer);
    case Subject::kConversation:
      return named(facts.conversation);
    case Subject::kTier:
      return given(facts.tier);
    case Subject::kLanguage:
      return given(facts.language);
    case Subject::kHours: {
      const auto found = facts.open.find(condition.name);
      return found == facts.open.end() || found->second ? "open" : "closed";
    }
    case Subject::kUnknown:
      break;
  }
  return std::nullopt;
}

// Whether that text is a list.
bool IsList(const Condition& condition, const Facts& facts) {
  if (condition.of == Subject::kTier) return facts.customer_lists.contains(kTierAttribute);
  if (condition.of == Subject::kCustomer) return facts.customer_lists.contains(condition.name);
  return condition.of == Subject::kConversation && facts.conversation_lists.contains(condition.name);
}

std::string Small(std::string_view text) {
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char c) { return absl::ascii_tolower(static_cast<unsigned char>(c)); });
  return small;
}

bool Is(const Condition& condition, std::string_view text, std::string_view value) {
  if (text == value) return true;
  // `pt` is also what is `pt-BR`, and not the other way round: who names a region means it.
  return condition.of == Subject::kLanguage && text.size() > value.size() && text.starts_with(value) &&
         (text[value.size()] == '-' || text[value.size()] == '_');
}

}  // namespace

bool Passes(const Condition& condition, const Facts& facts) {
  if (condition.of == Subject::kUnknown) return false;
  const auto found = FieldOf(condition, facts);
  const std::string text = Small(found.value_or(""));
  const auto any = [&](const auto& test) {
    return found && std::any_of(condition.values.begin(), condition.values.end(),
                                [&](const std::string& value) { return test(Small(value)); });
  };
  switch (condition.test) {
    case Comparison::kIs:
      return any([&](const std::string& value) { return Is(condition, text, value); });
    case Comparison::kIsNot:
      return !any([&](const std::string& value) { return Is(condition, text, value); });
    case Comparison::kContains: {
      if (!IsList(condition, facts)) return any([&](const auto& value) { return text.find(value) != text.npos; });
      const std::vector<std::string_view> items = ItemsOf(text);
      return any([&](const auto& value) { return std::find(items.begin(), items.end(), value) != items.end(); });
    }
    case Comparison::kBeginsWith:
      return any([&](const std::string& value) { return text.starts_with(value); });
    case Comparison::kIsSet:
      return found.has_value();
    case Comparison::kIsNotSet:
      return !found.has_value();
    case Comparison::kUnknown:
      break;
  }
  return false;
}

bool Matches(const Rule& rule, const Facts& facts) {
  const auto passes = [&](const Condition& condition) { return Passes(condition, facts); };
  if (rule.conditions.empty()) return true;
  return rule.matching == Matching::kAll ? std::all_of(rule.conditions.begin(), rule.conditions.end(), passes)
                                         : std::any_of(rule.conditions.begin(), rule.conditions.end(), passes);
}

Ruling Evaluate(std::span<const Rule> rules, const Facts& facts) {
  Ruling ruling;
  for (const Rule& rule : rules) {
    if (!Matches(rule, facts)) continue;
    ruling.rules.push_back(rule.name);
    if (ruling.team.empty()) ruling.team = rule.team;
    if (!ruling.skill) ruling.skill = rule.skill;
    if (!ruling.priority) ruling.priority = rule.priority;
    if (!ruling.bot) ruling.bot = rule.bot;
    for (const std::string& tag : rule.tags) {
      if (std::find(ruling.tags.begin(), ruling.tags.end(), tag) == ruling.tags.end()) ruling.tags.push_back(tag);
    }
  }
  return ruling;
}

}  // namespace alcove::functions
