#include "wasm-widget/console/choosing.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "functions/wire/limits.h"
#include "wasm-widget/console/screen.h"

namespace alcove::console {

bool ChoosingState::Has(std::string_view id) const { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

bool ChoosingState::IsFull() const { return ids.size() >= wire::kBulkConversationsMax; }

void ChoosingState::Begin() {
  if (!on) moved = true;
  on = true;
}

void ChoosingState::End() { *this = {.moved = true}; }

void ChoosingState::Press(std::string_view id) {
  last = id;
  if (std::erase(ids, id) == 0 && !IsFull()) ids.emplace_back(id);
}

void ChoosingState::Extend(std::string_view id, std::span<const RowView> rows) {
  const auto place_of = [&](std::string_view wanted) {
    return std::find_if(rows.begin(), rows.end(), [&](const RowView& row) { return row.id == wanted; });
  };
  auto from = place_of(last);
  auto to = place_of(id);
  if (to == rows.end()) return;
  if (from == rows.end()) from = to;
  last = id;
  const auto step = from <= to ? 1 : -1;
  for (auto row = from;; row += step) {
    if (!Has(row->id) && !IsFull()) ids.emplace_back(row->id);
    if (row == to) return;
  }
}

bool ChoosingState::HasAll(std::span<const RowView> rows) const {
  return IsFull() || std::all_of(rows.begin(), rows.end(), [&](const RowView& row) { return Has(row.id); });
}

void ChoosingState::PressAll(std::span<const RowView> rows) {
  if (HasAll(rows)) {
    ids.clear();
    return;
  }
  for (const RowView& row : rows) {
    if (!Has(row.id) && !IsFull()) ids.emplace_back(row.id);
  }
}

void ChoosingState::Keep(std::span<const RowView> rows) {
  std::erase_if(ids, [&](const std::string& id) {
    return std::none_of(rows.begin(), rows.end(), [&](const RowView& row) { return row.id == id; });
  });
}

}  // namespace alcove::console
