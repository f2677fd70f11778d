// What the site asks before a conversation begins: what the customer has put
// into each field, and what is wrong with it. Drawn by DrawForm() of parts.h.
//
// Checks here what the server checks too (functions/reception.h), so that most
// is said at once; what the server still refuses is shown at its field.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/admin.h"
#include "functions/wire/conversation.h"
#include "wasm-widget/ui/state.h"

namespace alcove::customer {

enum class FieldProblem : uint8_t { kNone, kMissing, kNoEmail, kRefused };

struct FieldState {
  ui::TextBoxState box;  // of a choice: what was chosen, or ""
  FieldProblem problem = FieldProblem::kNone;
};

class FormState {
 public:
  // Of the field with this name, which need not be asked for now: what was written is there when it is asked for again.
  FieldState& Field(const std::string& name) { return fields_[name]; }

  // Marks what is wrong in `form` and moves the keyboard to the first of it. True where nothing is.
  bool Check(std::span<const wire::FormField> form);
  // The answers to `form` without the space around them; those that are blank are none.
  std::vector<wire::Field> Answers(std::span<const wire::FormField> form) const;
  // All that was written, as it stands there.
  std::vector<wire::Field> Written() const;
  // The server refused the answers for `field`. They are shown where nothing else was written.
  void Refused(std::span<const wire::Field> answers, const std::string& field);

  ui::ScrollState scroll;
  bool answered = false;  // the next conversation may begin
  // The field that takes the keyboard as soon as it is drawn.
  std::string focus = {};

 private:
  std::map<std::string, FieldState> fields_;
};

}  // namespace alcove::customer
