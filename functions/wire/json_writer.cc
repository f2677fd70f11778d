#include "functions/wire/json_writer.h"

#include <algorithm>
#include <charconv>

#include "functions/wire/plain_run.h"
#include "functions/wire/utf8.h"

namespace alcove::wire {

void AppendJsonString(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  // Runs of plain text are appended whole.
  size_t run = 0;
  size_t at = 0;
  const auto flush = [&] { out.append(text.data() + run, at - run); };
  while (true) {
    at += PlainRun(text.substr(at));
    if (at == text.size()) break;
    const unsigned char byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x80) {
      const size_t length = Utf8SequenceLength(text.substr(at));
      if (length != 0) {
        at += length;
        continue;
      }
      flush();
      out += "\xEF\xBF\xBD";
    } else if (byte == '"' || byte == '\\') {
      flush();
      out += '\\';
      out += text[at];
    } else {
      flush();
      switch (byte) {
        case '\n':
          out += "\\n";
          break;
        case '\r':
          out += "\\r";
          break;
        case '\t':
          out += "\\t";
          break;
        default:
          out += "\\u00";
          out += kHex[byte >> 4];
          out += kHex[byte & 15];
      }
    }
    run = ++at;
  }
  flush();
  out += '"';
}

void JsonText::AppendName(std::string_view name) {
  char* at = Room(name.size() + 4);
  if (at[-1] != '{') *at++ = ',';
  *at++ = '"';
  at = std::copy(name.begin(), name.end(), at);
  *at++ = '"';
  *at++ = ':';
  size_ = static_cast<size_t>(at - text_.data());
}

void JsonText::Separate() {
  if (const char last = text_[size_ - 1]; last != '{' && last != '[') Append(',');
}

void JsonText::AppendText(std::string_view text) {
  if (PlainRun(text) == text.size()) {
    char* at = Room(text.size() + 2);
    *at++ = '"';
    at = std::copy(text.begin(), text.end(), at);
    *at++ = '"';
    size_ += text.size() + 2;
  } else {
    text_.resize(size_);
    AppendJsonString(text, text_);
    size_ = text_.size();
  }
}

void JsonText::AppendInteger(int64_t value) {
  constexpr size_t kIntegerBytes = 20;
  char* const at = Room(kIntegerBytes);
  size_ += static_cast<size_t>(std::to_chars(at, at + kIntegerBytes, value).ptr - at);
}

void JsonText::Append(std::string_view json) {
  std::copy(json.begin(), json.end(), Room(json.size()));
  size_ += json.size();
}

}  // namespace alcove::wire
