#include "runtime/lambda_api.h"

#include <httplib.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "functions/wire/json_writer.h"
#include "functions/wire/limits.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

constexpr char kRuntime[] = "/2018-06-01/runtime/";
// Between two events a function may be frozen for hours, and then is ended without a word.
constexpr std::chrono::hours kNextPatience{24};
constexpr std::chrono::seconds kPatience{10};

absl::Status Unexpected(std::string_view what, const httplib::Result& result) {
  const std::string why = result ? absl::StrCat("status ", result->status) : httplib::to_string(result.error());
  return absl::UnavailableError(absl::StrCat("the runtime interface did not take ", std::string(what), ": ", why));
}

std::string FailureText(std::string_view type, std::string_view message) {
  std::string text = "{\"errorType\":";
  wire::AppendJsonString(type, text);
  text += ",\"errorMessage\":";
  wire::AppendJsonString(message, text);
  text += ",\"stackTrace\":[]}";
  return text;
}

}  // namespace

class LambdaApi::Client {
 public:
  Client(const std::string& host, int port) : http_(host, port) {
    http_.set_connection_timeout(kPatience);
    http_.set_write_timeout(kPatience);
  }

  httplib::Client& Patient(std::chrono::seconds patience) {
    http_.set_read_timeout(patience);
    return http_;
  }

  absl::Status Post(const std::string& path, const std::string& text, std::string_view failure, std::string_view what) {
    httplib::Headers headers;
    if (!failure.empty()) headers.emplace("Lambda-Runtime-Function-Error-Type", failure);
    const httplib::Result result = Patient(kPatience).Post(kRuntime + path, headers, text, "application/json");
    return result && result->status == 202 ? absl::OkStatus() : Unexpected(what, result);
  }

 private:
  httplib::Client http_;
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
  Invocation invocation;
  const httplib::Result result =
      client_->Patient(kNextPatience)
          .Get(kRuntime + std::string("invocation/next"), [&](const char* bytes, size_t size) {
            if (invocation.event.size() + size > wire::kLambdaEventBytesMax) return false;
            invocation.event.append(bytes, size);
            return true;
          });
  if (!result || result->status != 200) return Unexpected("the question for the next event", result);
  invocation.id = result->get_header_value("Lambda-Runtime-Aws-Request-Id");
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
