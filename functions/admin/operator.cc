#include "functions/admin/operator.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "functions/answer.h"
#include "functions/problem.h"
#include "functions/routes.h"
#include "functions/wire/ids.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

absl::StatusOr<std::vector<std::string>> AllSites(store::Reader& reader) {
  std::vector<std::string> sites;
  store::Range rest = keys::Everything();
  while (true) {
    ASSIGN_OR_RETURN(const auto first, reader.Scan(rest, {.limit = 1}));
    if (first.empty()) return sites;
    const auto parts = keys::DecodeParts(first.front().key);
    if (!parts) return absl::DataLossError("no key of ours");
    std::string site(parts->site);
    rest.begin = keys::BehindSite(site);
    if (site != keys::kNoSite) sites.push_back(std::move(site));
  }
}

// A site that is put names itself.
absl::StatusOr<std::string> SiteOf(const OperatorCall& call, const Match& match, Context& context) {
  for (const auto& [name, value] : match.parameters) {
    if (name == "site") return value;
  }
  if (!call.site.empty()) return call.site;
  ASSIGN_OR_RETURN(const auto sites, context.store.Read(AllSites));
  if (sites.size() == 1) return sites.front();
  if (sites.empty()) return ProblemStatus(ProblemCode::kNotFound, "there is no site: put one");
  return ProblemStatus(ProblemCode::kUnprocessable,
                       absl::StrCat("there is more than one site, name it: ", absl::StrJoin(sites, ", ")));
}

// As they stand in an address, without anything to decode: ids and numbers.
Request::Pairs ParseQuery(std::string_view text) {
  Request::Pairs pairs;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(pair.size() + 1, text.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  return pairs;
}

absl::Status CheckSite(const Request& request, Context& context) {
  if (request.method == Method::kPut && !request.Parameter("site").empty()) return absl::OkStatus();
  const auto site = wire::SiteId::Parse(request.operated_site);
  if (!site) return ProblemStatus(ProblemCode::kNotFound, "that is no id of a site");
  ASSIGN_OR_RETURN(const auto record,
                   context.store.Read([&](store::Reader& reader) { return reader.Get(keys::Site(*site)); }));
  return record ? absl::OkStatus() : ProblemStatus(ProblemCode::kNotFound, "there is no such site");
}

Outcome Answer(const OperatorCall& call, Context& context) {
  const size_t mark = std::min(call.resource.find('?'), call.resource.size());
  Request request;
  request.method = call.method;
  request.path = AdminPath(std::string_view(call.resource).substr(0, mark));
  if (mark < call.resource.size()) request.query = ParseQuery(std::string_view(call.resource).substr(mark + 1));
  request.body = call.body;
  if (!call.body.empty()) request.content_type = "application/json";
  Matched matched = FindRoute(request.method, request.path);
  if (!matched.match || matched.match->route->who.caller != Caller::kAdmin) {
    return ProblemStatus(ProblemCode::kNotFound, "there is no such resource");
  }
  ASSIGN_OR_RETURN(request.operated_site, SiteOf(call, *matched.match, context));
  request.parameters = std::move(matched.match->parameters);
  RETURN_IF_ERROR(CheckSite(request, context));
  return AnswerRoute(*matched.match->route, request, context);
}

}  // namespace

Response AnswerOperator(const OperatorCall& call, Context& context) {
  Outcome outcome = Answer(call, context);
  // None of these waits.
  return outcome.response() != nullptr ? *outcome.response() : ProblemResponse(ProblemCode::kInternal);
}

}  // namespace alcove::functions::admin
