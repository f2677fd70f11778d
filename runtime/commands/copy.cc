#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/progress_bar.h"
#include "store/transfer.h"

namespace alcove::runtime {
int Copy(std::span<const std::string> arguments) {
  const auto command = ParseCopy(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  const auto from = OpenExistingStore(command->from);
  if (!from.ok()) return Fail(from.status());
  const auto to = OpenStore(command->to);
  if (!to.ok()) return Fail(to.status());
  absl::StatusOr<store::Contents> copied;
  {
    ProgressBar bar("Copying");
    copied = store::Copy(**from, **to, bar.listener());
  }
  const std::string name = TextOf(command->to);
  if (!copied.ok()) {
    return Fail(absl::InternalError(absl::StrCat(name, ": ", std::string(copied.status().message()))));
  }
  std::printf("%lld entries with SHA-256 %s are in both\n", static_cast<long long>(copied->entries),
              copied->sha256.c_str());
  return 0;
}

}  // namespace alcove::runtime
