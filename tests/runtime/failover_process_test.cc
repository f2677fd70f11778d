// Two servers behind a proxy, before a PostgreSQL whose standby takes over: seen
// by a customer and an agent at their pages.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/nodes.h"
#include "tests/runtime/pages.h"
#include "tests/runtime/process.h"
#include "tests/store/postgres_server.h"
#include "tests/store/temporary_folder.h"
#include "wasm-widget/client/agent_session.h"
#include "wasm-widget/client/customer_session.h"

namespace alcove::runtime {
namespace {

using store::PostgresServer;

class Failover : public testing::Test {
 protected:
  Failover() {
    const Process::End seeded = Process({"seed", "--postgres", place_, "--agents", "1", "--json"}).Wait();
    EXPECT_EQ(seeded.code, 0) << seeded.err;
    first_.emplace(place_, web_);
    second_.emplace(place_, web_);
    proxy_.emplace(first_->address(), second_->address());
    customer_page_.emplace(pages_, proxy_->address(), 1);
    customer_.emplace(customer_page_->platform());
    customer_page_->Host(*customer_);
    agent_page_.emplace(pages_, proxy_->address(), 2);
    agent_.emplace(agent_page_->platform());
    agent_page_->Host(*agent_);

    agent_->SignIn(Field(seeded.out, "email"), Field(seeded.out, "password"));
    pages_.Await("signed in", [&] { return agent_->ready(); });
    agent_->SetPresence(wire::Presence::kOnline);
    customer_->Start("sit_demo", std::nullopt, "en");
    customer_->StartConversation("hello", std::nullopt);
    pages_.Await("the agent has it", [&] { return !agent_->Mine().empty(); });
    agent_->Select(agent_->Mine().front()->id);
    agent_->SendMessage("what can I do?");
    AwaitOnBoth({"hello", "what can I do?"});
  }
  ~Failover() override {
    // Polls end with their servers.
    first_.reset();
    second_.reset();
    proxy_.reset();
    std::filesystem::remove_all(web_);
  }

  // Messages on screen that the server has, in the order of the log.
  static std::vector<std::string> Stored(const client::Session& session) {
    std::vector<std::string> texts;
    const auto view = session.conversation();
    if (!view) return texts;
    for (const client::Row& row : view->rows) {
      if (row.type == wire::EventType::kMessage && row.event != nullptr) texts.emplace_back(row.text);
    }
    return texts;
  }
  // In any order, and the same on both screens.
  void AwaitOnBoth(std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    pages_.Await("both show all " + std::to_string(texts.size()) + " messages", [&] {
      std::vector<std::string> shown = Stored(*customer_);
      if (shown != Stored(*agent_)) return false;
      std::sort(shown.begin(), shown.end());
      return shown == texts;
    });
  }
  void AwaitStandby() {
    const std::string position = primary_.Execute("SELECT pg_current_wal_lsn()").front();
    while (standby_.Execute("SELECT pg_last_wal_replay_lsn() >= '" + position + "'").front() != "t") {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  void ExpectToldToResync() {
    pages_.Await("told to resync", [&] { return customer_page_->Heard(410) > 0 && agent_page_->Heard(410) > 0; });
  }

  PostgresServer primary_;
  const std::string old_place_ = primary_.NewPlace();
  PostgresServer standby_{primary_, "second"};
  const std::string place_ = PostgresServer::WithFallback(old_place_, standby_);
  const std::string web_ = store::MakeTemporaryFolder();
  std::optional<Node> first_, second_;
  std::optional<Proxy> proxy_;
  Pages pages_;
  std::optional<Page> customer_page_, agent_page_;
  std::optional<client::CustomerSession> customer_;
  std::optional<client::AgentSession> agent_;
};

// What was acknowledged and is lost comes back from the pages that show it.
TEST_F(Failover, ALostTailIsToldByTheEpochAndSentAgain) {
  AwaitStandby();
  standby_.End(PostgresServer::Stop::kFast);
  customer_->SendMessage("lost by the customer");
  agent_->SendMessage("lost by the agent");
  AwaitOnBoth({"hello", "what can I do?", "lost by the customer", "lost by the agent"});
  EXPECT_EQ(customer_page_->Heard(410) + agent_page_->Heard(410), 0);

  primary_.End(PostgresServer::Stop::kImmediate);
  standby_.Start();
  standby_.Promote();
  const std::vector<std::string> kept =
      standby_.Execute("SELECT key FROM " + old_place_.substr(old_place_.find("place_")) +
                       ".alcove_entry WHERE convert_from(value, 'UTF8') LIKE '%lost by%'");
  EXPECT_TRUE(kept.empty()) << "the test shows nothing";
  ExpectToldToResync();
  customer_->SendMessage("still there?");
  AwaitOnBoth({"hello", "what can I do?", "lost by the customer", "lost by the agent", "still there?"});
  ExpectVerified(place_);
}

// With a synchronous standby nothing is lost, though a server dies with the database.
TEST_F(Failover, NothingIsLostWithASynchronousStandbyThoughAServerDiesToo) {
  primary_.Execute("ALTER SYSTEM SET synchronous_standby_names = 'second'");
  primary_.Execute("SELECT pg_reload_conf()");
  std::vector<std::string> texts = {"hello", "what can I do?"};
  const auto say = [&](int from, int to) {
    for (int i = from; i < to; ++i) {
      texts.push_back("question " + std::to_string(i));
      customer_->SendMessage(texts.back());
      texts.push_back("answer " + std::to_string(i));
      agent_->SendMessage(texts.back());
    }
  };
  say(0, 5);
  AwaitOnBoth(texts);
  say(5, 10);
  primary_.End(PostgresServer::Stop::kImmediate);
  first_->Kill();
  say(10, 15);
  standby_.Promote();
  AwaitOnBoth(texts);
  ExpectToldToResync();
  AwaitOnBoth(texts);
  ExpectVerified(place_);
}

}  // namespace
}  // namespace alcove::runtime
