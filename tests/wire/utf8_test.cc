#include "functions/wire/utf8.h"

#include <gtest/gtest.h>

namespace alcove::wire {
namespace {

TEST(Utf8, EveryCodePointIsOneSequenceOfItsLength) {
  // Every one of 1 to 3 bytes, and some of each of the 4-byte leads.
  for (uint32_t point = 0; point <= 0x10FFFF; point += point < 0x10000 ? 1 : 17) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    std::string text;
    AppendUtf8(point, text);
    ASSERT_EQ(text.size(), point < 0x80 ? 1u : point < 0x800 ? 2u : point < 0x10000 ? 3u : 4u);
    ASSERT_EQ(Utf8SequenceLength(text), text.size()) << point;
    ASSERT_EQ(Utf8SequenceLength(text + "x"), text.size()) << point;
    // Cut anywhere it is none.
    ASSERT_EQ(Utf8SequenceLength(std::string_view(text).substr(0, text.size() - 1)), 0u) << point;
  }
}

TEST(Utf8, RefusesWhatOnlyLooksLikeIt) {
  static constexpr struct {
    const char* name;
    std::string_view text;
  } kCases[] = {
      {"continuation first", "\x80"},          {"overlong of 2 bytes", "\xC1\xBF"},
      {"overlong of 3 bytes", "\xE0\x9F\xBF"}, {"overlong of 4 bytes", "\xF0\x8F\xBF\xBF"},
      {"first surrogate", "\xED\xA0\x80"},     {"last surrogate", "\xED\xBF\xBF"},
      {"above U+10FFFF", "\xF4\x90\x80\x80"},  {"five bytes", "\xF8\x88\x80\x80\x80"},
      {"second byte missing", "\xC3z"},        {"fourth byte missing", "\xF0\x9F\x98z"},
  };
  for (const auto& test : kCases) {
    SCOPED_TRACE(test.name);
    EXPECT_EQ(Utf8SequenceLength(test.text), 0u);
    EXPECT_FALSE(IsUtf8(test.text));
  }
  EXPECT_TRUE(IsUtf8(""));
  EXPECT_TRUE(IsUtf8("aé€😀"));
  EXPECT_FALSE(IsUtf8("aé\xFF€"));
}

TEST(Utf8, CutsBetweenCharacters) {
  EXPECT_EQ(CutUtf8("abc", 3), "abc");
  EXPECT_EQ(CutUtf8("abc", 2), "ab");
  EXPECT_EQ(CutUtf8("abc", 0), "");
  EXPECT_EQ(CutUtf8("aé", 2), "a");
  EXPECT_EQ(CutUtf8("aéb", 3), "aé");
  for (size_t bytes = 0; bytes < 4; ++bytes) EXPECT_EQ(CutUtf8("😀", bytes), "");
}

}  // namespace
}  // namespace alcove::wire
