#include "wasm-widget/client/answer.h"

#include "wasm-widget/client/json.h"

namespace alcove::client {
namespace {

// Of a problem document, what a client acts on.
struct ProblemPart {
  std::optional<std::string> code;
  std::optional<wire::Actor> agent;
  std::optional<std::string> detail;
};
template <class V>
void Describe(V& visit, ProblemPart& problem) {
  visit("code", problem.code);
  visit("agent", problem.agent);
  visit("detail", problem.detail);
}

// "form.email is missing": `email`. "" where the detail begins with none.
std::string FieldOf(std::string_view detail) {
  constexpr std::string_view kForm = "form.";
  if (!detail.starts_with(kForm)) return {};
  detail.remove_prefix(kForm.size());
  return std::string(detail.substr(0, detail.find(' ')));
}

bool IsJson(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type == "application/json" || type == "application/problem+json";
}

bool IsAboutTheBody(int status) { return status == 413 || status == 415 || status == 422; }

}  // namespace

Judgement Judge(const HttpAnswer& answer) {
  const int status = answer.status;
  if (status == 0) return {answer.timed_out ? Verdict::kTimedOut : Verdict::kNoAnswer, {}, {}, {}};
  if (status == 429 || status == 503) return {Verdict::kBusy, {}, {}, {}};
  const bool is_json = IsJson(answer.content_type);
  if (status >= 200 && status < 300) {
    return {is_json || status == 204 ? Verdict::kAccepted : Verdict::kNoAnswer, {}, {}, {}};
  }
  if (status < 400 || status >= 500 || status == 408) return {Verdict::kNoAnswer, {}, {}, {}};
  ProblemPart problem;
  const bool is_problem = is_json && ParseJson(answer.body, problem) && problem.code.has_value();
  if (!is_problem && !IsAboutTheBody(status)) return {Verdict::kNoAnswer, {}, {}, {}};
  Judgement judgement{Verdict::kRefused, problem.code.value_or("bad_request"), std::move(problem.agent), {}};
  if (status == 422 && problem.detail) judgement.field = FieldOf(*problem.detail);
  if (status == 401) judgement.verdict = Verdict::kTokenRefused;
  if (status == 410) judgement.verdict = Verdict::kResync;
  return judgement;
}

}  // namespace alcove::client
