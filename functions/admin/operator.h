// `alcove admin get | put | delete`: the administration API for whoever has the
// machine. The same functions run as for the network, with the same checks and
// the same audit log, and the operator as who asks.
//
// Threads: free functions.
#pragma once

#include <string>

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

struct OperatorCall {
  Method method = Method::kGet;
  std::string resource;  // what follows `/v1/admin/`: `teams/tea_...`, `agents?team=tea_...`
  std::string site;      // "": the one that there is
  std::string body;
};

// What the function answers; 404 not_found where there is no such call, or no
// such site, and 422 where no site is named and there is more than one.
Response AnswerOperator(const OperatorCall& call, Context& context);

}  // namespace alcove::functions::admin
