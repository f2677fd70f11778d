// Values by their keys, as many as there is room for: those that nobody asks for are forgotten.
//
// Two ages: what is asked for moves to the recent ones, and the older go all at once. In the order in which each was
// asked for, every look would touch its neighbours, too. What is asked for again before half of the room was filled is
// always still there.
//
// Threads: none of its own; whoever has it locks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "store/shared_value.h"

namespace alcove::store {

class RememberedValues {
 public:
  struct Value {
    SharedValue text;  // erased: there is none
    uint64_t since;    // whatever it counts, from which on it is so
  };
  // Debian's absl::string_view is not the standard's.
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view key) const { return std::hash<std::string_view>()(key); }
  };
  using Values = absl::flat_hash_map<std::string, Value, Hash, std::equal_to<>>;

  // Up to `bytes_max`, of which each value's own cost is a part.
  explicit RememberedValues(size_t bytes_max) : bytes_max_(bytes_max) {}

  // The value of the key, whose hash this is, now among the recent ones, or nullptr. Until the next call.
  Value* Find(std::string_view key, size_t hash);
  // In the place of `known`, which Find() has just returned for the key.
  void Put(std::string_view key, Value* known, Value value);
  void Erase(std::string_view key, Value& known);

  // Where there is too much, forgets the older, and returns them to be freed without the lock.
  Values Age();
  void Clear();

 private:
  const size_t bytes_max_;
  Values recent_;
  Values older_;
  size_t recent_bytes_ = 0;
};

}  // namespace alcove::store
