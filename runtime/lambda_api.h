// The runtime interface of AWS Lambda (version 2018-06-01), as its client: the
// next event is fetched, and its answer or its failure handed back.
//
// Threads: one.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace alcove::runtime {

class LambdaApi {
 public:
  // `address` is HOST:PORT, as AWS_LAMBDA_RUNTIME_API has it; INVALID_ARGUMENT where it is not.
  static absl::StatusOr<std::unique_ptr<LambdaApi>> At(std::string_view address);
  ~LambdaApi();

  struct Invocation {
    std::string id;
    std::string event;
  };
  // Waits for as long as it takes. UNAVAILABLE where the interface does not answer as it should.
  absl::StatusOr<Invocation> Next();

  // UNAVAILABLE where it was not taken. `type` is a word, `message` a sentence.
  absl::Status Answer(const std::string& id, const std::string& answer);
  absl::Status Fail(const std::string& id, std::string_view type, std::string_view message);
  // In place of the first Next(): the program cannot serve.
  absl::Status FailToStart(std::string_view type, std::string_view message);

 private:
  class Client;
  explicit LambdaApi(std::unique_ptr<Client> client);

  const std::unique_ptr<Client> client_;
};

}  // namespace alcove::runtime
