#include "functions/domain/need.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace alcove::functions {
namespace {

// `de` of `de-AT`.
std::string_view PrimaryOf(std::string_view language) { return language.substr(0, language.find_first_of("-_")); }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return absl::ascii_tolower(static_cast<unsigned char>(x)) == absl::ascii_tolower(static_cast<unsigned char>(y));
  });
}

bool Knows(const Talents& talents, const Skill& asked) {
  return std::any_of(talents.skills.begin(), talents.skills.end(),
                     [&](const Skill& skill) { return skill.name == asked.name && skill.level >= asked.level; });
}

}  // namespace

void Normalize(Need& need) {
  // Of one name the highest level comes last, and is kept.
  std::sort(need.skills.begin(), need.skills.end());
  std::vector<Skill> skills;
  for (Skill& skill : need.skills) {
    if (!skills.empty() && skills.back().name == skill.name) {
      skills.back() = std::move(skill);
    } else {
      skills.push_back(std::move(skill));
    }
  }
  need.skills = std::move(skills);
  std::sort(need.passed.begin(), need.passed.end());
  need.passed.erase(std::unique(need.passed.begin(), need.passed.end()), need.passed.end());
}

bool LanguageFits(std::string_view spoken, std::string_view asked) {
  return EqualsIgnoringCase(PrimaryOf(spoken), PrimaryOf(asked));
}

bool Fits(const wire::AgentId& agent, const Talents& talents, const Need& need) {
  if (!need.team.empty() && std::find(talents.teams.begin(), talents.teams.end(), need.team) == talents.teams.end()) {
    return false;
  }
  if (!need.language.empty() && !talents.languages.empty() &&
      std::none_of(talents.languages.begin(), talents.languages.end(),
                   [&](const std::string& spoken) { return LanguageFits(spoken, need.language); })) {
    return false;
  }
  if (!std::all_of(need.skills.begin(), need.skills.end(), [&](const Skill& skill) { return Knows(talents, skill); })) {
    return false;
  }
  return !std::binary_search(need.passed.begin(), need.passed.end(), agent);
}

}  // namespace alcove::functions
