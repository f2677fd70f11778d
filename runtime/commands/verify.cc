#include "functions/verify.h"

#include <cstdio>
#include <memory>
#include <string>

#include "runtime/admin_socket.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "runtime/progress_bar.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

// Findings that are shown. Who has more has one cause, and sees it in these.
constexpr int64_t kShown = 100;

absl::StatusOr<functions::VerifyReport> VerifyStore(const StoreAddress& address,
                                                    const functions::VerifyListener& listener) {
  if (!address.data.empty()) {
    const auto server = AskServer(address.data, "verify\n");
    if (server.ok()) return VerifyByServer(*server, listener);
  }
  ASSIGN_OR_RETURN(const auto store, OpenExistingStore(address));
  return store->Read([&](store::Reader& reader) { return functions::Verify(reader, listener); });
}

}  // namespace

int Verify(std::span<const std::string> arguments) {
  const auto command = ParseVerify(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  absl::StatusOr<functions::VerifyReport> report;
  {
    ProgressBar bar("Verifying");
    int64_t shown = 0;
    functions::VerifyListener listener;
    listener.found = [&](const functions::Finding& finding) {
      if (++shown <= kShown) std::printf("%s %s\n", finding.key.c_str(), finding.what.c_str());
    };
    listener.progress = [&](int64_t entries) {
      bar.Show(entries, 0);
      return absl::OkStatus();
    };
    report = VerifyStore(command->store, listener);
  }
  if (!report.ok()) return Fail(report.status());
  if (report->findings > kShown) std::printf("and %lld more\n", static_cast<long long>(report->findings - kShown));
  std::printf("%lld entries, %lld findings\n", static_cast<long long>(report->entries),
              static_cast<long long>(report->findings));
  return report->findings == 0 ? 0 : 1;
}

}  // namespace alcove::runtime
