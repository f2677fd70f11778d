// Reads an object on the way on which JsonWriter writes it: every field in its
// order, without a space, nothing else between. So are all records that this
// version wrote itself, which are nearly all that it reads, and what the faces
// send; a tree (json_codec.h) costs ten times as much and is only needed for the
// others.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "functions/wire/describe.h"
#include "functions/wire/json_writer.h"

namespace alcove::functions::json {

// What is the same for every type: how far a text was read, and its tokens.
class StraightText {
 protected:
  explicit StraightText(std::string_view text) : rest_(text) {}

  bool ReadText(std::string& out);
  bool ReadInteger(int64_t& out);
  // `"name":` with the comma before it where it is not the object's first. Most fields of most records are absent, and
  // their names begin otherwise.
  bool TakeName(std::string_view name) {
    const size_t begin = first_ ? 1 : 2;
    return rest_.size() > begin && rest_[begin] == name[0] && TakeLikelyName(name);
  }
  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  bool at_end() const { return rest_.empty(); }

  bool first_ = true;  // of the object that is being read

 private:
  bool TakeLikelyName(std::string_view name);

  std::string_view rest_;
};

// The visitor that Describe() is called with.
template <wire::EnumForm form>
class StraightReader : private StraightText {
 public:
  // `text` must outlive it.
  explicit StraightReader(std::string_view text) : StraightText(text) {}

  // Whether `text` is, to the byte, what WriteJson<form>() writes of some T; then that is in `out`. Accepts nothing
  // that the tree would refuse or read as another value; what it refuses, such as an enum's name or a RawJson, is for
  // the tree to judge.
  template <class T>
  bool ReadAll(T& out) {
    return Read(out) && at_end();
  }

  template <class T>
  void operator()(std::string_view name, T& field) {
    ok_ = ok_ && TakeName(name) && Read(field);
  }
  template <class T>
  void operator()(std::string_view name, std::optional<T>& field) {
    field.reset();
    // One that is absent is not written; where another name stands it is of a later field.
    if (ok_ && TakeName(name)) ok_ = Read(field.emplace());
  }

 private:
  template <class T>
  bool Read(T& out) {
    if constexpr (std::is_same_v<T, std::string>) {
      return ReadText(out);
    } else if constexpr (std::is_same_v<T, int64_t>) {
      return ReadInteger(out);
    } else if constexpr (std::is_same_v<T, bool>) {
      out = Take("true");
      return out || Take("false");
    } else if constexpr (std::is_same_v<T, wire::RawJson>) {
      return false;
    } else if constexpr (std::is_enum_v<T> && form == wire::EnumForm::kName) {
      return false;
    } else if constexpr (std::is_enum_v<T>) {
      int64_t number = 0;
      if (!ReadInteger(number) || number < 0) return false;
      out = static_cast<T>(number);
      return number < static_cast<int64_t>(wire::EnumNames<T>::kNames.size());
    } else {
      if (!Take("{")) return false;
      const bool outer = first_;
      first_ = true;
      Describe(*this, out);
      first_ = outer;
      return ok_ && Take("}");
    }
  }
  template <class T>
  bool Read(std::vector<T>& out) {
    out.clear();
    if (!Take("[")) return false;
    if (Take("]")) return true;
    do {
      if (!Read(out.emplace_back())) return false;
    } while (Take(","));
    return Take("]");
  }

  bool ok_ = true;
};

}  // namespace alcove::functions::json
