// Markdown as people write it in a chat. A small part of it, read here: a message is never HTML.
//
//   **bold**, __bold__, *italic*, _italic_, `code`, and lines of code between two lines of ```
//   [words](https://...), https://..., www...., mailto:...
//   lines that begin with "- ", "* " or "1. "
//
// Whatever else there is stays as it was typed: a mark without its fellow, one inside a word or after a backslash, an
// address of another scheme, words that look like an address and lead to another one. Nothing but marks, and the
// addresses behind words, is left out: what is shown of a text that is not blank is not blank.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace alcove::ui {

// How a run of text looks, in bits; platform/js knows them too.
inline constexpr uint32_t kLookItalic = 1;
inline constexpr uint32_t kLookBold = 2;
inline constexpr uint32_t kLookCode = 4;
inline constexpr uint32_t kLookLink = 8;
inline constexpr uint32_t kLookBlock = 16;   // a line of code, all of it
inline constexpr uint32_t kLookMarker = 32;  // what stands before an item of a list: its next lines begin after it

// Bytes [begin, end) of a text that look so; of a link, bytes [url_begin, url_end) of the addresses.
struct Run {
  uint32_t begin = 0;
  uint32_t end = 0;
  uint32_t look = 0;
  uint32_t url_begin = 0;
  uint32_t url_end = 0;
  friend bool operator==(const Run&, const Run&) = default;
};

// What is shown. Between the runs, which are in order and apart, the text is plain.
struct Marked {
  std::string text;
  std::vector<Run> runs;
  std::string urls;
};

// Never fails, whatever the bytes; takes time in proportion to them.
Marked ParseMarkdown(std::string_view source);

// Whether a stranger's address may be given to the browser: http, https or mailto, and no white space in it.
bool IsHarmlessUrl(std::string_view url);

}  // namespace alcove::ui
