#include "wasm-widget/ui/markdown.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "functions/wire/typed_text.h"

namespace alcove::ui {

namespace {

// Marks inside marks beyond this are shown as they were typed. Nobody writes more than three of them on purpose.
constexpr int kDepthMax = 6;
// Longer addresses than browsers take. Without a bound, text full of brackets would be read to its end for each.
constexpr size_t kUrlBytesMax = 2048;

constexpr std::string_view kBullet = "•";
constexpr std::string_view kFence = "```";
constexpr std::string_view kSchemes[] = {"https://", "http://", "mailto:"};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlphanumeric(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsMark(char c) { return c == '*' || c == '_' || c == '`' || c == '['; }
bool IsBeyondAscii(char c) { return static_cast<uint8_t>(c) >= 0x80; }

// Asterisks are marks between ideographs, which have no spaces; an underscore is part of a name in every script.
bool IsInWord(char c, char mark) { return IsAlphanumeric(c) || (mark == '_' && (c == '_' || IsBeyondAscii(c))); }

size_t RunLength(std::string_view text, size_t at) {
  const size_t end = text.find_first_not_of(text[at], at);
  return (end == std::string_view::npos ? text.size() : end) - at;
}

// The length of the scheme that `text` begins with; 0 where it is none of ours.
size_t SchemeLength(std::string_view text) {
  for (const std::string_view scheme : kSchemes) {
    if (text.size() <= scheme.size()) continue;
    const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b); };
    if (std::equal(scheme.begin(), scheme.end(), text.begin(), same)) return scheme.size();
  }
  return 0;
}

bool EndsUrl(std::string_view text, size_t at) {
  const char c = text[at];
  if (static_cast<uint8_t>(c) <= ' ' || c == 0x7f || c == '<' || c == '>' || c == '"' || c == '`') return true;
  if (!IsBeyondAscii(c)) return false;
  // Punctuation of other scripts, by the bytes it begins with: Latin, Arabic, general, ideographic, full width.
  for (const std::string_view begin :
       {"\xc2", "\xd8\x8c", "\xd8\x9f", "\xe2\x80", "\xe3\x80", "\xef\xbc", "\xef\xbd"}) {
    if (text.substr(at).starts_with(begin)) return true;
  }
  return false;
}

// The length of the address that stands at the start of `text`; 0 where there is none.
size_t UrlLength(std::string_view text) {
  size_t scheme = SchemeLength(text);
  if (scheme == 0 && text.starts_with("www.")) scheme = 4;
  if (scheme == 0 || scheme == text.size()) return 0;
  if (!IsAlphanumeric(text[scheme]) && !IsBeyondAscii(text[scheme])) return 0;
  size_t end = scheme;
  int open = 0;  // brackets
  while (end < text.size() && end < kUrlBytesMax && !EndsUrl(text, end)) {
    const int step = text[end] == '(' || text[end] == '[' ? 1 : text[end] == ')' || text[end] == ']' ? -1 : 0;
    // Of a bracket that was opened before it.
    if (open + step < 0) break;
    open += step;
    ++end;
  }
  while (end < text.size() && (static_cast<uint8_t>(text[end]) & 0xc0) == 0x80) --end;
  // What ends a sentence is not of the address.
  while (end > scheme && std::string_view(".,;:!?'*_~").find(text[end - 1]) != std::string_view::npos) --end;
  return end > scheme ? end : 0;
}

// Words that promise an address, marks in it or not.
bool LooksLikeUrl(std::string_view label) {
  std::string shown;
  std::copy_if(label.begin(), label.end(), std::back_inserter(shown), [](char c) { return !IsMark(c); });
  return shown.find("://") != std::string::npos || shown.find("www.") != std::string::npos;
}

// Bytes of the addresses.
struct Url {
  uint32_t begin = 0;
  uint32_t end = 0;
};

class Reader {
 public:
  Marked Read(std::string_view source) {
    bool first = true;
    while (true) {
      if (!std::exchange(first, false)) Append("\n", 0);
      const size_t taken = ReadBlock(source);
      const size_t end = taken > 0 ? taken : source.find('\n');
      if (taken == 0) ReadLine(source.substr(0, end));
      if (end >= source.size()) break;
      source.remove_prefix(end + 1);
    }
    return std::move(marked_);
  }

