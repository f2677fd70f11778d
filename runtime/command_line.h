// `alcove COMMAND --flag value ...`: what was typed, checked against what the
// command knows.
//
// Threads: pure, but for the environment and the file that --config names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/admin/operator.h"
#include "runtime/log.h"
#include "runtime/networks.h"
#include "runtime/settings.h"
#include "runtime/socket_address.h"
#include "runtime/trusted_proxies.h"

namespace alcove::runtime {

enum class LimitsSwitch { kOn, kOff };
enum class SeedOutput { kText, kJson };
// What `serve` does: serves, or says with what it would.
enum class ServeMode { kServe, kCheckConfig };
enum class AdminOutput { kText, kJson };

// Where everything is kept: one of the two.
struct StoreAddress {
  std::string data;      // a folder
  std::string postgres;  // a URL as libpq reads it
};

struct ServeCommand {
  StoreAddress store;
  std::string listen;  // checked
  std::string ops;     // empty: none
  std::string web;     // empty: beside the executable
  TrustedProxies trusted_proxies;
  Networks fetch_allowed;  // beside what is public
  LimitsSwitch limits = LimitsSwitch::kOn;
  RequestLog log = RequestLog::kOff;
  ServeMode mode = ServeMode::kServe;
  std::string effective;  // what counts and where it came from, in lines, without secrets
};

// Of `alcove invoke` and `alcove lambda`, which have no listener.
struct HostedCommand {
  StoreAddress store;
  std::string web;  // empty: beside the executable
  TrustedProxies trusted_proxies;
  Networks fetch_allowed;
  RequestLog log = RequestLog::kOff;
};

// Of `alcove due`.
struct DueCommand {
  StoreAddress store;
  Networks fetch_allowed;
  RequestLog log = RequestLog::kOff;
};

struct SeedCommand {
  StoreAddress store;
  int agents = 3;
  SeedOutput output = SeedOutput::kText;
};

struct VerifyCommand {
  StoreAddress store;
};

struct BackupCommand {
  StoreAddress store;
  std::string to;  // a file, or a folder to make one in
};

struct RestoreCommand {
  std::string from;  // a file
  StoreAddress store;
};

struct CopyCommand {
  StoreAddress from;
  StoreAddress to;
};

struct SimulateCommand {
  std::string file;
  AdminOutput output = AdminOutput::kText;
};

// `alcove admin deferred [retry ID | drop ID]`, `get | put | delete RESOURCE [BODY]`, or `explain CONVERSATION`.
struct AdminCommand {
  StoreAddress store;
  std::string request;  // as runtime/admin_deferred.h has it; "": it is a call
  functions::admin::OperatorCall call;
  bool reads_body = false;  // from standard input, since none was given
  bool explains = false;    // the answer is a wire::Explanation, for people unless JSON is asked for
  AdminOutput output = AdminOutput::kText;
};

// `arguments` is what follows the command's name. Every error is
// INVALID_ARGUMENT with one sentence for whoever typed it; of what serves also
// for whoever wrote the environment or the file (settings.h).
absl::StatusOr<ServeCommand> ParseServe(std::span<const std::string> arguments,
                                        const Environment& environment = ProcessEnvironment);
absl::StatusOr<HostedCommand> ParseHosted(std::span<const std::string> arguments,
                                          const Environment& environment = ProcessEnvironment);
absl::StatusOr<DueCommand> ParseDue(std::span<const std::string> arguments,
                                    const Environment& environment = ProcessEnvironment);
absl::StatusOr<SeedCommand> ParseSeed(std::span<const std::string> arguments);
absl::StatusOr<VerifyCommand> ParseVerify(std::span<const std::string> arguments);
absl::StatusOr<BackupCommand> ParseBackup(std::span<const std::string> arguments);
absl::StatusOr<RestoreCommand> ParseRestore(std::span<const std::string> arguments);
absl::StatusOr<CopyCommand> ParseCopy(std::span<const std::string> arguments);
absl::StatusOr<SimulateCommand> ParseSimulate(std::span<const std::string> arguments);
absl::StatusOr<AdminCommand> ParseAdmin(std::span<const std::string> arguments);

// The text of `alcove help`.
std::string_view Usage();

}  // namespace alcove::runtime
