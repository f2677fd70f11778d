#include "runtime/command_line.h"

#include <algorithm>
#include <fstream>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/limits.h"
#include "runtime/characters.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

enum class Takes { kValue, kNothing };
struct Flag {
  std::string_view name;
  Takes takes = Takes::kValue;
};

constexpr Flag kServeFlags[] = {{"data"},   {"postgres"},    {"listen"}, {"ops"}, {"web"},
                                {"config"}, {"trust-proxy"}, {"limits"}, {"log"}};
constexpr Flag kVerifyFlags[] = {{"data"}, {"postgres"}};
constexpr Flag kBackupFlags[] = {{"data"}, {"postgres"}, {"to"}};
constexpr Flag kRestoreFlags[] = {{"data"}, {"postgres"}, {"from"}};
constexpr Flag kCopyFlags[] = {{"from"}, {"to"}};
constexpr Flag kSeedFlags[] = {{"data"}, {"postgres"}, {"agents"}, {"json", Takes::kNothing}};

template <class... Parts>
absl::Status Bad(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

using Values = std::map<std::string, std::string, std::less<>>;

const Flag* FindFlag(std::span<const Flag> flags, std::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

absl::StatusOr<Values> ParseFlags(std::span<const std::string> arguments, std::span<const Flag> flags) {
  Values values;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) return Bad("\"", arguments[i], "\" is not understood here; flags begin with --");
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string name(argument.substr(2, equals - 2));
    const Flag* const flag = FindFlag(flags, name);
    if (flag == nullptr) return Bad("--", name, " is not a flag of this command");
    if (values.contains(name)) return Bad("--", name, " is given twice");
    if (flag->takes == Takes::kNothing) {
      if (equals < argument.size()) return Bad("--", name, " takes no value");
      values[name] = "";
    } else if (equals < argument.size()) {
      values[name] = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      values[name] = arguments[++i];
    } else {
      return Bad("--", name, " needs a value");
    }
  }
  return values;
}

// Adds what the file says and the command line does not. Lines are
// `name = value`, as the flags are named; `#` begins a comment.
absl::Status AddConfig(const std::string& path, std::span<const Flag> flags, Values& values) {
  std::ifstream file(path);
  if (!file) return Bad("cannot read the configuration ", path);
  Values added;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string_view text = Trimmed(std::string_view(line).substr(0, line.find('#')));
    if (text.empty()) continue;
    const size_t equals = text.find('=');
    if (equals == text.npos) return Bad(path, ", line ", number, ": expected name = value");
    const std::string name(Trimmed(text.substr(0, equals)));
    if (name == "config" || FindFlag(flags, name) == nullptr) {
      return Bad(path, ", line ", number, ": \"", name, "\" is not a setting");
    }
    if (!added.try_emplace(name, Trimmed(text.substr(equals + 1))).second) {
      return Bad(path, ", line ", number, ": ", name, " is set twice");
    }
  }
  values.merge(added);
  return absl::OkStatus();
}

std::string Value(const Values& values, std::string_view name, std::string_view otherwise = {}) {
  const auto found = values.find(name);
  return found == values.end() ? std::string(otherwise) : found->second;
}

absl::StatusOr<StoreAddress> StoreOf(const Values& values) {
  StoreAddress store{Value(values, "data"), Value(values, "postgres")};
  if (!store.data.empty() && !store.postgres.empty()) return Bad("--data and --postgres are two places: name one");
  if (store.data.empty() && store.postgres.empty()) {
    return Bad("--data is missing: name the folder that keeps the conversations, or a database with --postgres");
  }
  return store;
}

// Of a flag that takes either: a URL begins as libpq's do.
StoreAddress AddressIn(const std::string& text) {
  const bool is_url = text.starts_with("postgres://") || text.starts_with("postgresql://");
  return is_url ? StoreAddress{.data = {}, .postgres = text} : StoreAddress{.data = text, .postgres = {}};
}

// `on` or `off`.
absl::StatusOr<bool> Switch(const Values& values, std::string_view name, bool otherwise) {
  const std::string value = Value(values, name, otherwise ? "on" : "off");
  if (value != "on" && value != "off") return Bad("--", std::string(name), " is on or off");
  return value == "on";
}

}  // namespace

