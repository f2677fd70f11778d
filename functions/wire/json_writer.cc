#include "functions/wire/json_writer.h"

#include <algorithm>
#include <charconv>

#include "functions/wire/plain_run.h"
#include "functions/wire/utf8.h"

namespace alcove::wire {

namespace {

// Calls append(std::string_view) with each piece of `text` as a JSON string, quotes included.
template <class Append>
void WriteString(std::string_view text, const Append& append) {
  static constexpr char kHex[] = "0123456789abcdef";
  append("\"");
  // Runs of plain text are appended whole.
  size_t run = 0;
  size_t at = 0;
  const auto flush = [&] { append(text.substr(run, at - run)); };
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
      append("\xEF\xBF\xBD");
    } else if (byte == '"' || byte == '\\') {
      flush();
      append(byte == '"' ? "\\\"" : "\\\\");
    } else {
      flush();
      switch (byte) {
        case '\n':
          append("\\n");
          break;
        case '\r':
          append("\\r");
          break;
        case '\t':
          append("\\t");
          break;
        default:
          const char code[] = {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15]};
          append(std::string_view(code, sizeof(code)));
      }
    }
    run = ++at;
  }
  flush();
  append("\"");
}

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  WriteString(text, [&](std::string_view piece) { out.append(piece); });
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
  WriteString(text, [this](std::string_view piece) { Append(piece); });
}

void JsonText::AppendInteger(int64_t value) {
  constexpr size_t kIntegerBytes = 20;  // of the least
  char* const at = Room(kIntegerBytes);
  size_ += static_cast<size_t>(std::to_chars(at, at + kIntegerBytes, value).ptr - at);
}

void JsonText::Append(std::string_view json) {
  std::copy(json.begin(), json.end(), Room(json.size()));
  size_ += json.size();
}

}  // namespace alcove::wire
