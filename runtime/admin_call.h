// `alcove admin get | put | delete` on the admin socket: a line and a body, and
// a line back.
//
//   call GET|PUT|DELETE BYTES RESOURCE SITE   and BYTES of body; SITE may be left out
//   STATUS JSON                               the answer
//
// Threads: free functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/admin/operator.h"
#include "runtime/descriptor.h"

namespace alcove::runtime {

struct AdminCallLine {
  functions::admin::OperatorCall call;  // without its body
  size_t body_bytes = 0;
};

// nullopt: it is none.
std::optional<AdminCallLine> ParseAdminCall(std::string_view line);

// The line and the body. REQUIRES: neither resource nor site holds a blank or a line's end.
std::string AdminCallText(const functions::admin::OperatorCall& call);

struct AdminAnswer {
  int status = 0;
  std::string json;
};

// The answer's line, its end included.
std::string AdminAnswerText(const functions::Response& response);

// Reads what a server answers. UNAVAILABLE: it went away before the end.
absl::StatusOr<AdminAnswer> ReadAdminAnswer(const Descriptor& asked);

}  // namespace alcove::runtime
