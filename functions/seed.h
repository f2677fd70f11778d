// The demo: a site with agents, canned replies and sign-ins, for `alcove seed`.
//
// Safe to repeat: what is there is left as it is, and the same sign-ins are
// returned. Passwords are derived from a secret that is drawn once and stays
// in the store, so that no demo anywhere has a password that is known.
//
// Threads: a free function; two at once on one store are safe.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/context.h"

namespace alcove::functions {

inline constexpr char kDemoSite[] = "sit_demo";

struct SignIn {
  std::string name;
  std::string email;
  std::string password;  // as it was first
  bool is_new = false;
};

// Sees to it that the demo site has at least `agents` agents, and returns the
// sign-ins of the first `agents`. REQUIRES: 0 <= agents <= 9999. Each new one
// takes about 25 ms, for its password's hash. Errors as Store::Transact().
absl::StatusOr<std::vector<SignIn>> SeedDemo(Context& context, int agents);

// Whether the agent of a sign-in that SeedDemo() returned still has that password. Takes about 25 ms, where it is not
// new, for its hash. Errors as Store::Read().
absl::StatusOr<bool> StillSignsIn(Context& context, const SignIn& sign_in);

}  // namespace alcove::functions
