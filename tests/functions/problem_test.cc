#include "functions/problem.h"

#include <set>
#include <string>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

TEST(Problem, EachSaysWhatItsTableSays) {
  std::set<std::string> codes;
  for (const ProblemText& text : ProblemTexts()) {
    SCOPED_TRACE(text.code);
    const Response response = ProblemResponse(text.problem);
    EXPECT_EQ(response.status, text.status);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto problem = ParseJson<wire::Problem>(response.body);
    ASSERT_TRUE(problem.ok());
    EXPECT_EQ(problem->code, text.code);
    EXPECT_EQ(problem->status, text.status);
    EXPECT_EQ(problem->detail, text.detail);
    // Whoever is to come back is told when; whoever is to sign in, how.
    const std::string header = response.headers.empty() ? "" : response.headers[0].first;
    const bool retries = text.status == 429 || text.status == 503;
    EXPECT_EQ(header, retries ? "Retry-After" : text.status == 401 ? "WWW-Authenticate" : "");
    EXPECT_LE(response.headers.size(), 1U);
    codes.emplace(text.code);
    EXPECT_EQ(ProblemFor(ProblemStatus(text.problem)), text.problem);
  }
  EXPECT_EQ(codes.size(), ProblemTexts().size());
}

TEST(Problem, StatusesBecomeProblems) {
  const struct {
    absl::Status status;
    const char* code;
    bool tells;  // its message is for the client
  } kCases[] = {
      {absl::InvalidArgumentError("secret"), "bad_request", true},
      {absl::UnauthenticatedError("secret"), "token_invalid", false},
      {absl::PermissionDeniedError("secret"), "role_required", false},
      {absl::NotFoundError("secret"), "not_found", false},
      {absl::AlreadyExistsError("secret"), "id_reused", false},
      {absl::FailedPreconditionError("secret"), "closed", false},
      {absl::ResourceExhaustedError("secret"), "too_many_requests", false},
      {absl::AbortedError("secret"), "overloaded", false},
      {absl::UnavailableError("secret"), "storage", false},
      {absl::DeadlineExceededError("secret"), "storage", false},
      {absl::DataLossError("secret"), "internal", false},
      {absl::InternalError("secret"), "internal", false},
      {ProblemStatus(ProblemCode::kUnprocessable, "secret"), "unprocessable", true},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.status.ToString());
    const Outcome outcome = c.status;
    EXPECT_EQ(ParseJson<wire::Problem>(outcome.response()->body)->code, c.code);
    EXPECT_EQ(outcome.response()->body.find("secret") != std::string::npos, c.tells);
    EXPECT_EQ(outcome.status(), c.status);
  }
}

TEST(Problem, OnlyAnswersBelow400Commit) {
  using Ending = store::BodyResult<Outcome>;
  EXPECT_TRUE(Ending::ToStatus(Response{}).ok());
  Response redirect;
  redirect.status = 399;
  EXPECT_TRUE(Ending::ToStatus(redirect).ok());
  EXPECT_FALSE(Ending::ToStatus(ProblemResponse(ProblemCode::kClosed)).ok());
  EXPECT_FALSE(Ending::ToStatus(Wait{}).ok());
  // The store runs the body again only if it sees this code.
  EXPECT_EQ(Ending::ToStatus(absl::AbortedError("conflict")).code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace alcove::functions
