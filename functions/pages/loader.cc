#include "functions/pages/loader.h"

#include <brotli/encode.h>

#include <cstdint>
#include <optional>
#include <utility>

#include "functions/json_codec.h"
#include "functions/pages/no_web_files.h"
#include "functions/problem.h"
#include "functions/records.h"
#include "functions/secrets.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::pages {

namespace keys = store::keys;

namespace {

// What web/loader.js names, and nothing else does.
constexpr std::string_view kConfigToken = "__ALCOVE_CONFIG__";
// Best that is quick enough to be done for each request: under a millisecond.
constexpr int kBrotliQuality = 5;
constexpr char kCacheControl[] = "public, max-age=300";

struct LoaderConfig {
  std::string site;
  std::string name;
  std::string accent;
  std::string position;
};
template <class V>
void Describe(V& visit, LoaderConfig& config) {
  visit("site", config.site);
  visit("name", config.name);
  visit("accent", config.accent);
  visit("position", config.position);
}

// The configuration as JSON, `{}` where no site is named.
absl::StatusOr<std::string> ConfigOf(std::string_view site_text, Context& context) {
  if (site_text.empty()) return std::string("{}");
  const auto site = wire::SiteId::Parse(site_text);
  if (!site) return absl::NotFoundError("no site");
  ASSIGN_OR_RETURN(const SiteRecord record, context.store.Read([&](store::Reader& reader) {
    return Load<SiteRecord>(reader, keys::Site(*site));
  }));
  return ToJson(LoaderConfig{site->text(), record.name, record.appearance.accent, record.appearance.position});
}

std::optional<std::string> Brotli(std::string_view text) {
  std::string compressed(BrotliEncoderMaxCompressedSize(text.size()), '\0');
  size_t size = compressed.size();
  const auto* input = reinterpret_cast<const uint8_t*>(text.data());
  auto* output = reinterpret_cast<uint8_t*>(compressed.data());
  if (BrotliEncoderCompress(kBrotliQuality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(), input, &size,
                            output) == BROTLI_FALSE) {
    return std::nullopt;
  }
  compressed.resize(size);
  return compressed;
}

// Whether the list names brotli, and not with a weight of nothing.
bool TakesBrotli(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
    std::string_view item = accept_encoding.substr(0, end);
    accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    const size_t name_end = std::min(item.find_first_of("; "), item.size());
    if (item.substr(0, name_end) != "br") continue;
    const size_t weight = item.find("q=");
    return weight == std::string_view::npos ||
           item.substr(weight + 2).find_first_not_of("0. ") != std::string_view::npos;
  }
  return false;
}

bool Names(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

}  // namespace

std::string JsonForScript(std::string_view json) {
  std::string script;
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string_view rest = json.substr(i);
    if (rest.front() == '<') {
      script += "\\u003c";
    } else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
      script += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      script += rest.front();
    }
  }
  return script;
}

Outcome Loader(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const std::string config, ConfigOf(request.Query("site"), context));
  const std::optional<std::string_view> source = context.assets.Find("loader.js");
  if (!source) return ProblemStatus(ProblemCode::kNotFound, kNoWebFiles);
  std::string script(*source);
  if (const size_t token = script.find(kConfigToken); token != std::string::npos) {
    script.replace(token, kConfigToken.size(), JsonForScript(config));
  }

  const bool brotli = TakesBrotli(request.accept_encoding);
  const std::string etag = '"' + Sha256Hex(script).substr(0, 32) + (brotli ? "-br\"" : "\"");
  Response response;
  response.content_type = "text/javascript; charset=utf-8";
  response.headers = {{"Cache-Control", kCacheControl},
                      {"ETag", etag},
                      {"Vary", "Accept-Encoding"},
                      {"Cross-Origin-Resource-Policy", "cross-origin"}};
  if (Names(request.if_none_match, etag)) {
    response.status = 304;
    return response;
  }
  std::optional<std::string> compressed = brotli ? Brotli(script) : std::nullopt;
  if (compressed) response.headers.emplace_back("Content-Encoding", "br");
  response.body = compressed ? *std::move(compressed) : std::move(script);
  return response;
}

}  // namespace alcove::functions::pages
