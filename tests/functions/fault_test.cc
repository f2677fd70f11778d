// Fails the first store call of each function, then the second, and so on
// until it succeeds: whatever failed has left nothing half done.
#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/admin_records.h"
#include "functions/agent/away.h"
#include "functions/archive.h"
#include "functions/bot.h"
#include "functions/customer/gone.h"
#include "functions/elsewhere.h"
#include "functions/secrets.h"
#include "functions/timers.h"
#include "functions/totp.h"
#include "functions/wire/limits.h"
#include "store/memory_store.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

// Says which call fails. 0: none.
struct Plan {
  int fail_at = 0;
  int calls = 0;
  // The transactions to come are kept, and answered as if they were not.
  bool keep_then_fail = false;
  absl::Status Next() {
    if (fail_at == 0 || ++calls != fail_at) return absl::OkStatus();
    return absl::UnavailableError("the disk is on fire");
  }
};

// A Reader, or a Transaction, of which reads fail as the plan says.
template <class Readable>
class Failing : public Readable {
 public:
  Failing(Readable& inner, Plan& plan) : inner_(inner), plan_(plan) {}
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override {
    if (absl::Status status = plan_.Next(); !status.ok()) return status;
    return inner_.Get(key);
  }
  absl::StatusOr<std::vector<store::Entry>> Scan(const store::Range& range,
                                                 const store::ScanOptions& options) override {
    if (absl::Status status = plan_.Next(); !status.ok()) return status;
    return inner_.Scan(range, options);
  }

 protected:
  Readable& inner_;

 private:
  Plan& plan_;
};

class FailingTransaction final : public Failing<store::Transaction> {
 public:
  using Failing::Failing;
  void Put(std::string_view key, std::string_view value) override { inner_.Put(key, value); }
  void Erase(std::string_view key) override { inner_.Erase(key); }
  void EraseRange(const store::Range& range) override { inner_.EraseRange(range); }
  void Signal(std::string_view topic) override { inner_.Signal(topic); }
};

class FailingStore : public store::Store {
 public:
  explicit FailingStore(Plan& plan) : plan_(plan) {}
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(store::Watcher* watcher) override { inner_->Watch(watcher); }

 protected:
  absl::Status TransactStatus(const std::function<absl::Status(store::Transaction&)>& body) override {
    const absl::Status status = inner_->Transact([&](store::Transaction& txn) -> absl::Status {
      FailingTransaction failing(txn, plan_);
      if (absl::Status result = body(failing); !result.ok()) return result;
      return plan_.Next();  // the commit
    });
    return status.ok() && plan_.keep_then_fail ? absl::UnavailableError("nobody knows") : status;
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    return inner_->Read([&](store::Reader& reader) -> absl::Status {
      Failing<store::Reader> failing(reader, plan_);
      return body(failing);
    });
  }

 private:
  std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();
  Plan& plan_;
};

// The calls of `path` with one store call after another failing, until it succeeds.
void FailEachCall(World& world, Plan& plan, Method method, const std::string& path, const std::string& token,
                  const std::string& body) {
  SCOPED_TRACE(path);
  const auto before = world.Everything();
  Result result;
  for (int fail_at = 1; fail_at < 1000; ++fail_at) {
    plan.fail_at = fail_at;
    plan.calls = 0;
    result = world.Call(method, path, token, body);
    plan = {};
    if (result.status < 400) break;
    ASSERT_EQ(result.status, 503) << result.body;
    ASSERT_EQ(result.code(), "storage");
    ASSERT_EQ(world.Everything(), before) << "call " << fail_at;
  }
  EXPECT_LT(result.status, 300) << result.body;
  CheckInvariants(world);
}

