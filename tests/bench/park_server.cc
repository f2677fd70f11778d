// park_server: what the park bench loads: the server's own parts on a store of
// a kind that `alcove serve` does not have, or of one that it has, with people
// whose sessions cost no password.
//
//   alcove_park_server STORE CUSTOMERS TALKERS SESSIONS
//
// STORE is `memory` or a folder. Prints, a line each: `port N`, `ops N`;
// `customer TOKEN CURSOR CONVERSATION`, of whom TALKERS have a conversation
// (the others `-`), evenly spread, each claimed by the one agent; `agent TOKEN
// CURSOR`, SESSIONS of the one agent; then `ready`. Serves until its standard
// input ends.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/answer.h"
#include "functions/json_codec.h"
#include "functions/routes.h"
#include "functions/seed.h"
#include "functions/tokens.h"
#include "functions/wire/requests.h"
#include "runtime/descriptor_limit.h"
#include "runtime/service.h"
#include "store/keys.h"
#include "store/leveldb_store.h"
#include "store/memory_store.h"

namespace alcove::bench {
namespace {

using functions::Method;

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "park_server: %s\n", why.c_str());
  std::exit(2);
}

class House {
 public:
  explicit House(store::Store& store) : context_(store, clock_, random_, ephemera_, files_, config_) {}

  std::string Call(Method method, const std::string& path, const std::string& token, const std::string& body) {
    functions::Matched matched = functions::FindRoute(method, path);
    if (!matched.match) Die("no route " + path);
    functions::Request request;
    request.method = method;
    request.path = path;
    request.parameters = std::move(matched.match->parameters);
    request.token = token;
    request.body = body;
    request.content_type = "application/json";
    const functions::Outcome outcome = functions::AnswerRoute(*matched.match->route, request, context_);
    if (outcome.response() == nullptr || outcome.response()->status >= 300) {
      Die(path + " failed: " + (outcome.response() == nullptr ? "it waits" : outcome.response()->body));
    }
    return outcome.response()->body;
  }

  // Sessions of the first agent of the demo.
  std::vector<std::string> AgentSessions(int count) {
    const auto sign_ins = functions::SeedDemo(context_, 1);
    if (!sign_ins.ok()) Die(std::string(sign_ins.status().message()));
    const std::string answer =
        Call(Method::kPost, "/v1/agent/session", "",
             R"({"email":")" + sign_ins->front().email + R"(","password":")" + sign_ins->front().password + "\"}");
    const auto session = functions::ParseJson<wire::AgentSession>(answer);
    std::vector<std::string> tokens = {session->token};
    functions::TokenRecord record;
    record.kind = functions::TokenKind::kAgent;
    record.site = functions::kDemoSite;
    record.principal = session->agent.id;
    record.expires_at = absl::ToUnixMillis(clock_.Now()) + wire::kAgentSessionMs;
    while (static_cast<int>(tokens.size()) < count) {
      const std::string token = "bench_" + std::to_string(tokens.size());
      const absl::Status saved =
          context_.store.Transact([&](store::Transaction& txn) { return functions::SaveToken(txn, token, record); });
      if (!saved.ok()) Die(std::string(saved.message()));
      tokens.push_back(token);
    }
    return tokens;
  }

  template <class Id>
  std::string NewId() {
    return Id::Make(absl::ToUnixMillis(clock_.Now()), static_cast<uint16_t>(random_.Next()), random_.Next()).text();
  }

 private:
  runtime::SystemClock clock_;
  runtime::SystemRandom random_;
  runtime::Hub hub_;
  runtime::HubEphemera ephemera_{hub_, "bench"};
  runtime::StaticFiles files_;
  functions::Config config_;
  functions::Context context_;
};

void Fill(store::Store& store, int customers, int talkers, int sessions) {
  House house(store);
  const std::vector<std::string> tokens = house.AgentSessions(std::max(sessions, 1));
  const int step = talkers > 0 ? std::max(customers / talkers, 1) : customers + 1;
  for (int i = 0; i < customers; ++i) {
    auto session = functions::ParseJson<wire::CustomerSession>(
        house.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo","consent":true})"));
    if (!session.ok()) Die("no session");
    std::string conversation = "-";
    if (i % step == 0 && i / step < talkers) {
      conversation = house.NewId<wire::ConversationId>();
      house.Call(Method::kPut, "/v1/customer/conversations/" + conversation, session->token, "{}");
      house.Call(Method::kPost, "/v1/agent/conversations/" + conversation + "/claim", tokens.front(), "{}");
      // So that nothing is told of it any more when the poll begins.
      session = functions::ParseJson<wire::CustomerSession>(
          house.Call(Method::kPost, "/v1/customer/session", "",
                     R"({"site":"sit_demo","consent":true,"token":")" + session->token + "\"}"));
    }
    std::printf("customer %s %s %s\n", session->token.c_str(), session->cursor.c_str(), conversation.c_str());
  }
  const auto snapshot =
      functions::ParseJson<wire::AgentSnapshot>(house.Call(Method::kGet, "/v1/agent/snapshot", tokens.front(), ""));
  if (!snapshot.ok()) Die("no snapshot");
  for (const std::string& token : tokens) std::printf("agent %s %s\n", token.c_str(), snapshot->cursor.c_str());
}

std::unique_ptr<store::Store> Open(const std::string& where) {
  if (where == "memory") return store::MakeMemoryStore();
  auto store = store::OpenLevelDbStore(where, {});
  if (!store.ok()) Die(std::string(store.status().message()));
  return *std::move(store);
}

int Run(int argc, char** argv) {
  if (argc != 5) Die("STORE CUSTOMERS TALKERS SESSIONS");
  // As commands/serve.cc.
  mallopt(M_ARENA_MAX, 2);
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  runtime::RaiseDescriptorLimit();
  auto store = Open(argv[1]);
  Fill(*store, std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4]));
  runtime::ServeCommand command;
  command.listen = "127.0.0.1:0";
  command.ops = "127.0.0.1:0";
  command.limits = runtime::LimitsSwitch::kOff;
  auto service = runtime::Service::Start(command, {.store = std::move(store),
                                                   .files = std::make_unique<runtime::StaticFiles>(),
                                                   .find_route = functions::FindRoute});
  if (!service.ok()) Die(std::string(service.status().message()));
  // What filling it needed goes back, or it would be taken for what the polls need.
  malloc_trim(0);
  std::printf("port %d\nops %d\nready\n", (*service)->address().Port(), (*service)->ops_address()->Port());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  (*service)->Drain();
  while (!(*service)->drained()) (*service)->Sweep();
  return 0;
}

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) { return alcove::bench::Run(argc, argv); }
