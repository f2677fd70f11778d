// Just enough JSON reading for the echo bench: a value is a view of its text.
//
// The bench must not share a parser with the server, or a bug in it would
// cancel itself out; and it must cost little, as it shares the machine.
// A text that is not JSON gives empty views, never undefined behaviour.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace alcove::bench {

// The raw value of `key` in a JSON object: `7`, `"text"`, `[…]`; empty where there is none.
std::string_view Member(std::string_view object, std::string_view key);

// The raw elements of a JSON array.
std::vector<std::string_view> Elements(std::string_view array);

// The characters of a raw JSON string; empty where it is not one.
std::string Unquote(std::string_view raw);

// `text` as a JSON string. REQUIRES: UTF-8 without control characters.
std::string Quote(std::string_view text);

}  // namespace alcove::bench
