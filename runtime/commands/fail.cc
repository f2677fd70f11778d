#include "runtime/commands/fail.h"

#include <cstdio>
#include <string>

namespace alcove::runtime {

int Fail(const absl::Status& status, int code) {
  std::fprintf(stderr, "alcove: %s\n", std::string(status.message()).c_str());
  return code;
}

}  // namespace alcove::runtime