// The same of what is run later.
void FailEachCall(World& world, Plan& plan, const std::function<absl::Status(store::Transaction&)>& run) {
  const auto before = world.Everything();
  absl::Status status = absl::UnknownError("");
  for (int fail_at = 1; fail_at < 1000 && !status.ok(); ++fail_at) {
    plan.fail_at = fail_at;
    plan.calls = 0;
    status = world.store->Transact(run);
    plan = {};
    if (!status.ok()) {
      ASSERT_EQ(world.Everything(), before) << "call " << fail_at;
    }
  }
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_NE(world.Everything(), before) << "it has nothing to do, so this shows nothing";
  CheckInvariants(world);
}

TEST(Fault, AFailedCallLeavesNothingHalfDone) {
  Plan plan;
  World world(std::make_unique<FailingStore>(plan));
  const Person agent = world.AddOnlineAgent("Mara", 1);
  const Person idle = world.AddAgent("Jonas");
  const Person customer = world.AddCustomer();
  const std::string assigned = world.Start(customer);
  const std::string waiting = world.Start(customer);
  const std::string started = world.NewId<wire::ConversationId>().text();
  const auto message = [&] { return "/messages/" + world.NewId<wire::MessageId>().text(); };
  const auto note = [&] { return "/notes/" + world.NewId<wire::MessageId>().text(); };
  const std::string start = R"({"message":{"id":")" + world.NewId<wire::MessageId>().text() +
                            R"(","text":"a"},"form":[{"name":"name","value":"Ada"}],)"
                            R"("attributes":[{"name":"order","value":"1"}]})";
  const auto attributes = std::vector{world.NewId<wire::AttributeId>(), world.NewId<wire::AttributeId>()};
  world.Write([&](store::Transaction& txn) {
    AttributeRecord attribute;
    attribute.name = "plan";
    attribute.of = wire::AttributeOwner::kCustomer;
    attribute.type = wire::AttributeType::kText;
    Save(txn, store::keys::Attribute(kSite, attributes[0]), attribute);
    attribute.name = "order";
    attribute.of = wire::AttributeOwner::kConversation;
    Save(txn, store::keys::Attribute(kSite, attributes[1]), attribute);
    SettingsRecord settings;
    settings.form = {{"name", "Name", {}, true, {}}};
    settings.outside_hours = settings.nobody_online = wire::Unattended::kOfflineForm;
    settings.gone_close_ms = 60'000;
    settings.languages = {"de"};
    Save(txn, store::keys::Settings(kSite), settings);
  });
  const std::string mine = message();
  EXPECT_EQ(world.Put(World::PathOf("customer", assigned) + mine, customer, R"({"text":"a"})").status, 201);
  const std::string noted = message();
  EXPECT_EQ(world
                .Put(World::PathOf("agent", assigned) + "/notes/" + noted.substr(noted.rfind('/') + 1), agent,
                     R"({"text":"a"})")
                .status,
            201);
  const struct {
    Method method;
    std::string path;
    std::string token;
    std::string body;
  } kCalls[] = {
      {Method::kPut, World::PathOf("customer", started), customer.token, start},
      {Method::kPut, World::PathOf("customer", assigned) + message(), customer.token, R"({"text":"a"})"},
      {Method::kPut, World::PathOf("agent", assigned) + message(), agent.token, R"({"text":"a"})"},
      {Method::kPost, World::PathOf("agent", assigned) + "/read", agent.token, R"({"seq":1})"},
      {Method::kPost, World::PathOf("customer", assigned) + "/read", customer.token, R"({"seq":3})"},
      {Method::kPost, World::PathOf("agent", waiting) + "/claim", idle.token, ""},
      {Method::kPut, World::PathOf("agent", assigned) + note(), agent.token, R"({"text":"a"})"},
      {Method::kPatch, World::PathOf("customer", assigned) + mine, customer.token, R"({"text":"b"})"},
      {Method::kPatch, World::PathOf("customer", assigned) + mine, customer.token, R"({"text":"c"})"},
      {Method::kDelete, World::PathOf("customer", assigned) + mine, customer.token, ""},
      {Method::kPatch, World::PathOf("agent", assigned) + noted, agent.token, R"({"text":"b"})"},
      {Method::kDelete, World::PathOf("agent", assigned) + noted, agent.token, ""},
      {Method::kPost, World::PathOf("customer", assigned) + "/page", customer.token, R"({"url":"https://a.example/"})"},
      {Method::kPost, World::PathOf("agent", assigned) + "/tags", agent.token, R"({"add":["a"]})"},
      {Method::kPut, World::PathOf("agent", assigned) + "/attributes/" + attributes[0].text(), agent.token,
       R"({"value":"a"})"},
      {Method::kPut, World::PathOf("agent", assigned) + "/attributes/" + attributes[1].text(), agent.token,
       R"({"value":"a"})"},
      {Method::kPost, World::PathOf("agent", assigned) + "/snooze", agent.token, R"({"until":1790000100000})"},
      {Method::kPost, World::PathOf("agent", assigned) + "/assign", agent.token, R"({"agent":")" + idle.id + "\"}"},
      {Method::kPost, World::PathOf("agent", assigned) + "/join", agent.token, ""},
      {Method::kPost, World::PathOf("agent", assigned) + "/leave", agent.token, ""},
      {Method::kPost, World::PathOf("agent", assigned) + "/join", idle.token, R"({"agent":")" + agent.id + "\"}"},
      {Method::kGet, "/v1/agent/conversations?view=joined", agent.token, ""},
      {Method::kPost, World::PathOf("agent", assigned) + "/close", agent.token, ""},
      {Method::kPut, World::PathOf("customer", assigned) + "/rating", customer.token, R"({"score":5})"},
      {Method::kPost, World::PathOf("agent", assigned) + "/reopen", agent.token, ""},
      {Method::kPut, "/v1/agent/presence", agent.token, R"({"state":"offline"})"},
      {Method::kPut, "/v1/agent/presence", agent.token, R"({"state":"online"})"},
      {Method::kGet, "/v1/agent/snapshot", agent.token, ""},
      {Method::kGet, "/v1/agent/conversations?view=closed", agent.token, ""},
      {Method::kDelete, "/v1/agent/session", agent.token, ""},
      {Method::kDelete, "/v1/customer/session", customer.token, ""},
  };
  for (const auto& call : kCalls) FailEachCall(world, plan, call.method, call.path, call.token, call.body);
}

