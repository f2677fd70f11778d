// A conversation between an agent and a customer who are signed in, seen from either side: the tests' parameter.
//
// Threads: one.
#pragma once

#include <string>

#include "tests/functions/world.h"

namespace alcove::functions {

class TwoWhoTalk : public testing::TestWithParam<const char*> {
 protected:
  TwoWhoTalk() {
    agent_ = world_.AddOnlineAgent("Mara");
    customer_ = world_.AddCustomer();
    conversation_ = world_.Start(customer_);
    world_.Snapshot(agent_);
    world_.Hear("customer", customer_);
  }
  // Who acts, and who does not.
  std::string side() const { return GetParam(); }
  Person& who() { return side() == "agent" ? agent_ : customer_; }
  std::string other_side() const { return side() == "agent" ? "customer" : "agent"; }
  Person& other() { return side() == "agent" ? customer_ : agent_; }

  World world_;
  Person agent_, customer_;
  std::string conversation_;
};

inline auto OfBothSides() { return testing::Values("customer", "agent"); }
inline std::string NameOfSide(const testing::TestParamInfo<const char*>& test) { return test.param; }

}  // namespace alcove::functions
