// Whether a store holds together: every rule that relates one key of
// store/keys.h to another, checked for every key that is there.
//
//   events are dense from 1, are what their key says, and the head counts them;
//     what was edited says what the edit says, and what was deleted or erased says nothing
//   each conversation is in exactly the indexes that its state asks for, and only agents who are there take part in it,
//     once each, beside who has it
//   queue, customers, agents and sites count what they say they count, and days how conversations ended on them
//   feeds are dense from 1, end where their head says, and point at events;
//     a customer's has every event of their conversations
//   what was answered to a put points at what it made, and is not above the greatest put that a head knows of
//   sessions and the indexes of sessions are the same; keys and their tokens name each other
//   subjects and the customers whom they are name each other
//   what agents, teams, rules, canned replies and settings name is there, and
//     the members of teams are those who name them
//   deferred calls and the index by their keys are the same, and none is looked at before its lease is over
//
// One pass over one snapshot, in the memory of a page, whatever the size. Used
// by `alcove verify`, after a restore, and by the tests after every fault.
//
// Threads: a free function.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/store.h"

namespace alcove::functions {

struct Finding {
  std::string key;   // where it was found
  std::string what;  // half a sentence: "is missing from the index ..."
};

struct VerifyReport {
  int64_t entries = 0;
  int64_t findings = 0;
  // Of families that this version does not know: a later one made them.
  int64_t unknown = 0;
};

struct VerifyListener {
  // In the order of the keys, as they are found. May be empty.
  std::function<void(const Finding&)> found;
  // After each page, with the entries so far. Not OK ends the pass with it. May be empty.
  std::function<absl::Status(int64_t entries)> progress;
};

// The report of a pass that reached the end, or the error of a read, or what
// `progress` said.
absl::StatusOr<VerifyReport> Verify(store::Reader& reader, const VerifyListener& listener);

}  // namespace alcove::functions
