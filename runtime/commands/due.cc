#include <cstdio>
#include <memory>

#include "functions/deferrables.h"
#include "runtime/command_line.h"
#include "runtime/commands/command_context.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/fetcher.h"
#include "runtime/metrics.h"
#include "runtime/run_due.h"

namespace alcove::runtime {

int Due(std::span<const std::string> arguments) {
  const auto command = ParseDue(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  const auto store = OpenExistingStore(command->store);
  if (!store.ok()) return Fail(store.status());
  CommandContext context(**store);
  Metrics metrics;
  Fetcher fetcher({.allowed = command->fetch_allowed, .log = command->log}, metrics);
  const auto counts = RunDue(functions::Deferrables(), *context, fetcher);
  if (!counts.ok()) return Fail(counts.status());
  std::printf("%lld done, %lld to be run again, %lld given up\n", static_cast<long long>(counts->done),
              static_cast<long long>(counts->failed), static_cast<long long>(counts->dead));
  return 0;
}

}  // namespace alcove::runtime
