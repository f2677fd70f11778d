// The owner's rules: what is known of a conversation when it begins, and what
// that makes of it.
//
// Rules are tried in the order in which they are given. Each that matches says
// what no rule before it said; tags add up. A test of several values passes
// with one of them; capitals are as small letters, in the letters of ASCII. A
// list contains what is one of its items, whole.
//
// Pure: no store, no clock. Threads: plain values and free functions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/domain/need.h"
#include "functions/wire/admin.h"

namespace alcove::functions {

// The customer's attribute that is their tier.
inline constexpr std::string_view kTierAttribute = "tier";

// What is known of a conversation.
struct Facts {
  std::string page;  // the address where it began
  std::map<std::string, std::string, std::less<>> form;
  std::map<std::string, std::string, std::less<>> customer;      // their attributes
  std::map<std::string, std::string, std::less<>> conversation;  // its own
  // The names of those that are lists.
  std::set<std::string, std::less<>> customer_lists;
  std::set<std::string, std::less<>> conversation_lists;
  std::string tier;
  std::string language;
  // Of the site ("") and of others by their ids: whether it is open there. What is not in it is open.
  std::map<std::string, bool, std::less<>> open;
};

// The first of each, of a later version, never passes.
using Subject = wire::ConditionField;
using Comparison = wire::ConditionTest;
enum class Matching { kAll, kAny };

struct Condition {
  Subject of = Subject::kUnknown;
  std::string name;  // of the field or attribute, or the id of hours
  Comparison test = Comparison::kUnknown;
  std::vector<std::string> values;
};

struct Rule {
  std::string name;
  Matching matching = Matching::kAll;
  std::vector<Condition> conditions;  // none: it always matches
  // What it says; what is empty it does not say.
  std::string team;
  std::optional<Skill> skill;
  std::optional<int64_t> priority;
  std::vector<std::string> tags;
  std::optional<std::string> bot = std::nullopt;  // its id, or wire::kNoBot
};

// What the rules come to.
struct Ruling {
  std::string team;
  std::optional<Skill> skill;
  std::optional<int64_t> priority;
  std::vector<std::string> tags;   // each once, in the order in which they were said
  std::vector<std::string> rules;  // the names of those that matched
  std::optional<std::string> bot = std::nullopt;
};

bool Passes(const Condition& condition, const Facts& facts);
bool Matches(const Rule& rule, const Facts& facts);
Ruling Evaluate(std::span<const Rule> rules, const Facts& facts);

}  // namespace alcove::functions