 private:
  // A block of code at the start of `text`: the bytes of it without the line feed after it; 0 where there is none.
  size_t ReadBlock(std::string_view text) {
    const size_t first = text.find('\n');
    if (unfenced_ || first == std::string_view::npos || !IsFence(text.substr(0, first))) return 0;
    for (size_t begin = first + 1; begin <= text.size();) {
      const size_t end = std::min(text.find('\n', begin), text.size());
      if (wire::Trimmed(text.substr(begin, end - begin)) != kFence) {
        begin = end + 1;
        continue;
      }
      // What follows the opening fence may be a word as any other: it is shown.
      const std::string_view opening = wire::Trimmed(wire::Trimmed(text.substr(0, first)).substr(kFence.size()));
      const std::string_view code = text.substr(first + 1, std::max(begin, first + 2) - first - 2);
      if (wire::IsBlank(opening) && wire::IsBlank(code)) return 0;
      constexpr uint32_t kLook = kLookCode | kLookBlock;
      Append(opening, kLook);
      if (!opening.empty() && begin > first + 1) Append("\n", kLook);
      Append(code, kLook);
      return end;
    }
    unfenced_ = true;
    return 0;
  }

  static bool IsFence(std::string_view line) {
    line = wire::Trimmed(line);
    return line.starts_with(kFence) && line.find('`', kFence.size()) == std::string_view::npos;
  }

  void ReadLine(std::string_view line) {
    const size_t marker = MarkerLength(line);
    if (marker > 0) {
      const size_t bullet = line.find_first_of("-*");
      if (bullet < marker) {
        Append(line.substr(0, bullet), kLookMarker);
        Append(kBullet, kLookMarker);
        Append(line.substr(bullet + 1, marker - bullet - 1), kLookMarker);
      } else {
        Append(line.substr(0, marker), kLookMarker);
      }
    }
    ReadInline(line.substr(marker), 0, {}, 0);
  }

  // The bytes before the words of an item of a list; 0 where the line is none.
  static size_t MarkerLength(std::string_view line) {
    size_t at = std::min(line.find_first_not_of(' '), line.size());
    const size_t begin = at;
    while (at < line.size() && at < begin + 3 && IsDigit(line[at])) ++at;
    const bool numbered = at > begin;
    if (at >= line.size() || (numbered ? line[at] != '.' && line[at] != ')' : line[at] != '-' && line[at] != '*')) {
      return 0;
    }
    const size_t words = line.find_first_not_of(' ', at + 1);
    if (words == std::string_view::npos || words == at + 1) return 0;
    // "- 5" is a number below zero.
    return !numbered && IsDigit(line[words]) ? 0 : words;
  }

  // One line, or what is inside marks of it.
  void ReadInline(std::string_view text, uint32_t look, Url url, int depth) {
    size_t plain = 0;
    size_t at = 0;
    const auto flush = [&] { Append(text.substr(plain, at - plain), look, url); };
    bool hopeless[2][4] = {};  // by mark and length: there is no fellow further on
    while (at < text.size()) {
      const char c = text[at];
      if (c == '\\' && at + 1 < text.size() && IsMark(text[at + 1])) {
        at += 2;
        continue;
      }
      if (c == '`') {
        const size_t length = RunLength(text, at);
        const size_t end = EndOfCode(text, at, length);
        if (end != 0) {
          flush();
          Append(text.substr(at + length, end - at - 2 * length), look | kLookCode, url);
          plain = end;
        }
        at = end != 0 ? end : at + length;
        continue;
      }
      if (c == '*' || c == '_') {
        const size_t length = RunLength(text, at);
        const size_t begin = at + length;
        size_t close = 0;
        if (length <= 3 && depth < kDepthMax && Opens(text, at, length)) {
          bool& lost = hopeless[c == '_' ? 1 : 0][length];
          if (!lost) close = FindClosing(text, begin, c, length);
          lost = close == 0;
        }
        if (close != 0) {
          flush();
          // One is italic, two are bold, three are both.
          ReadInline(text.substr(begin, close - begin), look | static_cast<uint32_t>(length), url, depth + 1);
          plain = close + length;
        }
        at = close != 0 ? close + length : begin;
        continue;
      }
      if ((look & kLookLink) == 0) {
        if (c == '[') {
          const size_t length = ReadLink(text, at, look, depth, flush);
          if (length > 0) {
            at += length;
            plain = at;
            continue;
          }
        } else if (at == 0 || !IsAlphanumeric(text[at - 1])) {
          const size_t length = UrlLength(text.substr(at));
          if (length > 0) {
            flush();
            const std::string_view address = text.substr(at, length);
            Append(address, look | kLookLink, Keep(SchemeLength(address) == 0 ? "https://" : "", address));
            at += length;
            plain = at;
            continue;
          }
        }
      }
      ++at;
    }
    flush();
  }

