#include "functions/wire/json_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

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

// A word is looked at as a whole: what stands behind the first such byte must not hide it.
TEST(PlainRun, EndsBeforeTheFirstOfTwo) {
  const auto is_plain = [](int byte) { return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\'; };
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text = "abc" + std::string({static_cast<char>(first), static_cast<char>(second)}) + "def";
      const size_t expected = !is_plain(first) ? 3 : !is_plain(second) ? 4 : text.size();
      ASSERT_EQ(PlainRun(text), expected) << first << ", " << second;
    }
  }
}

struct Line {
  std::string text;
  int64_t number = 0;
  std::vector<std::string> words;
};
template <class V>
void Describe(V& visit, Line& line) {
  visit("text", line.text);
  visit("number", line.number);
  visit("words", line.words);
}

// The text has room for 512 bytes at first.
TEST(JsonWriter, WritesOnWhereItsRoomEnds) {
  for (size_t size = 460; size < 520; ++size) {
    for (const std::string end : {"", "\"", "é"}) {
      const Line line{std::string(size, 'a') + end, INT64_MIN, {"b", end, std::string(size * 3, 'c')}};
      std::string text, words;
      AppendJsonString(line.text, text);
      for (const std::string& word : line.words) {
        if (!words.empty()) words += ',';
        AppendJsonString(word, words);
      }
      EXPECT_EQ(WriteJson<EnumForm::kName>(line),
                "{\"text\":" + text + ",\"number\":-9223372036854775808,\"words\":[" + words + "]}");
    }
  }
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
