#include <algorithm>
#include <cstdio>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "runtime/admin_deferred.h"
#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
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
    const auto server = AskServer(address.data, request);
    if (server.ok()) return ReadDeferred(*server, take);
  }
  ASSIGN_OR_RETURN(const auto store, OpenExistingStore(address));
  AnswerDeferred(*store, request, absl::ToUnixMillis(absl::Now()), take);
  return absl::OkStatus();
}

}  // namespace

int Admin(std::span<const std::string> arguments) {
  const auto command = ParseAdmin(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
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
