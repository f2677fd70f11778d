#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/customer/parts.h"
#include "wasm-widget/customer/strings.h"
#include "wasm-widget/ui/strings.h"

namespace alcove::customer {
namespace {

using ui::Rect;
using wire::FormFieldType;

constexpr float kLabelGap = 4;
constexpr float kBoxHeight = 40;
constexpr float kChoiceRadius = 8;
constexpr float kProblemGap = 4;
constexpr float kFieldGap = 16;
constexpr ui::TextStyle kLabelStyle = ui::kTextM.Medium();
constexpr ui::TextStyle kProblemStyle = ui::kTextS;

std::string LabelOf(const wire::FormField& field) {
  return field.required.value_or(false) ? ui::Fill(strings::kFieldRequired, {field.label}) : field.label;
}

std::string_view TextOf(FieldProblem problem) {
  switch (problem) {
    case FieldProblem::kNone:
      break;
    case FieldProblem::kMissing:
      return strings::kFieldMissing;
    case FieldProblem::kNoEmail:
      return strings::kFieldNoEmail;
    case FieldProblem::kRefused:
      return strings::kFieldRefused;
  }
  return {};
}

ui::TextBoxOptions BoxOf(const wire::FormField& field, std::string_view label) {
  ui::TextBoxOptions options = {
      .label = label, .padding_y = 10, .bytes_max = static_cast<uint32_t>(wire::kFormValueBytesMax)};
  if (field.type == FormFieldType::kLongText) options.lines_max = 4;
  if (field.type == FormFieldType::kEmail) {
    options.autocomplete = "email";
  } else if (field.name == "name") {
    options.autocomplete = "name";
  }
  return options;
}

// Draws the choices, of which the first is none; true where another was chosen.
bool DrawChoice(ui::Ui& ui, const Rect& rect, const wire::FormField& field, std::string_view label, std::string& text,
                std::string& chosen) {
  std::vector<ui::SelectOption> options = {{.label = strings::kFieldChoose}};
  int selected = 0;
  for (const std::string& choice : field.choices) {
    if (choice == text) selected = static_cast<int>(options.size());
    options.push_back({.label = choice});
  }
  const int now = ui.Select(rect, label, options, selected);
  if (now == selected) return false;
  chosen = now == 0 ? "" : field.choices[static_cast<size_t>(now - 1)];
  return true;
}

}  // namespace

void DrawForm(ui::Ui& ui, Rect& rest, const CustomerView& view, CustomerState& state, FormChange& change) {
  for (const wire::FormField& field : view.form) {
    FieldState& now = state.form.Field(field.name);
    const std::string label = LabelOf(field);
    const float label_height = ui.Measure(label, kLabelStyle, rest.width).height;
    ui.Paragraph(rest.CutTop(label_height), label, {.style = kLabelStyle, .silent = true});
    rest.CutTop(kLabelGap);
    Rect box;
    ui.Scope(field.name, [&] {
      if (field.type == FormFieldType::kChoice) {
        box = rest.CutTop(kBoxHeight);
        std::string chosen;
        if (DrawChoice(ui, box, field, label, now.box.text, chosen)) {
          change.field = field.name;
          change.chosen = std::move(chosen);
        }
      } else {
        const ui::TextBoxOptions options = BoxOf(field, label);
        box = rest.CutTop(ui.TextBoxHeight(rest.width, now.box, options));
        const ui::TextBoxResult result = ui.TextBox(box, now.box, options);
        if (result.changed) change.field = field.name;
        change.begin = change.begin || result.submitted;
      }
      const std::string_view problem = TextOf(now.problem);
      if (problem.empty()) return;
      ui.MarkWrong(box, problem,
                   {.radius = field.type == FormFieldType::kChoice ? kChoiceRadius : ui::kRadiusM,
                    .takes_focus = state.form.focus == field.name});
      rest.CutTop(kProblemGap);
      const float height = ui.Measure(problem, kProblemStyle, rest.width).height;
      ui.Paragraph(rest.CutTop(height), problem, {.style = kProblemStyle, .color = ui.theme().bad, .silent = true});
    });
    rest.CutTop(kFieldGap);
  }
  const std::string_view begin = view.team_online ? strings::kFormBegin.text() : strings::kFormLeave.text();
  if (ui.Button(rest.CutTop(kBoxHeight), begin)) change.begin = true;
}

void Apply(const FormChange& change, const CustomerView& view, CustomerState& state, CustomerRequest& request) {
  if (!change.field.empty()) {
    request.typed = true;
    FieldState& field = state.form.Field(change.field);
    field.problem = FieldProblem::kNone;
    if (change.chosen) field.box.text = *change.chosen;
  }
  if (change.begin && state.form.Check(view.form)) request.begin = true;
}

}  // namespace alcove::customer