// It writes, and then reads what the customer has: who was not answered asks again, and finds it done.
TEST(Fault, ASignInThatFailedIsDoneByItsRepeat) {
  Plan plan;
  World world(std::make_unique<FailingStore>(plan));
  const auto secret_id = world.NewId<wire::IdentitySecretId>();
  world.Write([&](store::Transaction& txn) {
    IdentitySecretRecord secret;
    secret.secret = "a secret of the shop";
    Save(txn, store::keys::IdentitySecret(kSite, secret_id), secret);
  });
  const Person visitor = world.AddCustomer();
  world.Start(visitor);
  const int64_t now = absl::ToUnixSeconds(world.clock.Now());
  const std::string said = Base64Url(R"({"alg":"HS256"})") + "." +
                           Base64Url(R"({"sub":"42","name":"Ada","email":"a@b.example","iat":)" + std::to_string(now) +
                                     R"(,"exp":)" + std::to_string(now + 60) + "}");
  const std::string body = R"({"site":"sit_demo","token":")" + visitor.token + R"(","identity":")" + said + "." +
                           Base64Url(HmacSha256("a secret of the shop", said)) + "\"}";
  Result result;
  for (int fail_at = 1; fail_at < 1000; ++fail_at) {
    plan.fail_at = fail_at;
    plan.calls = 0;
    result = world.Call(Method::kPost, "/v1/customer/session", "", body);
    plan = {};
    CheckInvariants(world);
    if (result.status < 400) break;
    ASSERT_EQ(result.code(), "storage") << result.body;
  }
  ASSERT_EQ(result.status, 200) << result.body;
  const auto session = result.As<wire::CustomerSession>();
  EXPECT_EQ(session.customer.id, visitor.id);
  EXPECT_EQ(session.customer.name, "Ada");
  EXPECT_EQ(session.conversations.size(), 1U);
  EXPECT_EQ(world.Get("/v1/customer/poll?wait=0&cursor=" + session.cursor, visitor).status, 401);
}

