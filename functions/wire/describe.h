// How a wire type declares its fields: once.
//
//   struct Draft { std::string text; std::optional<int64_t> at; };
//   template <class V> void Describe(V& visit, Draft& draft) {
//     visit("text", draft.text);
//     visit("at", draft.at);
//   }
//
// A codec is a visitor: the nlohmann codec of the server, the jsmn codec of
// the faces. The type of a field says how it is written:
//
//   std::string, int64_t, bool   required; a missing or mistyped one refuses the message
//   std::optional<T>             left out when empty; null reads as empty
//   std::vector<T>               always written; missing reads as empty
//   an enum with EnumNames       its name; a name not known reads as the first
//   a struct with Describe()     an object
//   RawJson                      JSON text, spliced in as it is
//
// A reader skips fields it does not know: fields may be added.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace alcove::wire {

// An enum's names on the wire, in the order of its values, which run from 0
// without a gap. The first is what an unknown name reads as.
//   template <> struct EnumNames<Colour> { static constexpr std::array<std::string_view, 2> kNames = {...}; };
template <class Enum>
struct EnumNames;

template <class Enum>
constexpr std::string_view NameOf(Enum value) {
  return EnumNames<Enum>::kNames[static_cast<size_t>(value)];
}

template <class Enum>
constexpr Enum FromName(std::string_view name) {
  const auto& names = EnumNames<Enum>::kNames;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<Enum>(i);
  }
  return Enum{};
}

// Text that is one JSON value already, kept as it was serialised first.
struct RawJson {
  std::string text;
  friend bool operator==(const RawJson&, const RawJson&) = default;
};

}  // namespace alcove::wire
