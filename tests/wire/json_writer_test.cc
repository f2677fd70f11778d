#include "functions/wire/json_writer.h"

#include <gtest/gtest.h>

#include <string>

#include "functions/wire/plain_run.h"

namespace alcove::wire {
namespace {

// At each place within a word and behind it.
TEST(PlainRun, EndsBeforeWhatIsWrittenInAnotherWay) {
  for (int byte = 0; byte < 256; ++byte) {
    const bool is_plain = byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
    for (size_t before = 0; before <= 17; ++before) {
      const std::string text = std::string(before, 'a') + static_cast<char>(byte) + std::string(9, 'b');
      EXPECT_EQ(PlainRun(text), is_plain ? text.size() : before) << byte << " behind " << before;
    }
  }
  EXPECT_EQ(PlainRun(""), 0U);
}

TEST(JsonWriter, EscapesWhatJsonDemandsAndNothingElse) {
  static const struct {
    const char* name;
    std::string text;
    std::string expected;
  } kCases[] = {
      {"empty", "", R"("")"},
      {"plain", "abc /<>&'\x7F", "\"abc /<>&'\x7F\""},
      {"quotes", R"(a"b\c)", R"("a\"b\\c")"},
      {"short escapes", "\n\r\t", R"("\n\r\t")"},
      {"control characters", std::string("\0\x01\b\f\x1f", 5), R"("\u0000\u0001\u0008\u000c\u001f")"},
      {"characters of 2, 3 and 4 bytes", "é€😀", "\"é€😀\""},
      {"a cut character", "a\xF0\x9F\x98", "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"a surrogate", "\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
      {"bad, then plain", "\xFFok\xFE", "\"\xEF\xBF\xBDok\xEF\xBF\xBD\""},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    std::string out;
    AppendJsonString(test.text, out);
    EXPECT_EQ(out, test.expected);
  }
}

}  // namespace
}  // namespace alcove::wire
