#include "runtime/operations.h"

#include "absl/strings/str_cat.h"
#include "functions/problem.h"

namespace alcove::runtime {
namespace {

functions::Response Text(int status, std::string body) {
  functions::Response response;
  response.status = status;
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(body);
  return response;
}

}  // namespace

functions::Outcome Operations::Run(Call& call) {
  const std::string& path = call.request.path;
  if (call.request.method != functions::Method::kGet || call.verb == Call::Verb::kOther) {
    functions::Response response = functions::ProblemResponse(functions::ProblemCode::kMethodNotAllowed);
    response.headers.emplace_back("Allow", "GET, HEAD");
    return response;
  }
  if (path == "/healthz") return Text(200, "ok\n");
  if (path == "/readyz") {
    const absl::Status status = readiness_.Check();
    if (status.ok()) return Text(200, "ready\n");
    functions::Response response = Text(503, absl::StrCat(status.message(), "\n"));
    response.headers.emplace_back("Retry-After", "1");
    return response;
  }
  if (path == "/metrics") {
    functions::Response response = Text(200, metrics_text_());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  }
  return functions::ProblemResponse(functions::ProblemCode::kNotFound);
}

}  // namespace alcove::runtime
