#include "wasm-widget/client/json.h"

#include "functions/wire/limits.h"
#include "functions/wire/utf8.h"

// Parent links make jsmn's time proportional to the text; without them it looks
// back over all of an array at each end of an item.
#define JSMN_STATIC
#define JSMN_STRICT
#define JSMN_PARENT_LINKS
#include <jsmn.h>

namespace alcove::client {
namespace {

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

size_t SkipDigits(std::string_view text, size_t at) {
  while (at < text.size() && IsDigit(text[at])) ++at;
  return at;
}

// -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
bool IsNumber(std::string_view text) {
  size_t at = !text.empty() && text[0] == '-' ? 1 : 0;
  const size_t whole = SkipDigits(text, at);
  if (whole == at || (text[at] == '0' && whole > at + 1)) return false;
  at = whole;
  if (at < text.size() && text[at] == '.') {
    const size_t fraction = SkipDigits(text, at + 1);
    if (fraction == at + 1) return false;
    at = fraction;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t exponent = SkipDigits(text, at);
    if (exponent == at) return false;
    at = exponent;
  }
  return at == text.size();
}

// The number that 4 hexadecimal digits name, which jsmn has seen to be such; -1 where there are fewer.
int32_t HexOf(std::string_view text) {
  if (text.size() < 4) return -1;
  int32_t number = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    if (digit < 0 || digit > 15) return -1;
    number = number * 16 + digit;
  }
  return number;
}

// Appends the text that a string's inside stands for; `out` may be null, to only
// check it. False for a control character, a surrogate alone, or what is not UTF-8.
bool Unescape(std::string_view text, std::string* out) {
  while (!text.empty()) {
    size_t taken = 0;
    if (text[0] != '\\') {
      taken = wire::Utf8SequenceLength(text);
      if (taken == 0 || static_cast<unsigned char>(text[0]) < 0x20) return false;
      if (out != nullptr) out->append(text.data(), taken);
    } else if (text.size() < 2) {
      return false;
    } else if (text[1] != 'u') {
      static constexpr std::string_view kFrom = "\"\\/bfnrt";
      static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
      const size_t index = kFrom.find(text[1]);
      if (index == std::string_view::npos) return false;
      if (out != nullptr) *out += kTo[index];
      taken = 2;
    } else {
      int32_t point = HexOf(text.substr(2));
      if (point < 0 || (point >= 0xDC00 && point <= 0xDFFF)) return false;
      taken = 6;
      if (point >= 0xD800 && point <= 0xDBFF) {
        if (text.substr(6, 2) != "\\u") return false;
        const int32_t low = HexOf(text.substr(8));
        if (low < 0xDC00 || low > 0xDFFF) return false;
        point = 0x10000 + (point - 0xD800) * 0x400 + (low - 0xDC00);
        taken = 12;
      }
      if (out != nullptr) wire::AppendUtf8(static_cast<uint32_t>(point), *out);
    }
    text.remove_prefix(taken);
  }
  return true;
}

// Whether it opens no more than kJsonDepthMax brackets at a time. Looked at
// first: jsmn's time grows with the square of the depth.
bool IsShallow(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      in_string = !in_string;
    } else if (in_string) {
      if (c == '\\') ++i;
    } else if (c == '{' || c == '[') {
      if (++depth > wire::kJsonDepthMax) return false;
    } else if (c == '}' || c == ']') {
      if (--depth < 0) return false;
    }
  }
  return true;
}

}  // namespace

// jsmn finds values but is generous with what lies between them (`[1 2]`,
// `{"a"}`, `{,}` pass). The checker walks its tokens and demands each character.
class JsonDocument::Checker {
 public:
  explicit Checker(const JsonDocument& document) : text_(document.text_), tokens_(document.tokens_) {}

