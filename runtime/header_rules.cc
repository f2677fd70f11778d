#include "runtime/header_rules.h"

#include <algorithm>

#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

// Host and port, nothing that would make the text another part of an address.
bool IsHost(std::string_view value) {
  static constexpr CharacterSet kHostCharacters("-._~:[]%!$&'()*+;=");
  return kHostCharacters.HasAll(value);
}

bool ListHas(std::string_view list, std::string_view wanted) {
  while (true) {
    const size_t comma = list.find(',');
    if (EqualsIgnoringCase(Trimmed(list.substr(0, comma)), wanted)) return true;
    if (comma == list.npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

int ParseHeaderLine(std::string_view line, Header& parsed) {
  const size_t colon = line.find(':');
  if (colon == line.npos || colon == 0) return 400;
  parsed.name = line.substr(0, colon);
  // A folded line begins with a space, which is no token character either.
  if (!kTokenCharacters.HasAll(parsed.name)) return 400;
  parsed.value = Trimmed(line.substr(colon + 1));
  return 0;
}

int HeaderRules::Add(const Header& header, uint64_t body_bytes_max) {
  const auto [name, value] = header;
  if (EqualsIgnoringCase(name, "Content-Length")) return AddContentLength(value, body_bytes_max);
  if (EqualsIgnoringCase(name, "Transfer-Encoding")) {
    if (chunked_) return 400;
    if (!EqualsIgnoringCase(value, "chunked")) return 501;
    chunked_ = true;
  } else if (EqualsIgnoringCase(name, "Host")) {
    if (has_host_ || !IsHost(value)) return 400;
    has_host_ = true;
  } else if (EqualsIgnoringCase(name, "Authorization")) {
    // A proxy that checks the one and a function that believes the other would let a stranger in.
    if (has_authorization_) return 400;
    has_authorization_ = true;
  } else if (EqualsIgnoringCase(name, "Content-Encoding")) {
    // Nothing here unpacks: its bytes would be taken for the text.
    if (!EqualsIgnoringCase(value, "identity")) return 415;
  } else if (EqualsIgnoringCase(name, "Expect")) {
    if (!EqualsIgnoringCase(value, "100-continue")) return 417;
    expects_continue_ = true;
  } else if (EqualsIgnoringCase(name, "Connection")) {
    if (ListHas(value, "close")) keep_alive_ = false;
  }
  return 0;
}

int HeaderRules::AddContentLength(std::string_view value, uint64_t body_bytes_max) {
  // 15 digits cannot overflow; the limit of the body is far below.
  if (has_content_length_ || value.empty() || value.size() > 15) return 400;
  if (!std::all_of(value.begin(), value.end(), IsDigit)) return 400;
  has_content_length_ = true;
  for (const char digit : value) content_length_ = content_length_ * 10 + static_cast<uint64_t>(digit - '0');
  return content_length_ > body_bytes_max ? 413 : 0;
}

int HeaderRules::Finish(int minor_version) {
  if (minor_version == 1 && !has_host_) return 400;
  if (chunked_ && (has_content_length_ || minor_version == 0)) return 400;
  if (minor_version == 0) {
    keep_alive_ = false;
    expects_continue_ = false;
  }
  return 0;
}

}  // namespace alcove::runtime
