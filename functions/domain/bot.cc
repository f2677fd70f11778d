#include "functions/domain/bot.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/domain/need.h"
#include "functions/wire/utf8.h"

namespace alcove::functions {
namespace {

// From the first code point to the last, both included.
struct CodePoints {
  uint32_t first;
  uint32_t last;
};
bool IsIn(uint32_t c, const CodePoints& range) { return range.first <= c && c <= range.last; }

template <size_t size>
bool IsInOneOf(uint32_t c, const CodePoints (&ranges)[size]) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const CodePoints& range) { return IsIn(c, range); });
}

// Neither letters nor numbers: those of ASCII and Latin-1, punctuation, what is only seen beside another (selectors,
// joiners), and what does not stand for a character.
constexpr CodePoints kParting[] = {
    {0x00, 0x2F},     {0x3A, 0x40},     {0x5B, 0x60},     {0x7B, 0xA9},     {0xAB, 0xB4},
    {0xB6, 0xB9},     {0xBB, 0xBF},     {0xD7, 0xD7},     {0xF7, 0xF7},     {0x37E, 0x37E},
    {0x387, 0x387},   {0x5BE, 0x5BE},   {0x60C, 0x60D},   {0x61B, 0x61F},   {0x964, 0x965},
    {0x2000, 0x20CF}, {0x3000, 0x3004}, {0x3008, 0x3020}, {0xFE00, 0xFE6F}, {0xFF00, 0xFF0F},
    {0xFF1A, 0xFF20}, {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65}, {0xFFF0, 0xFFFF}, {0xE0000, 0x10FFFF},
};
// Without spaces, or with endings that are written on: Thai and its neighbours, Khmer, symbols, Chinese, Japanese,
// Korean, and pictures.
constexpr CodePoints kWordsOfTheirOwn[] = {
    {0x0E00, 0x0EFF}, {0x1000, 0x109F}, {0x1780, 0x17FF}, {0x2100, 0x2BFF},   {0x2E80, 0x9FFF},
    {0xAC00, 0xD7AF}, {0xF900, 0xFAFF}, {0xFF66, 0xFF9F}, {0x1F000, 0x3FFFF},
};

// The code point of the character that `text` begins with, which is `length` long.
uint32_t CodePoint(std::string_view text, size_t length) {
  constexpr uint32_t kFirstBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  uint32_t c = static_cast<unsigned char>(text[0]) & kFirstBits[length];
  for (size_t i = 1; i < length; ++i) c = c << 6 | (static_cast<unsigned char>(text[i]) & 0x3F);
  return c;
}

// Of letters that stand in pairs, a capital and its small one, with the capital at an even or an odd number.
uint32_t SmallOfPair(uint32_t c, uint32_t capital_is_odd) { return c % 2 == capital_is_odd ? c + 1 : c; }

uint32_t SmallLatin(uint32_t c) {
  if (IsIn(c, {'A', 'Z'}) || (IsIn(c, {0xC0, 0xDE}) && c != 0xD7)) return c + 0x20;
  if (c == 0x130) return 'i';
  if (c == 0x178) return 0xFF;
  if (IsIn(c, {0x100, 0x137}) || IsIn(c, {0x14A, 0x177}) || IsIn(c, {0x218, 0x21B}) || IsIn(c, {0x1E00, 0x1E95}) ||
      IsIn(c, {0x1EA0, 0x1EFF})) {
    return SmallOfPair(c, 0);
  }
  if (IsIn(c, {0x139, 0x148}) || IsIn(c, {0x179, 0x17E})) return SmallOfPair(c, 1);
  return c;
}

uint32_t SmallGreek(uint32_t c) {
  if (IsIn(c, {0x391, 0x3AB}) && c != 0x3A2) return c + 0x20;
  if (c == 0x386) return 0x3AC;
  if (IsIn(c, {0x388, 0x38A})) return c + 0x25;
  if (c == 0x38C) return 0x3CC;
  if (c == 0x38E || c == 0x38F) return c + 0x3F;
  return c == 0x3C2 ? 0x3C3 : c;  // at the end of a word it is another letter, and the same
}

