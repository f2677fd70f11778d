// JSON of the wire types and of stored records, for the server.
//
//   ASSIGN_OR_RETURN(const auto message, ParseJson<wire::NewMessage>(request.body));
//   response.body = ToJson(wire::EventAnswer{event});
//
// A type takes part by declaring its fields with Describe(), as
// functions/wire/describe.h tells; nothing else is written by hand. A text that
// is as we write it is read by functions/straight_reader.h, any other by
// nlohmann/json, which no other file sees.
//
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/straight_reader.h"
#include "functions/unknown_fields.h"
#include "functions/wire/describe.h"
#include "functions/wire/json_writer.h"

namespace alcove::functions {

// Reads what a stranger sent.
//
// INVALID_ARGUMENT, its message naming the field (`conversations[2].agent.id`):
//   it is not JSON or not UTF-8, or something follows the value
//   it nests deeper than wire::kJsonDepthMax (found before anything is built)
//   an object names a key twice
//   a required field is missing, or a field has another type
//   an integer is outside of int64_t, or written as a fraction
// Fields that T does not declare are skipped.
template <class T>
absl::StatusOr<T> ParseJson(std::string_view text);

// Compact, fields as declared; bytes that are not UTF-8 become U+FFFD.
template <class T>
std::string ToJson(const T& value) {
  return wire::WriteJson<wire::EnumForm::kName>(value);
}

// Reads what ToRecord() wrote, by this version or one beside it: an enum's
// number that this version does not have reads as the first. What else is not
// known is kept where T has a place for it (functions/unknown_fields.h).
// DATA_LOSS where it cannot be read.
template <class T>
absl::StatusOr<T> DecodeRecord(std::string_view text);
// The same into a T that is there already, as a large one costs something to move. After an error `out` is anything.
template <class T>
absl::Status DecodeRecordInto(std::string_view text, T& out);

// As ToJson(), but enums as their numbers, and with what was kept.
template <class T>
std::string ToRecord(const T& value) {
  if constexpr (KeepsUnknownFields<T>) {
    if (value.unknown != nullptr) return UnknownFieldsWriter::Write(value, *value.unknown);
  }
  return wire::WriteJson<wire::EnumForm::kNumber>(value);
}

// An object as it is sent, `text`, that was read as `before`, as `after`: what differs between the two is put in its
// place, and all else stays as it was written, also what T does not declare. DATA_LOSS where `text` is no object.
template <class T>
absl::StatusOr<std::string> WithChange(std::string_view text, const T& before, const T& after);

// --- What the templates stand on ----------------------------------------------

namespace json {

// One value of a parsed text.
struct Node {
  enum class Kind { kNull, kBoolean, kInteger, kOtherNumber, kString, kArray, kObject };
  Kind kind = Kind::kNull;
  bool boolean = false;
  int64_t integer = 0;
  std::string text;  // of a string, or of a number that is no int64_t as it was written
  std::string name;  // of a member of an object
  std::vector<Node> children;

  const Node* Find(std::string_view member) const;
};

// The tree of `text`, or what is wrong with it.
absl::StatusOr<Node> ParseTree(std::string_view text);

// The node as compact JSON text.
std::string TextOf(const Node& node);

// The members of an object that are not among `declared`, as UnknownFields has them.
std::string UndeclaredMembers(const Node& object, const std::vector<std::string_view>& declared);

// The object `text` with the members that differ between the objects `before` and `after` as they are in `after`.
absl::StatusOr<std::string> WithChangedMembers(std::string_view text, std::string_view before, std::string_view after);

// What was wrong and where; the path grows from the inside out.
struct Refusal {
  std::string what;
  std::string path;
  bool Refuse(std::string_view reason);
  bool Within(std::string_view member);
  bool WithinItem(size_t index);
  std::string Message() const;
};

// Each reads one value; false after a refusal was noted.
bool ReadText(const Node& node, std::string& out, Refusal& refusal);
bool ReadInteger(const Node& node, int64_t& out, Refusal& refusal);
bool ReadBoolean(const Node& node, bool& out, Refusal& refusal);
bool ReadKind(const Node& node, Node::Kind kind, Refusal& refusal);

// The visitor that Describe() is called with to read an object.
template <wire::EnumForm form>
class Reader {
 public:
  // Notes in `kept`, if there is one, what the type does not know.
  Reader(const Node& object, Refusal& refusal, UnknownFields* kept = nullptr)
      : object_(object), refusal_(refusal), kept_(kept) {}

  template <class T>
  void operator()(std::string_view name, T& field) {
    if (!ok_) return;
    const Node* node = object_.Find(name);
    ok_ = (node == nullptr ? Missing(field) : Read(*node, field, refusal_)) || refusal_.Within(name);
    if (kept_ == nullptr || !ok_) return;
    declared_.push_back(name);
    if (node == nullptr) return;
    ++found_;
    Keep(name, *node, field);
  }

  bool ok() const { return ok_; }

  // An object, with what the type does not know of it.
  template <class T>
  static bool ReadKeeping(const Node& node, T& out, Refusal& refusal, UnknownFields& kept) {
    if (!ReadKind(node, Node::Kind::kObject, refusal)) return false;
    Reader reader(node, refusal, &kept);
    Describe(reader, out);
    if (reader.ok() && reader.found_ != node.children.size()) {
      kept.members = UndeclaredMembers(node, reader.declared_);
    }
    return reader.ok();
  }

