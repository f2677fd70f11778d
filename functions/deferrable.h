// What a function that is called later looks like.
//
//   struct AwayArguments { std::string site; std::string agent; };        // with Describe()
//   inline constexpr DeferredFunction<AwayArguments> kAgentAway{"agent_away"};
//   absl::StatusOr<Afterwards> BecomeAway(store::Transaction&, const AwayArguments&, Context&);
//   absl::StatusOr<AskOrDone> Ask(store::Transaction&, const Question&, const Fetches& fetched, Context&);
//
// The name is stored, so it is for ever; arguments are read by the versions
// before and after, as records are (records.h). There are three kinds:
//
//   Atomic<BecomeAway>(kAgentAway)   exactly once. The function gets the transaction that also takes the call off the
//                                    list: its work and the end of the call are kept together or not at all.
//   Outside<Deliver>(kDelivery)      at least once. For effects outside of the store (a webhook, a mail): the call is
//                                    taken off the list after the function returned OK, so that it runs again where the
//                                    node dies between the two. Whatever it asks of others must bear repeating (send
//                                    an id along), and it must come back well within kDeferLeaseMs. It holds up one of
//                                    kDeferredRunsMax meanwhile: to ask another server, fetch.
//   Fetching<Ask>(kQuestion)         asks other servers (fetch.h), then writes. While it returns a Fetch its
//   transaction
//                                    is discarded and it is run again with what came of it; what it writes in the end
//                                    is kept together with the end of the call, exactly once. It may ask again, where
//                                    its node dies before that: send an id along.
//
// A function fails by its status; its message is kept as the reason, so no
// text of people, token or address may be in it.
//
// Threads: plain values; functions run on any thread, several at once.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/fetch.h"
#include "functions/json_codec.h"
#include "store/store.h"

namespace alcove::functions {

// How those who defer a function name it, with what it is told.
template <class Arguments>
struct DeferredFunction {
  std::string_view name;
};

struct NoArguments {};
template <class V>
void Describe(V&, NoArguments&) {}

// Of what is done for a whole site.
struct SiteArguments {
  std::string site;
};
template <class V>
void Describe(V& visit, SiteArguments& arguments) {
  visit("site", arguments.site);
}

// What an atomic function has done when its transaction is durable: who is told
// by the ephemera. Lost where the node dies just then. May be empty.
using Afterwards = std::function<void(Context&)>;

// What a function that fetches has to say: what it asks next, or that it is done.
using AskOrDone = std::variant<Fetch, Afterwards>;

// One row of deferrables.cc; made by Atomic(), Outside() or Fetching().
struct Deferrable {
  std::string_view name;
  // One of the three. `arguments` is JSON; what cannot be read fails the run.
  absl::StatusOr<Afterwards> (*atomic)(store::Transaction&, std::string_view arguments, Context&) = nullptr;
  absl::Status (*outside)(std::string_view arguments, Context&) = nullptr;
  absl::StatusOr<AskOrDone> (*fetching)(store::Transaction&, std::string_view arguments, const Fetches&,
                                        Context&) = nullptr;
  // Whether there must always be a call of it, with kStandingKey and no arguments: it defers itself anew.
  bool is_standing = false;
};

// The key of the one call of a standing function.
inline constexpr std::string_view kStandingKey = "standing";

template <auto function, class Arguments>
constexpr Deferrable Atomic(const DeferredFunction<Arguments>& declared) {
  Deferrable deferrable;
  deferrable.name = declared.name;
  deferrable.atomic = [](store::Transaction& transaction, std::string_view json,
                         Context& context) -> absl::StatusOr<Afterwards> {
    const absl::StatusOr<Arguments> arguments = ParseJson<Arguments>(json);
    if (!arguments.ok()) return arguments.status();
    return function(transaction, *arguments, context);
  };
  return deferrable;
}

template <auto function, class Arguments>
constexpr Deferrable Outside(const DeferredFunction<Arguments>& declared) {
  Deferrable deferrable;
  deferrable.name = declared.name;
  deferrable.outside = [](std::string_view json, Context& context) -> absl::Status {
    const absl::StatusOr<Arguments> arguments = ParseJson<Arguments>(json);
    if (!arguments.ok()) return arguments.status();
    return function(*arguments, context);
  };
  return deferrable;
}

template <auto function, class Arguments>
constexpr Deferrable Fetching(const DeferredFunction<Arguments>& declared) {
  Deferrable deferrable;
  deferrable.name = declared.name;
  deferrable.fetching = [](store::Transaction& transaction, std::string_view json, const Fetches& fetched,
                           Context& context) -> absl::StatusOr<AskOrDone> {
    const absl::StatusOr<Arguments> arguments = ParseJson<Arguments>(json);
    if (!arguments.ok()) return arguments.status();
    return function(transaction, *arguments, fetched, context);
  };
  return deferrable;
}

constexpr Deferrable Standing(Deferrable deferrable) {
  deferrable.is_standing = true;
  return deferrable;
}

}  // namespace alcove::functions
