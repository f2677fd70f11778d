// Snapshot and events come to the same as a fresh snapshot, for customers and
// agents, whatever is done and whenever they poll; and nothing that a waiting
// poll would be told comes without waking it.
#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "functions/cursor.h"
#include "functions/secrets.h"
#include "functions/wire/amend.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

constexpr int kSteps = 150;
const std::string kIdentitySecret = "0123456789abcdef0123456789abcdef";
constexpr size_t kConversationsMax = 12;  // of each customer: a session shows no more than 20

// What a client that follows the protocol holds.
struct Mirror {
  std::map<std::string, wire::Conversation> conversations;
  std::map<std::string, std::vector<wire::Event>> events;
  // What the events alone make of the last message, the page and the rating.
  std::map<std::string, wire::Conversation> summed;
  wire::AgentConfiguration configuration;
  bool configuration_changed = false;  // and not asked for since

  // What is told of what was written before.
  static void Amend(std::vector<wire::Event>& known, const wire::Event& change) {
    for (wire::Event& event : known) wire::Amend(change, event);
  }
  static void Sum(wire::Conversation& summary, const wire::Event& event) {
    if (event.actor.kind == wire::ActorKind::kCustomer) summary.customer = event.actor;
    if (event.type == wire::EventType::kMessage) summary.preview = wire::PreviewOf(event);
    if (event.type == wire::EventType::kPage) summary.page = event.url;
    if (event.type == wire::EventType::kRated) summary.rating = wire::Rating{*event.score, event.comment};
    wire::AmendSummary(event, summary);
  }
  void Adopt(const std::vector<wire::ConversationWithEvents>& shown) {
    for (const auto& one : shown) {
      conversations[one.conversation.id] = one.conversation;
      events[one.conversation.id] = one.events;
    }
  }
  // `page` gives the events of a conversation behind a seq.
  template <class Page>
  void Apply(const wire::PollAnswer& answer, const Page& page) {
    for (const wire::Event& event : answer.events) {
      std::vector<wire::Event>& known = events[event.conversation];
      const int64_t last = known.empty() ? 0 : known.back().seq;
      if (event.seq <= last) continue;
      const std::vector<wire::Event> next = event.seq == last + 1 ? std::vector{event} : page(event.conversation, last);
      for (const wire::Event& one : next) {
        Amend(known, one);
        Sum(summed[event.conversation], one);
        known.push_back(one);
      }
    }
    for (const wire::Signal& signal : answer.signals) {
      configuration_changed = configuration_changed || signal.type == wire::SignalType::kConfiguration;
      if (signal.summary) conversations[*signal.conversation] = *signal.summary;
      if (signal.position) conversations[*signal.conversation].position = signal.position;
    }
  }
};

// Read positions are told to the other side only, and places in the queue to
// customers only: the rest must be equal.
wire::Conversation Comparable(wire::Conversation conversation, Side side) {
  conversation.read_by_agent = conversation.read_by_customer = conversation.unread = 0;
  if (side == Side::kAgent) conversation.position.reset();
  return conversation;
}

bool TakesPart(const wire::Conversation& conversation, const Person& agent) {
  const auto participants = conversation.participants.value_or(std::vector<wire::Actor>());
  return std::any_of(participants.begin(), participants.end(),
                     [&](const wire::Actor& one) { return one.id == agent.id; });
}

// Of what administration made: who is there, and how much they have, is told by other signals.
wire::AgentConfiguration Comparable(wire::AgentConfiguration configuration) {
  configuration.agent.presence = {};
  configuration.agent.load = 0;
  configuration.site.agents.clear();
  configuration.site.online = false;
  for (wire::AgentSummary& agent : configuration.agents) {
    agent.presence = {};
    agent.load = 0;
  }
  return configuration;
}

class Convergence : public testing::TestWithParam<int> {
 protected:
  struct Client {
    std::string side;
    Person who;
    Mirror mirror;
    std::vector<std::string> started;
  };

