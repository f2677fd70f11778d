// What a stored record holds that this version does not know, kept so that it
// is still there when the record is written back.
//
// Two versions of the server write one store: while nodes are upgraded one by
// one, and after an upgrade that was taken back. The older one reads what the
// newer one wrote, changes what it knows, and must not strip the rest. So a
// record that has a member
//
//   std::shared_ptr<const UnknownFields> unknown;
//
// (which Describe() does not name) keeps, from DecodeRecord() to ToRecord():
//
//   the fields that it does not declare
//   the number of an enum that this version does not have, as long as the field
//     has the value that it reads as
//   both of an object inside of it, as long as what this version knows of that
//     object stays: what was said of one agent is not true of the next
//   a list whose objects hold any of these, as long as what this version knows
//     of the whole list stays
//
// It is null where there is nothing to keep, which costs nothing.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "functions/wire/json_writer.h"

namespace alcove::functions {

struct UnknownFields {
  struct Number {
    std::string field;
    int64_t number;
  };
  struct List {
    std::string field;
    std::string known;  // what this version knew of it, as ToRecord() writes it
    std::string text;   // the whole of it
  };
  std::string field;                  // of an object inside: whose it is
  std::string known;                  // of an object inside: what this version knew of it, as ToRecord() writes it
  std::string members;                // `"name":value,...`: what is not declared
  std::vector<Number> numbers;        // of enums
  std::vector<UnknownFields> inside;  // of objects
  std::vector<List> lists;            // of objects

  bool empty() const { return members.empty() && numbers.empty() && inside.empty() && lists.empty(); }
};

// A type that takes part.
template <class T>
concept KeepsUnknownFields = requires(T& record, std::shared_ptr<const UnknownFields> kept) { record.unknown = kept; };

// The visitor that Describe() is called with to write a record that holds some.
class UnknownFieldsWriter {
 public:
  template <class T>
  static std::string Write(const T& value, const UnknownFields& kept) {
    UnknownFieldsWriter writer(kept);
    // As in wire::WriteJson(): nothing is assigned to.
    Describe(writer, const_cast<T&>(value));
    writer.Append(kept.members);
    return "{" + writer.text_ + "}";
  }

  template <class T>
  void operator()(std::string_view name, std::optional<T>& field) {
    if (field.has_value()) (*this)(name, *field);
  }
  template <class T>
  void operator()(std::string_view name, T& field) {
    std::string value;
    if constexpr (std::is_enum_v<T>) {
      value = std::to_string(static_cast<int64_t>(field));
      for (const UnknownFields::Number& number : kept_.numbers) {
        if (number.field == name && field == T{}) value = std::to_string(number.number);
      }
    } else {
      value = wire::WriteJson<wire::EnumForm::kNumber>(field);
      if constexpr (requires(UnknownFieldsWriter& self, T& object) { Describe(self, object); }) {
        for (const UnknownFields& inside : kept_.inside) {
          if (inside.field == name && inside.known == value) value = Write(field, inside);
        }
      }
      for (const UnknownFields::List& list : kept_.lists) {
        if (list.field == name && list.known == value) value = list.text;
      }
    }
    std::string member;
    wire::AppendJsonString(name, member);
    Append(member + ":" + value);
  }

 private:
  explicit UnknownFieldsWriter(const UnknownFields& kept) : kept_(kept) {}

  void Append(std::string_view members) {
    if (!members.empty() && !text_.empty()) text_ += ',';
    text_ += members;
  }

  const UnknownFields& kept_;
  std::string text_;
};

}  // namespace alcove::functions
