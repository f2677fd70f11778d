#include "functions/simulate.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "functions/json_codec.h"
#include "functions/wire/limits.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"

namespace alcove::runtime {
namespace {

// Up to one byte more than a file may have.
absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(wire::kSimulationFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.eof() && file.fail()) return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  text.resize(static_cast<size_t>(file.gcount()));
  return text;
}

}  // namespace

int Simulate(std::span<const std::string> arguments) {
  const auto command = ParseSimulate(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  const auto text = ReadFile(command->file);
  if (!text.ok()) return Fail(text.status());
  const auto report = functions::Simulate(*text);
  if (!report.ok()) {
    return Fail(absl::InvalidArgumentError(absl::StrCat(command->file, ": ", std::string(report.status().message()))));
  }
  const std::string shown =
      command->output == AdminOutput::kJson ? functions::ToJson(*report) + "\n" : functions::ReportText(*report);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  return 0;
}

}  // namespace alcove::runtime
