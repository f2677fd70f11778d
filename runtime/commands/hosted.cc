#include "runtime/commands/hosted.h"

#include <string_view>
#include <utility>

#include "functions/routes.h"
#include "runtime/commands/open_store.h"
#include "runtime/commands/web_files.h"
#include "store/status_macros.h"

namespace alcove::runtime {

absl::StatusOr<std::unique_ptr<OneByOne>> OpenHosted(const HostedCommand& command) {
  ASSIGN_OR_RETURN(auto files, LoadWebFiles(command.web));
  ASSIGN_OR_RETURN(auto store, OpenExistingStore(command.store));
  return std::make_unique<OneByOne>(OneByOne::Parts{.store = std::move(store),
                                                    .files = std::move(files),
                                                    .find_route = functions::FindRoute,
                                                    .trusted_proxies = command.trusted_proxies,
                                                    .log = command.log,
                                                    .fetcher = {.allowed = command.fetch_allowed, .log = command.log}});
}

FramerLimits HostedLimits() {
  FramerLimits limits;
  limits.is_small = [](std::string_view head) { return IsSmall(WorkOfRequest(head)); };
  return limits;
}

}  // namespace alcove::runtime