  template <class T>
  static bool Read(const Node& node, T& out, Refusal& refusal) {
    if constexpr (std::is_same_v<T, std::string>) {
      return ReadText(node, out, refusal);
    } else if constexpr (std::is_same_v<T, int64_t>) {
      return ReadInteger(node, out, refusal);
    } else if constexpr (std::is_same_v<T, bool>) {
      return ReadBoolean(node, out, refusal);
    } else if constexpr (std::is_same_v<T, wire::RawJson>) {
      out.text = TextOf(node);
      return true;
    } else if constexpr (std::is_enum_v<T>) {
      return ReadEnum(node, out, refusal);
    } else {
      if (!ReadKind(node, Node::Kind::kObject, refusal)) return false;
      Reader reader(node, refusal);
      Describe(reader, out);
      return reader.ok();
    }
  }
  template <class T>
  static bool Read(const Node& node, std::optional<T>& out, Refusal& refusal) {
    out.reset();
    return node.kind == Node::Kind::kNull || Read(node, out.emplace(), refusal);
  }
  template <class T>
  static bool Read(const Node& node, std::vector<T>& out, Refusal& refusal) {
    if (!ReadKind(node, Node::Kind::kArray, refusal)) return false;
    out.clear();
    out.reserve(node.children.size());
    for (const Node& child : node.children) {
      if (!Read(child, out.emplace_back(), refusal)) return refusal.WithinItem(out.size() - 1);
    }
    return true;
  }

 private:
  template <class T>
  static bool ReadEnum(const Node& node, T& out, Refusal& refusal) {
    if constexpr (form == wire::EnumForm::kName) {
      std::string name;
      if (!ReadText(node, name, refusal)) return false;
      out = wire::FromName<T>(name);
    } else {
      int64_t number = 0;
      if (!ReadInteger(node, number, refusal)) return false;
      const bool known = number >= 0 && number < static_cast<int64_t>(wire::EnumNames<T>::kNames.size());
      out = known ? static_cast<T>(number) : T{};
    }
    return true;
  }

  template <class T>
  void Keep(std::string_view name, const Node& node, std::optional<T>& field) {
    if (field.has_value()) Keep(name, node, *field);
  }
  template <class T>
  void Keep(std::string_view name, const Node& node, std::vector<T>& field) {
    if constexpr (requires(Reader& self, T& object) { Describe(self, object); }) {
      bool is_kept = false;
      for (const Node& child : node.children) {
        UnknownFields inside;
        T ignored;
        is_kept = is_kept || (ReadKeeping(child, ignored, refusal_, inside) && !inside.empty());
      }
      if (!is_kept) return;
      kept_->lists.push_back({std::string(name), wire::WriteJson<wire::EnumForm::kNumber>(field), TextOf(node)});
    }
  }
  template <class T>
  void Keep(std::string_view name, const Node& node, T& field) {
    if constexpr (std::is_enum_v<T>) {
      if (node.integer != static_cast<int64_t>(field)) kept_->numbers.push_back({std::string(name), node.integer});
    } else if constexpr (requires(Reader& self, T& object) { Describe(self, object); }) {
      UnknownFields inside;
      T ignored;
      if (!ReadKeeping(node, ignored, refusal_, inside) || inside.empty()) return;
      inside.field = name;
      inside.known = wire::WriteJson<wire::EnumForm::kNumber>(field);
      kept_->inside.push_back(std::move(inside));
    }
  }

  template <class T>
  bool Missing(std::optional<T>& field) {
    field.reset();
    return true;
  }
  template <class T>
  bool Missing(std::vector<T>& field) {
    field.clear();
    return true;
  }
  template <class T>
  bool Missing(T&) {
    return refusal_.Refuse("is missing");
  }

  const Node& object_;
  Refusal& refusal_;
  UnknownFields* kept_;
  std::vector<std::string_view> declared_;  // while there is a kept_
  size_t found_ = 0;                        // of them, in the object
  bool ok_ = true;
};

}  // namespace json

template <class T>
absl::StatusOr<std::string> WithChange(std::string_view text, const T& before, const T& after) {
  return json::WithChangedMembers(text, ToJson(before), ToJson(after));
}

template <class T>
absl::StatusOr<T> ParseJson(std::string_view text) {
  if (T value; json::StraightReader<wire::EnumForm::kName>(text).ReadAll(value)) return value;
  const absl::StatusOr<json::Node> tree = json::ParseTree(text);
  if (!tree.ok()) return tree.status();
  json::Refusal refusal;
  T value;
  if (json::Reader<wire::EnumForm::kName>::Read(*tree, value, refusal)) return value;
  return absl::InvalidArgumentError(refusal.Message());
}

template <class T>
absl::Status DecodeRecordInto(std::string_view text, T& out) {
  if constexpr (KeepsUnknownFields<T>) out.unknown = nullptr;
  if (json::StraightReader<wire::EnumForm::kNumber>(text).ReadAll(out)) return absl::OkStatus();
  const absl::StatusOr<json::Node> tree = json::ParseTree(text);
  if (!tree.ok()) return absl::DataLossError(tree.status().message());
  json::Refusal refusal;
  out = T();
  using Reader = json::Reader<wire::EnumForm::kNumber>;
  if constexpr (KeepsUnknownFields<T>) {
    UnknownFields kept;
    if (!Reader::ReadKeeping(*tree, out, refusal, kept)) return absl::DataLossError(refusal.Message());
    if (!kept.empty()) out.unknown = std::make_shared<const UnknownFields>(std::move(kept));
  } else {
    if (!Reader::Read(*tree, out, refusal)) return absl::DataLossError(refusal.Message());
  }
  return absl::OkStatus();
}

template <class T>
absl::StatusOr<T> DecodeRecord(std::string_view text) {
  absl::StatusOr<T> record(absl::in_place);
  if (absl::Status status = DecodeRecordInto(text, *record); !status.ok()) record = std::move(status);
  return record;
}

}  // namespace alcove::functions
