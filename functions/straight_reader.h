// Reads a record on the way on which it was written: every field in its order,
// without a space, nothing else between. So are all records that this version
// wrote itself, which are nearly all that it reads; a tree (json_codec.h) costs
// ten times as much and is only needed for the others.
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

namespace alcove::functions::json {

// The visitor that Describe() is called with.
class StraightReader {
 public:
  // `text` must outlive it.
  explicit StraightReader(std::string_view text) : rest_(text) {}

  // Whether `text` is, to the byte, what ToRecord() writes of some T; then that is in `out`.
  template <class T>
  bool ReadAll(T& out) {
    return Read(out) && rest_.empty();
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
      out = rest_.starts_with("true");
      return Take(out ? "true" : "false");
    } else if constexpr (std::is_same_v<T, wire::RawJson>) {
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

  bool ReadText(std::string& out);
  bool ReadInteger(int64_t& out);
  // `"name":` with the comma before it where it is not the object's first.
  bool TakeName(std::string_view name);
  bool Take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  std::string_view rest_;
  bool first_ = true;  // of the object that is being read
  bool ok_ = true;
};

}  // namespace alcove::functions::json