TEST(Fault, AFailedCallOfAdministrationLeavesNothingHalfDone) {
  Plan plan;
  AdminWorld world(std::make_unique<FailingStore>(plan));
  const std::string owner = world.owner.token;
  const Person mara = world.AddOnlineAgent("Mara");
  const auto fail = [&](Method method, const std::string& path, const std::string& body = "") {
    FailEachCall(world, plan, method, path, owner, body);
  };
  std::vector<Sample> samples = world.Samples();
  for (const Sample& sample : samples) {
    fail(Method::kPut, sample.path, sample.body);
    fail(Method::kGet, sample.path);
    fail(Method::kGet, sample.list);
    fail(Method::kPut, sample.path, sample.other);
    fail(Method::kPut, sample.path, sample.body);
  }
  const auto macro = std::find_if(samples.begin(), samples.end(),
                                  [](const Sample& sample) { return sample.list == "/v1/admin/macros"; });
  const std::string conversation = World::PathOf("agent", world.Start(world.AddCustomer()));
  fail(Method::kPut, conversation + "/macros/" + world.NewId<wire::MessageId>().text(),
       R"({"macro":")" + AdminWorld::IdOf(macro->path) + "\"}");
  fail(Method::kPut, conversation + "/notes/" + world.NewId<wire::MessageId>().text(), R"({"text":"a"})");
  fail(Method::kPost, conversation + "/viewing");
  fail(Method::kPost, conversation + "/join", R"({"agent":")" + mara.id + "\"}");
  fail(Method::kPost, conversation + "/close");
  const std::string erased = "/v1/admin" + conversation.substr(conversation.find("/conversations/"));
  fail(Method::kDelete, erased + "/messages");
  const auto events = world.Get(conversation + "/events", world.owner).As<wire::EventPage>().events;
  const auto note = std::find_if(events.begin(), events.end(),
                                 [](const wire::Event& event) { return event.type == wire::EventType::kNote; });
  fail(Method::kDelete, erased + "/messages/" + *note->id);
  const std::string agent = "/v1/admin/agents/" + mara.id;
  const std::string self = "/v1/admin/agents/" + world.owner.id;
  fail(Method::kPut, "/v1/admin/settings", R"({"tag_required":true})");
  fail(Method::kGet, "/v1/admin/settings");
  fail(Method::kPut, "/v1/admin/sites/sit_demo",
       R"({"name":"n","greeting":"","allowed_origins":[],"appearance":{"accent":"#000000","position":"left"}})");
  fail(Method::kGet, "/v1/admin/sites");
  fail(Method::kGet, "/v1/admin/audit?limit=3");
  fail(Method::kGet, "/v1/admin/endings");
  fail(Method::kPut, "/v1/admin/settings", R"({"archive_after_ms":1000,"audit_retention_ms":86400000})");
  fail(Method::kGet, "/v1/agent/configuration");
  fail(Method::kGet, "/v1/agent/sessions");
  fail(Method::kPut, "/v1/agent/totp");
  TotpRecord totp = *world.Stored<TotpRecord>(store::keys::AgentTotp(kSite, wire::AgentId(world.owner.id)));
  const int64_t step = absl::ToUnixMillis(world.clock.Now()) / wire::kTotpStepMs;
  fail(Method::kPost, "/v1/agent/totp/confirm", R"({"code":")" + TotpCodeOf(DecodeBase32(totp.secret), step) + "\"}");
  fail(Method::kPut, self, R"({"name":"Olga","email":"olga@example.org","role":"owner"})");
  fail(Method::kPut, self + "/password", R"({"password":"correct horse"})");
  fail(Method::kPost, "/v1/agent/session",
       R"({"email":"Olga@example.org","password":"correct horse","totp":")" + totp.recovery[0] + "\"}");
  fail(Method::kPut, "/v1/agent/password", R"({"current":"correct horse","password":"battery staple"})");
  fail(Method::kPost, "/v1/agent/totp/remove", R"({"code":")" + totp.recovery[1] + "\"}");
  fail(Method::kDelete, agent);
  std::reverse(samples.begin(), samples.end());
  for (const Sample& sample : samples) fail(Method::kDelete, sample.path);
}

