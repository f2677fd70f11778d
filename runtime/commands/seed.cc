#include "functions/seed.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/json_codec.h"
#include "runtime/command_line.h"
#include "runtime/commands/command_context.h"
#include "runtime/commands/commands.h"
#include "runtime/commands/fail.h"
#include "runtime/commands/open_store.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

struct SignInAnswer {
  std::string email;
  std::string password;
};
template <class V>
void Describe(V& visit, SignInAnswer& answer) {
  visit("email", answer.email);
  visit("password", answer.password);
}

struct SeedAnswer {
  std::string site;
  std::vector<SignInAnswer> agents;
};
template <class V>
void Describe(V& visit, SeedAnswer& answer) {
  visit("site", answer.site);
  visit("agents", answer.agents);
}

absl::Status PrintText(functions::Context& context, const std::vector<functions::SignIn>& agents) {
  std::printf("site %s\n", functions::kDemoSite);
  for (const functions::SignIn& agent : agents) {
    ASSIGN_OR_RETURN(const bool is_current, functions::StillSignsIn(context, agent));
    std::printf("%-24s %-32s %s\n", agent.name.c_str(), agent.email.c_str(),
                is_current ? agent.password.c_str() : "(changed since)");
  }
  return absl::OkStatus();
}

void PrintJson(const std::vector<functions::SignIn>& agents) {
  SeedAnswer answer{.site = functions::kDemoSite, .agents = {}};
  for (const functions::SignIn& agent : agents) answer.agents.push_back({agent.email, agent.password});
  std::printf("%s\n", functions::ToJson(answer).c_str());
}

}  // namespace

int Seed(std::span<const std::string> arguments) {
  const auto command = ParseSeed(arguments);
  if (!command.ok()) return Fail(command.status(), 2);
  auto store = OpenStore(command->store);
  if (!store.ok()) return Fail(store.status(), 1);

  CommandContext context(**store);
  const auto agents = functions::SeedDemo(*context, command->agents);
  if (!agents.ok()) return Fail(agents.status(), 1);
  if (command->output == SeedOutput::kJson) {
    PrintJson(*agents);
    return 0;
  }
  const absl::Status printed = PrintText(*context, *agents);
  return printed.ok() ? 0 : Fail(printed, 1);
}

}  // namespace alcove::runtime
