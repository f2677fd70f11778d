// A conversation as lines to draw: the session's rows become days, news and
// bubbles with their groups, times and states. Pure: the same for both faces,
// tested without a frame.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/event.h"
#include "wasm-widget/client/view.h"
#include "wasm-widget/ui/function_ref.h"

namespace alcove::conversation {

// How times are written where the reader is.
struct TimeWords {
  ui::FunctionRef<std::string(int64_t at)> time;  // 10:41
  ui::FunctionRef<std::string(int64_t at)> day;   // Today
};

struct LogSource {
  std::span<const client::Row> rows;
  wire::ActorKind reader = wire::ActorKind::kCustomer;  // who looks at it: a customer or an agent
};

struct LogEntry {
  enum class Kind : uint8_t { kDay, kNews, kMessage };
  Kind kind = Kind::kMessage;
  std::string key;  // stable from build to build: the message id, or the seq
  std::string text = {};

  // Messages only.
  bool mine = false;          // written by the reader's side; of a note, by the reader
  bool note = false;          // for agents' eyes only
  bool last_of_group = true;  // has the tail corner, and `meta` under it
  bool sending = false;
  bool gone = false;               // deleted or erased: the text says so
  bool failed = false;             // `meta` is a button that sends it again
  std::string spoken_before = {};  // "Mara:"
  std::string meta = {};           // "Mara · 10:42", "10:41 · Seen"
};

// Messages of one author within this time stand together, with one line of meta under them. Half splits what
// people type in one breath; at double the times shown are off by a coffee.
inline constexpr int64_t kGroupMs = 3 * 60 * 1000;

std::vector<LogEntry> BuildLog(const LogSource& source, const TimeWords& words);

// "Mara Kovač" as one is called in a line of meta: "Mara". Names that do not part at a space stay whole, and so do
// those with a number: "Visitor 4821".
std::string_view FirstName(std::string_view name);

}  // namespace alcove::conversation
