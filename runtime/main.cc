#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/version.h"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::string_view command = words.empty() ? std::string_view("help") : words.front();
  const auto arguments = std::span<const std::string>(words).subspan(words.empty() ? 0 : 1);
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
  if (command == "version" || command == "--version") {
    std::printf("alcove %s\n", alcove::runtime::kVersion);
    return 0;
  }
  const std::string_view usage = alcove::runtime::Usage();
  if (command == "help" || command == "--help" || command == "-h") {
    std::fwrite(usage.data(), 1, usage.size(), stdout);
    return 0;
  }
  std::fprintf(stderr, "alcove: \"%s\" is not a command; `alcove help` lists them\n", words.front().c_str());
  return 2;
}
