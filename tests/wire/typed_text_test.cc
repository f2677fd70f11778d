#include "functions/wire/typed_text.h"

#include <string_view>

#include "gtest/gtest.h"

namespace alcove::wire {
namespace {

TEST(TypedText, IsTrimmedOfWhiteSpaceBeforeAndBehind) {
  struct Row {
    std::string_view typed;
    std::string_view trimmed;
  };
  constexpr Row kRows[] = {
      {"", ""},
      {" \t\r\n\v\f", ""},
      {"a", "a"},
      {"  two words\n", "two words"},
      {"\xC2\xA0held", "\xC2\xA0held"},  // a space that holds words together is part of the text
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(row.typed);
    EXPECT_EQ(Trimmed(row.typed), row.trimmed);
    EXPECT_EQ(IsBlank(row.typed), row.trimmed.empty());
  }
}

TEST(TypedText, AnEmailAddressHasSomethingOnBothSidesOfOneAt) {
  for (const std::string_view right : {"a@b", "ada@example.org", "ä.b+c@例え.jp"}) {
    EXPECT_TRUE(IsEmailAddress(right)) << right;
  }
  const std::string_view kWrong[] = {"",      "@",     "a",    "a@",    "@b",
                                     "a@b@c", "a b@c", "a@b ", "a@b\n", std::string_view("a@b\0", 4)};
  for (const std::string_view wrong : kWrong) {
    EXPECT_FALSE(IsEmailAddress(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace alcove::wire