// The same of what is run later: either all of it has happened, or nothing.
TEST(Fault, AFailedTimerLeavesNothingHalfDone) {
  Plan plan;
  World world(std::make_unique<FailingStore>(plan));
  const auto first = world.NewId<wire::TeamId>();
  const auto second = world.NewId<wire::TeamId>();
  world.Write([&](store::Transaction& txn) {
    SettingsRecord settings;
    settings.accept_timeout_ms = 1000;
    settings.warn_after_ms = 2000;
    settings.close_after_ms = 3000;
    settings.away = wire::AwayPolicy::kReassign;
    settings.gone_close_ms = 1000;
    settings.archive_after_ms = 1;
    Save(txn, store::keys::Settings(kSite), settings);
    TeamRecord team;
    Save(txn, store::keys::Team(kSite, second), team);
    team.overflow = wire::Overflow{second.text(), 1000};
    Save(txn, store::keys::Team(kSite, first), team);
  });
  const Person mara = world.AddOnlineAgent("Mara", 3);
  const Person customer = world.AddCustomer();
  const std::string offered = world.Start(customer);
  const std::string asked = world.Start(customer);
  EXPECT_EQ(world.Say("agent", mara, asked, "Which one?").status, 201);
  const std::string kept = world.Start(customer);
  EXPECT_EQ(world.Say("agent", mara, kept, "Hello").status, 201);
  const std::string waiting = world.NewId<wire::ConversationId>().text();
  EXPECT_EQ(world.Put("/v1/customer/conversations/" + waiting, customer, R"({"team":")" + first.text() + "\"}").status,
            201);
  const auto at = [&](const std::string& id, const auto& time) {
    const auto head = world.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
    return TimerArguments{kSite.text(), id, time(*head).value_or(-1)};
  };
  const auto accept_by = at(offered, [](const ConversationRecord& head) { return head.accept_by; });
  const auto asked_at = at(asked, [](const ConversationRecord& head) { return head.asked_at; });
  const auto since = at(waiting, [](const ConversationRecord& head) { return head.waits_since; });
  Context context = world.MakeContext();
  const struct {
    const char* name;
    absl::Duration after;
    std::function<absl::Status(store::Transaction&)> run;
  } kTimers[] = {
      {"let pass", absl::Seconds(1),
       [&](store::Transaction& txn) { return LetPass(txn, accept_by, context).status(); }},
      {"overflow", absl::ZeroDuration(),
       [&](store::Transaction& txn) { return OverflowTeam(txn, since, context).status(); }},
      {"warn", absl::Seconds(1), [&](store::Transaction& txn) { return WarnOrClose(txn, asked_at, context).status(); }},
      {"close", absl::Seconds(1),
       [&](store::Transaction& txn) { return WarnOrClose(txn, asked_at, context).status(); }},
      {"away", absl::Seconds(1),
       [&](store::Transaction& txn) { return agent::BecomeAway(txn, {kSite.text(), mara.id}, context).status(); }},
      {"reassign", absl::Seconds(1),
       [&](store::Transaction& txn) { return Reassign(txn, {kSite.text(), mara.id}, context).status(); }},
      {"gone", absl::Seconds(1),
       [&](store::Transaction& txn) {
         const int64_t now_ms = absl::ToUnixMillis(world.clock.Now());
         return customer::CloseOfGone(txn, {kSite.text(), customer.id, now_ms}, context).status();
       }},
      {"archive", absl::Seconds(1),
       [&](store::Transaction& txn) { return ArchiveOld(txn, {kSite.text()}, context).status(); }},
  };
  for (const auto& timer : kTimers) {
    SCOPED_TRACE(timer.name);
    world.clock.Advance(timer.after);
    FailEachCall(world, plan, timer.run);
  }
}