  Convergence() : draw_(store::Seed() + static_cast<uint64_t>(GetParam())) {
    for (int i = 0; i < 3; ++i) clients_.push_back({"agent", world_.AddAgent("Agent " + std::to_string(i), 2), {}, {}});
    for (int i = 0; i < 3; ++i) clients_.push_back({"customer", world_.AddCustomer(), {}, {}});
    for (const auto& [name, of, visible] :
         {std::tuple{"plan", "customer", "false"}, {"order", "conversation", "true"}}) {
      attributes_.push_back(world_.PathOf<wire::AttributeId>("attributes"));
      const Result put = world_.Put(attributes_.back(), owner_,
                                    R"({"label":"A","type":"text","name":")" + std::string(name) + R"(","of":")" + of +
                                        R"(","visible":)" + visible + "}");
      EXPECT_EQ(put.status, 201) << put.body;
    }
    EXPECT_EQ(world_
                  .Put(world_.PathOf<wire::IdentitySecretId>("identity"), owner_,
                       R"({"name":"Shop","secret":")" + kIdentitySecret + "\"}")
                  .status,
              201);
    for (Client& client : clients_) {
      if (client.side == "agent") client.mirror = FreshOf(client);
    }
  }

  size_t Below(size_t bound) { return std::uniform_int_distribution<size_t>(0, bound - 1)(draw_); }
  Client& Any(const std::string& side) {
    while (true) {
      Client& client = clients_[Below(clients_.size())];
      if (client.side == side) return client;
    }
  }
  std::string AnyConversation(const Client& client) {
    if (client.side == "customer") return client.started.empty() ? "" : client.started[Below(client.started.size())];
    return all_.empty() ? "" : all_[Below(all_.size())];
  }

  Mirror FreshOf(Client& client) {
    Mirror fresh;
    if (client.side == "agent") {
      const auto snapshot = world_.Snapshot(client.who);
      fresh.Adopt(snapshot.conversations);
      fresh.Adopt(snapshot.queue);
      fresh.Adopt(snapshot.with_bot);
      fresh.configuration = snapshot;
    } else {
      const Result result = world_.Call(Method::kPost, "/v1/customer/session", "",
                                        R"({"site":"sit_demo","token":")" + client.who.token + "\"}");
      fresh.Adopt(result.As<wire::CustomerSession>().conversations);
    }
    return fresh;
  }

  void Act() {
    world_.clock.Advance(absl::Milliseconds(static_cast<int64_t>(Below(50))));
    RunDueCalls(world_);
    const size_t what = Below(24);
    if (what >= 20) return Amend(what);
    if (what == 17) return SayOfThem();
    if (what == 16) return Administer();
    if (what == 0) {
      Client& customer = Any("customer");
      if (customer.started.size() == kConversationsMax) return;
      customer.started.push_back(world_.Start(customer.who));
      all_.push_back(customer.started.back());
      return;
    }
    if (what == 1) {
      const std::vector<std::string> states = {"online", "online", "away", "offline"};
      ASSERT_EQ(world_.SetPresence(Any("agent").who, states[Below(states.size())]).status, 200);
      return;
    }
    Client& client = clients_[Below(clients_.size())];
    const std::string id = AnyConversation(client);
    if (id.empty()) return;
    const std::string path = World::PathOf(client.side, id);
    if (what <= 5) {
      world_.Say(client.side, client.who, id, "message");
    } else if (what == 6) {
      world_.Post(path + "/claim", client.who);
    } else if (what == 7) {
      if (Below(3) == 0) world_.Post(path + "/close", client.who);
    } else if (what == 8) {
      world_.Post(path + "/read", client.who, R"({"seq":)" + std::to_string(1 + Below(8)) + "}");
    } else if (what == 9) {
      world_.Post(path + "/typing", client.who);
    } else if (client.side == "customer") {
      if (Below(3) == 0) {
        world_.Post(path + "/hand_over", client.who);
      } else {
        world_.Put(path + "/rating", client.who,
                   R"({"score":)" + std::to_string(1 + Below(5)) + R"(,"comment":"so so"})");
      }
    } else if (what >= 18) {
      Participate(path, client.who);
    } else {
      Collaborate(what, path, client.who);
    }
  }

  // Somebody edits, deletes or erases something that was written, or looks at another page.
  void Amend(size_t what) {
    Client& client = clients_[Below(clients_.size())];
    const std::string id = AnyConversation(client);
    if (id.empty()) return;
    const std::string path = World::PathOf(client.side, id);
    if (what == 23 && client.side == "customer") {
      world_.Post(path + "/page", client.who, R"({"url":"https://shop.example/)" + std::to_string(Below(3)) + "\"}");
      return;
    }
    const auto events = world_.Get(path + "/events", client.who).As<wire::EventPage>().events;
    std::vector<std::string> written;
    for (const wire::Event& event : events) {
      if (event.id && (event.actor.id == client.who.id || what == 23)) written.push_back(*event.id);
    }
    if (written.empty()) return;
    const std::string target = "/messages/" + written[Below(written.size())];
    if (what <= 21) {
      world_.Call(Method::kPatch, path + target, client.who.token,
                  R"({"text":"edit )" + std::to_string(Below(3)) + "\"}");
    } else if (what == 22) {
      world_.Call(Method::kDelete, path + target, client.who.token);
    } else {
      const std::string erased = "/v1/admin/conversations/" + id + (Below(4) == 0 ? "/messages" : target);
      ASSERT_EQ(world_.Call(Method::kDelete, erased, owner_.token).status, 200);
    }
  }

  // Their owner's word for who they are, which may be another name the next time.
  void Identify(Client& customer) {
    const int64_t now = absl::ToUnixSeconds(world_.clock.Now());
    const std::string said =
        Base64Url(R"({"alg":"HS256"})") + "." +
        Base64Url(R"({"sub":")" + customer.who.id + R"(","name":"Name )" + std::to_string(Below(3)) + R"(","iat":)" +
                  std::to_string(now) + R"(,"exp":)" + std::to_string(now + 60) + "}");
    const Result session = world_.Call(Method::kPost, "/v1/customer/session", "",
                                       R"({"site":"sit_demo","token":")" + customer.who.token + R"(","identity":")" +
                                           said + "." + Base64Url(HmacSha256(kIdentitySecret, said)) + "\"}");
    ASSERT_EQ(session.status, 200) << session.body;
    customer.who.token = session.As<wire::CustomerSession>().token;
  }

  // A page or an agent, of a customer or a conversation.
  void SayOfThem() {
    const std::string value = std::to_string(Below(3));
    Client& customer = Any("customer");
    if (Below(4) == 0) return Identify(customer);
    if (Below(2) == 0) {
      const Result session = world_.Call(Method::kPost, "/v1/customer/session", "",
                                         R"({"site":"sit_demo","attributes":[{"name":"plan","value":")" + value +
                                             R"("}],"token":")" + customer.who.token + "\"}");
      ASSERT_EQ(session.status, 200) << session.body;
      return;
    }
    const std::string id = AnyConversation(customer);
    if (id.empty()) return;
    const std::string attribute = attributes_[Below(attributes_.size())];
    const Result set = world_.Put(World::PathOf("agent", id) + "/attributes/" + AdminWorld::IdOf(attribute),
                                  Any("agent").who, R"({"value":")" + (value == "0" ? "" : value) + "\"}");
    ASSERT_EQ(set.status, 200) << set.body;
  }

  void Administer() {
    const Person& agent = Any("agent").who;
    const std::string number = std::to_string(Below(3));
    const size_t what = Below(7);
    if (what == 6) {
      macros_.push_back(world_.PathOf<wire::MacroId>("macros"));
      const Result put = world_.Put(macros_.back(), owner_,
                                    R"({"name":"m","actions":[{"act":"tags","add":["tag )" + number +
                                        R"("]},{"act":"reply","text":"by macro"},{"act":"note","text":"look"}]})");
      ASSERT_EQ(put.status, 201) << put.body;
    } else if (what == 0) {
      const std::string of = teams_.empty() || Below(2) == 0 ? "" : R"(,"team":)" + AnyTeam();
      world_.Put("/v1/admin/canned/hi-" + number, owner_,
                 R"({"text":"Hi )" + std::to_string(Below(3)) + "\"" + of + "}");
    } else if (what == 1) {
      world_.Call(Method::kDelete, "/v1/admin/canned/hi-" + number, owner_.token);
    } else if (what == 2) {
      teams_.push_back(world_.PathOf<wire::TeamId>("teams"));
      world_.Put(teams_.back(), owner_, R"({"name":"Team )" + number + "\"}");
    } else if (what == 3 && Below(2) == 0) {
      PutBot();
    } else if (what == 3) {
      const std::string archived = Below(4) == 0 ? R"("archive_after_ms":300,)" : "";
      world_.Put("/v1/admin/settings", owner_,
                 "{" + archived + (bot_.empty() || Below(3) == 0 ? "" : R"("bot":")" + AdminWorld::IdOf(bot_) + "\",") +
                     R"("gone_close_ms":1,"close_reasons":["reason )" + number + R"("]})");
    } else {
      const Result put =
          world_.Put("/v1/admin/agents/" + agent.id, owner_,
                     R"({"name":")" + agent.name + R"(","email":")" + agent.id + R"(@shop.example","teams":[)" +
                         (teams_.empty() || Below(2) == 0 ? "" : AnyTeam()) + R"(],"capacity":)" +
                         std::to_string(1 + Below(3)) + "}");
      ASSERT_EQ(put.status, 200) << put.body;
    }
  }

  std::string AnyTeam() { return "\"" + AdminWorld::IdOf(teams_[Below(teams_.size())]) + "\""; }

  void Participate(const std::string& path, const Person& agent) {
    const size_t what = Below(4);
    if (what == 0) {
      world_.Post(path + "/leave", agent);
    } else {
      world_.Post(path + "/join", what == 1 ? owner_ : agent,
                  what == 3 ? "" : R"({"agent":")" + Any("agent").who.id + "\"}");
    }
  }

  // A list of answers, or a program, which is asked by a deferred call, answers one time and fails another.
  void PutBot() {
    if (bot_.empty()) bot_ = world_.PathOf<wire::BotId>("bots");
    static constexpr char kUrl[] = "https://bot.example/";
    const std::vector<std::string> said = {R"({"text":"by a program"})", R"({"text":"a person","hand_over":true})",
                                           R"({"text":"bye","close":true})", "none"};
    world_.web.Serve(kUrl, 200, said[Below(said.size())]);
    const std::string program = R"({"name":"Alva","greeting":"Hello","url":")" + std::string(kUrl) + "\"}";
    const std::string list = R"({"name":"Alva","answers":[{"phrases":["hello"],"text":"Hi"}],"fallback":"What?",)"
                             R"("hand_over_after":3})";
    const Result put = world_.Put(bot_, owner_, Below(2) == 0 ? program : list);
    ASSERT_LT(put.status, 300) << put.body;
    ASSERT_EQ(world_.Put("/v1/admin/settings", owner_, R"({"bot":")" + AdminWorld::IdOf(bot_) + "\"}").status, 200);
  }

  void Collaborate(size_t what, const std::string& path, const Person& agent) {
    const std::string& other = Any("agent").who.id;
    if (what == 10 || what == 11) {
      world_.Post(path + "/assign", agent, R"({"agent":")" + other + R"(","comment":"please"})");
    } else if (what == 12) {
      world_.Post(path + "/reopen", agent);
    } else if (what == 13) {
      const std::string change = Below(2) == 0 ? "add" : "remove";
      world_.Post(path + "/tags", agent, "{\"" + change + "\":[\"tag " + std::to_string(Below(3)) + "\"]}");
    } else if (what == 14) {
      const int64_t until = absl::ToUnixMillis(world_.clock.Now()) + 1 + static_cast<int64_t>(Below(200));
      world_.Post(path + "/snooze", agent, R"({"until":)" + std::to_string(until) + "}");
    } else if (!macros_.empty() && Below(2) == 0) {
      world_.Put(path + "/macros/" + world_.NewId<wire::MessageId>().text(), agent,
                 R"({"macro":")" + AdminWorld::IdOf(macros_[Below(macros_.size())]) + "\"}");
    } else {
      world_.Put(path + "/notes/" + world_.NewId<wire::MessageId>().text(), agent,
                 R"({"text":"look","mentions":[")" + other + R"("]})");
    }
  }

  void Follow(Client& client) {
    wire::PollAnswer answer;
    do {
      answer = world_.Hear(client.side, client.who);
      client.mirror.Apply(answer, [&](const std::string& id, int64_t last) {
        // A customer is told of each event of theirs.
        EXPECT_EQ(client.side, "agent") << "a gap in " << id;
        const std::string path = World::PathOf(client.side, id) + "/events?after=" + std::to_string(last);
        return world_.Get(path, client.who).As<wire::EventPage>().events;
      });
    } while (answer.more);
    if (!std::exchange(client.mirror.configuration_changed, false)) return;
    client.mirror.configuration = world_.Get("/v1/agent/configuration", client.who).As<wire::AgentConfiguration>();
  }

  // All of it as it is now, page by page.
  std::vector<wire::Event> LogOf(const Client& client, const std::string& id) {
    std::vector<wire::Event> log;
    wire::EventPage page;
    do {
      const std::string after = "/events?limit=7&after=" + std::to_string(log.size());
      page = world_.Get(World::PathOf(client.side, id) + after, client.who).As<wire::EventPage>();
      log.insert(log.end(), page.events.begin(), page.events.end());
    } while (page.more && !page.events.empty());
    return log;
  }

  void ExpectFresh(Client& client) {
    SCOPED_TRACE(client.side + " " + client.who.name);
    Follow(client);
    Client copy = client;
    const Mirror fresh = FreshOf(copy);
    const Side side = client.side == "agent" ? Side::kAgent : Side::kCustomer;
    std::set<std::string> mine;
    for (const auto& [id, conversation] : client.mirror.conversations) {
      const bool shown =
          side == Side::kCustomer || conversation.state == wire::ConversationState::kQueued ||
          conversation.state == wire::ConversationState::kBot ||
          (conversation.state != wire::ConversationState::kClosed && conversation.agent->id == client.who.id) ||
          TakesPart(conversation, client.who);
      if (shown) mine.insert(id);
    }
    for (const std::string& id : mine) {
      SCOPED_TRACE(id);
      ASSERT_TRUE(fresh.conversations.contains(id));
      EXPECT_EQ(ToJson(Comparable(client.mirror.conversations.at(id), side)),
                ToJson(Comparable(fresh.conversations.at(id), side)));
      const wire::Conversation& summed = client.mirror.summed.at(id);
      EXPECT_EQ(summed.preview, fresh.conversations.at(id).preview);
      EXPECT_EQ(summed.rating, fresh.conversations.at(id).rating);
      if (side == Side::kAgent) {
        EXPECT_EQ(summed.page, fresh.conversations.at(id).page);
      }
      const std::vector<wire::Event> log = LogOf(client, id);
      EXPECT_EQ(ToJson(wire::EventPage{client.mirror.events.at(id)}), ToJson(wire::EventPage{log}));
      // A snapshot has no more than the newest.
      const std::vector<wire::Event>& newest = fresh.events.at(id);
      ASSERT_FALSE(newest.empty());
      ASSERT_GE(log.size(), newest.size());
      EXPECT_TRUE(std::equal(newest.rbegin(), newest.rend(), log.rbegin()));
    }
    EXPECT_EQ(mine.size(), fresh.conversations.size());
    EXPECT_EQ(ToJson(Comparable(client.mirror.configuration)), ToJson(Comparable(fresh.configuration)));
  }

  std::mt19937_64 draw_;
  AdminWorld world_;
  const Person& owner_ = world_.owner;
  std::vector<Client> clients_;
  std::vector<std::string> all_;
  std::vector<std::string> macros_;
  std::vector<std::string> teams_;
  std::vector<std::string> attributes_;
  std::string bot_;
};

