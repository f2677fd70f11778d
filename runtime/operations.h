// What the listener for operators answers: /healthz, /readyz, /metrics.
//
// Threads: all methods may be called from any thread.
#pragma once

#include <functional>
#include <string>

#include "runtime/application.h"
#include "runtime/readiness.h"

namespace alcove::runtime {

class Operations final : public Application {
 public:
  // Both must be callable as long as it lives.
  Operations(Readiness& readiness, std::function<std::string()> metrics_text)
      : readiness_(readiness), metrics_text_(std::move(metrics_text)) {}

  functions::Outcome Run(Call& call) override;
  void Refused(int) override {}

 private:
  Readiness& readiness_;
  const std::function<std::string()> metrics_text_;
};

}  // namespace alcove::runtime
