#include <csignal>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "runtime/answer.h"
#include "runtime/command_line.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/hosted.h"
#include "runtime/framer.h"
#include "runtime/lambda_api.h"
#include "runtime/lambda_event.h"

namespace alcove::runtime {
namespace {

std::string AnswerTo(LambdaRequest request, OneByOne& host) {
  const FramerLimits limits = HostedLimits();
  Framer framer(limits);
  framer.Consume(request.bytes);
  if (framer.state() == Framer::State::kRefused) return RefusalBytes(framer.refusal());
  if (framer.state() != Framer::State::kComplete) return RefusalBytes(400);
  return host.Answer(framer.Take(), request.client_address);
}

// An error only where the interface no longer takes anything.
absl::Status ServeOne(const LambdaApi::Invocation& invocation, OneByOne& host, LambdaApi& api) {
  auto request = ParseLambdaEvent(invocation.event);
  if (!request.ok()) return api.Fail(invocation.id, "Alcove.BadEvent", std::string(request.status().message()));
  const absl::Status taken = api.Answer(invocation.id, LambdaAnswer(AnswerTo(*std::move(request), host)));
  // It may be larger than the interface takes.
  return taken.ok() ? taken : api.Fail(invocation.id, "Alcove.AnswerRefused", std::string(taken.message()));
}

}  // namespace

int Lambda(std::span<const std::string> arguments) {
  const auto command = ParseHosted(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  const char* const address = std::getenv("AWS_LAMBDA_RUNTIME_API");
  const auto api = LambdaApi::At(address == nullptr ? "" : address);
  if (!api.ok()) return Fail(api.status(), 2);
  std::signal(SIGPIPE, SIG_IGN);

  const auto host = OpenHosted(*command);
  if (!host.ok()) {
    (void)(*api)->FailToStart("Alcove.Start", std::string(host.status().message()));
    return Fail(host.status());
  }
  // Whoever hosts it ends it: nothing that was acknowledged can be lost by that.
  while (true) {
    const auto invocation = (*api)->Next();
    if (!invocation.ok()) return Fail(invocation.status());
    if (const absl::Status served = ServeOne(*invocation, **host, **api); !served.ok()) return Fail(served);
  }
}

}  // namespace alcove::runtime
