// The sign-ins of the demo, and whose password is another by now.
#include "functions/seed.h"

#include <map>
#include <string>
#include <vector>

#include "functions/agent_by_email.h"
#include "functions/password.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

void ChangePassword(World& world, const std::string& email, const std::string& password) {
  const std::string hash = HashPassword(password, world.random);
  world.Write([&](store::Transaction& txn) {
    KnownAgent known = **FindAgentByEmail(txn, email);
    known.record.password_hash = hash;
    Save(txn, store::keys::Agent(known.site, known.agent), known.record);
  });
}

TEST(Seed, KnowsWhosePasswordIsAnotherByNow) {
  World world;
  Context context = world.MakeContext();
  const auto first = SeedDemo(context, 2);
  ASSERT_TRUE(first.ok()) << first.status();
  for (const SignIn& sign_in : *first) {
    EXPECT_TRUE(sign_in.is_new);
    EXPECT_TRUE(*StillSignsIn(context, sign_in));
  }
  ChangePassword(world, first->front().email, "another");
  const auto again = SeedDemo(context, 3);
  ASSERT_TRUE(again.ok()) << again.status();
  std::vector<bool> is_new, still;
  for (const SignIn& sign_in : *again) {
    is_new.push_back(sign_in.is_new);
    still.push_back(*StillSignsIn(context, sign_in));
  }
  EXPECT_EQ(is_new, (std::vector{false, false, true}));
  EXPECT_EQ(still, (std::vector{false, true, true}));
  EXPECT_EQ(again->front().password, first->front().password);
}

TEST(Seed, TheFirstAgentIsTheOwner) {
  World world;
  Context context = world.MakeContext();
  ASSERT_TRUE(SeedDemo(context, 3).ok());
  ASSERT_TRUE(SeedDemo(context, 4).ok());
  std::map<wire::Role, int> roles;
  for (const store::Entry& entry : world.Everything()) {
    if (!entry.key.starts_with("sit_demo/agent/")) continue;
    const auto agent = DecodeRecord<AgentRecord>(entry.value);
    ++roles[RoleOf(*agent)];
    EXPECT_EQ(RoleOf(*agent) == wire::Role::kOwner, agent->name == "Mara Kovač") << agent->name;
  }
  EXPECT_EQ(roles[wire::Role::kOwner], 1);
  EXPECT_EQ(roles[wire::Role::kAgent], 3);
}

TEST(Seed, MakesMoreThanOneBatch) {
  constexpr int kAgents = 27;
  World world;
  Context context = world.MakeContext();
  const auto sign_ins = SeedDemo(context, kAgents);
  ASSERT_TRUE(sign_ins.ok()) << sign_ins.status();
  EXPECT_EQ(sign_ins->size(), size_t{kAgents});
  for (const SignIn& sign_in : *sign_ins) EXPECT_TRUE(sign_in.is_new) << sign_in.email;
  EXPECT_TRUE(SeedDemo(context, 0)->empty());
}

}  // namespace
}  // namespace alcove::functions
