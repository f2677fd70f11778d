#include "functions/wire/placeholders.h"

#include <gtest/gtest.h>

#include <string>

#include "functions/wire/limits.h"

namespace alcove::wire {
namespace {

TEST(Placeholders, FindsTheFirstThatIsNone) {
  const std::string longest(kAttributeNameBytesMax, 'a');
  const struct {
    std::string text;
    const char* bad;  // nullptr: none
  } kCases[] = {
      {"", nullptr},
      {"Hello { there } }} you", nullptr},
      {"Hello {{customer.name}}, {{agent.name}} of {{site.name}}", nullptr},
      {"{{customer.plan_2}}{{conversation.order}}", nullptr},
      {"{{customer." + longest + "}}", nullptr},
      {"{{customer.name}} {{nobody.name}} {{x}}", "nobody.name"},
      {"{{}}", ""},
      {"{{customer.}}", "customer."},
      {"{{ customer.name }}", " customer.name "},
      {"{{site.url}}", "site.url"},
      {"a {{customer.name", "{{"},
      {"{{customer.name}} {{", "{{"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(BadPlaceholder(c.text), c.bad == nullptr ? std::nullopt : std::optional<std::string>(c.bad));
  }
  EXPECT_TRUE(BadPlaceholder("{{customer." + longest + "a}}").has_value());
}

TEST(Placeholders, AreFilledWhereTheyAreKnown) {
  const auto value = [](std::string_view name) -> std::optional<std::string> {
    if (name == "customer.name") return "Ada {{agent.name}}";
    if (name == "site.name") return "";
    return std::nullopt;
  };
  EXPECT_EQ(FillPlaceholders("Hi {{customer.name}}{{site.name}}, {{agent.name}} {{", value),
            "Hi Ada {{agent.name}}, {{agent.name}} {{");
  EXPECT_EQ(FillPlaceholders("", value), "");
}

}  // namespace
}  // namespace alcove::wire
