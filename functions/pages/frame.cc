#include "functions/pages/frame.h"

#include <algorithm>
#include <optional>
#include <string>

#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::pages {

namespace keys = store::keys;

namespace {

// Everything from ourselves, scripts never from the page's text. A wasm module
// needs 'wasm-unsafe-eval' to be compiled.
constexpr char kPolicy[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
    "'self'";

// An origin as a policy may name it: nothing that would begin another directive.
bool IsOrigin(const std::string& origin) {
  return !origin.empty() && std::all_of(origin.begin(), origin.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view(":/.*-_[]").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string PolicyOf(const SiteRecord& site) {
  std::string policy = kPolicy;
  for (const std::string& origin : site.allowed_origins) {
    if (IsOrigin(origin)) policy += " " + origin;
  }
  return policy;
}

}  // namespace

Outcome Frame(const Request& request, Context& context) {
  const std::optional<wire::SiteId> site = wire::SiteId::Parse(request.Query("site"));
  if (!site) return absl::NotFoundError("no site");
  ASSIGN_OR_RETURN(const SiteRecord record, context.store.Read([&](store::Reader& reader) {
    return Load<SiteRecord>(reader, keys::Site(*site));
  }));
  const std::optional<std::string_view> page = context.assets.Find("frame.html");
  if (!page) return absl::UnavailableError("no frame.html among the web files");
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = *page;
  response.headers = {{"Content-Security-Policy", PolicyOf(record)}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

}  // namespace alcove::functions::pages
