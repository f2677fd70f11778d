// What a conversation asks of whoever takes it, and what an agent has to offer.
//
// Pure values. Threads: free functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/ids.h"

namespace alcove::functions {

// How well somebody knows something, or has to: from 1.
struct Skill {
  std::string name;
  int64_t level = 1;
  friend auto operator<=>(const Skill&, const Skill&) = default;
};

// Conversations of one need are alike to every agent: they wait in one lane,
// of which only the first has to be looked at.
struct Need {
  std::string team = {};                   // empty: anybody
  std::vector<Skill> skills = {};          // all of them
  std::string language = {};               // as BCP 47 has it; empty: any
  std::vector<wire::AgentId> passed = {};  // who had it offered and let it pass: never again
  bool is_asked_elsewhere = false;         // a program of the owner's is to say who; nobody gets it meanwhile

  friend auto operator<=>(const Need&, const Need&) = default;
};
// Puts what has no order into one, and each skill once at its highest level, so that equal needs are equal.
void Normalize(Need& need);

// What an agent can do, as far as it matters here.
struct Talents {
  std::vector<std::string> teams;
  std::vector<Skill> skills;
  std::vector<std::string> languages;  // none: all that are asked for, as nobody has said
  friend bool operator==(const Talents&, const Talents&) = default;
};

// Whether `spoken` will do for who asks for `asked`: `de` speaks with `de-AT`, and `de-AT` with `de`.
bool LanguageFits(std::string_view spoken, std::string_view asked);

// Whether the agent may have it, if there is room.
bool Fits(const wire::AgentId& agent, const Talents& talents, const Need& need);

}  // namespace alcove::functions
