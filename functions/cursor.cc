#include "functions/cursor.h"

#include <array>
#include <charconv>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "functions/problem.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

// Raised when the fields change.
constexpr std::string_view kVersion = "2";

std::string_view SideName(Side side) { return side == Side::kCustomer ? "c" : "a"; }

// One that a server before or after this one may give: a small number.
bool IsVersion(std::string_view text) {
  return text.size() < 3 && text.find_first_not_of("0123456789") == text.npos && !text.empty() && text.front() != '0';
}

template <class Number>
bool ParseNumber(std::string_view text, Number& number) {
  if (text.empty() || text.front() == '-') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string EncodeCursor(const Cursor& cursor) {
  return Base64Url(absl::StrCat(std::string(kVersion), ".", std::string(SideName(cursor.side)), ".", cursor.epoch, ".",
                                cursor.own, ".", cursor.queue, ".", cursor.version, ".", cursor.revision, ".",
                                cursor.incarnation));
}

absl::StatusOr<Cursor> ParseCursor(std::string_view text, Side side, Context& context) {
  const absl::Status bad = ProblemStatus(ProblemCode::kBadCursor);
  std::string plain;
  if (text.empty() || text.size() > wire::kCursorBytesMax ||
      !absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &plain)) {
    return bad;
  }
  // Its version stands first in all of them: what follows is for that version to say.
  if (const std::string_view version = std::string_view(plain).substr(0, plain.find('.')); version != kVersion) {
    return IsVersion(version) ? ProblemStatus(ProblemCode::kResync) : bad;
  }
  std::array<std::string_view, 7> parts;
  std::string_view rest = plain;
  for (std::string_view& part : parts) {
    const size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return bad;
    part = rest.substr(0, dot);
    rest.remove_prefix(dot + 1);
  }
  const auto& [ignored, side_name, epoch, own, queue, ephemera, revision] = parts;
  Cursor cursor;
  cursor.side = side;
  cursor.epoch = epoch;
  cursor.incarnation = rest;
  if (side_name != SideName(side) || !ParseNumber(own, cursor.own) || !ParseNumber(queue, cursor.queue) ||
      !ParseNumber(ephemera, cursor.version) || !ParseNumber(revision, cursor.revision)) {
    return bad;
  }
  if (cursor.epoch != context.store.epoch()) return ProblemStatus(ProblemCode::kResync);
  return cursor;
}

uint64_t EphemeraAfter(const Cursor& cursor, Context& context) {
  return cursor.incarnation == context.ephemera.Incarnation() ? cursor.version : 0;
}

}  // namespace alcove::functions
