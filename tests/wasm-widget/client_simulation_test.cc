// The real functions, a store in memory, and the real clients of customers and
// agents, on a network that loses, delays and reorders: all from one seed.
//
// When the trouble is over and everything has come to rest, every screen shows
// the log that the store has: no message lost, doubled or out of its author's order.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "functions/shown.h"
#include "store/keys.h"
#include "tests/functions/world.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/agent_session.h"
#include "wasm-widget/client/customer_session.h"

namespace alcove::client {
namespace {

using functions::Wake;
using functions::World;

// The clock that clients and server share.
class SharedClock final : public Clock {
 public:
  explicit SharedClock(World& world) : world_(world) {}
  int64_t WallMs() override { return absl::ToUnixMillis(world_.clock.Now()); }
  int64_t MonotonicMs() override { return WallMs(); }

 private:
  World& world_;
};

struct Trouble {
  uint32_t lose_request_percent = 0;
  uint32_t lose_answer_percent = 0;
  uint32_t cut_answer_percent = 0;
  uint32_t latency_ms_max = 50;
};

class Network;

// One browser page: its wire to the server, and the session behind it.
class Page final : public Transport {
 public:
  Page(Network& network, Clock& clock, Random& random, Storage& storage)
      : network_(network), platform_{*this, clock, random, storage} {}

  void Send(const HttpRequest& request) override;
  void Abort(int64_t id) override;

  const Platform& platform() const { return platform_; }
  Session* session = nullptr;

 private:
  Network& network_;
  Platform platform_;
};

// What is on its way: requests to the server, parked polls, answers.
class Network {
 public:
  Network(World& world, uint64_t seed) : world_(world), random_(seed) {}

  Trouble trouble;
  int lost = 0;

  int64_t Now() { return absl::ToUnixMillis(world_.clock.Now()); }
  uint32_t Below(uint32_t bound) { return static_cast<uint32_t>(random_() % bound); }

  void Send(Page* page, const HttpRequest& request) {
    if (Percent(trouble.lose_request_percent)) {
      Later(page, request, NoNetwork());
      return;
    }
    flights_.push_back({page, request, Now() + Below(trouble.latency_ms_max + 1), Stage::kToServer, {}, {}, {}});
  }
  void Abort(Page* page, int64_t id) {
    std::erase_if(flights_, [&](const Flight& flight) {
      // What the server has seen cannot be unseen; only its answer is dropped.
      return flight.page == page && flight.request.id == id && flight.stage != Stage::kToServer;
    });
    for (Flight& flight : flights_) {
      if (flight.page == page && flight.request.id == id) flight.page = nullptr;
    }
  }
  void Forget(Page* page) {
    for (Flight& flight : flights_) {
      if (flight.page == page) flight.page = nullptr;
    }
  }
  // The server dies: nothing that it held is answered.
  void Crash() {
    for (Flight& flight : flights_) {
      if (flight.stage == Stage::kToClient) continue;
      flight.stage = Stage::kToClient;
      flight.answer = NoNetwork();
      flight.at = Now() + Below(trouble.latency_ms_max + 1);
    }
    world_.ephemera.Restart();
  }

  // When something next arrives.
  int64_t NextAt() const {
    int64_t next = kNever;
    for (const Flight& flight : flights_) next = std::min(next, flight.at);
    return next;
  }
  // Lets everything arrive that is due.
  void Deliver() {
    Wakeup();
    for (size_t i = 0; i < flights_.size();) {
      if (flights_[i].at > Now()) {
        ++i;
        continue;
      }
      Flight flight = std::move(flights_[i]);
      flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
      switch (flight.stage) {
        case Stage::kToServer:
          Serve(std::move(flight), Wake::kArrived);
          break;
        case Stage::kParked:
          Serve(std::move(flight), Wake::kDeadline);
          break;
        case Stage::kToClient:
          if (flight.page != nullptr && flight.page->session != nullptr) {
            flight.page->session->OnResponse(flight.request.id, flight.answer);
          }
          break;
      }
      Wakeup();
      i = 0;
    }
  }