// The same of an answer about who gets a conversation.
TEST(Fault, AFailedDecisionLeavesNothingHalfDone) {
  Plan plan;
  World world(std::make_unique<FailingStore>(plan));
  world.Write([&](store::Transaction& txn) {
    SettingsRecord settings;
    settings.strategy = wire::Strategy::kExternal;
    settings.external = wire::ExternalDecider{"https://decides.example/", 1000};
    Save(txn, store::keys::Settings(kSite), settings);
  });
  const Person mara = world.AddOnlineAgent("Mara");
  const Person jonas = world.AddOnlineAgent("Jonas");
  Context context = world.MakeContext();
  for (const std::string& agent : {mara.id, std::string("nobody")}) {
    SCOPED_TRACE(agent);
    const std::string id = world.Start(world.AddCustomer());
    const auto head = world.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
    const TimerArguments asked = {kSite.text(), id, head->asked_elsewhere_at.value_or(-1)};
    Fetched answer;
    answer.name = "decide";
    answer.result = FetchResult::kAnswered;
    answer.status = 200;
    answer.body = R"({"agent":")" + agent + "\"}";
    Fetches fetched;
    fetched.Add(answer);
    FailEachCall(world, plan,
                 [&](store::Transaction& txn) { return AskElsewhere(txn, asked, fetched, context).status(); });
  }
}

// The same of what a bot says, and of what its program answers.
TEST(Fault, AFailedWordOfABotLeavesNothingHalfDone) {
  Plan plan;
  AdminWorld world(std::make_unique<FailingStore>(plan));
  const std::string list = world.PathOf<wire::BotId>("bots");
  const std::string program = world.PathOf<wire::BotId>("bots");
  ASSERT_EQ(
      world
          .Put(list, world.owner,
               R"({"name":"Alva","greeting":"Hello","fallback":"What?","hand_over_after":2,)"
               R"("hand_over":["person"],"hand_over_text":"One moment.","answers":[{"phrases":["a"],"text":"b"}]})")
          .status,
      201);
  ASSERT_EQ(world.Put(program, world.owner, R"({"name":"Brix","url":"https://bot.example/"})").status, 201);
  const auto use = [&](const std::string& bot) {
    const std::string settings =
        R"({"warn_after_ms":1000,"close_after_ms":2000,"bot":")" + AdminWorld::IdOf(bot) + "\"}";
    ASSERT_EQ(world.Put("/v1/admin/settings", world.owner, settings).status, 200);
  };
  const Person mara = world.AddOnlineAgent("Mara", 1);
  const Person customer = world.AddCustomer();
  const auto start = [&] {
    const std::string id = world.NewId<wire::ConversationId>().text();
    FailEachCall(world, plan, Method::kPut, World::PathOf("customer", id), customer.token,
                 R"({"message":{"id":")" + world.NewId<wire::MessageId>().text() + R"(","text":"a"}})");
    return id;
  };
  const auto say = [&](const std::string& id, const std::string& text) {
    FailEachCall(world, plan, Method::kPut,
                 World::PathOf("customer", id) + "/messages/" + world.NewId<wire::MessageId>().text(), customer.token,
                 R"({"text":")" + text + "\"}");
  };
  use(list);
  const std::string given = start();
  say(given, "a");
  say(given, "unknown");
  say(given, "a person");
  const std::string waits = start();
  say(waits, "unknown");
  say(waits, "unknown again");
  const std::string asked = start();
  FailEachCall(world, plan, Method::kPost, World::PathOf("customer", asked) + "/hand_over", customer.token, "");
  const std::string taken = start();
  FailEachCall(world, plan, Method::kPut,
               World::PathOf("agent", taken) + "/messages/" + world.NewId<wire::MessageId>().text(), mara.token,
               R"({"text":"I am here"})");
  use(program);
  Context context = world.MakeContext();
  for (const char* const said : {R"({"text":"b"})", R"({"text":"b","hand_over":true})", R"({"close":true})", "none"}) {
    SCOPED_TRACE(said);
    const std::string id = start();
    say(id, "more");
    const auto head = world.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
    ASSERT_TRUE(head->bot && head->bot->asking);
    const TimerArguments question = {kSite.text(), id, *head->bot->asking};
    Fetched answer;
    answer.name = "answer";
    answer.result = FetchResult::kAnswered;
    answer.status = 200;
    answer.body = said;
    Fetches fetched;
    fetched.Add(answer);
    const auto before = world.Everything();
    absl::Status status = absl::UnknownError("");
    for (int fail_at = 1; fail_at < 1000 && !status.ok(); ++fail_at) {
      plan.fail_at = fail_at;
      plan.calls = 0;
      status = world.store->Transact(
          [&](store::Transaction& txn) { return AskBot(txn, question, fetched, context).status(); });
      plan = {};
      if (!status.ok()) {
        ASSERT_EQ(world.Everything(), before) << "call " << fail_at;
      }
    }
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_NE(world.Everything(), before);
    CheckInvariants(world);
  }
}