  // The end of the code that begins with `length` back quotes at `at`; 0 where it does not end.
  static size_t EndOfCode(std::string_view text, size_t at, size_t length) {
    for (size_t end = text.find('`', at + length); end != std::string_view::npos;) {
      const size_t closing = RunLength(text, end);
      if (closing == length) return wire::IsBlank(text.substr(at + length, end - at - length)) ? 0 : end + length;
      end = text.find('`', end + closing);
    }
    return 0;
  }

  static bool Opens(std::string_view text, size_t at, size_t length) {
    const size_t next = at + length;
    return next < text.size() && !IsSpace(text[next]) && (at == 0 || !IsInWord(text[at - 1], text[at]));
  }

  // Where the marks are that close what began before `from`; 0 where there are none.
  static size_t FindClosing(std::string_view text, size_t from, char mark, size_t length) {
    for (size_t at = from; at < text.size();) {
      if (text[at] == '\\' && at + 1 < text.size() && IsMark(text[at + 1])) {
        at += 2;
      } else if (text[at] == '`') {
        const size_t quotes = RunLength(text, at);
        const size_t end = EndOfCode(text, at, quotes);
        at = end != 0 ? end : at + quotes;
      } else if (text[at] == mark) {
        const size_t marks = RunLength(text, at);
        const size_t next = at + marks;
        const bool closes = at > from && !IsSpace(text[at - 1]) && (next == text.size() || !IsInWord(text[next], mark));
        if (marks == length && closes) return at;
        at = next;
      } else {
        ++at;
      }
    }
    return 0;
  }

  // [words](address) at `at`: its length; 0 where there is none.
  template <class Flush>
  size_t ReadLink(std::string_view text, size_t at, uint32_t look, int depth, const Flush& flush) {
    const size_t close = text.find_first_of("[]", at + 1);
    if (close == std::string_view::npos || text[close] != ']' || !text.substr(close + 1).starts_with('(')) return 0;
    const std::string_view label = text.substr(at + 1, close - at - 1);
    const size_t begin = close + 2;
    size_t end = begin;
    int open = 0;
    while (end < text.size() && end - begin < kUrlBytesMax && (open > 0 || text[end] != ')')) {
      open += text[end] == '(' ? 1 : text[end] == ')' ? -1 : 0;
      ++end;
    }
    if (end >= text.size() || text[end] != ')') return 0;
    const std::string_view url = text.substr(begin, end - begin);
    if (wire::IsBlank(label) || !IsHarmlessUrl(url) || (LooksLikeUrl(label) && wire::Trimmed(label) != url)) return 0;
    flush();
    ReadInline(label, look | kLookLink, Keep("", url), depth + 1);
    return end + 1 - at;
  }

  Url Keep(std::string_view scheme, std::string_view url) {
    const auto begin = static_cast<uint32_t>(marked_.urls.size());
    marked_.urls.append(scheme).append(url);
    return {begin, static_cast<uint32_t>(marked_.urls.size())};
  }

  void Append(std::string_view text, uint32_t look, Url url = {}) {
    if (text.empty()) return;
    const auto begin = static_cast<uint32_t>(marked_.text.size());
    marked_.text.append(text);
    const auto end = static_cast<uint32_t>(marked_.text.size());
    if (look == 0) return;
    if (!marked_.runs.empty()) {
      Run& last = marked_.runs.back();
      if (last.end == begin && last.look == look && last.url_begin == url.begin && last.url_end == url.end) {
        last.end = end;
        return;
      }
    }
    marked_.runs.push_back({begin, end, look, url.begin, url.end});
  }

  Marked marked_;
  bool unfenced_ = false;  // no line further on ends a block of code
};

}  // namespace

Marked ParseMarkdown(std::string_view source) { return Reader().Read(source); }

bool IsHarmlessUrl(std::string_view url) {
  const auto is_white = [](char c) { return static_cast<uint8_t>(c) <= ' ' || c == 0x7f; };
  return SchemeLength(url) > 0 && std::none_of(url.begin(), url.end(), is_white);
}

}  // namespace alcove::ui
