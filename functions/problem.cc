#include "functions/problem.h"

#include <array>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "functions/json_codec.h"
#include "functions/wire/requests.h"

namespace alcove::functions {
namespace {

constexpr std::string_view kPayload = "alcove/problem";

constexpr std::array kTexts = {
    ProblemText{ProblemCode::kBadRequest, 400, "bad_request", "Bad Request", "The request cannot be understood."},
    ProblemText{ProblemCode::kBadCursor, 400, "bad_cursor", "Bad Request", "The cursor is none that this server gave."},
    ProblemText{ProblemCode::kTokenInvalid, 401, "token_invalid", "Unauthorized",
                "The session is missing, unknown or over."},
    ProblemText{ProblemCode::kTotpRequired, 401, "totp_required", "Unauthorized",
                "The code of the second factor is missing, wrong or used."},
    ProblemText{ProblemCode::kOriginDenied, 403, "origin_denied", "Forbidden", "The site does not allow this origin."},
    ProblemText{ProblemCode::kBlocked, 403, "blocked", "Forbidden", "The site has blocked this customer."},
    ProblemText{ProblemCode::kConsentRequired, 403, "consent_required", "Forbidden",
                "The site asks for consent before a conversation."},
    ProblemText{ProblemCode::kRoleRequired, 403, "role_required", "Forbidden", "The role of this agent is not enough."},
    ProblemText{ProblemCode::kNotFound, 404, "not_found", "Not Found", "There is nothing here for this caller."},
    ProblemText{ProblemCode::kMethodNotAllowed, 405, "method_not_allowed", "Method Not Allowed",
                "The path has other methods."},
    ProblemText{ProblemCode::kTimeout, 408, "timeout", "Request Timeout", "The request did not arrive in time."},
    ProblemText{ProblemCode::kIdReused, 409, "id_reused", "Conflict", "The id was used with another body."},
    ProblemText{ProblemCode::kAlreadyClaimed, 409, "already_claimed", "Conflict",
                "Another agent has the conversation."},
    ProblemText{ProblemCode::kOvertaken, 409, "overtaken", "Conflict",
                "Another agent has written since; without `after` it is sent all the same."},
    ProblemText{ProblemCode::kClosed, 409, "closed", "Conflict", "The conversation is closed."},
    ProblemText{ProblemCode::kSuperseded, 409, "superseded", "Conflict", "A newer poll of this session took over."},
    ProblemText{ProblemCode::kResync, 410, "resync", "Gone", "The cursor is of another store: take a new snapshot."},
    ProblemText{ProblemCode::kLengthRequired, 411, "length_required", "Length Required",
                "A body needs a Content-Length."},
    ProblemText{ProblemCode::kTooLarge, 413, "too_large", "Content Too Large", "The body is too large."},
    ProblemText{ProblemCode::kUriTooLong, 414, "uri_too_long", "URI Too Long", "The request target is too long."},
    ProblemText{ProblemCode::kUnsupportedMediaType, 415, "unsupported_media_type", "Unsupported Media Type",
                "The body must be application/json, in no content coding."},
    ProblemText{ProblemCode::kExpectationFailed, 417, "expectation_failed", "Expectation Failed",
                "Only 100-continue may be expected."},
    ProblemText{ProblemCode::kMisdirected, 421, "misdirected", "Misdirected Request",
                "The request is for a proxy; this is none."},
    ProblemText{ProblemCode::kUnprocessable, 422, "unprocessable", "Unprocessable Content",
                "A field has a value that is not accepted."},
    ProblemText{ProblemCode::kTooManyRequests, 429, "too_many_requests", "Too Many Requests",
                "Too much at once: wait, then repeat.", 2},
    ProblemText{ProblemCode::kHeadTooLarge, 431, "head_too_large", "Request Header Fields Too Large",
                "The head of the request is too large."},
    ProblemText{ProblemCode::kInternal, 500, "internal", "Internal Server Error", "The server failed."},
    ProblemText{ProblemCode::kNotImplemented, 501, "not_implemented", "Not Implemented",
                "The server does not know this method or coding."},
    ProblemText{ProblemCode::kDraining, 503, "draining", "Service Unavailable", "The server is going down: repeat.", 1},
    ProblemText{ProblemCode::kOverloaded, 503, "overloaded", "Service Unavailable",
                "The server has too much to do: repeat.", 1},
    ProblemText{ProblemCode::kStorage, 503, "storage", "Service Unavailable",
                "The store does not answer just now: repeat.", 1},
    ProblemText{ProblemCode::kVersionNotSupported, 505, "version_not_supported", "HTTP Version Not Supported",
                "Only HTTP/1.0 and HTTP/1.1 are spoken."},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kTexts.size(); ++i) {
    if (static_cast<size_t>(kTexts[i].problem) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "the table is indexed by the enum");

const ProblemText& TextOf(ProblemCode problem) { return kTexts[static_cast<size_t>(problem)]; }

absl::StatusCode CanonicalCode(int http_status) {
  switch (http_status) {
    case 401:
      return absl::StatusCode::kUnauthenticated;
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
    case 410:
      return absl::StatusCode::kFailedPrecondition;
    case 429:
      return absl::StatusCode::kResourceExhausted;
    case 503:
      return absl::StatusCode::kUnavailable;
    default:
      return http_status < 500 ? absl::StatusCode::kInvalidArgument : absl::StatusCode::kInternal;
  }
}

std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }

// What may be told to the client: only what was written for it.
std::string_view DetailOf(const absl::Status& status) {
  const bool for_clients = status.code() == absl::StatusCode::kInvalidArgument ||
                           status.GetPayload(absl::string_view(kPayload.data(), kPayload.size())).has_value();
  return for_clients ? View(status.message()) : std::string_view();
}

}  // namespace

std::span<const ProblemText> ProblemTexts() { return kTexts; }

int StatusOf(ProblemCode problem) { return TextOf(problem).status; }

Response ProblemResponse(ProblemCode problem, std::string_view detail, ProblemState state) {
  const ProblemText& text = TextOf(problem);
  wire::Problem document;
  document.type = "about:blank";
  document.title = text.title;
  document.status = text.status;
  document.code = text.code;
  document.detail = std::string(detail.empty() ? text.detail : detail);
  document.agent = std::move(state.agent);
  document.conversation = std::move(state.conversation);
  document.event = std::move(state.event);

  Response response;
  response.status = text.status;
  response.content_type = "application/problem+json";
  response.body = ToJson(document);
  // RFC 9110 asks for it; browsers open no dialogue for this scheme.
  if (text.status == 401) response.headers.emplace_back("WWW-Authenticate", "Bearer");
  if (text.retry_after_s > 0) response.headers.emplace_back("Retry-After", std::to_string(text.retry_after_s));
  return response;
}

absl::Status ProblemStatus(ProblemCode problem, std::string_view detail) {
  const ProblemText& text = TextOf(problem);
  const std::string_view message = detail.empty() ? text.detail : detail;
  absl::Status status(CanonicalCode(text.status), absl::string_view(message.data(), message.size()));
  status.SetPayload(absl::string_view(kPayload.data(), kPayload.size()),
                    absl::Cord(std::to_string(static_cast<int>(problem))));
  return status;
}

ProblemCode ProblemFor(const absl::Status& status) {
  if (const auto payload = status.GetPayload(absl::string_view(kPayload.data(), kPayload.size()))) {
    return static_cast<ProblemCode>(std::stoi(std::string(*payload)));
  }
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return ProblemCode::kBadRequest;
    case absl::StatusCode::kUnauthenticated:
      return ProblemCode::kTokenInvalid;
    case absl::StatusCode::kPermissionDenied:
      return ProblemCode::kRoleRequired;
    case absl::StatusCode::kNotFound:
      return ProblemCode::kNotFound;
    case absl::StatusCode::kAlreadyExists:
      return ProblemCode::kIdReused;
    case absl::StatusCode::kFailedPrecondition:
      return ProblemCode::kClosed;
    case absl::StatusCode::kResourceExhausted:
      return ProblemCode::kTooManyRequests;
    case absl::StatusCode::kAborted:
      return ProblemCode::kOverloaded;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
      return ProblemCode::kStorage;
    default:
      return ProblemCode::kInternal;
  }
}

Outcome::Outcome(absl::Status status)
    : value_(ProblemResponse(ProblemFor(status), DetailOf(status))), status_(std::move(status)) {}

}  // namespace alcove::functions

namespace alcove::store {

absl::Status BodyResult<functions::Outcome>::ToStatus(const functions::Outcome& outcome) {
  if (!outcome.status().ok()) return outcome.status();
  if (outcome.wait() != nullptr) return absl::FailedPreconditionError("the body waits");
  if (outcome.fetch() != nullptr) return absl::FailedPreconditionError("the body asks another server");
  const int status = outcome.response()->status;
  if (status < 400) return absl::OkStatus();
  return absl::FailedPreconditionError("the body answers " + std::to_string(status));
}

}  // namespace alcove::store
