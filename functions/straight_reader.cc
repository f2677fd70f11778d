#include "functions/straight_reader.h"

#include <charconv>
#include <cstring>
#include <system_error>

#include "functions/wire/plain_run.h"
#include "functions/wire/utf8.h"

namespace alcove::functions::json {
namespace {

// The byte that `\u00` and these two digits stand for where JsonWriter writes it so, else -1.
int ControlByte(std::string_view digits) {
  const auto of = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1; };
  const int byte = digits[0] == '0' || digits[0] == '1' ? of(digits[0]) * 16 + of(digits[1]) : -1;
  const bool has_a_name = byte == '\n' || byte == '\r' || byte == '\t';
  return of(digits[1]) < 0 || has_a_name ? -1 : byte;
}

}  // namespace

bool StraightText::TakeLikelyName(std::string_view name) {
  const size_t begin = first_ ? 1 : 2;
  const size_t size = begin + name.size() + 2;
  if (rest_.size() < size) return false;
  const char* const at = rest_.data();
  if (at[begin - 1] != '"' || at[size - 2] != '"' || at[size - 1] != ':' || (!first_ && at[0] != ',')) return false;
  if (std::memcmp(at + begin, name.data(), name.size()) != 0) return false;
  rest_.remove_prefix(size);
  first_ = false;
  return true;
}

bool StraightText::ReadText(std::string& out) {
  if (!Take("\"")) return false;
  out.clear();
  size_t at = 0;
  while (true) {
    at += wire::PlainRun(rest_.substr(at));
    if (at == rest_.size()) return false;
    const auto byte = static_cast<unsigned char>(rest_[at]);
    if (byte < 0x20) return false;
    if (byte >= 0x80) {
      const size_t length = wire::Utf8SequenceLength(rest_.substr(at));
      if (length == 0) return false;
      at += length;
      continue;
    }
    out.append(rest_.substr(0, at));
    rest_.remove_prefix(at);
    at = 0;
    if (byte == '"') return Take("\"");
    if (Take("\\n")) {
      out += '\n';
    } else if (Take("\\r")) {
      out += '\r';
    } else if (Take("\\t")) {
      out += '\t';
    } else if (Take("\\\"")) {
      out += '"';
    } else if (Take("\\\\")) {
      out += '\\';
    } else if (rest_.size() >= 6 && Take("\\u00") && ControlByte(rest_) >= 0) {
      out += static_cast<char>(ControlByte(rest_));
      rest_.remove_prefix(2);
    } else {
      return false;
    }
  }
}

bool StraightText::ReadInteger(int64_t& out) {
  const char* const end = rest_.data() + rest_.size();
  const auto [after, error] = std::from_chars(rest_.data(), end, out);
  if (error != std::errc()) return false;
  const std::string_view digits = rest_.substr(rest_.starts_with('-') ? 1 : 0);
  const bool is_zero = out == 0;
  // `-0` and `007` are written by nobody.
  if (digits.starts_with('0') && (!is_zero || after - rest_.data() != 1)) return false;
  rest_.remove_prefix(static_cast<size_t>(after - rest_.data()));
  // What follows a number of another kind, `1.5` or `1e3`, is no comma and no end: whoever goes on refuses it.
  return true;
}

}  // namespace alcove::functions::json
