// What a program of the owner's is asked, where the strategy is `external`, and
// what it answers.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "functions/wire/admin.h"
#include "functions/wire/describe.h"

namespace alcove::wire {

// Somebody who could take it: online, with room, and with all that it needs.
struct DecisionCandidate {
  std::string agent;
  std::string name;
  int64_t load = 0;
  int64_t capacity = 0;
  friend bool operator==(const DecisionCandidate&, const DecisionCandidate&) = default;
};
template <class V>
void Describe(V& visit, DecisionCandidate& candidate) {
  visit("agent", candidate.agent);
  visit("name", candidate.name);
  visit("load", candidate.load);
  visit("capacity", candidate.capacity);
}

// It holds nothing that anybody wrote. Where a server died it may be asked again, with the same `asked_at`.
struct DecisionQuestion {
  std::string site;
  std::string conversation;
  std::string customer;  // the id
  int64_t asked_at = 0;
  int64_t waits_since = 0;
  int64_t priority = 0;
  std::optional<std::string> team;
  std::vector<SkillLevel> skills;
  std::optional<std::string> language;
  std::optional<std::string> page;
  std::vector<std::string> tags;
  std::optional<std::string> last_agent;  // who helped this customer before
  std::vector<DecisionCandidate>
      candidates;  // whom the site would rather give it to first; at most kDecisionCandidatesMax
  friend bool operator==(const DecisionQuestion&, const DecisionQuestion&) = default;
};
template <class V>
void Describe(V& visit, DecisionQuestion& question) {
  visit("site", question.site);
  visit("conversation", question.conversation);
  visit("customer", question.customer);
  visit("asked_at", question.asked_at);
  visit("waits_since", question.waits_since);
  visit("priority", question.priority);
  visit("team", question.team);
  visit("skills", question.skills);
  visit("language", question.language);
  visit("page", question.page);
  visit("tags", question.tags);
  visit("last_agent", question.last_agent);
  visit("candidates", question.candidates);
}

// 200 with whoever is to have it.
struct DecisionAnswer {
  std::optional<std::string> agent;
  friend bool operator==(const DecisionAnswer&, const DecisionAnswer&) = default;
};
template <class V>
void Describe(V& visit, DecisionAnswer& answer) {
  visit("agent", answer.agent);
}

}  // namespace alcove::wire
