// Writing a wire type as JSON text, the same on both sides of the network.
//
// Compact, fields in the order of their declaration, text appended straight
// to one string without a tree between. Bytes that are not UTF-8 are written
// as U+FFFD, so what is written is always valid JSON.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "functions/wire/describe.h"

namespace alcove::wire {

// Appends `text` as a JSON string, quotes included.
void AppendJsonString(std::string_view text, std::string& out);

// Enums travel by name; stored records keep their number, which a renaming leaves readable.
enum class EnumForm { kName, kNumber };

// The visitor that Describe() is called with to write a value.
template <EnumForm form>
class JsonWriter {
 public:
  // Room for an event or a record, for which it would be made larger six times. Not measured against other sizes.
  JsonWriter() { text_.reserve(512); }

  template <class T>
  void operator()(std::string_view name, T& field) {
    Field(name, field);
  }

  template <class T>
  void Value(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      AppendJsonString(value, text_);
    } else if constexpr (std::is_same_v<T, bool>) {
      text_ += value ? "true" : "false";
    } else if constexpr (std::is_same_v<T, int64_t>) {
      Integer(value);
    } else if constexpr (std::is_same_v<T, RawJson>) {
      text_ += value.text;
    } else if constexpr (std::is_enum_v<T>) {
      if constexpr (form == EnumForm::kName) {
        AppendJsonString(NameOf(value), text_);
      } else {
        Integer(static_cast<int64_t>(value));
      }
    } else {
      text_ += '{';
      Describe(*this, value);
      text_ += '}';
    }
  }

  template <class T>
  void Value(std::vector<T>& items) {
    text_ += '[';
    for (T& item : items) {
      Separate();
      Value(item);
    }
    text_ += ']';
  }

  std::string Take() { return std::move(text_); }

 private:
  template <class T>
  void Field(std::string_view name, std::optional<T>& field) {
    if (field.has_value()) Field(name, *field);
  }
  template <class T>
  void Field(std::string_view name, T& field) {
    Separate();
    // A name of ours: nothing in it is written in another way.
    text_.append(1, '"').append(name).append("\":");
    Value(field);
  }

  // A comma, unless this is the first of its object or array.
  void Separate() {
    if (const char last = text_.back(); last != '{' && last != '[') text_ += ',';
  }

  void Integer(int64_t value) {
    char digits[20];
    const char* const end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    text_.append(digits, static_cast<size_t>(end - digits));
  }

  std::string text_;
};

// Describe() takes its value mutable, because one declaration serves reading
// and writing; a JsonWriter never assigns to it.
template <EnumForm form, class T>
std::string WriteJson(const T& value) {
  JsonWriter<form> writer;
  writer.Value(const_cast<T&>(value));
  return writer.Take();
}

}  // namespace alcove::wire
