// One request on its way from the wire to a function.
#pragma once

#include <string>

#include "functions/function.h"

namespace alcove::runtime {

struct Call {
  // How the request's method relates to those that functions know.
  enum class Verb {
    kPlain,  // GET, POST, PUT, DELETE
    kHead,   // run as GET, answered without a body
    kOther,  // OPTIONS, PATCH: known to HTTP, answered by no function
  };

  functions::Request request;
  Verb verb = Verb::kPlain;
  bool is_options = false;
  std::string forwarded_for;  // X-Forwarded-For as it came; to be believed from a trusted proxy only
};

}  // namespace alcove::runtime
