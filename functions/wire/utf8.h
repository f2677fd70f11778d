// Whether bytes are UTF-8, as RFC 3629 has it: no overlong forms, no
// surrogates, nothing above U+10FFFF.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace alcove::wire {

// The bytes of the one character that `text` begins with, 0 where it begins
// with none.
size_t Utf8SequenceLength(std::string_view text);

bool IsUtf8(std::string_view text);

// The longest beginning of `text` that is at most `bytes_max` long and does not
// end inside a character.
std::string_view CutUtf8(std::string_view text, size_t bytes_max);

// Appends a code point. REQUIRES: it is no surrogate and at most U+10FFFF.
void AppendUtf8(uint32_t code_point, std::string& out);

}  // namespace alcove::wire
