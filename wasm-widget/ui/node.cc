#include "wasm-widget/ui/node.h"

#include <array>

namespace alcove::ui {

std::string_view NameOf(Role role) {
  static constexpr std::array<std::string_view, 29> kNames = {
      "group",   "text",       "heading",  "image",  "button",   "link",   "tab",      "tablist",  "option", "listbox",
      "textbox", "password",   "textarea", "select", "scroll",   "log",    "list",     "status",   "alert",  "main",
      "banner",  "navigation", "dialog",   "menu",   "menuitem", "switch", "checkbox", "progress", "date"};
  return kNames[static_cast<size_t>(role)];
}

bool IsTextBox(Role role) {
  return role == Role::kTextBox || role == Role::kPassword || role == Role::kTextArea || role == Role::kDate;
}

}  // namespace alcove::ui