  bool Check() {
    const bool ok = CheckValue();
    SkipSpace();
    return ok && at_ == text_.size() && next_ == tokens_.size();
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  bool Take(char expected) {
    SkipSpace();
    return at_ < text_.size() && text_[at_++] == expected;
  }
  bool CheckString(const Token& token) {
    if (token.type != JSMN_STRING || !Take('"') || at_ != static_cast<size_t>(token.start)) return false;
    at_ = static_cast<size_t>(token.end) + 1;
    return Unescape(Inside(token), nullptr);
  }
  bool CheckValue() {
    if (next_ >= tokens_.size()) return false;
    const Token& token = tokens_[next_++];
    if (token.type == JSMN_STRING) return token.size == 0 && CheckString(token);
    SkipSpace();
    if (at_ != static_cast<size_t>(token.start)) return false;
    if (token.type == JSMN_PRIMITIVE) {
      at_ = static_cast<size_t>(token.end);
      const std::string_view text = Inside(token);
      return text == "null" || text == "true" || text == "false" || IsNumber(text);
    }
    const bool is_object = token.type == JSMN_OBJECT;
    ++at_;
    for (int i = 0; i < token.size; ++i) {
      if (i > 0 && !Take(',')) return false;
      if (is_object) {
        if (next_ >= tokens_.size()) return false;
        const Token& key = tokens_[next_++];
        if (key.size != 1 || !CheckString(key) || !Take(':')) return false;
      }
      if (!CheckValue()) return false;
    }
    return Take(is_object ? '}' : ']') && at_ == static_cast<size_t>(token.end);
  }
  std::string_view Inside(const Token& token) const {
    return text_.substr(static_cast<size_t>(token.start), static_cast<size_t>(token.end - token.start));
  }

  const std::string_view text_;
  const std::vector<Token>& tokens_;
  size_t at_ = 0;
  size_t next_ = 0;
};

bool JsonDocument::Parse(std::string_view text) {
  static_assert(sizeof(Token) == sizeof(jsmntok_t));
  text_ = text;
  tokens_.clear();
  if (!IsShallow(text)) return false;
  jsmn_parser parser;
  jsmn_init(&parser);
  // The first pass only counts.
  const int count = jsmn_parse(&parser, text.data(), text.size(), nullptr, 0);
  if (count <= 0) return false;
  std::vector<jsmntok_t> tokens(static_cast<size_t>(count));
  jsmn_init(&parser);
  if (jsmn_parse(&parser, text.data(), text.size(), tokens.data(), static_cast<unsigned>(count)) != count) return false;
  tokens_.reserve(tokens.size());
  for (const jsmntok_t& token : tokens) {
    tokens_.push_back({token.type, token.start, token.end, token.size, token.parent});
  }
  if (Checker(*this).Check()) return true;
  tokens_.clear();
  return false;
}

JsonDocument::Value JsonDocument::After(Value value) const {
  const int end = tokens_[static_cast<size_t>(value)].end;
  size_t next = static_cast<size_t>(value) + 1;
  while (next < tokens_.size() && tokens_[next].start < end) ++next;
  return static_cast<Value>(next);
}

JsonDocument::Value JsonDocument::Member(Value object, std::string_view name) const {
  // Between the pairs lie whole values: from a key, its value is one further.
  Value key = object + 1;
  for (int left = tokens_[static_cast<size_t>(object)].size; left > 0; --left) {
    if (TextOf(key) == name) return key + 1;
    key = After(key + 1);
  }
  return kNone;
}

JsonDocument::Value JsonDocument::First(Value array) const {
  return tokens_[static_cast<size_t>(array)].size == 0 ? kNone : array + 1;
}

JsonDocument::Value JsonDocument::Next(Value array, Value item) const {
  const Value next = After(item);
  const bool inside = static_cast<size_t>(next) < tokens_.size() &&
                      tokens_[static_cast<size_t>(next)].start < tokens_[static_cast<size_t>(array)].end;
  return inside ? next : kNone;
}

std::string_view JsonDocument::TextOf(Value value) const {
  if (value == kNone) return {};
  const Token& token = tokens_[static_cast<size_t>(value)];
  return text_.substr(static_cast<size_t>(token.start), static_cast<size_t>(token.end - token.start));
}

bool JsonDocument::IsObject(Value value) const {
  return value != kNone && tokens_[static_cast<size_t>(value)].type == JSMN_OBJECT;
}
bool JsonDocument::IsArray(Value value) const {
  return value != kNone && tokens_[static_cast<size_t>(value)].type == JSMN_ARRAY;
}
bool JsonDocument::IsNull(Value value) const {
  return value != kNone && tokens_[static_cast<size_t>(value)].type == JSMN_PRIMITIVE && TextOf(value) == "null";
}

bool JsonDocument::ReadText(Value value, std::string& out) const {
  if (value == kNone || tokens_[static_cast<size_t>(value)].type != JSMN_STRING) return false;
  out.clear();
  return Unescape(TextOf(value), &out);
}

bool JsonDocument::ReadInteger(Value value, int64_t& out) const {
  if (value == kNone || tokens_[static_cast<size_t>(value)].type != JSMN_PRIMITIVE) return false;
  std::string_view digits = TextOf(value);
  const bool negative = digits[0] == '-';
  if (negative) digits.remove_prefix(1);
  // Downwards, because the least number has no opposite.
  int64_t number = 0;
  for (const char c : digits) {
    if (!IsDigit(c)) return false;
    if (__builtin_mul_overflow(number, 10, &number) || __builtin_sub_overflow(number, c - '0', &number)) return false;
  }
  if (!negative && __builtin_sub_overflow(int64_t{0}, number, &number)) return false;
  out = number;
  return true;
}

bool JsonDocument::ReadBoolean(Value value, bool& out) const {
  if (value == kNone || tokens_[static_cast<size_t>(value)].type != JSMN_PRIMITIVE) return false;
  const std::string_view text = TextOf(value);
  out = text == "true";
  return out || text == "false";
}

bool JsonDocument::ReadName(Value value, const std::string_view* names, size_t count, size_t& out) const {
  if (value == kNone || tokens_[static_cast<size_t>(value)].type != JSMN_STRING) return false;
  out = 0;
  for (size_t i = 0; i < count; ++i) {
    if (names[i] == TextOf(value)) out = i;
  }
  return true;
}

}  // namespace alcove::client
