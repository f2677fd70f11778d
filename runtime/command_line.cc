#include "runtime/command_line.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

// What may stand in each is said in docs/OPERATING.md in the same words.
constexpr Flag kServeFlags[] = {
    {"data", Takes::kValue, "a folder", ""},
    {"postgres", Takes::kValue, "a URL as libpq reads it", ""},
    {"listen", Takes::kValue, "ADDRESS:PORT", "127.0.0.1:8080"},
    {"ops", Takes::kValue, "ADDRESS:PORT", ""},
    {"web", Takes::kValue, "a folder", ""},
    {"trust-proxy", Takes::kValue, "ADDRESS/BITS,...", ""},
    {"fetch-allow", Takes::kValue, "ADDRESS/BITS,...", ""},
    {"limits", Takes::kValue, "on or off", "on"},
    {"log", Takes::kValue, "requests", ""},
    {"config", Takes::kValue, "a file", ""},
    {"check-config", Takes::kNothing},
};
// Who serves without a listener; the environment has the same names.
constexpr Flag kHostedFlags[] = {{"data"}, {"postgres"}, {"web"}, {"trust-proxy"}, {"fetch-allow"}, {"log"}};
constexpr Flag kDueFlags[] = {{"data"}, {"postgres"}, {"fetch-allow"}, {"log"}};
constexpr std::string_view kStores[] = {"data", "postgres"};
constexpr Flag kVerifyFlags[] = {{"data"}, {"postgres"}};
constexpr Flag kBackupFlags[] = {{"data"}, {"postgres"}, {"to"}};
constexpr Flag kRestoreFlags[] = {{"data"}, {"postgres"}, {"from"}};
constexpr Flag kCopyFlags[] = {{"from"}, {"to"}};
constexpr Flag kAdminFlags[] = {{"data"}, {"postgres"}, {"site"}, {"json", Takes::kNothing}};
constexpr Flag kSimulateFlags[] = {{"json", Takes::kNothing}};
constexpr Flag kSeedFlags[] = {{"data"}, {"postgres"}, {"agents"}, {"json", Takes::kNothing}};

