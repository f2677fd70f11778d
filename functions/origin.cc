#include "functions/origin.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"

namespace alcove::functions {
namespace {

constexpr std::string_view kSchemeEnd = "://";

struct Origin {
  std::string_view scheme;  // empty: http or https
  std::string_view host;
  std::string_view port;  // empty: the scheme's own
};

std::optional<Origin> Split(std::string_view text) {
  Origin origin;
  if (const size_t end = text.find(kSchemeEnd); end != text.npos) {
    origin.scheme = text.substr(0, end);
    text.remove_prefix(end + kSchemeEnd.size());
  }
  // An IPv6 address has colons of its own, within brackets.
  const size_t bracket = text.find(']');
  const size_t colon = text.find(':', bracket == text.npos ? 0 : bracket);
  origin.host = text.substr(0, colon);
  if (colon != text.npos) origin.port = text.substr(colon + 1);
  // Browsers leave the scheme's own port out; an owner may have written it.
  if (origin.port == (origin.scheme == "https" ? "443" : origin.scheme == "http" ? "80" : "")) origin.port = {};
  if (origin.host.empty() || text.find_first_of("/@, ") != text.npos) return std::nullopt;
  return origin;
}

bool HostMatches(std::string_view allowed, std::string_view host) {
  if (!allowed.starts_with("*.")) return allowed == host;
  allowed.remove_prefix(1);
  return host.size() > allowed.size() && host.ends_with(allowed);
}

bool Matches(std::string_view entry, const Origin& origin) {
  const std::optional<Origin> allowed = Split(entry);
  if (!allowed) return false;
  const bool scheme =
      allowed->scheme.empty() ? origin.scheme == "http" || origin.scheme == "https" : allowed->scheme == origin.scheme;
  return scheme && (allowed->port == "*" || allowed->port == origin.port) && HostMatches(allowed->host, origin.host);
}

}  // namespace

bool AllowsOrigin(const std::vector<std::string>& allowed, std::string_view origin) {
  if (allowed.empty() || origin.empty()) return true;
  const std::string lower = absl::AsciiStrToLower(std::string(origin));
  const std::optional<Origin> asking = Split(lower);
  if (!asking || asking->scheme.empty()) return false;
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& entry) { return Matches(absl::AsciiStrToLower(entry), *asking); });
}

bool IsOriginPattern(std::string_view origin) {
  return !origin.empty() && std::all_of(origin.begin(), origin.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view(":/.*-_[]").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

}  // namespace alcove::functions
