// The commands of `alcove`. Each returns the exit code: 0, 1 where it failed,
// 2 where it was not understood; what went wrong is one sentence on standard error.
#pragma once

#include <span>
#include <string>

namespace alcove::runtime {

int Serve(std::span<const std::string> arguments);
int Invoke(std::span<const std::string> arguments);
int Lambda(std::span<const std::string> arguments);
int Due(std::span<const std::string> arguments);
int Seed(std::span<const std::string> arguments);
int Verify(std::span<const std::string> arguments);
int Backup(std::span<const std::string> arguments);
int Restore(std::span<const std::string> arguments);
int Copy(std::span<const std::string> arguments);
int Simulate(std::span<const std::string> arguments);
int Admin(std::span<const std::string> arguments);

}  // namespace alcove::runtime
