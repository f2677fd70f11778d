// JSON of the wire types, for the faces: jsmn and nothing else.
//
// Reads what our server wrote by the same rules as functions/json_codec.h: a
// round-trip test holds the two together. The one difference is that of two
// members of the same name the first counts, where the server refuses both.
//
// What is made for each type is only the list of its fields; everything else
// is compiled once, because each kilobyte here is loaded by every customer.
//
// No exceptions, no RTTI. Threads: free functions without state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "functions/wire/describe.h"
#include "functions/wire/json_writer.h"

namespace alcove::client {

// Compact, fields as declared.
template <class T>
std::string ToJson(const T& value) {
  return wire::WriteJson<wire::EnumForm::kName>(value);
}

// A text that was found to be JSON, UTF-8 and no deeper than
// wire::kJsonDepthMax, with the places of its values. Views its text.
class JsonDocument {
 public:
  // A value: its place among the tokens. kNone is no value.
  using Value = int;
  static constexpr Value kNone = -1;

  // False where the text is not acceptable; then there are no values.
  bool Parse(std::string_view text);
  Value root() const { return 0; }

  Value Member(Value object, std::string_view name) const;
  // The values of an array in order: First(), then Next() until kNone.
  Value First(Value array) const;
  Value Next(Value array, Value item) const;

  bool IsObject(Value value) const;
  bool IsArray(Value value) const;
  bool IsNull(Value value) const;
  // False where the value is of another type.
  bool ReadText(Value value, std::string& out) const;
  bool ReadInteger(Value value, int64_t& out) const;
  bool ReadBoolean(Value value, bool& out) const;
  // The index of the name among `names`, 0 for one that is not there.
  bool ReadName(Value value, const std::string_view* names, size_t count, size_t& out) const;
  // The value's own text.
  std::string_view TextOf(Value value) const;

 private:
  // What jsmn found; the layout of its jsmntok_t, which stays in the .cc.
  struct Token {
    int type;
    int start;
    int end;
    int size;
    int parent;
  };
  class Checker;

  Value After(Value value) const;

  std::string_view text_;
  std::vector<Token> tokens_;
};

// The visitor that Describe() is called with to read an object.
class JsonReader {
 public:
  using Value = JsonDocument::Value;

  JsonReader(const JsonDocument& document, Value object) : document_(document), object_(object) {}

  template <class T>
  void operator()(std::string_view name, T& field) {
    if (!ok_) return;
    ok_ = Read(document_, document_.Member(object_, name), field);
  }
  bool ok() const { return ok_; }

  // Of a missing value (kNone) an optional and a list become empty, anything else is refused.
  static bool Read(const JsonDocument& document, Value value, std::string& out) {
    return document.ReadText(value, out);
  }
  static bool Read(const JsonDocument& document, Value value, int64_t& out) { return document.ReadInteger(value, out); }
  static bool Read(const JsonDocument& document, Value value, bool& out) { return document.ReadBoolean(value, out); }
  static bool Read(const JsonDocument& document, Value value, wire::RawJson& out) {
    out.text = document.TextOf(value);
    return value != JsonDocument::kNone;
  }
  template <class T>
  static bool Read(const JsonDocument& document, Value value, std::optional<T>& out) {
    out.reset();
    if (value == JsonDocument::kNone || document.IsNull(value)) return true;
    return Read(document, value, out.emplace());
  }
  template <class T>
  static bool Read(const JsonDocument& document, Value value, std::vector<T>& out) {
    out.clear();
    if (value == JsonDocument::kNone) return true;
    if (!document.IsArray(value)) return false;
    for (Value item = document.First(value); item != JsonDocument::kNone; item = document.Next(value, item)) {
      if (!Read(document, item, out.emplace_back())) return false;
    }
    return true;
  }
  template <class T>
  static bool Read(const JsonDocument& document, Value value, T& out) {
    if constexpr (std::is_enum_v<T>) {
      const auto& names = wire::EnumNames<T>::kNames;
      size_t index = 0;
      if (!document.ReadName(value, names.data(), names.size(), index)) return false;
      out = static_cast<T>(index);
      return true;
    } else {
      if (!document.IsObject(value)) return false;
      JsonReader reader(document, value);
      Describe(reader, out);
      return reader.ok();
    }
  }

 private:
  const JsonDocument& document_;
  Value object_;
  bool ok_ = true;
};

// False where the text is not the JSON of a T; `out` is then unspecified.
template <class T>
[[nodiscard]] bool ParseJson(std::string_view text, T& out) {
  JsonDocument document;
  return document.Parse(text) && JsonReader::Read(document, document.root(), out);
}

}  // namespace alcove::client