absl::StatusOr<ServeCommand> ParseServe(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(Values values, ParseFlags(arguments, kServeFlags));
  if (values.contains("config")) RETURN_IF_ERROR(AddConfig(values["config"], kServeFlags, values));

  ServeCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.listen = Value(values, "listen", "127.0.0.1:8080");
  command.ops = Value(values, "ops");
  command.web = Value(values, "web");
  ASSIGN_OR_RETURN(const SocketAddress listen, SocketAddress::Parse(command.listen));
  if (!command.ops.empty()) RETURN_IF_ERROR(SocketAddress::Parse(command.ops).status());
  if (values.contains("trust-proxy")) {
    ASSIGN_OR_RETURN(command.trusted_proxies, TrustedProxies::Parse(values["trust-proxy"]));
  }
  ASSIGN_OR_RETURN(const bool limits, Switch(values, "limits", true));
  command.limits = limits ? LimitsSwitch::kOn : LimitsSwitch::kOff;
  if (!limits && !listen.IsLoopback()) {
    return Bad("--limits off is for load tests on this machine only: listen on 127.0.0.1");
  }
  if (const std::string log = Value(values, "log"); !log.empty()) {
    if (log != "requests") return Bad("--log knows only: requests");
    command.log = RequestLogSwitch::kOn;
  }
  return command;
}

absl::StatusOr<SeedCommand> ParseSeed(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments, kSeedFlags));
  SeedCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  const std::string agents = Value(values, "agents", "3");
  if (!absl::SimpleAtoi(agents, &command.agents) || command.agents < 1 || command.agents > wire::kSeedAgentsMax) {
    return Bad("--agents is a number from 1 to ", wire::kSeedAgentsMax);
  }
  if (values.contains("json")) command.output = SeedOutput::kJson;
  return command;
}

absl::StatusOr<VerifyCommand> ParseVerify(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments, kVerifyFlags));
  VerifyCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  return command;
}

absl::StatusOr<BackupCommand> ParseBackup(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments, kBackupFlags));
  BackupCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.to = Value(values, "to");
  if (command.to.empty()) return Bad("--to is missing: name the file to write, or a folder");
  return command;
}

absl::StatusOr<RestoreCommand> ParseRestore(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments, kRestoreFlags));
  RestoreCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.from = Value(values, "from");
  if (command.from.empty()) return Bad("--from is missing: name the backup to restore");
  return command;
}

absl::StatusOr<CopyCommand> ParseCopy(std::span<const std::string> arguments) {
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments, kCopyFlags));
  const CopyCommand command{.from = AddressIn(Value(values, "from")), .to = AddressIn(Value(values, "to"))};
  for (const char* const name : {"from", "to"}) {
    if (Value(values, name).empty()) return Bad("--", name, " is missing: name a folder or a postgresql:// URL");
  }
  return command;
}

std::string_view Usage() {
  return R"(alcove: a self-hosted live chat

  alcove serve --data DIR | --postgres URL [--listen 127.0.0.1:8080] [--ops 127.0.0.1:8081]
      Serves the chat; keeps everything in DIR, or in a PostgreSQL that several servers
      share (postgresql://USER@HOST/DATABASE). SIGTERM ends it in order. Sockets that
      systemd hands over take the place of --listen and --ops, in this order.
      --listen ADDRESS:PORT   where customers and agents reach it; port 0 picks a free one
      --ops ADDRESS:PORT      /healthz, /readyz and /metrics; not served unless given
      --trust-proxy CIDR,...  the proxies whose X-Forwarded-For or Forwarded is believed
      --web DIR               the web files, if they are not beside the program
      --config FILE           settings as `name = value` lines, named as these flags
      --log requests          a line of JSON for each request, on standard error
      --limits off            no rate limits, for load tests on a loopback address

  alcove seed --data DIR | --postgres URL [--agents N] [--json]
      Makes the demo site with N agents (3) and prints their sign-ins. Safe to repeat.

  alcove verify --data DIR | --postgres URL
      Checks that everything stored holds together, and names each key that does not.
      Of a folder whose server runs, the server itself checks.

  alcove backup --data DIR | --postgres URL --to FILE|DIR
      Writes all of one moment into FILE, or into a new file in DIR, while the server
      goes on. The file holds conversations and password hashes: keep it as safe as DIR.

  alcove restore --from FILE --data DIR | --postgres URL
      Fills an empty store with a backup. Clients take a new snapshot.

  alcove copy --from DIR|URL --to DIR|URL
      Fills an empty store with all of another, and compares what came out. Stop the
      servers of both before.

  alcove version
  alcove help
)";
}

}  // namespace alcove::runtime
