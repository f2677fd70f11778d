#include "runtime/lambda_api.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/json_writer.h"
#include "functions/wire/limits.h"
#include "runtime/characters.h"
#include "runtime/name_lookup.h"
#include "runtime/networks.h"
#include "runtime/outbound_http.h"
#include "runtime/outbound_socket.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

constexpr char kRuntime[] = "/2018-06-01/runtime/";
// Between two events a function may be frozen for hours, and then is ended without a word.
constexpr std::chrono::hours kNextPatience{24};
constexpr std::chrono::seconds kPatience{10};

std::string FailureText(std::string_view type, std::string_view message) {
  std::string text = "{\"errorType\":";
  wire::AppendJsonString(type, text);
  text += ",\"errorMessage\":";
  wire::AppendJsonString(message, text);
  text += ",\"stackTrace\":[]}";
  return text;
}

}  // namespace

// Asks at the interface, each time on a connection of its own: hours may lie between.
class LambdaApi::Client {
 public:
  Client(std::string host, int port) : host_(std::move(host)), port_(port) {}

  // UNAVAILABLE where there is no answer, or one of another status. `what` is a part of a sentence.
  absl::StatusOr<OutboundAnswer> Ask(OutboundRequest request, std::chrono::seconds patience, int status,
                                     std::string_view what) {
    const auto now = std::chrono::steady_clock::now();
    request.host_header = absl::StrCat(host_, ":", port_);
    request.target = kRuntime + request.target;
    const std::vector<std::string> addresses =
        Networks::ParseAddress(host_) ? std::vector<std::string>{host_} : LookUpByResolver(host_);
    if (addresses.empty()) return Unexpected(what, "unreachable");
    OutboundSocket socket({.address = addresses.front(), .port = port_}, {.deadline = now + kPatience});
    socket.Begin({.deadline = now + patience}, wire::kFetchHeadBytesMax);
    auto result = AskOverHttp(socket, std::move(request));
    if (const auto* const failure = std::get_if<functions::FetchResult>(&result)) {
      return Unexpected(what, NameOf(*failure));
    }
    OutboundAnswer& answer = std::get<OutboundAnswer>(result);
    if (answer.status != status) return Unexpected(what, absl::StrCat("status ", answer.status));
    return std::move(answer);
  }

  absl::Status Post(const std::string& path, const std::string& text, std::string_view failure, std::string_view what) {
    OutboundRequest request{.method = "POST", .target = path, .headers = {{"Content-Type", "application/json"}}};
    if (!failure.empty()) request.headers.emplace_back("Lambda-Runtime-Function-Error-Type", failure);
    request.body = text;
    request.answer_bytes_max = wire::kFetchHeadBytesMax;
    return Ask(std::move(request), kPatience, 202, what).status();
  }

 private:
  static absl::Status Unexpected(std::string_view what, std::string_view why) {
    return absl::UnavailableError(
        absl::StrCat("the runtime interface did not take ", std::string(what), ": ", std::string(why)));
  }

  const std::string host_;
  const int port_;
};

LambdaApi::LambdaApi(std::unique_ptr<Client> client) : client_(std::move(client)) {}
LambdaApi::~LambdaApi() = default;

absl::StatusOr<std::unique_ptr<LambdaApi>> LambdaApi::At(std::string_view address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == address.npos || colon == 0 || !absl::SimpleAtoi(std::string(address.substr(colon + 1)), &port) ||
      port < 1 || port > 65535) {
    return absl::InvalidArgumentError("AWS_LAMBDA_RUNTIME_API is HOST:PORT; the host of the function sets it");
  }
  return std::unique_ptr<LambdaApi>(
      new LambdaApi(std::make_unique<Client>(std::string(address.substr(0, colon)), port)));
}

absl::StatusOr<LambdaApi::Invocation> LambdaApi::Next() {
  OutboundRequest request{.method = "GET", .target = "invocation/next", .answer_bytes_max = wire::kLambdaEventBytesMax};
  ASSIGN_OR_RETURN(OutboundAnswer answer,
                   client_->Ask(std::move(request), kNextPatience, 200, "the question for the next event"));
  Invocation invocation;
  for (auto& [name, value] : answer.headers) {
    if (name == "lambda-runtime-aws-request-id") invocation.id = std::move(value);
  }
  invocation.event = std::move(answer.body);
  // It becomes a part of a path.
  const bool plain = std::all_of(invocation.id.begin(), invocation.id.end(),
                                 [](char c) { return IsDigit(c) || IsLetter(c) || c == '-'; });
  if (invocation.id.empty() || !plain) return absl::UnavailableError("the runtime interface gave an event no id");
  return invocation;
}

absl::Status LambdaApi::Answer(const std::string& id, const std::string& answer) {
  return client_->Post(absl::StrCat("invocation/", id, "/response"), answer, {}, "an answer");
}

absl::Status LambdaApi::Fail(const std::string& id, std::string_view type, std::string_view message) {
  return client_->Post(absl::StrCat("invocation/", id, "/error"), FailureText(type, message), type, "a failure");
}

absl::Status LambdaApi::FailToStart(std::string_view type, std::string_view message) {
  return client_->Post("init/error", FailureText(type, message), type, "a failure to start");
}

}  // namespace alcove::runtime
