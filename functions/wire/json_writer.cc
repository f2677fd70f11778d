#include "functions/wire/json_writer.h"

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

}  // namespace alcove::wire