TEST_P(Convergence, SnapshotAndEventsAreAFreshSnapshot) {
  SCOPED_TRACE(store::Replay());
  for (int step = 0; step < kSteps && !HasFailure(); ++step) {
    SCOPED_TRACE(testing::Message() << "step " << step);
    std::vector<Result> parked;
    for (Client& client : clients_) parked.push_back(world_.Poll(client.side, client.who));
    const absl::Time soon = world_.clock.Now() + absl::Milliseconds(wire::kOwnNewsMs);
    world_.ForgetWakes();
    Act();
    const std::set<std::string> topics = world_.TakeWakes();
    for (size_t i = 0; i < clients_.size(); ++i) {
      if (!parked[i].hangs() || parked[i].WokenBy(topics)) continue;
      // It holds what they wrote themselves, and is run again soon, woken or not.
      if (parked[i].deadline <= soon) continue;
      EXPECT_TRUE(world_.Poll(clients_[i].side, clients_[i].who).hangs())
          << "news for " << clients_[i].who.name << " without a wake";
    }
    if (Below(4) == 0) Follow(clients_[Below(clients_.size())]);
    if (step % 10 == 9) {
      ExpectFresh(clients_[Below(clients_.size())]);
      CheckInvariants(world_);
    }
  }
  for (Client& client : clients_) ExpectFresh(client);
  CheckInvariants(world_);
}
// ALCOVE_SEEDS asks for more histories.
int Seeds() {
  const char* given = std::getenv("ALCOVE_SEEDS");
  return given != nullptr ? std::max(std::atoi(given), 1) : 2;
}
INSTANTIATE_TEST_SUITE_P(Seeds, Convergence, testing::Range(0, Seeds()));

}  // namespace
}  // namespace alcove::functions
