#include "tests/simulation/simulation.h"

#include <algorithm>
#include <map>
#include <utility>

#include "functions/admin_records.h"
#include "functions/deferrables.h"
#include "functions/due.h"
#include "functions/lifecycle.h"
#include "functions/timers.h"
#include "functions/wire/amend.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"

namespace alcove::simulation {

using functions::kSite;
using functions::Method;
using functions::Person;
using functions::Request;
using functions::Result;
using functions::Wake;
using functions::World;

namespace keys = store::keys;

namespace {

constexpr int kAgents = 3;
constexpr int kCustomers = 2;
constexpr int kTeams = 2;
constexpr int64_t kCapacity = 2;
// A session shows no more than 20.
constexpr size_t kConversationsOfOne = 6;
constexpr char kBotUrl[] = "https://bot.example/";

// In percent of what is sent.
constexpr size_t kLoses = 6;
constexpr size_t kLosesAnswer = 6;
constexpr size_t kDelays = 5;
constexpr size_t kRepeats = 5;
constexpr size_t kDies = 3;

bool TakesPart(const wire::Conversation& conversation, const Person& agent) {
  const auto participants = conversation.participants.value_or(std::vector<wire::Actor>());
  return std::any_of(participants.begin(), participants.end(),
                     [&](const wire::Actor& one) { return one.id == agent.id; });
}

std::string JsonOf(const std::string& name, const std::string& value) { return "{\"" + name + "\":\"" + value + "\"}"; }

}  // namespace

Simulation::Simulation(uint64_t seed) : draw_(seed) {
  auto store = std::make_unique<FaultyStore>();
  store_ = store.get();
  world_ = std::make_unique<World>(std::move(store), seed);
  model_ = std::make_unique<Model>(*world_);
  for (int i = 0; i < kAgents + kCustomers; ++i) {
    auto client = std::make_unique<Client>();
    const bool is_agent = i < kAgents;
    client->side = is_agent ? "agent" : "customer";
    client->who = is_agent ? world_->AddAgent("Agent " + std::to_string(i), kCapacity) : world_->AddCustomer();
    client->seat = std::make_unique<PollSeat>(*world_, hub_);
    clients_.push_back(std::move(client));
  }
  owner_ = world_->AddWithRole("Owner", wire::Role::kOwner);
  Furnish();
  for (const auto& client : clients_) client->screen = FreshOf(*client);
}

void Simulation::Furnish() {
  using functions::SettingsRecord;
  const std::string skill = world_->NewId<wire::SkillId>().text();
  for (int i = 0; i < kTeams; ++i) teams_.push_back(world_->NewId<wire::TeamId>().text());
  const std::vector<std::optional<wire::Strategy>> strategies = {std::nullopt, wire::Strategy::kLeastLoaded,
                                                                 wire::Strategy::kRoundRobin, wire::Strategy::kSticky};
  SettingsRecord settings;
  settings.strategy = strategies[Below(strategies.size())];
  if (Chance(60)) settings.accept_timeout_ms = 5'000;
  if (Chance(60)) settings.close_after_ms = 60'000;
  if (settings.close_after_ms && Chance(60)) settings.warn_after_ms = 20'000;
  settings.away = Chance(60) ? wire::AwayPolicy::kReassign : wire::AwayPolicy::kWait;
  settings.reopening = Chance(30) ? wire::Reopening::kSame : wire::Reopening::kNew;
  std::vector<functions::TeamRecord> teams(kTeams);
  for (int i = 0; i < kTeams; ++i) {
    functions::TeamRecord& team = teams[static_cast<size_t>(i)];
    team.name = "Team " + std::to_string(i);
    team.strategy = strategies[Below(strategies.size())];
    if (Chance(30)) team.capacity = 1 + static_cast<int64_t>(Below(2));
    if (Chance(50)) team.overflow = wire::Overflow{teams_[static_cast<size_t>((i + 1) % kTeams)], 8'000};
  }
  functions::RuleRecord rule;
  rule.name = "Repairs";
  rule.conditions = {{wire::ConditionField::kPage, std::nullopt, wire::ConditionTest::kContains, {"repairs"}}};
  rule.effect.skill = skill;
  rule.effect.skill_level = 2;
  rule.effect.priority = static_cast<int64_t>(Below(3));
  // A bot answers first: a list of answers, or a program that answers, hands over, says goodbye or fails.
  const wire::BotId bot_id = world_->NewId<wire::BotId>();
  functions::BotRecord bot;
  bot.name = "Alva";
  if (Chance(60)) bot.greeting = "Hello, I am a bot.";
  bot.hand_over_text = "One moment.";
  if (Chance(50)) {
    bot.url = kBotUrl;
  } else {
    bot.fallback = "What?";
    bot.hand_over_after = 2 + static_cast<int64_t>(Below(2));
  }
  if (Chance(40)) settings.bot = bot_id.text();
  if (settings.bot && Chance(30)) rule.effect.bot = wire::kNoBot;
  world_->web.Serve(kBotUrl, [this](const functions::Fetch&) { return AnswerAsBot(); });
  // Drawn before: a transaction's body may run again.
  std::map<std::string, std::pair<std::vector<std::string>, int64_t>> talents;
  for (const auto& client : clients_) {
    if (client->side != "agent") continue;
    std::vector<std::string> of;
    for (const std::string& team : teams_) {
      if (Chance(60)) of.push_back(team);
    }
    talents[client->who.id] = {of, static_cast<int64_t>(Below(4))};
  }
  const wire::RuleId rule_id = world_->NewId<wire::RuleId>();
  world_->Write([&](store::Transaction& txn) {
    functions::Save(txn, keys::Settings(kSite), settings);
    functions::Save(txn, keys::Skill(kSite, wire::SkillId(skill)), functions::SkillRecord());
    functions::Save(txn, keys::Rule(kSite, rule_id), rule);
    functions::Save(txn, keys::Bot(kSite, bot_id), bot);
    for (size_t i = 0; i < teams.size(); ++i) {
      functions::Save(txn, keys::Team(kSite, wire::TeamId(teams_[i])), teams[i]);
    }
    for (const auto& [id, talent] : talents) {
      const wire::AgentId agent(id);
      const absl::Status changed = functions::UpdateAgent(txn, kSite, agent, [&](functions::AgentRecord& record) {
        record.teams = talent.first;
        if (talent.second > 0) record.skills = {{skill, talent.second}};
      });
      EXPECT_TRUE(changed.ok()) << changed;
      for (const std::string& team : talent.first) txn.Put(keys::TeamMember(kSite, wire::TeamId(team), agent), "1");
    }
  });
}

functions::Fetched Simulation::AnswerAsBot() {
  functions::Fetched fetched;
  fetched.result = functions::FetchResult::kAnswered;
  fetched.status = 200;
  fetched.body = R"({"text":"I see."})";
  if (Chance(20)) fetched.body = R"({"text":"A person will know.","hand_over":true})";
  if (Chance(10)) fetched.body = R"({"text":"Goodbye.","close":true})";
  if (Chance(10)) fetched.body = "none";
  if (Chance(10)) fetched.result = functions::FetchResult::kTimedOut;
  return fetched;
}

Simulation::~Simulation() {
  // They are parked at the hub.
  clients_.clear();
}

Simulation::Client& Simulation::AnyOf(const std::string& side) {
  while (true) {
    Client& client = *clients_[Below(clients_.size())];
    if (client.side == side) return client;
  }
}

void Simulation::Step() {
  PassTime();
  RunDeferred();
  if (Chance(15)) DeliverLate();
  Client& client = *clients_[Below(clients_.size())];
  if (client.errand) {
    Send(client);
  } else {
    Act(client);
  }
  for (const auto& each : clients_) {
    if (!each->seat->is_parked() && Chance(70)) Poll(*each);
  }
  EndPolls();
  WakePolls();
  Check();
}

void Simulation::PassTime() {
  int64_t passes_ms = static_cast<int64_t>(Below(400));
  if (Chance(8)) passes_ms += static_cast<int64_t>(Below(30'000));
  if (Chance(2)) passes_ms += static_cast<int64_t>(Below(600'000));
  // A clock that is set back.
  if (Chance(2)) passes_ms = -static_cast<int64_t>(Below(5'000));
  world_->clock.Advance(absl::Milliseconds(passes_ms));
}

// --- What people do -----------------------------------------------------------------

void Simulation::Act(Client& client) {
  if (client.side == "customer") {
    ActAsCustomer(client);
  } else {
    ActAsAgent(client);
  }
}

void Simulation::ActAsCustomer(Client& client) {
  if (client.started.size() < kConversationsOfOne && (client.started.empty() || Chance(25))) {
    const std::string id = world_->NewId<wire::ConversationId>().text();
    const std::string message = world_->NewId<wire::MessageId>().text();
    wire::NewConversation start;
    start.message = wire::FirstMessage{message, "hello"};
    if (Chance(40)) start.team = teams_[Below(teams_.size())];
    if (Chance(30)) start.page = wire::Page{"https://shop.example/repairs", {}};
    client.started.push_back(id);
    model_->Sends(id, client.who.id, message);
    Ask(client, Method::kPut, World::PathOf("customer", id), functions::ToJson(start),
        [this, id, message](const Result& result) {
          ASSERT_LT(result.status, 300) << result.body;
          model_->Kept(id, message);
        });
    return;
  }
  if (client.started.empty()) return;
  const std::string& id = client.started[Below(client.started.size())];
  const std::string path = World::PathOf("customer", id);
  const size_t what = Below(13);
  if (what == 11) {
    Amend(client, id);
  } else if (what == 12) {
    Ask(client, Method::kPost, path + "/page", JsonOf("url", "https://shop.example/" + std::to_string(Below(3))));
  } else if (what < 6) {
    Say(client, id);
  } else if (what == 10) {
    Ask(client, Method::kPost, path + "/hand_over", "");
  } else if (what == 6) {
    Ask(client, Method::kPost, path + "/close", "");
  } else if (what == 7) {
    Ask(client, Method::kPut, path + "/rating", "{\"score\":" + std::to_string(1 + Below(5)) + "}");
  } else if (what == 8) {
    Ask(client, Method::kPost, path + "/read", "{\"seq\":" + std::to_string(1 + Below(6)) + "}");
  } else {
    Ask(client, Method::kPost, path + "/typing", "");
  }
}

void Simulation::ActAsAgent(Client& client) {
  if (Chance(20)) {
    const std::vector<std::string> states = {"online", "online", "online", "away", "offline"};
    Ask(client, Method::kPut, "/v1/agent/presence", JsonOf("state", states[Below(states.size())]));
    return;
  }
  if (model_->conversations().empty()) return;
  const std::string& id = model_->conversations()[Below(model_->conversations().size())];
  const std::string path = World::PathOf("agent", id);
  const std::string& other = AnyOf("agent").who.id;
  switch (Below(18)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return Say(client, id);
    case 4:
      return Ask(client, Method::kPost, path + "/claim", "", {}, client.who.id);
    case 5:
    case 6:
      return Ask(client, Method::kPost, path + "/close", "");
    case 7:
      return Ask(client, Method::kPost, path + "/reopen", "", {}, client.who.id);
    case 8:
      if (Chance(30)) return Ask(client, Method::kPost, path + "/assign", JsonOf("team", teams_[Below(teams_.size())]));
      return Ask(client, Method::kPost, path + "/assign", JsonOf("agent", other), {}, other);
    case 9: {
      const int64_t until = absl::ToUnixMillis(world_->clock.Now()) + 60'000 + static_cast<int64_t>(Below(60'000));
      return Ask(client, Method::kPost, path + "/snooze", "{\"until\":" + std::to_string(until) + "}", {},
                 client.who.id);
    }
    case 10:
      return Ask(client, Method::kPost, path + "/tags", R"({"add":["a"]})");
    case 11:
      return Ask(client, Method::kPost, path + "/join", "");
    case 12:
      return Ask(client, Method::kPost, path + "/join", JsonOf("agent", other));
    case 13:
      // Of those that they see themselves in, where there is one.
      for (const auto& [seen, conversation] : client.screen.conversations) {
        if (!TakesPart(conversation, client.who)) continue;
        return Ask(client, Method::kPost, World::PathOf("agent", seen) + "/leave", "");
      }
      return Ask(client, Method::kPost, path + "/leave", "");
    case 14:
    case 15:
      return Amend(client, id);
    case 16:
      return Erase(client, id);
    default:
      return Ask(client, Method::kPut, path + "/notes/" + world_->NewId<wire::MessageId>().text(),
                 R"({"text":"look"})");
  }
}

void Simulation::Say(Client& client, const std::string& conversation) {
  const std::string message = world_->NewId<wire::MessageId>().text();
  model_->Sends(conversation, client.who.id, message);
  Ask(
      client, Method::kPut, World::PathOf(client.side, conversation) + "/messages/" + message,
      functions::ToJson(wire::NewMessage{"message"}),
      [this, conversation, message](const Result& result) {
        if (result.status < 300) {
          model_->Kept(conversation, message);
        } else {
          model_->GivenUp(conversation, message);
        }
      },
      // Who writes to what a bot has takes it.
      client.side == "agent" ? client.who.id : "");
}

std::string Simulation::AnyWritten(const Client& client, const std::string& conversation, const std::string& by) {
  std::vector<std::string> written;
  const auto seen = client.screen.events.find(conversation);
  if (seen == client.screen.events.end()) return "";
  for (const wire::Event& event : seen->second) {
    if (event.id && (by.empty() || event.actor.id == by)) written.push_back(*event.id);
  }
  return written.empty() ? "" : written[Below(written.size())];
}

void Simulation::Amend(Client& client, const std::string& conversation) {
  const std::string target = AnyWritten(client, conversation, client.who.id);
  if (target.empty()) return;
  const std::string path = World::PathOf(client.side, conversation) + "/messages/" + target;
  const auto done = [this](const Result& result) {
    if (result.status < 300) ++tally_.amended;
  };
  if (Chance(70)) {
    Ask(client, Method::kPatch, path, JsonOf("text", "edit " + std::to_string(Below(3))), done);
  } else {
    Ask(client, Method::kDelete, path, "", done);
  }
}

void Simulation::Erase(Client& client, const std::string& conversation) {
  const std::string target = AnyWritten(client, conversation, "");
  if (target.empty()) return;
  client.errand = Errand{
      world_->MakeRequest(Method::kDelete,
                          "/v1/admin/conversations/" + conversation + "/messages" + (Chance(30) ? "" : "/" + target),
                          owner_.token),
      [this](const Result& result) {
        EXPECT_EQ(result.status, 200) << result.body;
        ++tally_.erased;
      },
      ""};
  Send(client);
}

// --- The network and the machine ------------------------------------------------------

void Simulation::Ask(Client& client, Method method, const std::string& path, const std::string& body,
                     std::function<void(const Result&)> answered, const std::string& raises) {
  client.errand = Errand{world_->MakeRequest(method, path, client.who.token, body), std::move(answered), raises};
  Send(client);
}

Result Simulation::Deliver(const Errand& errand) {
  ++tally_.requests;
  if (!errand.raises.empty()) raised_.insert(errand.raises);
  return world_->Run(errand.request);
}

void Simulation::Send(Client& client) {
  const Errand errand = *client.errand;
  if (!is_calm_) {
    if (Chance(kLoses)) {
      ++tally_.lost;
      return;
    }
    if (Chance(kDelays)) {
      // It arrives some day; the client has long sent it again.
      late_.push_back(errand);
      return;
    }
    if (Chance(kRepeats)) {
      ++tally_.repeated;
      late_.push_back(errand);
    }
    if (Chance(kDies)) store_->DieAfter(static_cast<int>(Below(2)));
  }
  const Result result = Deliver(errand);
  if (store_->is_dead()) return Restart();
  store_->Revive();
  if (!is_calm_ && Chance(kLosesAnswer)) {
    ++tally_.lost;
    return;
  }
  ASSERT_NE(result.status, 0) << errand.request.path;
  // What the server cannot do just now is asked again; all else is an answer.
  if (result.status >= 500) return;
  ASSERT_NE(result.status, 400) << errand.request.path << " " << result.body;
  client.errand.reset();
  if (errand.answered) errand.answered(result);
}

void Simulation::DeliverLate() {
  if (late_.empty()) return;
  const size_t which = Below(late_.size());
  const Errand errand = late_[which];
  late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(which));
  ++tally_.repeated;
  Deliver(errand);
}

void Simulation::Restart() {
  ++tally_.deaths;
  store_->Revive();
  world_->ephemera.Restart();
  world_->TakeWakes();
  for (const auto& client : clients_) client->seat->Leave();
}

void Simulation::RunDeferred() {
  functions::Context context = world_->MakeContext();
  const int64_t now_ms = absl::ToUnixMillis(world_->clock.Now());
  const auto due = world_->store->Read([&](store::Reader& reader) { return functions::FindDue(reader, now_ms); });
  ASSERT_TRUE(due.ok()) << due.status();
  for (const functions::DueCall& call : due->calls) {
    auto claimed = functions::ClaimCall(call, context);
    ASSERT_TRUE(claimed.ok()) << claimed.status();
    if (!claimed->claim) continue;
    // A node that dies here leaves its lease behind, and another one has the call after it.
    if (!is_calm_ && Chance(10)) continue;
    const auto run = functions::RunToItsEnd(
        *claimed->claim, functions::FindDeferrable(functions::Deferrables(), claimed->claim->function), *world_);
    ASSERT_TRUE(run.ok()) << run.status();
    if (claimed->claim->function == functions::kOverflow.name) ++tally_.overflows;
    EXPECT_TRUE(run->ran == functions::Ran::kDone || run->ran == functions::Ran::kGone) << claimed->claim->function;
  }
}

// --- What they are told ---------------------------------------------------------------

void Simulation::Poll(Client& client) {
  ++tally_.polls;
  const auto answer = client.seat->Begin(world_->MakeRequest(
      Method::kGet, "/v1/" + client.side + "/poll?wait=25&cursor=" + client.who.cursor, client.who.token));
  if (answer) Take(client, *answer);
}

void Simulation::WakePolls() {
  // Each answer may wake others: an agent who is heard of again is told of.
  for (std::set<std::string> topics = world_->TakeWakes(); !topics.empty(); topics = world_->TakeWakes()) {
    hub_.TopicsChanged({topics.begin(), topics.end()});
    for (const auto& client : clients_) {
      if (!client->seat->is_parked() || !client->seat->is_signalled()) continue;
      if (const auto answer = client->seat->RunAgain(Wake::kSignalled)) Take(*client, *answer);
    }
  }
}

void Simulation::EndPolls() {
  for (const auto& client : clients_) {
    if (!client->seat->is_parked() || client->seat->deadline() > world_->clock.Now()) continue;
    const auto answer = client->seat->RunAgain(Wake::kDeadline);
    ASSERT_TRUE(answer.has_value()) << "a poll outlives its deadline";
    Take(*client, *answer);
  }
}

void Simulation::Take(Client& client, const Result& answer) {
  // The cursor stays, so that the next poll is told the same again.
  if (!is_calm_ && Chance(kLosesAnswer)) return;
  ASSERT_EQ(answer.status, 200) << answer.body;
  Apply(client, answer.As<wire::PollAnswer>());
}

// What timers did, by what people are told of it.
void Simulation::Count(const wire::Event& event) {
  if (event.type == wire::EventType::kAssigned) ++tally_.assignments;
  if (event.why == "was not answered in time") ++tally_.let_pass;
  if (event.why == "its agent is gone") ++tally_.reassigned;
  if (event.reason == "no reply") ++tally_.silences;
  if (event.type == wire::EventType::kJoined && event.agent) ++tally_.joined;
  if (event.type == wire::EventType::kLeft && !event.agent) ++tally_.handed_over;
  if (event.actor.kind == wire::ActorKind::kBot && event.type == wire::EventType::kMessage) ++tally_.bot_messages;
}

void Simulation::Apply(Client& client, const wire::PollAnswer& answer) {
  client.who.cursor = answer.cursor;
  for (const wire::Event& event : answer.events) {
    std::vector<wire::Event>& known = client.screen.events[event.conversation];
    const int64_t last = known.empty() ? 0 : known.back().seq;
    if (event.seq <= last) continue;
    ++tally_.events;
    Count(event);
    const auto add = [&](const wire::Event& one) {
      for (wire::Event& earlier : known) wire::Amend(one, earlier);
      known.push_back(one);
    };
    if (event.seq == last + 1) {
      add(event);
      continue;
    }
    EXPECT_EQ(client.side, "agent") << "a customer is told of each event of theirs: a gap in " << event.conversation;
    const std::string path = World::PathOf(client.side, event.conversation) + "/events?after=" + std::to_string(last);
    const auto missing = world_->Get(path, client.who).As<wire::EventPage>().events;
    for (const wire::Event& one : missing) add(one);
  }
  for (const wire::Signal& signal : answer.signals) {
    if (signal.summary) client.screen.conversations[*signal.conversation] = *signal.summary;
    if (signal.position) client.screen.conversations[*signal.conversation].position = signal.position;
  }
}

// --- What must hold -------------------------------------------------------------------

Screen Simulation::FreshOf(Client& client) {
  Screen fresh;
  const auto adopt = [&](const std::vector<wire::ConversationWithEvents>& shown) {
    for (const auto& one : shown) {
      fresh.conversations[one.conversation.id] = one.conversation;
      fresh.events[one.conversation.id] = one.events;
    }
  };
  if (client.side == "agent") {
    const auto snapshot = world_->Snapshot(client.who);
    adopt(snapshot.conversations);
    adopt(snapshot.queue);
    adopt(snapshot.with_bot);
  } else {
    const Result result = world_->Call(Method::kPost, "/v1/customer/session", "",
                                       R"({"site":"sit_demo","token":")" + client.who.token + "\"}");
    const auto session = result.As<wire::CustomerSession>();
    client.who.cursor = session.cursor;
    adopt(session.conversations);
  }
  return fresh;
}

void Simulation::CheckScreen(Client& client) {
  SCOPED_TRACE(client.side + " " + client.who.name);
  for (bool more = true; more;) {
    const auto answer = world_->Hear(client.side, client.who);
    Apply(client, answer);
    more = answer.more;
  }
  const Screen fresh = FreshOf(client);
  // Read positions are told to the other side only, and places in the queue to customers only: the rest must be equal.
  const auto comparable = [&](wire::Conversation conversation) {
    conversation.read_by_agent = conversation.read_by_customer = conversation.unread = 0;
    if (client.side == "agent") conversation.position.reset();
    return functions::ToJson(conversation);
  };
  size_t shown = 0;
  for (const auto& [id, conversation] : client.screen.conversations) {
    const bool is_theirs = client.side == "customer" || conversation.state == wire::ConversationState::kQueued ||
                           conversation.state == wire::ConversationState::kBot ||
                           (conversation.state != wire::ConversationState::kClosed && conversation.agent &&
                            conversation.agent->id == client.who.id) ||
                           TakesPart(conversation, client.who);
    if (!is_theirs) continue;
    ++shown;
    SCOPED_TRACE(id);
    ASSERT_TRUE(fresh.conversations.contains(id));
    EXPECT_EQ(comparable(conversation), comparable(fresh.conversations.at(id)));
    EXPECT_EQ(client.screen.events.at(id), fresh.events.at(id));
  }
  EXPECT_EQ(shown, fresh.conversations.size());
}

void Simulation::CheckMissedWake() {
  Client& client = *clients_[Below(clients_.size())];
  // Whose time is over is run again for that.
  if (!client.seat->is_parked() || client.seat->deadline() <= world_->clock.Now()) return;
  const wire::PollAnswer news = client.seat->WouldTell();
  // A signal that was over is news again when the clock is set back; what they have written themselves, which is held
  // for a while, is told along with it.
  const bool has_signal = std::any_of(news.signals.begin(), news.signals.end(), [](const wire::Signal& signal) {
    return signal.type != wire::SignalType::kConversation;
  });
  for (const wire::Event& event : news.events) {
    const bool is_written = event.type == wire::EventType::kMessage || event.type == wire::EventType::kNote;
    EXPECT_TRUE(has_signal && is_written && event.actor.id == client.who.id)
        << client.side << " " << client.who.name << " was not woken for " << functions::ToJson(event);
  }
  // To look is to be there, which may bring an agent back, and with them what waits.
  WakePolls();
}

void Simulation::Check() {
  if (testing::Test::HasFatalFailure()) return;
  CheckMissedWake();
  model_->CheckLogs();
  model_->CheckAssignments(std::exchange(raised_, {}));
}

void Simulation::Settle() {
  is_calm_ = true;
  while (!late_.empty()) DeliverLate();
  for (const auto& client : clients_) {
    if (client->errand) Send(*client);
    EXPECT_FALSE(client->errand.has_value()) << "asked again and again, and never answered";
  }
  RunDeferred();
  WakePolls();
  // Who is heard of again is given what waits: after this nobody's look changes what others see.
  for (const auto& client : clients_) {
    client->seat->Leave();
    Apply(*client, world_->Hear(client->side, client->who));
  }
  Check();
  for (const auto& client : clients_) {
    CheckScreen(*client);
  }
  model_->CheckLogsAnew();
  functions::CheckInvariants(*world_);
}

}  // namespace alcove::simulation
