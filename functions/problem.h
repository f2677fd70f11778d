// Problem documents (RFC 9457): everything that an answer of 400 or more says.
//
// Clients act on `status` and `code` alone, so both come from one table. A
// detail is for a person who develops against the API; it names the field or
// the bound and never carries what is inside the server.
//
// Threads: free functions without state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "functions/function.h"
#include "functions/wire/conversation.h"
#include "functions/wire/event.h"

namespace alcove::functions {

// In the order of their statuses. A new one exists only if some client reacts
// to it differently, or the HTTP edge has to say it.
enum class ProblemCode {
  kBadRequest,            // 400 bad_request
  kBadCursor,             // 400 bad_cursor
  kTokenInvalid,          // 401 token_invalid
  kTotpRequired,          // 401 totp_required
  kOriginDenied,          // 403 origin_denied
  kBlocked,               // 403 blocked
  kConsentRequired,       // 403 consent_required
  kRoleRequired,          // 403 role_required
  kNotFound,              // 404 not_found
  kMethodNotAllowed,      // 405 method_not_allowed
  kTimeout,               // 408 timeout
  kIdReused,              // 409 id_reused
  kAlreadyClaimed,        // 409 already_claimed
  kOvertaken,             // 409 overtaken
  kClosed,                // 409 closed
  kSuperseded,            // 409 superseded
  kResync,                // 410 resync
  kLengthRequired,        // 411 length_required
  kTooLarge,              // 413 too_large
  kUriTooLong,            // 414 uri_too_long
  kUnsupportedMediaType,  // 415 unsupported_media_type
  kExpectationFailed,     // 417 expectation_failed
  kMisdirected,           // 421 misdirected
  kUnprocessable,         // 422 unprocessable
  kTooManyRequests,       // 429 too_many_requests
  kHeadTooLarge,          // 431 head_too_large
  kInternal,              // 500 internal
  kNotImplemented,        // 501 not_implemented
  kDraining,              // 503 draining
  kOverloaded,            // 503 overloaded
  kStorage,               // 503 storage
  kVersionNotSupported,   // 505 version_not_supported
};

struct ProblemText {
  ProblemCode problem;
  int status;
  std::string_view code;
  std::string_view title;
  std::string_view detail;  // where the caller has nothing better to say
  int retry_after_s = 0;    // 0: no Retry-After
};

// Every problem, in the order of the enum.
std::span<const ProblemText> ProblemTexts();
int StatusOf(ProblemCode problem);

// How it is instead, for a client to take over: see wire::Problem.
struct ProblemState {
  std::optional<wire::Actor> agent = {};
  std::optional<wire::Conversation> conversation = {};
  std::optional<wire::Event> event = {};
};

// The answer. An empty detail takes that of the table.
Response ProblemResponse(ProblemCode problem, std::string_view detail = {}, ProblemState state = {});

// A Status that becomes exactly this problem: for functions that return StatusOr.
absl::Status ProblemStatus(ProblemCode problem, std::string_view detail = {});

// What a Status becomes: the problem it was made of by ProblemStatus(), else
//   INVALID_ARGUMENT    400 bad_request     its message is the detail: it tells of the body
//   UNAUTHENTICATED     401 token_invalid
//   PERMISSION_DENIED   403 role_required
//   NOT_FOUND           404 not_found
//   ALREADY_EXISTS      409 id_reused
//   FAILED_PRECONDITION 409 closed
//   RESOURCE_EXHAUSTED  429 too_many_requests
//   ABORTED             503 overloaded      conflicts without end
//   UNAVAILABLE         503 storage
//   anything else       500 internal
ProblemCode ProblemFor(const absl::Status& status);

}  // namespace alcove::functions
