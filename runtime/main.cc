#include <algorithm>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/version.h"

namespace {

bool AsksForHelp(std::string_view word) { return word == "--help" || word == "-h"; }

int Help() {
  const std::string_view usage = alcove::runtime::Usage();
  std::fwrite(usage.data(), 1, usage.size(), stdout);
  return 0;
}

int Version(std::span<const std::string> arguments) {
  if (!arguments.empty()) {
    std::fprintf(stderr, "alcove: version takes no arguments\n");
    return 2;
  }
  std::printf("alcove %s\n", alcove::runtime::kVersion);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string_view command = words.empty() ? std::string_view("help") : words.front();
  const auto arguments = std::span<const std::string>(words).subspan(words.empty() ? 0 : 1);
  // Of a command, too: `alcove serve --help`.
  if (command == "help" || std::any_of(words.begin(), words.end(), AsksForHelp)) return Help();
  if (command == "serve") return alcove::runtime::Serve(arguments);
  if (command == "invoke") return alcove::runtime::Invoke(arguments);
  if (command == "lambda") return alcove::runtime::Lambda(arguments);
  if (command == "due") return alcove::runtime::Due(arguments);
  if (command == "seed") return alcove::runtime::Seed(arguments);
  if (command == "verify") return alcove::runtime::Verify(arguments);
  if (command == "backup") return alcove::runtime::Backup(arguments);
  if (command == "restore") return alcove::runtime::Restore(arguments);
  if (command == "copy") return alcove::runtime::Copy(arguments);
  if (command == "simulate") return alcove::runtime::Simulate(arguments);
  if (command == "admin") return alcove::runtime::Admin(arguments);
  if (command == "version" || command == "--version") return Version(arguments);
  std::fprintf(stderr, "alcove: \"%s\" is not a command; `alcove help` lists them\n", words.front().c_str());
  return 2;
}
