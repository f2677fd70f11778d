// Writing a wire type as JSON text, the same on both sides of the network.
//
// Compact, fields in the order of their declaration, text appended straight
// to one string without a tree between. Bytes that are not UTF-8 are written
// as U+FFFD, so what is written is always valid JSON.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

// What is the same for every type: the text as far as it is written.
class JsonText {
 public:
  // Leaves nothing.
  std::string Take() {
    text_.resize(std::exchange(size_, 0));
    return std::exchange(text_, {});
  }

 protected:
  // Room for an event or a record, for which it would be made larger six times. Not measured against other sizes.
  JsonText() : text_(512, '\0') {}

  // `"name":` with the comma before it where it is not the object's first. A name of ours: nothing in it is written in
  // another way. REQUIRES: within an object.
  void AppendName(std::string_view name);
  // A comma, unless this is the first of its object or array.
  void Separate();
  void AppendText(std::string_view text);
  void AppendInteger(int64_t value);
  void Append(std::string_view json);
  void Append(char json) {
    *Room(1) = json;
    ++size_;
  }

 private:
  // Where the text goes on, with room for so many bytes.
  char* Room(size_t bytes) {
    if (text_.size() - size_ < bytes) text_.resize(std::max(2 * text_.size(), size_ + bytes));
    return text_.data() + size_;
  }

  std::string text_;  // more than what is written, as each append to a string costs as much as to write a number
  size_t size_ = 0;
};

// The visitor that Describe() is called with to write a value.
template <EnumForm form>
class JsonWriter : public JsonText {
 public:
  template <class T>
  void operator()(std::string_view name, T& field) {
    Field(name, field);
  }

  template <class T>
  void Value(T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
      AppendText(value);
    } else if constexpr (std::is_same_v<T, bool>) {
      Append(value ? std::string_view("true") : std::string_view("false"));
    } else if constexpr (std::is_same_v<T, int64_t>) {
      AppendInteger(value);
    } else if constexpr (std::is_same_v<T, RawJson>) {
      Append(value.text);
    } else if constexpr (std::is_enum_v<T>) {
      if constexpr (form == EnumForm::kName) {
        AppendText(NameOf(value));
      } else {
        AppendInteger(static_cast<int64_t>(value));
      }
    } else {
      Append('{');
      Describe(*this, value);
      Append('}');
    }
  }

  template <class T>
  void Value(std::vector<T>& items) {
    Append('[');
    for (T& item : items) {
      Separate();
      Value(item);
    }
    Append(']');
  }

 private:
  template <class T>
  void Field(std::string_view name, std::optional<T>& field) {
    if (field.has_value()) Field(name, *field);
  }
  template <class T>
  void Field(std::string_view name, T& field) {
    AppendName(name);
    Value(field);
  }
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
