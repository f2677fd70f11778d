#include "functions/url.h"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

constexpr size_t kDnsNameBytes = 253;  // RFC 1035, as the next
constexpr size_t kDnsLabelBytes = 63;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

absl::Status Bad(std::string_view what) { return absl::InvalidArgumentError(std::string(what)); }

// The next label of a name; what is left of it stays in `rest`.
std::string_view TakeLabel(std::string_view& rest) {
  const size_t dot = std::min(rest.find('.'), rest.size());
  const std::string_view label = rest.substr(0, dot);
  rest.remove_prefix(std::min(dot + 1, rest.size()));
  return label;
}

bool IsLabel(std::string_view label) {
  const auto good = [](char c) { return IsLower(c) || IsDigit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= kDnsLabelBytes && std::all_of(label.begin(), label.end(), good);
}

bool IsIpv4(std::string_view host) {
  int parts = 0;
  for (std::string_view rest = host; !rest.empty(); ++parts) {
    const std::string_view part = TakeLabel(rest);
    int number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool plain = error == std::errc() && end == part.data() + part.size() && std::to_string(number) == part;
    if (!plain || number > 255) return false;
  }
  return parts == 4 && !host.ends_with('.');
}

// Whether some resolver would read the name as a number: the last label decides (as browsers do).
bool LooksLikeNumber(std::string_view host) {
  const std::string_view last = host.substr(host.rfind('.') + 1);
  return !last.empty() && IsDigit(last.front()) &&
         std::all_of(last.begin(), last.end(), [](char c) { return IsHex(c) || c == 'x'; });
}

bool IsName(std::string_view host) {
  if (host.empty() || host.size() > kDnsNameBytes || host.ends_with('.') || LooksLikeNumber(host)) return false;
  for (std::string_view rest = host; !rest.empty();) {
    if (!IsLabel(TakeLabel(rest))) return false;
  }
  return true;
}

// The one who connects reads it in full; here only what cannot be one is kept out.
bool MayBeIpv6(std::string_view host) {
  return host.find(':') != host.npos && host.size() <= 45 &&
         std::all_of(host.begin(), host.end(), [](char c) { return IsHex(c) || c == ':' || c == '.'; });
}

absl::Status ParsePort(std::string_view text, int& port) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool good = error == std::errc() && end == text.data() + text.size() && port >= 1 && port <= 65535;
  return good ? absl::OkStatus() : Bad("its port is not a number from 1 to 65535");
}

absl::Status ParseAuthority(std::string_view text, Url& url) {
  if (text.find('@') != text.npos) return Bad("it names a user");
  size_t host_end = text.rfind(':');
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == text.npos) return Bad("its host is not one");
    url.host = Lower(text.substr(1, bracket - 1));
    if (!MayBeIpv6(url.host)) return Bad("its host is not one");
    host_end = bracket + 1;
    if (host_end < text.size() && text[host_end] != ':') return Bad("its host is not one");
  } else {
    host_end = std::min(host_end, text.size());
    url.host = Lower(text.substr(0, host_end));
    if (!IsIpv4(url.host) && !IsName(url.host)) return Bad("its host is neither a name nor an address");
  }
  return host_end < text.size() ? ParsePort(text.substr(host_end + 1), url.port) : absl::OkStatus();
}

}  // namespace

std::string Url::HostHeader() const {
  const std::string name = host.find(':') != host.npos ? absl::StrCat("[", host, "]") : host;
  const bool usual = port == (scheme == Scheme::kHttps ? 443 : 80);
  return usual ? name : absl::StrCat(name, ":", port);
}

bool Url::IsAddress() const { return host.find(':') != host.npos || IsIpv4(host); }

absl::StatusOr<Url> ParseUrl(std::string_view text) {
  if (text.size() > wire::kPageUrlBytesMax) return Bad("it is too long");
  const auto visible = [](char c) { return c > ' ' && c < 0x7f && c != '\\'; };
  if (!std::all_of(text.begin(), text.end(), visible)) return Bad("it holds what an address may not hold");
  if (text.find('#') != text.npos) return Bad("it has a fragment");

  constexpr std::string_view kHttp = "http://";
  constexpr std::string_view kHttps = "https://";
  Url url;
  const std::string scheme = Lower(text.substr(0, kHttps.size()));
  if (scheme == kHttps) {
    text.remove_prefix(kHttps.size());
  } else if (scheme.starts_with(kHttp)) {
    text.remove_prefix(kHttp.size());
    url.scheme = Scheme::kHttp;
    url.port = 80;
  } else {
    return Bad("it begins with neither https:// nor http://");
  }
  const size_t end = std::min(text.find_first_of("/?"), text.size());
  RETURN_IF_ERROR(ParseAuthority(text.substr(0, end), url));
  const std::string_view target = text.substr(end);
  url.target = target.starts_with('/') ? std::string(target) : absl::StrCat("/", std::string(target));
  return url;
}

}  // namespace alcove::functions
