#include "functions/budgets.h"

#include <algorithm>
#include <string>

#include "functions/problem.h"

namespace alcove::functions {
namespace {

class Boundless final : public Budgets {
 public:
  absl::Duration Take(Budget, std::string_view) override { return absl::ZeroDuration(); }
  absl::Duration TakeSignIn(std::string_view, std::string_view) override { return absl::ZeroDuration(); }
  void NoteSignIn(std::string_view, std::string_view) override {}
};

}  // namespace

Budgets& NoBudgets() {
  static Boundless boundless;
  return boundless;
}

Response TooManyRequests(absl::Duration wait) {
  const int64_t seconds = std::max<int64_t>(absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1))), 1);
  Response response = ProblemResponse(ProblemCode::kTooManyRequests);
  for (auto& [name, value] : response.headers) {
    if (name == "Retry-After") value = std::to_string(seconds);
  }
  return response;
}

}  // namespace alcove::functions