// What the list row says is what the events up to there make of it, wherever the erasure stopped.
TEST(Fault, AnErasureThatStopsBetweenItsBatchesIsOfWhatItTold) {
  int calls = 0;
  for (const bool is_counting : {true, false}) {
    Plan plan;
    AdminWorld world(std::make_unique<FailingStore>(plan));
    const Person customer = world.AddCustomer();
    const std::string id = world.Start(customer);
    for (size_t i = 0; i < wire::kErasedBatchMax; ++i) world.Say("customer", customer, id, "a secret");
    const std::string path = "/v1/admin/conversations/" + id + "/messages";
    // The last call of all is the commit of the second batch.
    plan.fail_at = is_counting ? std::numeric_limits<int>::max() : calls;
    const Result erased = world.Call(Method::kDelete, path, world.owner.token);
    calls = plan.calls;
    plan = {};
    ASSERT_EQ(erased.status, is_counting ? 200 : 503) << erased.body;
    const auto preview = [&] {
      const auto key = store::keys::Conversation(kSite, wire::ConversationId(id));
      return world.Stored<ConversationRecord>(key)->preview->text;
    };
    if (is_counting) continue;
    const auto log = world.Get(World::PathOf("agent", id) + "/events", world.owner).As<wire::EventPage>().events;
    EXPECT_EQ(log.back().upto, static_cast<int64_t>(wire::kErasedBatchMax));
    EXPECT_EQ(log[log.size() - 2].text, "a secret");
    EXPECT_EQ(preview(), "a secret");
    ASSERT_EQ(world.Call(Method::kDelete, path, world.owner.token).status, 200);
    EXPECT_EQ(preview(), "");
    CheckInvariants(world);
  }
}

// The client repeats what was kept without an answer, and finds it done: only
// the repeat can tell the colleagues.
TEST(Fault, APresenceInDoubtIsToldByItsRepeat) {
  Plan plan;
  World world(std::make_unique<FailingStore>(plan));
  const Person mara = world.AddAgent("Mara");
  Person jonas = world.AddAgent("Jonas");
  world.Snapshot(jonas);
  plan.keep_then_fail = true;
  EXPECT_EQ(world.SetPresence(mara, "away").status, 503);
  plan = {};
  EXPECT_EQ(world.SetPresence(mara, "away").status, 200);
  const auto heard = world.Hear("agent", jonas);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].agent->presence, wire::Presence::kAway);
}

}  // namespace
}  // namespace alcove::functions
