// Several actions on several conversations in one call: what an agent does to a
// selection, and what a macro does.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "functions/wire/conversation.h"
#include "functions/wire/describe.h"

namespace alcove::wire {

// What is done, by the last word of its own call (`close`, `tags`, ...), with that call's body.
struct BulkAction {
  std::string act;
  std::optional<RawJson> body;
  friend bool operator==(const BulkAction&, const BulkAction&) = default;
};
template <class V>
void Describe(V& visit, BulkAction& action) {
  visit("act", action.act);
  visit("body", action.body);
}

struct Bulk {
  std::vector<std::string> conversations;
  std::vector<BulkAction> actions;  // on each, in this order
  friend bool operator==(const Bulk&, const Bulk&) = default;
};
template <class V>
void Describe(V& visit, Bulk& bulk) {
  visit("conversations", bulk.conversations);
  visit("actions", bulk.actions);
}

// What came of one conversation: of the last action, which is the first that was refused.
struct BulkResult {
  std::string conversation;
  int64_t status = 0;
  std::optional<std::string> code;           // of the problem
  std::optional<std::string> act;            // that was refused
  std::optional<Actor> agent = {};           // already_claimed: who has it
  std::optional<Conversation> summary = {};  // what it is now, where all was done
  friend bool operator==(const BulkResult&, const BulkResult&) = default;
};
template <class V>
void Describe(V& visit, BulkResult& result) {
  visit("conversation", result.conversation);
  visit("status", result.status);
  visit("code", result.code);
  visit("act", result.act);
  visit("agent", result.agent);
  visit("summary", result.summary);
}

struct BulkAnswer {
  std::vector<BulkResult> results;
  friend bool operator==(const BulkAnswer&, const BulkAnswer&) = default;
};
template <class V>
void Describe(V& visit, BulkAnswer& answer) {
  visit("results", answer.results);
}

}  // namespace alcove::wire
