// Opens the store that a command line names.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/command_line.h"
#include "store/store.h"

namespace alcove::runtime {

// `on_fatal` is called where a folder can be trusted no longer; see
// store::EngineOptions. Errors are sentences for whoever typed the command.
absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(const StoreAddress& address,
                                                        std::function<void(const absl::Status&)> on_fatal = nullptr);

// As OpenStore(), but NOT_FOUND where there is no store: a name that was mistyped
// must not become one.
absl::StatusOr<std::unique_ptr<store::Store>> OpenExistingStore(const StoreAddress& address);

// For people: the folder, or the URL without its password.
std::string TextOf(const StoreAddress& address);

}  // namespace alcove::runtime
