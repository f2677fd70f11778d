// Which conversations of the list are chosen, to do one thing with all of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace alcove::console {

struct RowView;

struct ChoosingState {
  bool on = false;
  bool moved = false;                 // it began or ended in this frame: the keyboard follows
  std::vector<std::string> ids = {};  // wire::kBulkConversationsMax at most
  std::string last = {};              // the row that was pressed last, from which Shift extends
  std::string pointed = {};           // the row that shows how it is chosen, under a mouse
  std::string said = {};              // how many there are, as those who listen were told last
  size_t buttons = 0;                 // how many of the things to do have one of their own; the others are in a menu

  bool Has(std::string_view id) const;
  bool IsFull() const;
  void Begin();
  void End();
  // Chooses it, or no longer.
  void Press(std::string_view id);
  // Chooses all from the last one to this, as far as there may be so many.
  void Extend(std::string_view id, std::span<const RowView> rows);
  // All of them, as far as there may be so many; or none, where all are.
  void PressAll(std::span<const RowView> rows);
  bool HasAll(std::span<const RowView> rows) const;
  // Forgets those that are in the list no longer.
  void Keep(std::span<const RowView> rows);
};

}  // namespace alcove::console
