// `alcove COMMAND --flag value ...`: what was typed, checked against what the
// command knows.
//
// Threads: pure, but for the file that --config names.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "runtime/socket_address.h"
#include "runtime/trusted_proxies.h"

namespace alcove::runtime {

enum class LimitsSwitch { kOn, kOff };
enum class RequestLogSwitch { kOff, kOn };
enum class SeedOutput { kText, kJson };

struct ServeCommand {
  std::string data;
  std::string listen;  // checked
  std::string ops;     // empty: none
  std::string web;     // empty: beside the executable
  TrustedProxies trusted_proxies;
  LimitsSwitch limits = LimitsSwitch::kOn;
  RequestLogSwitch log = RequestLogSwitch::kOff;
};

struct SeedCommand {
  std::string data;
  int agents = 3;
  SeedOutput output = SeedOutput::kText;
};

// `arguments` is what follows the command's name. Every error is
// INVALID_ARGUMENT with one sentence for whoever typed it.
absl::StatusOr<ServeCommand> ParseServe(std::span<const std::string> arguments);
absl::StatusOr<SeedCommand> ParseSeed(std::span<const std::string> arguments);

// The text of `alcove help`.
std::string_view Usage();

}  // namespace alcove::runtime
