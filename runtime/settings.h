// What a command was told, from three places: flags, over the environment,
// over one file of `name = value` lines.
//
// Each value knows where it came from, so that what is wrong with it can be
// said to whoever wrote it.
//
// Threads: pure, but for the environment and the file that it reads.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace alcove::runtime {

enum class Takes { kValue, kNothing };

// One that a command knows: `--listen`, ALCOVE_LISTEN, and `listen = ` in the file.
struct Flag {
  std::string_view name;
  Takes takes = Takes::kValue;
  // For people: what may stand there, and what stands there if nobody says.
  std::string_view allowed = {};
  std::string_view otherwise = {};
};

struct Setting {
  std::string text;
  std::string named;  // `--listen`, `ALCOVE_LISTEN` or `alcove.conf, line 3: listen`
};
using Settings = std::map<std::string, Setting, std::less<>>;

// As std::getenv().
using Environment = std::function<const char*(const char*)>;
const char* ProcessEnvironment(const char* name);

// The name of the environment's variable for a flag: `trust-proxy` is ALCOVE_TRUST_PROXY.
std::string VariableFor(std::string_view flag);

// Flags alone. Every error is INVALID_ARGUMENT with one sentence for whoever typed it.
absl::StatusOr<Settings> ParseFlags(std::span<const std::string> arguments, std::span<const Flag> flags);

// Flags, then of what they leave open the environment, then the file that
// `config` names, where the command has such a flag. A variable that is set to
// nothing is not set. Of the names in `one_of` only the highest place counts:
// what is chosen there replaces what is chosen below. Errors as above; they name
// the file and the line, or the variable.
absl::StatusOr<Settings> ReadSettings(std::span<const std::string> arguments, std::span<const Flag> flags,
                                      std::span<const std::string_view> one_of, const Environment& environment);

// What is in effect, as a file that --config takes: a line for each flag with a
// value, and as a comment where it came from. The secrets of a URL are hidden.
std::string TextOf(const Settings& settings, std::span<const Flag> flags);

// `value` without passwords, where it is a database's address.
std::string WithoutPasswords(std::string_view value);

}  // namespace alcove::runtime
