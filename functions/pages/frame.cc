#include "functions/pages/frame.h"

#include <optional>
#include <string>

#include "functions/origin.h"
#include "functions/pages/no_web_files.h"
#include "functions/problem.h"
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

std::string PolicyOf(const SiteRecord& site) {
  std::string policy = kPolicy;
  for (const std::string& origin : site.allowed_origins) {
    if (IsOriginPattern(origin)) policy += " " + origin;
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
  if (!page) return ProblemStatus(ProblemCode::kNotFound, kNoWebFiles);
  Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = *page;
  response.headers = {{"Content-Security-Policy", PolicyOf(record)}, {"Referrer-Policy", "no-referrer"}};
  return response;
}

}  // namespace alcove::functions::pages
