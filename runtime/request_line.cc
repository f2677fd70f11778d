#include "runtime/request_line.h"

#include <algorithm>
#include <array>

#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

// "HTTP/d.d": 0 if it is a version we speak, else the refusal.
int CheckVersion(std::string_view version) {
  if (version.size() != 8 || !version.starts_with("HTTP/") || !IsDigit(version[5]) || version[6] != '.' ||
      !IsDigit(version[7])) {
    return 400;
  }
  return version == "HTTP/1.1" || version == "HTTP/1.0" ? 0 : 505;
}

// A decoder that meets `%zz` keeps it, drops it or fails, each its own way:
// only what all decode alike is let through.
bool IsPercentEncodedWell(std::string_view target) {
  bool in_query = false;
  for (size_t i = 0; i < target.size(); ++i) {
    if (target[i] == '?') in_query = true;
    if (target[i] != '%') continue;
    if (i + 2 >= target.size()) return false;
    const int high = HexValue(target[i + 1]);
    const int low = HexValue(target[i + 2]);
    if (high < 0 || low < 0) return false;
    const int byte = high * 16 + low;
    // A slash in a name is one more segment to whoever decodes first: a proxy and we might see two paths.
    if (!in_query && (byte == '/' || IsControl(static_cast<unsigned char>(byte)))) return false;
    i += 2;
  }
  return true;
}

bool IsOriginForm(std::string_view target) {
  if (!target.starts_with('/')) return false;
  const auto is_uri_character = [](char c) { return c > ' ' && c < 0x7f && c != '#'; };
  return std::all_of(target.begin(), target.end(), is_uri_character) && IsPercentEncodedWell(target);
}

// As a proxy is asked. Its authority and the Host header could name two servers.
bool IsAbsoluteForm(std::string_view target) {
  return EqualsIgnoringCase(target.substr(0, 7), "http://") || EqualsIgnoringCase(target.substr(0, 8), "https://");
}

}  // namespace

int ParseRequestLine(std::string_view line, RequestLine& parsed) {
  const size_t first = line.find(' ');
  if (first == line.npos || first == 0) return 400;
  const size_t second = line.find(' ', first + 1);
  if (second == line.npos || second == first + 1 || line.find(' ', second + 1) != line.npos) return 400;

  parsed.method = line.substr(0, first);
  parsed.target = line.substr(first + 1, second - first - 1);
  const std::string_view version = line.substr(second + 1);
  if (!std::all_of(parsed.method.begin(), parsed.method.end(), IsUpperLetter)) return 400;
  // Before the target: HTTP/2's preface names `*` and should be told about the version.
  if (const int refusal = CheckVersion(version); refusal != 0) return refusal;
  if (parsed.method == "CONNECT" || IsAbsoluteForm(parsed.target)) return 421;
  if (!IsOriginForm(parsed.target)) return 400;
  if (std::find(kMethods.begin(), kMethods.end(), parsed.method) == kMethods.end()) return 501;
  parsed.minor_version = version.back() - '0';
  return 0;
}

}  // namespace alcove::runtime