template <class... Parts>
absl::Status Bad(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

using Values = Settings;

std::string Value(const Values& values, std::string_view name, std::string_view otherwise = {}) {
  const auto found = values.find(name);
  return found == values.end() ? std::string(otherwise) : found->second.text;
}

// What a flag of serve says where nobody says it.
std::string_view Otherwise(std::string_view name) {
  const auto is_it = [&](const Flag& flag) { return flag.name == name; };
  return std::find_if(std::begin(kServeFlags), std::end(kServeFlags), is_it)->otherwise;
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

// As whoever wrote the value calls it: `--listen`, or the variable, or file and line.
std::string Named(const Values& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? absl::StrCat("--", std::string(name)) : found->second.named;
}

// Says of an error in a value whose it is.
absl::Status Of(const Values& values, std::string_view name, const absl::Status& status) {
  return Bad(Named(values, name), ": ", std::string(status.message()));
}

// `on` or `off`.
absl::StatusOr<bool> Switch(const Values& values, std::string_view name, bool otherwise) {
  const std::string value = Value(values, name, otherwise ? "on" : "off");
  if (value != "on" && value != "off") return Bad(Named(values, name), " is on or off, not \"", value, "\"");
  return value == "on";
}

absl::StatusOr<SocketAddress> AddressOf(const Values& values, std::string_view name, const std::string& text) {
  auto address = SocketAddress::Parse(text);
  if (!address.ok()) return Of(values, name, address.status());
  return address;
}

// What a list of networks is read into; empty where none is given.
template <class List>
absl::StatusOr<List> ListOf(const Values& values, const char* name) {
  if (!values.contains(name)) return List();
  auto list = List::Parse(Value(values, name));
  if (!list.ok()) return Of(values, name, list.status());
  return list;
}

absl::StatusOr<RequestLog> LogOf(const Values& values) {
  const std::string log = Value(values, "log");
  if (log.empty()) return RequestLog::kOff;
  if (log != "requests") return Bad(Named(values, "log"), " knows only: requests");
  return RequestLog::kOn;
}

}  // namespace

absl::StatusOr<ServeCommand> ParseServe(std::span<const std::string> arguments, const Environment& environment) {
  ASSIGN_OR_RETURN(const Values values, ReadSettings(arguments, kServeFlags, kStores, environment));

  ServeCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.listen = Value(values, "listen", Otherwise("listen"));
  command.ops = Value(values, "ops");
  command.web = Value(values, "web");
  ASSIGN_OR_RETURN(const SocketAddress listen, AddressOf(values, "listen", command.listen));
  bool is_loopback = listen.IsLoopback();
  if (!command.ops.empty()) {
    ASSIGN_OR_RETURN(const SocketAddress ops, AddressOf(values, "ops", command.ops));
    is_loopback = is_loopback && ops.IsLoopback();
  }
  ASSIGN_OR_RETURN(command.trusted_proxies, ListOf<TrustedProxies>(values, "trust-proxy"));
  ASSIGN_OR_RETURN(command.fetch_allowed, ListOf<Networks>(values, "fetch-allow"));
  ASSIGN_OR_RETURN(const bool limits, Switch(values, "limits", true));
  command.limits = limits ? LimitsSwitch::kOn : LimitsSwitch::kOff;
  if (!limits && !is_loopback) {
    return Bad(Named(values, "limits"), " off is for load tests on this machine only: listen on 127.0.0.1");
  }
  ASSIGN_OR_RETURN(command.log, LogOf(values));
  if (values.contains("check-config")) command.mode = ServeMode::kCheckConfig;
  command.effective = TextOf(values, kServeFlags);
  return command;
}

absl::StatusOr<HostedCommand> ParseHosted(std::span<const std::string> arguments, const Environment& environment) {
  ASSIGN_OR_RETURN(const Values values, ReadSettings(arguments, kHostedFlags, kStores, environment));
  HostedCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.web = Value(values, "web");
  ASSIGN_OR_RETURN(command.trusted_proxies, ListOf<TrustedProxies>(values, "trust-proxy"));
  ASSIGN_OR_RETURN(command.fetch_allowed, ListOf<Networks>(values, "fetch-allow"));
  ASSIGN_OR_RETURN(command.log, LogOf(values));
  return command;
}

absl::StatusOr<DueCommand> ParseDue(std::span<const std::string> arguments, const Environment& environment) {
  ASSIGN_OR_RETURN(const Values values, ReadSettings(arguments, kDueFlags, kStores, environment));
  DueCommand command;
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  ASSIGN_OR_RETURN(command.fetch_allowed, ListOf<Networks>(values, "fetch-allow"));
  ASSIGN_OR_RETURN(command.log, LogOf(values));
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

absl::StatusOr<SimulateCommand> ParseSimulate(std::span<const std::string> arguments) {
  if (arguments.empty() || arguments.front().empty() || arguments.front().starts_with("--")) {
    return Bad("simulate takes a file: `alcove simulate day.json`");
  }
  ASSIGN_OR_RETURN(const Values values, ParseFlags(arguments.subspan(1), kSimulateFlags));
  SimulateCommand command{.file = arguments.front()};
  if (values.contains("json")) command.output = AdminOutput::kJson;
  return command;
}

namespace {

// `get | put | delete RESOURCE [BODY]`.
absl::StatusOr<AdminCommand> ParseCall(const std::vector<std::string>& words) {
  AdminCommand command;
  command.call.method = words[0] == "get"   ? functions::Method::kGet
                        : words[0] == "put" ? functions::Method::kPut
                                            : functions::Method::kDelete;
  const bool puts = words[0] == "put";
  if (words.size() < 2) return Bad(words[0], " takes a resource, such as teams or agents/agt_...");
  if (words.size() > (puts ? 3U : 2U)) return Bad("\"", words.back(), "\" is one word too many");
  command.call.resource = words[1];
  const bool is_plain = std::none_of(words[1].begin(), words[1].end(), [](unsigned char c) { return c <= ' '; });
  if (words[1].empty() || !is_plain || words[1].size() > wire::kRequestTargetBytesMax / 2) {
    return Bad("\"", words[1], "\" is no resource, such as teams or agents/agt_...");
  }
  if (words.size() == 3) command.call.body = words[2];
  command.reads_body = puts && words.size() == 2;
  return command;
}

absl::StatusOr<AdminCommand> ParseExplain(const std::vector<std::string>& words) {
  if (words.size() != 2 || !wire::ConversationId::Parse(words[1])) {
    return Bad("explain takes the id of one conversation: cnv_...");
  }
  AdminCommand command;
  command.call.resource = absl::StrCat("conversations/", words[1], "/explain");
  command.explains = true;
  return command;
}

absl::StatusOr<AdminCommand> ParseDeferred(const std::vector<std::string>& words) {
  AdminCommand command;
  command.request = words[0];
  if (words.size() > 1) {
    if (words[1] != "retry" && words[1] != "drop") return Bad("deferred knows retry and drop, not \"", words[1], "\"");
    if (words.size() != 3 || !wire::DeferredId::Parse(words[2])) {
      return Bad(words[1], " takes one id, as `alcove admin deferred` shows them: dfr_...");
    }
    command.request = absl::StrCat("deferred ", words[1], " ", words[2]);
  }
  return command;
}

}  // namespace

absl::StatusOr<AdminCommand> ParseAdmin(std::span<const std::string> arguments) {
  const auto is_flag = [](const std::string& word) { return word.starts_with("--"); };
  const auto flags = std::find_if(arguments.begin(), arguments.end(), is_flag);
  const std::vector<std::string> words(arguments.begin(), flags);
  if (words.empty()) return Bad("admin of what? `alcove admin get agents` lists the agents");
  const bool is_call = words[0] == "get" || words[0] == "put" || words[0] == "delete";
  const bool explains = words[0] == "explain";
  if (!is_call && !explains && words[0] != "deferred") {
    return Bad("\"", words[0], "\" is nothing that admin knows; it knows: get, put, delete, explain, deferred");
  }
  ASSIGN_OR_RETURN(AdminCommand command, is_call    ? ParseCall(words)
                                         : explains ? ParseExplain(words)
                                                    : ParseDeferred(words));
  ASSIGN_OR_RETURN(const Values values, ParseFlags({flags, arguments.end()}, kAdminFlags));
  ASSIGN_OR_RETURN(command.store, StoreOf(values));
  command.call.site = Value(values, "site");
  if (!command.call.site.empty() && !wire::SiteId::Parse(command.call.site)) return Bad("--site is an id: sit_...");
  if (values.contains("json")) command.output = AdminOutput::kJson;
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
      --fetch-allow CIDR,...  networks that webhooks and the like may ask though they are not public
      --web DIR               the web files, if they are not beside the program
      --config FILE           settings as `name = value` lines, named as these flags; above it
                              counts the environment (ALCOVE_LISTEN and so on), above that a flag
      --check-config          says what would count, and from where, and does nothing else
      --log requests          a line of JSON for each request, on standard error
      --limits off            no rate limits, for load tests on a loopback address

  alcove invoke --data DIR | --postgres URL [--web DIR] [--trust-proxy CIDR,...]
                [--fetch-allow CIDR,...] [--log requests]
      Answers one HTTP request from standard input on standard output, for hosts that
      start a program for each. A poll is not held: it is told when to come back.

  alcove lambda --data DIR | --postgres URL [--web DIR] [--trust-proxy CIDR,...]
                [--fetch-allow CIDR,...] [--log requests]
      Answers the events of AWS_LAMBDA_RUNTIME_API, one after another, likewise.

  alcove due --data DIR | --postgres URL [--fetch-allow CIDR,...] [--log requests]
      Does what is to be done by now, such as to end what waited too long, and ends: for
      a timer, every minute or so, where no server runs beside invoke or lambda.

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

  alcove admin deferred --data DIR | --postgres URL [--json]
  alcove admin deferred retry ID | drop ID  --data DIR | --postgres URL
      Shows what is to be done later and, as `dead`, what was given up after its last
      attempt and why; retry has one run now, drop forgets it. A line of JSON each with
      --json. Of a folder whose server runs, the server itself is asked.

  alcove admin get RESOURCE            --data DIR | --postgres URL [--site SITE]
  alcove admin put RESOURCE [BODY]     --data DIR | --postgres URL [--site SITE]
  alcove admin delete RESOURCE         --data DIR | --postgres URL [--site SITE]
      What the administration API does (docs/PROTOCOL.md), as the operator: RESOURCE is
      what follows /v1/admin/, such as teams or agents/agt_.../password, and BODY is JSON,
      read from standard input where it is left out. Prints the answer. --site where there
      is more than one. Of a folder whose server runs, the server itself is asked.

  alcove admin explain CONVERSATION    --data DIR | --postgres URL [--site SITE] [--json]
      Why a conversation is where it is: what it needs and by which rules, each decision
      about it with its numbers, and what would become of it now.

  alcove simulate FILE [--json]
      Plays a day of arrivals through a set of rules, teams and shifts, and prints how long
      people would wait, how busy agents would be, and who would give up or be missed.
      FILE is JSON: docs/OPERATING.md has its fields, docs/day.json is one.

  alcove version
  alcove help
)";
}

}  // namespace alcove::runtime