uint32_t SmallCyrillic(uint32_t c) {
  if (IsIn(c, {0x410, 0x42F})) return c + 0x20;
  if (IsIn(c, {0x400, 0x40F})) return c + 0x50;
  return IsIn(c, {0x460, 0x481}) || IsIn(c, {0x48A, 0x4BF}) || IsIn(c, {0x4D0, 0x52F}) ? SmallOfPair(c, 0) : c;
}

uint32_t Small(uint32_t c) {
  // Letters and numbers as wide as Chinese ones.
  if (IsIn(c, {0xFF10, 0xFF19}) || IsIn(c, {0xFF21, 0xFF3A}) || IsIn(c, {0xFF41, 0xFF5A})) c -= 0xFEE0;
  if (c < 0x370 || IsIn(c, {0x1E00, 0x1EFF})) return SmallLatin(c);
  if (c < 0x400) return SmallGreek(c);
  return c < 0x530 ? SmallCyrillic(c) : c;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view text) {
  std::vector<std::string> words;
  bool goes_on = false;  // the last word
  while (!text.empty()) {
    const size_t length = wire::Utf8SequenceLength(text);
    const uint32_t c = length == 0 ? 0 : CodePoint(text, length);
    text.remove_prefix(std::max<size_t>(length, 1));
    const bool alone = IsInOneOf(c, kWordsOfTheirOwn);
    const bool is_word = !IsInOneOf(c, kParting);
    if (is_word) {
      if (!goes_on || alone) words.emplace_back();
      wire::AppendUtf8(Small(c), words.back());
    }
    goes_on = is_word && !alone;
  }
  return words;
}

bool HoldsOneOf(const std::vector<std::string>& phrases, const std::vector<std::string>& words) {
  return std::any_of(phrases.begin(), phrases.end(), [&](const std::string& phrase) {
    const std::vector<std::string> wanted = WordsOf(phrase);
    return !wanted.empty() && std::search(words.begin(), words.end(), wanted.begin(), wanted.end()) != words.end();
  });
}

bool Speaks(const wire::BotFields& bot, const std::optional<std::string>& language) {
  return !bot.language || !language || LanguageFits(*bot.language, *language);
}

BotReply ReplyOf(const wire::BotFields& bot, std::string_view message, int64_t unknown) {
  const std::vector<std::string> words = WordsOf(message);
  BotReply reply;
  if (HoldsOneOf(bot.hand_over, words)) {
    reply.hands_over = kAskedForAPerson;
    reply.text = bot.hand_over_text.value_or("");
    return reply;
  }
  for (const wire::BotAnswer& answer : bot.answers) {
    if (!HoldsOneOf(answer.phrases, words)) continue;
    reply.text = answer.text;
    reply.quick_replies = answer.quick_replies.value_or(std::vector<std::string>());
    return reply;
  }
  reply.unknown = unknown + 1;
  if (reply.unknown < bot.hand_over_after.value_or(1)) {
    reply.text = bot.fallback.value_or("");
    // Nobody is left without a word.
    if (reply.text.empty()) reply.hands_over = "had nothing to say";
    return reply;
  }
  reply.hands_over =
      reply.unknown == 1 ? "did not know an answer" : absl::StrCat("did not know ", reply.unknown, " answers");
  reply.text = bot.hand_over_text.value_or("");
  return reply;
}

BotTalk TalkWith(const wire::BotFields& bot, std::span<const std::string> messages) {
  BotTalk talk{0, messages.empty() ? std::string(kAskedForAPerson) : std::string()};
  int64_t unknown = 0;
  for (const std::string& message : messages) {
    ++talk.messages;
    if (bot.url) {
      const bool asks = HoldsOneOf(bot.hand_over, WordsOf(message));
      talk.hands_over = asks ? kAskedForAPerson : std::string_view("its program is not asked");
      return talk;
    }
    BotReply reply = ReplyOf(bot, message, unknown);
    unknown = reply.unknown;
    talk.hands_over = std::move(reply.hands_over);
    if (!talk.hands_over.empty()) return talk;
  }
  return talk;
}

}  // namespace alcove::functions
