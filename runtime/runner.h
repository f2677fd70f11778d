// Runs one exchange once: bytes in, bytes or a wish to wait out.
//
// Threads: Run() from any number of workers, RunAtOnce() and StoreAtOnce() from any number of reactors.
#pragma once

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "functions/context.h"
#include "runtime/application.h"
#include "runtime/exchange.h"
#include "runtime/http_engine.h"
#include "runtime/hub.h"

namespace alcove::runtime {

class Runner {
 public:
  // All must outlive it.
  Runner(Application& application, Hub& hub, functions::Clock& clock)
      : application_(application), hub_(hub), clock_(clock) {}

  // Sets what exchange.h says that the worker sets. Only an exchange that turns
  // out to be slow is not run yet, but has its `lane` changed. One that wants to
  // fetch is to be run again, as kFetched, when what came of it is in `fetched`.
  void Run(Exchange& exchange) const;

  // As Run(), on a thread that must not wait. False: it has to, and is to be given to
  // Run() as if this had not been.
  [[nodiscard]] bool RunAtOnce(Exchange& exchange, Moment& moment) const;
  // The same for what is stored in one transaction (Foreseen).
  [[nodiscard]] bool StoreAtOnce(Exchange& exchange) const;

  // In place of Run(), of one that has a `follow_up`: it is only admitted, and is to be parked for that.
  void Follow(Exchange& exchange) const;

  // Answers it that the server is overloaded, in place of Run().
  void Refuse(Exchange& exchange) const;

  // To be told what became of the fate that Run() left. Where it is lost another
  // answer is put in place of the one that Run() gave.
  void Decide(Exchange& exchange, const absl::Status& fate) const;

 private:
  bool RunHere(Exchange& exchange, absl::FunctionRef<void(Call&)> prepare) const;
  std::optional<functions::Response> Handle(Exchange& exchange, Call& call) const;
  // Where it is run for the first time: names it, and sees whether it may be run. What it is answered with where not.
  std::optional<functions::Response> Admit(Exchange& exchange, Call& call) const;

  Application& application_;
  Hub& hub_;
  functions::Clock& clock_;
  HttpEngine engine_;
};

}  // namespace alcove::runtime
