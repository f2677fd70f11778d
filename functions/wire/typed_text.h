// What a person typed, as the faces and the functions judge it alike: a face
// that let pass what a function refuses would ask for it twice.
//
// Threads: free functions.
#pragma once

#include <string_view>

namespace alcove::wire {

// Without the white space of ASCII before and behind. A view of `text`.
std::string_view Trimmed(std::string_view text);

// Whether there is nothing but that.
bool IsBlank(std::string_view text);

// Whether it is an address as people write one: what is before and behind one `@`, without a space or a control
// character. Whether it is theirs only a mail would tell.
bool IsEmailAddress(std::string_view text);

}  // namespace alcove::wire
