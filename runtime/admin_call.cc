#include "runtime/admin_call.h"

#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "functions/method.h"
#include "functions/wire/limits.h"
#include "runtime/admin_socket.h"
#include "store/status_macros.h"

namespace alcove::runtime {

std::optional<AdminCallLine> ParseAdminCall(std::string_view line) {
  const std::vector<std::string> words = absl::StrSplit(absl::string_view(line.data(), line.size()), ' ');
  if (words.size() < 4 || words.size() > 5 || words[0] != "call") return std::nullopt;
  AdminCallLine parsed;
  const auto method = functions::ParseMethod(words[1]);
  // Administration posts nothing.
  if (!method || *method == functions::Method::kPost || !absl::SimpleAtoi(words[2], &parsed.body_bytes))
    return std::nullopt;
  parsed.call.method = *method;
  if (parsed.body_bytes > wire::kRequestBodyBytesMax) return std::nullopt;
  parsed.call.resource = words[3];
  if (words.size() == 5) parsed.call.site = words[4];
  return parsed;
}

std::string AdminCallText(const functions::admin::OperatorCall& call) {
  return absl::StrCat("call ", std::string(functions::NameOf(call.method)), " ", call.body.size(), " ", call.resource,
                      call.site.empty() ? "" : " ", call.site, "\n", call.body);
}

std::string AdminAnswerText(const functions::Response& response) {
  return absl::StrCat(response.status, " ", response.body, "\n");
}

absl::StatusOr<AdminAnswer> ReadAdminAnswer(const Descriptor& asked) {
  AdminAnswer answer;
  RETURN_IF_ERROR(ReadLines(asked, [&](const std::string& line) -> absl::StatusOr<bool> {
    const size_t blank = line.find(' ');
    if (!absl::SimpleAtoi(line.substr(0, blank), &answer.status)) {
      return absl::UnavailableError("the server answers what is no answer");
    }
    answer.json = line.substr(blank + 1);
    return false;
  }));
  return answer;
}

}  // namespace alcove::runtime
