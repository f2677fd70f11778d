// What an answer asks a client to do: the table of PROTOCOL.md, once.
#pragma once

#include <optional>
#include <string>

#include "functions/wire/event.h"
#include "wasm-widget/client/platform.h"

namespace alcove::client {

enum class Verdict {
  kAccepted,      // 2xx with JSON
  kNoAnswer,      // network error, 5xx, 408, a page of a proxy or a portal: back off and repeat
  kBusy,          // 429, 503: wait Retry-After and a share of it, then repeat
  kTimedOut,      // the client's own time was over
  kTokenRefused,  // 401
  kResync,        // 410
  kRefused,       // any other 4xx: not repeated
};

struct Judgement {
  Verdict verdict = Verdict::kNoAnswer;
  std::string code;                  // of the problem document, `bad_request` where it has none
  std::optional<wire::Actor> agent;  // already_claimed: who has it
  std::string field;                 // of the site's form, where the refusal is about one
};

// A 4xx counts only with a problem document, because a captive portal answers
// so too; but for those that a proxy gives for a body that it will never take.
Judgement Judge(const HttpAnswer& answer);

}  // namespace alcove::client
