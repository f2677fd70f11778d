#include "tests/bench/echo_json.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace alcove::bench {
namespace {

size_t SkipSpace(std::string_view text, size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\n' || text[at] == '\r' || text[at] == '\t')) ++at;
  return at;
}

// Behind the string whose opening quote is at text[at].
size_t SkipString(std::string_view text, size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at < text.size() ? at + 1 : text.size();
}

// Behind the value that begins at text[at].
size_t SkipValue(std::string_view text, size_t at) {
  if (at >= text.size()) return at;
  if (text[at] == '"') return SkipString(text, at);
  int depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = SkipString(text, at);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']' || c == ',') && depth == 0) return at;
    if (c == '}' || c == ']') --depth;
    ++at;
    if (depth == 0 && (c == '}' || c == ']')) return at;
  }
  return at;
}

void AppendUtf8(std::string& out, uint32_t code) {
  const auto put = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6), put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18), put(0x80 | (code >> 12 & 63)), put(0x80 | (code >> 6 & 63)), put(0x80 | (code & 63));
  }
}

uint32_t Hex4(std::string_view raw, size_t at) {
  return static_cast<uint32_t>(
      std::strtoul(std::string(raw.substr(at < raw.size() ? at : raw.size(), 4)).c_str(), nullptr, 16));
}

}  // namespace

std::string_view Member(std::string_view object, std::string_view key) {
  size_t at = SkipSpace(object, 0);
  if (at >= object.size() || object[at] != '{') return {};
  for (at = SkipSpace(object, at + 1); at < object.size() && object[at] == '"'; at = SkipSpace(object, at + 1)) {
    const size_t name = at + 1;
    at = SkipString(object, at);
    const bool found = object.substr(name, at - name - 1) == key;
    at = SkipSpace(object, at);
    if (at >= object.size() || object[at] != ':') return {};
    const size_t value = SkipSpace(object, at + 1);
    at = SkipValue(object, value);
    if (found) return object.substr(value, at - value);
    at = SkipSpace(object, at);
    if (at >= object.size() || object[at] != ',') return {};
  }
  return {};
}

std::vector<std::string_view> Elements(std::string_view array) {
  std::vector<std::string_view> elements;
  size_t at = SkipSpace(array, 0);
  if (at >= array.size() || array[at] != '[') return elements;
  for (at = SkipSpace(array, at + 1); at < array.size() && array[at] != ']';) {
    const size_t end = SkipValue(array, at);
    if (end == at) break;
    elements.push_back(array.substr(at, end - at));
    at = SkipSpace(array, end);
    if (at < array.size() && array[at] == ',') at = SkipSpace(array, at + 1);
  }
  return elements;
}

std::string Unquote(std::string_view raw) {
  std::string out;
  if (raw.size() < 2 || raw.front() != '"') return out;
  for (size_t at = 1; at + 1 < raw.size(); ++at) {
    if (raw[at] != '\\') {
      out += raw[at];
      continue;
    }
    switch (raw[++at]) {
      case 'b':
        out += '\b';
        break;
      case 'f':
        out += '\f';
        break;
      case 'n':
        out += '\n';
        break;
      case 'r':
        out += '\r';
        break;
      case 't':
        out += '\t';
        break;
      case 'u': {
        uint32_t code = Hex4(raw, at + 1);
        at += 4;
        if (code >= 0xD800 && code < 0xDC00 && raw.substr(at + 1, 2) == "\\u") {
          code = 0x10000 + ((code - 0xD800) << 10) + (Hex4(raw, at + 3) - 0xDC00);
          at += 6;
        }
        AppendUtf8(out, code);
        break;
      }
      default:
        out += raw[at];
    }
  }
  return out;
}

std::string Quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out += '"';
}

}  // namespace alcove::bench
