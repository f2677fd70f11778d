// What an attribute is to be: chosen among its values, or written.
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "wasm-widget/console/parts.h"
#include "wasm-widget/console/strings.h"

namespace alcove::console {
namespace {

// The values of an attribute that has so many; none: it is written. The last takes it away.
struct Value {
  std::string_view label;
  std::string_view value;
};
std::vector<Value> ValuesOf(const wire::AttributeFields& attribute) {
  std::vector<Value> values;
  if (attribute.type == wire::AttributeType::kBoolean) values = {{strings::kYes, "true"}, {strings::kNo, "false"}};
  if (attribute.type == wire::AttributeType::kChoice) {
    for (const std::string& choice : attribute.choices) values.push_back({choice, choice});
  }
  if (!values.empty()) values.push_back({strings::kNoValue, ""});
  return values;
}

}  // namespace

void DrawAttributeMenu(ui::Ui& ui, const ConversationView& view, ConsoleState& state, ConsoleRequest& request) {
  const auto found = std::find_if(view.facts.begin(), view.facts.end(), [&](const Fact& fact) {
    return fact.attribute != nullptr && fact.attribute->id == state.attribute;
  });
  if (found == view.facts.end()) {
    // It was taken away meanwhile.
    state.Go(OpenMenu::kNone);
    return;
  }
  const wire::AttributeFields& attribute = found->attribute->fields;
  const std::vector<Value> values = ValuesOf(attribute);
  std::optional<std::string> value;
  if (values.empty()) {
    value = DrawQuestion(ui,
                         {.title = attribute.label,
                          .label = attribute.label,
                          .button = strings::kSave,
                          .bytes_max = wire::kAttributeValueBytesMax,
                          .date = attribute.type == wire::AttributeType::kDate},
                         state);
  } else {
    std::vector<ui::MenuItem> items;
    for (const Value& each : values) items.push_back({.label = each.label, .key = each.value});
    const int chosen = DrawChoices(ui, attribute.label, items, state);
    if (chosen >= 0) value = values[static_cast<size_t>(chosen)].value;
  }
  if (!value || *value == found->value) return;
  request.attribute = found->attribute->id;
  request.value = std::move(*value);
}

}  // namespace alcove::console
