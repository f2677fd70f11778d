#include "wasm-widget/customer/form.h"

#include <algorithm>

#include "functions/wire/typed_text.h"

namespace alcove::customer {
namespace {

FieldProblem ProblemOf(const wire::FormField& field, std::string_view value) {
  if (value.empty()) return field.required.value_or(false) ? FieldProblem::kMissing : FieldProblem::kNone;
  if (field.type == wire::FormFieldType::kEmail && !wire::IsEmailAddress(value)) return FieldProblem::kNoEmail;
  return FieldProblem::kNone;
}

// A choice that is no longer offered is none.
std::string_view ValueOf(const wire::FormField& field, std::string_view text) {
  if (field.type != wire::FormFieldType::kChoice) return wire::Trimmed(text);
  const bool is_offered = std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end();
  return is_offered ? text : std::string_view();
}

}  // namespace

bool FormState::Check(std::span<const wire::FormField> form) {
  bool is_right = true;
  for (const wire::FormField& field : form) {
    FieldState& state = fields_[field.name];
    state.problem = ProblemOf(field, ValueOf(field, state.box.text));
    if (state.problem == FieldProblem::kNone) continue;
    if (is_right) focus = field.name;
    is_right = false;
  }
  return is_right;
}

std::vector<wire::Field> FormState::Answers(std::span<const wire::FormField> form) const {
  std::vector<wire::Field> answers;
  for (const wire::FormField& field : form) {
    const auto state = fields_.find(field.name);
    if (state == fields_.end()) continue;
    const std::string_view value = ValueOf(field, state->second.box.text);
    if (!value.empty()) answers.push_back({.name = field.name, .value = std::string(value)});
  }
  return answers;
}

std::vector<wire::Field> FormState::Written() const {
  std::vector<wire::Field> written;
  for (const auto& [name, state] : fields_) {
    if (!state.box.text.empty()) written.push_back({.name = name, .value = state.box.text});
  }
  return written;
}

void FormState::Refused(std::span<const wire::Field> answers, const std::string& field) {
  for (const wire::Field& answer : answers) {
    ui::TextBoxState& box = fields_[answer.name].box;
    if (box.Blank()) box.text = answer.value;
  }
  FieldState& refused = fields_[field];
  refused.problem = refused.box.Blank() ? FieldProblem::kMissing : FieldProblem::kRefused;
  answered = false;
  focus = field;
}

}  // namespace alcove::customer