 private:
  enum class Stage { kToServer, kParked, kToClient };
  struct Flight {
    Page* page;
    HttpRequest request;
    int64_t at;
    Stage stage;
    HttpAnswer answer;
    functions::Result parked;
    functions::Request replay;
  };

  bool Percent(uint32_t percent) { return Below(100) < percent; }

  void Later(Page* page, const HttpRequest& request, HttpAnswer answer) {
    if (answer.status == 0) ++lost;
    flights_.push_back(
        {page, request, Now() + Below(trouble.latency_ms_max + 1), Stage::kToClient, std::move(answer), {}, {}});
  }

  void Wakeup() {
    // World::Wakes() tells once for all: every parked request looks again.
    std::vector<Flight> parked;
    functions::Result all;
    for (const Flight& flight : flights_) {
      if (flight.stage != Stage::kParked) continue;
      all.topics.insert(all.topics.end(), flight.parked.topics.begin(), flight.parked.topics.end());
    }
    if (!world_.Wakes(all)) return;
    for (size_t i = 0; i < flights_.size();) {
      if (flights_[i].stage != Stage::kParked) {
        ++i;
        continue;
      }
      parked.push_back(std::move(flights_[i]));
      flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (Flight& flight : parked) Serve(std::move(flight), Wake::kSignalled);
  }

  void Serve(Flight flight, Wake wake) {
    if (wake == Wake::kArrived) {
      static constexpr functions::Method kMethods[] = {functions::Method::kGet, functions::Method::kPost,
                                                       functions::Method::kPut, functions::Method::kDelete};
      flight.replay = world_.MakeRequest(kMethods[static_cast<int>(flight.request.method)], flight.request.path,
                                         flight.request.token, flight.request.body);
      if (flight.request.path.find("/poll?") != std::string::npos) Supersede(flight.request.token);
    }
    flight.replay.wake = wake;
    const functions::Result result = world_.Run(flight.replay);
    if (result.hangs()) {
      ASSERT_NE(wake, Wake::kDeadline) << "a poll outlived its deadline";
      const int64_t deadline = absl::ToUnixMillis(result.deadline);
      flight.at = wake == Wake::kArrived ? deadline : std::min(flight.at, deadline);
      flight.parked = result;
      flight.stage = Stage::kParked;
      flights_.push_back(std::move(flight));
      return;
    }
    ASSERT_LT(result.status, 500) << result.body;
    HttpAnswer answer = Json(result.status, result.body);
    if (Percent(trouble.lose_answer_percent)) answer = NoNetwork();
    if (Percent(trouble.cut_answer_percent)) answer.body.resize(answer.body.size() / 2);
    Later(flight.page, flight.request, std::move(answer));
  }

  void Supersede(const std::string& token) {
    std::vector<Flight> older;
    for (size_t i = 0; i < flights_.size();) {
      if (flights_[i].stage != Stage::kParked || flights_[i].request.token != token) {
        ++i;
        continue;
      }
      older.push_back(std::move(flights_[i]));
      flights_.erase(flights_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (Flight& flight : older) Serve(std::move(flight), Wake::kSuperseded);
  }

  World& world_;
  std::mt19937_64 random_;
  std::vector<Flight> flights_;
};

void Page::Send(const HttpRequest& request) { network_.Send(this, request); }
void Page::Abort(int64_t id) { network_.Abort(this, id); }

// A person at a page that may be reloaded.
template <class SessionType>
struct Person {
  FakeStorage storage;
  std::unique_ptr<Page> page;
  std::unique_ptr<SessionType> session;
  std::vector<std::string> said;
};

class Simulation {
 public:
  explicit Simulation(uint64_t seed) : network_(world_, seed), clock_(world_), random_(seed + 1), dice_(seed + 2) {
    for (size_t i = 0; i < kAgents; ++i) {
      const functions::Person agent = world_.AddAgent("Agent" + std::to_string(i), 2);
      agents_[i].storage.Set("alcove.agent.token", agent.token);
      agent_tokens_[agent.id] = agent.token;
      Load(agents_[i]);
      agents_[i].session->Start();
    }
    for (auto& customer : customers_) {
      Load(customer);
      customer.session->Start("sit_demo", std::nullopt, "en");
    }
  }

  void Run(int64_t ms, bool people_act) {
    const int64_t end = network_.Now() + ms;
    int64_t next_act = network_.Now();
    while (network_.Now() < end) {
      int64_t next = std::min(end, network_.NextAt());
      if (people_act) next = std::min(next, next_act);
      for (auto& agent : agents_) next = std::min(next, agent.session->NextDueAt());
      for (auto& customer : customers_) next = std::min(next, customer.session->NextDueAt());
      if (next > network_.Now()) world_.clock.Advance(absl::Milliseconds(next - network_.Now()));
      network_.Deliver();
      for (auto& agent : agents_) agent.session->Tick();
      for (auto& customer : customers_) customer.session->Tick();
      if (people_act && network_.Now() >= next_act) {
        Act();
        next_act = network_.Now() + 1 + static_cast<int64_t>(dice_() % 400);
      }
      if (testing::Test::HasFatalFailure()) return;
    }
  }

  void Check() {
    for (auto& customer : customers_) {
      std::vector<std::string> heard;
      for (const wire::Conversation* each : customer.session->conversations()) {
        customer.session->Select(each->id);
        Run(2'000, false);
        CheckConversation(*customer.session, std::string(each->id), heard);
      }
      // What was said and not refused (in a conversation just closed) is there once.
      for (const std::string& text : customer.said) {
        EXPECT_EQ(std::count(heard.begin(), heard.end(), text), erased_.contains(text) ? 0 : 1) << text;
      }
    }
    for (auto& agent : agents_) {
      EXPECT_EQ(agent.session->sign_in(), SignInState::kSignedIn);
      std::vector<std::string> ids;
      for (const auto* list : {&agent.session->Mine(), &agent.session->Waiting(), &agent.session->Closed()}) {
        for (const wire::Conversation* each : *list) ids.push_back(each->id);
      }
      for (const std::string& id : ids) {
        agent.session->Select(id);
        Run(2'000, false);
        SendOvertaken(*agent.session);
        std::vector<std::string> heard;
        CheckConversation(*agent.session, id, heard);
      }
    }
  }

  Network& network() { return network_; }
  template <class T>
  void Reload(T& person) {
    network_.Forget(person.page.get());
    retired_.push_back(std::move(person.page));
    retired_.back()->session = nullptr;
    Load(person);
  }
  void ReloadSomeone() {
    if (dice_() % 2 == 0) {
      auto& customer = customers_[dice_() % kCustomers];
      Reload(customer);
      customer.session->Start("sit_demo", std::nullopt, "en");
    } else {
      auto& agent = agents_[dice_() % kAgents];
      Reload(agent);
      agent.session->Start();
    }
  }
  size_t Amended() const { return amended_; }
  size_t Said() const {
    size_t said = 0;
    for (const auto& customer : customers_) said += customer.said.size();
    return said;
  }

 private:
  static constexpr size_t kCustomers = 4;
  static constexpr size_t kAgents = 2;

  template <class T>
  void Load(Person<T>& person) {
    person.page = std::make_unique<Page>(network_, clock_, random_, person.storage);
    person.session = std::make_unique<T>(person.page->platform());
    person.page->session = person.session.get();
  }

  // Another client edits or takes back what an agent wrote, or has what a customer wrote erased.
  void AmendSomething() {
    const auto stored =
        world_.store->Read([](store::Reader& reader) { return reader.Scan(store::keys::Everything()); });
    ASSERT_TRUE(stored.ok()) << stored.status();
    std::vector<wire::Event> written;
    for (const store::Entry& entry : *stored) {
      if (store::keys::DecodeParts(entry.key)->family != "event") continue;
      auto event = functions::ParseJson<wire::Event>(entry.value);
      ASSERT_TRUE(event.ok()) << event.status();
      if (event->type == wire::EventType::kMessage && event->text) written.push_back(*std::move(event));
    }
    if (written.empty()) return;
    const wire::Event& event = written[dice_() % written.size()];
    const std::string message = "/conversations/" + event.conversation + "/messages/" + *event.id;
    if (event.actor.kind == wire::ActorKind::kCustomer) {
      if (dice_() % 4 != 0) return;
      erased_.insert(*event.text);
      ASSERT_EQ(world_.Call(functions::Method::kDelete, "/v1/admin" + message, owner_.token).status, 200);
    } else if (dice_() % 3 == 0) {
      world_.Call(functions::Method::kDelete, "/v1/agent" + message, agent_tokens_[event.actor.id]);
    } else {
      world_.Call(functions::Method::kPatch, "/v1/agent" + message, agent_tokens_[event.actor.id],
                  R"({"text":"edit )" + std::to_string(dice_() % 3) + "\"}");
    }
    ++amended_;
  }

  void Act() {
    if (dice_() % 8 == 0) AmendSomething();
    const std::string text = "text " + std::to_string(++texts_);
    if (dice_() % 2 == 0) {
      auto& customer = customers_[dice_() % kCustomers];
      const auto& list = customer.session->conversations();
      std::string open;
      for (const wire::Conversation* each : list) {
        if (each->state != wire::ConversationState::kClosed) open = each->id;
      }
      if (open.empty()) {
        // Until the session is there nobody knows whether one is open.
        if (!customer.session->ready()) return;
        customer.session->StartConversation(text, std::nullopt);
        customer.said.push_back(text);
        return;
      }
      customer.session->Select(open);
      customer.session->MarkRead();
      switch (dice_() % 8) {
        case 0:
          customer.session->SetTyping(text);
          return;
        case 1:
          customer.session->LoadEarlier();
          return;
        default:
          customer.session->SendMessage(text);
          customer.said.push_back(text);
          return;
      }
    }
    auto& agent = agents_[dice_() % kAgents];
    AgentSession& session = *agent.session;
    if (session.sign_in() != SignInState::kSignedIn) return;
    if (dice_() % 10 == 0) session.SetPresence(dice_() % 3 == 0 ? wire::Presence::kAway : wire::Presence::kOnline);
    if (!session.Waiting().empty() && dice_() % 3 == 0) {
      session.Select(session.Waiting().front()->id);
      session.Claim();
      return;
    }
    if (session.Mine().empty()) return;
    session.Select(session.Mine()[dice_() % session.Mine().size()]->id);
    session.MarkRead();
    switch (dice_() % 10) {
      case 0:
        session.SetTyping("x");
        return;
      case 1:
        session.LoadClosed();
        return;
      case 2:
        session.SetVisible(false);
        return;
      case 3:
        session.SetVisible(true);
        return;
      case 4:
        session.AskIn(agents_[dice_() % kAgents].session->me().id);
        return;
      case 5:
        session.Leave();
        return;
      default:
        session.SendMessage(text);
        return;
    }
  }

  // What a colleague was faster than waits until its author sends it all the same.
  void SendOvertaken(AgentSession& session) {
    std::vector<std::string> overtaken;
    const auto view = session.conversation();
    ASSERT_TRUE(view.has_value());
    for (const Row& row : view->rows) {
      if (row.failure == "overtaken") overtaken.emplace_back(row.id);
    }
    for (const std::string& message : overtaken) session.RetryMessage(message);
    if (!overtaken.empty()) Run(2'000, false);
  }

  // The log that the store has is the one on screen, as the one who looks may see it.
  void CheckConversation(const Session& session, const std::string& id, std::vector<std::string>& heard) {
    SCOPED_TRACE(id);
    const auto view = session.conversation();
    ASSERT_TRUE(view.has_value());
    ASSERT_EQ(view->summary->id, id);
    const auto stored = world_.store->Read([&](store::Reader& reader) {
      return reader.Scan(store::keys::Events(functions::kSite, wire::ConversationId(id)));
    });
    ASSERT_TRUE(stored.ok()) << stored.status();
    std::vector<wire::Event> events;
    const bool is_agent = dynamic_cast<const AgentSession*>(&session) != nullptr;
    for (const store::Entry& entry : *stored) {
      const auto shown =
          functions::ShownTo(is_agent ? functions::Side::kAgent : functions::Side::kCustomer, entry.value);
      ASSERT_TRUE(shown.ok()) << shown.status();
      auto event = functions::ParseJson<wire::Event>(*shown);
      ASSERT_TRUE(event.ok()) << event.status();
      events.push_back(*std::move(event));
    }
    ASSERT_FALSE(view->rows.empty());
    // Earlier ones may still be at the server.
    const auto first = static_cast<size_t>(view->rows.front().seq);
    ASSERT_EQ(view->rows.size(), events.size() - first + 1);
    for (size_t i = 0; i < view->rows.size(); ++i) {
      ASSERT_NE(view->rows[i].event, nullptr)
          << "still in the outbox: " << view->rows[i].text << " " << view->rows[i].failure;
      EXPECT_EQ(*view->rows[i].event, events[first - 1 + i]);
    }
    int64_t last = 0;
    std::set<std::string> ids;
    for (const wire::Event& event : events) {
      if (event.type != wire::EventType::kMessage) continue;
      EXPECT_TRUE(ids.insert(*event.id).second) << "doubled: " << *event.id;
      if (!event.text) continue;
      heard.push_back(*event.text);
      // Texts are numbered as they are said: one author's are in order.
      if (event.actor.kind != wire::ActorKind::kCustomer) continue;
      const int64_t number = std::stoll(event.text->substr(5));
      EXPECT_GT(number, last) << "out of order";
      last = number;
    }
    EXPECT_EQ(view->summary->last_seq, static_cast<int64_t>(events.size()));
  }

  World world_;
  const functions::Person owner_ = world_.AddWithRole("Olga", wire::Role::kOwner);
  std::map<std::string, std::string> agent_tokens_;
  std::set<std::string> erased_;  // of what customers said
  Network network_;
  SharedClock clock_;
  FakeRandom random_;
  std::mt19937_64 dice_;
  Person<CustomerSession> customers_[kCustomers];
  Person<AgentSession> agents_[kAgents];
  std::vector<std::unique_ptr<Page>> retired_;
  size_t amended_ = 0;
  int texts_ = 0;
};

// ALCOVE_SEEDS, for the nights; one is enough for a commit.
uint64_t SeedsPerCase() {
  const char* given = std::getenv("ALCOVE_SEEDS");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
}

TEST(ClientSimulation, EveryScreenComesToShowTheLog) {
  static constexpr struct {
    const char* name;
    Trouble trouble;
    bool crashes;
    bool reloads;
  } kCases[] = {
      {"a good network", {0, 0, 0, 30}, false, false},           {"answers are lost", {0, 20, 0, 100}, false, false},
      {"everything is lost", {15, 15, 10, 2'000}, false, false}, {"the server crashes", {2, 2, 0, 200}, true, false},
      {"pages are reloaded", {5, 10, 2, 500}, false, true},      {"all at once", {10, 15, 5, 3'000}, true, true},
  };
  for (const auto& test : kCases) {
    for (uint64_t i = 0; i < SeedsPerCase(); ++i) {
      const uint64_t seed = store::Seed() + i;
      SCOPED_TRACE(testing::Message() << test.name << ", replay with ALCOVE_SEED=" << seed);
      Simulation simulation(seed);
      simulation.network().trouble = test.trouble;
      for (int round = 0; round < 10; ++round) {
        simulation.Run(6'000, true);
        if (test.crashes && round % 3 == 1) simulation.network().Crash();
        if (test.reloads) simulation.ReloadSomeone();
        if (HasFatalFailure()) return;
      }
      simulation.network().trouble = {};
      simulation.Run(90'000, false);
      simulation.Check();
      EXPECT_GT(simulation.Said(), 20u);
      EXPECT_GT(simulation.Amended(), 2u);
      if (test.trouble.lose_answer_percent > 0) {
        EXPECT_GT(simulation.network().lost, 10);
      }
      if (HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace alcove::client
