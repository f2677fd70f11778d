#include "functions/wire/admin.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "functions/admin/operator.h"
#include "functions/json_codec.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "runtime/admin_call.h"
#include "runtime/admin_deferred.h"
#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
#include "runtime/commands/command_context.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

std::string TimeText(int64_t at_ms) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", absl::FromUnixMillis(at_ms), absl::UTCTimeZone());
}

void Print(AdminOutput output, const DeferredLine& line) {
  if (output == AdminOutput::kJson) {
    std::printf("%s\n", functions::ToJson(line).c_str());
    return;
  }
  std::string text =
      absl::StrCat(*line.state, std::string(10 - std::min<size_t>(line.state->size(), 9), ' '), line.id.value_or(""),
                   "  ", TimeText(line.run_at.value_or(0)), "  ", line.function.value_or(""), " ",
                   line.key.value_or(""), ", run ", line.attempts.value_or(0), " times");
  if (line.reason) absl::StrAppend(&text, ": ", *line.reason);
  std::printf("%s\n", text.c_str());
}

absl::Status Ask(const StoreAddress& address, const std::string& request, const TakeLine& take) {
  if (!address.data.empty()) {
    const auto server = AskServer(address.data, request + "\n");
    if (server.ok()) return ReadDeferred(*server, take);
  }
  ASSIGN_OR_RETURN(const auto store, OpenExistingStore(address));
  AnswerDeferred(*store, request, absl::ToUnixMillis(absl::Now()), take);
  return absl::OkStatus();
}

// All of standard input, as far as a body may be long.
absl::StatusOr<std::string> ReadBody() {
  std::string body;
  std::array<char, 4096> buffer;
  while (const size_t got = std::fread(buffer.data(), 1, buffer.size(), stdin)) {
    body.append(buffer.data(), got);
    if (body.size() > wire::kRequestBodyBytesMax) return absl::InvalidArgumentError("the body is too large");
  }
  return body;
}

absl::StatusOr<AdminAnswer> Call(const AdminCommand& command) {
  functions::admin::OperatorCall call = command.call;
  if (command.reads_body) {
    ASSIGN_OR_RETURN(call.body, ReadBody());
  }
  if (!command.store.data.empty()) {
    const auto server = AskServer(command.store.data, AdminCallText(call));
    if (server.ok()) return ReadAdminAnswer(*server);
  }
  ASSIGN_OR_RETURN(const auto store, OpenExistingStore(command.store));
  CommandContext context(*store);
  const functions::Response response = functions::admin::AnswerOperator(call, *context);
  return AdminAnswer{response.status, response.body};
}

// The answer on standard output where it is good, else what was wrong on the other.
int PrintCall(const AdminCommand& command) {
  const auto answer = Call(command);
  if (!answer.ok()) return Fail(answer.status());
  if (answer->status < 300 && command.explains && command.output == AdminOutput::kText) {
    const auto explanation = functions::ParseJson<wire::Explanation>(answer->json);
    if (!explanation.ok()) return Fail(absl::UnavailableError(answer->json));
    for (const std::string& line : explanation->lines) std::printf("%s\n", line.c_str());
    return 0;
  }
  if (answer->status < 300) {
    std::printf("%s\n", answer->json.c_str());
    return 0;
  }
  const auto problem = functions::ParseJson<wire::Problem>(answer->json);
  if (!problem.ok()) return Fail(absl::UnavailableError(answer->json));
  return Fail(
      absl::FailedPreconditionError(absl::StrCat(problem->code, ": ", problem->detail.value_or(problem->title))));
}

}  // namespace

int Admin(std::span<const std::string> arguments) {
  const auto command = ParseAdmin(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  if (command->request.empty()) return PrintCall(*command);
  absl::Status refused;
  int64_t listed = 0;
  const absl::Status asked = Ask(command->store, command->request, [&](const DeferredLine& line) {
    if (line.error) refused = absl::FailedPreconditionError(*line.error);
    if (!line.state) return absl::OkStatus();
    ++listed;
    Print(command->output, line);
    return absl::OkStatus();
  });
  if (!asked.ok()) return Fail(asked);
  if (!refused.ok()) return Fail(refused);
  if (command->output == AdminOutput::kText) {
    if (command->request != "deferred") {
      std::printf("done\n");
    } else if (listed == 0) {
      std::printf("nothing is deferred\n");
    }
  }
  return 0;
}

}  // namespace alcove::runtime
