// A target and a header's value through the framer and cpp-httplib to a call:
// what the framer lets through cpp-httplib understands, asks for once, and
// decodes to a path that is no other one and an answer that is whole.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "functions/routes.h"
#include "runtime/framer.h"
#include "runtime/http_engine.h"
#include "runtime/trusted_proxies.h"

namespace alcove::runtime {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

// The canonical request, where the framer takes this for exactly one.
std::optional<std::string> Framed(const std::string& request) {
  const FramerLimits limits;
  Framer framer(limits);
  if (framer.Consume(request) != request.size() || framer.state() != Framer::State::kComplete) return std::nullopt;
  return framer.Take().bytes;
}

void Check(const std::string& canonical, std::string_view target) {
  static const HttpEngine engine;
  static const TrustedProxies proxies = *TrustedProxies::Parse("10.0.0.0/8,::1");
  int calls = 0;
  const auto answer = engine.Answer(canonical, Persistence::kKeep, [&](Call& call) {
    ++calls;
    const std::string& path = call.request.path;
    Require(path.starts_with('/') && path.find('\0') == path.npos && path.find('\n') == path.npos);
    // No segment that was not there before it was decoded.
    const std::string_view written = target.substr(0, target.find('?'));
    size_t slashes = 0;
    for (const char c : written) slashes += c == '/' ? 1 : 0;
    for (const char c : path) slashes -= c == '/' ? 1 : 0;
    Require(slashes == 0);
    const functions::Matched matched = functions::FindRoute(call.request.method, path);
    if (matched.match.has_value() && written == path) {
      Require(functions::LikelyRoute(call.request.method, written) == matched.match->route);
    }
    (void)proxies.ClientOf("10.0.0.1", call.forwarded_for, call.forwarded);
    functions::Response response;
    response.body = "x";
    return std::optional(response);
  });
  Require(calls == 1);
  Require(answer.has_value() && answer->starts_with("HTTP/1.1 200 ") && answer->ends_with("\r\n\r\nx"));
}

}  // namespace
}  // namespace alcove::runtime

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace alcove::runtime;
  // The target, and behind a line's end the value of headers that are carried.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view target = bytes.substr(0, bytes.find('\n'));
  const std::string value(bytes.substr(std::min(target.size() + 1, bytes.size())));
  const auto canonical = Framed("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + value +
                                "\r\nOrigin: " + value + "\r\n\r\n");
  // A value may hold lines of its own, which are requests of another kind: framer_fuzz has those.
  if (canonical.has_value() && value.find('\n') == value.npos && target.find(' ') == target.npos) {
    Check(*canonical, target);
  }
  return 0;
}
