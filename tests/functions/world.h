// A whole server in memory, for tests of functions: a store, a clock that is
// set, seeded randomness, ephemera, and the route table in front.
//
// A test calls a route by method and path and gets an answer, or learns that
// the request hangs: and on what, and until when.
//
// Threads: Call() may be used by several at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/answer.h"
#include "functions/context.h"
#include "functions/function.h"
#include "functions/json_codec.h"
#include "functions/records.h"
#include "functions/routes.h"
#include "functions/wire/ids.h"
#include "functions/wire/requests.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/keys.h"
#include "store/memory_store.h"
#include "tests/store/seed.h"

namespace alcove::functions {

class FakeClock : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixMillis(now_ms_); }
  void Advance(absl::Duration by) { now_ms_ += absl::ToInt64Milliseconds(by); }

 private:
  std::atomic<int64_t> now_ms_ = 1'790'000'000'000;
};

class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  uint64_t Next() override {
    const std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

class FakeEphemera : public Ephemera {
 public:
  void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) override {
    const std::lock_guard lock(mutex_);
    topics_[std::string(topic)][std::string(key)] = {std::string(key), std::string(value), ++version_, expires_at};
    woken_.insert(std::string(topic));
    ++published_;
  }
  std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) override {
    const std::lock_guard lock(mutex_);
    std::vector<Item> items;
    for (const auto& [key, item] : topics_[std::string(topic)]) {
      if (item.version > after && item.expires_at > now) items.push_back(item);
    }
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.version < b.version; });
    return items;
  }
  uint64_t Version() override {
    const std::lock_guard lock(mutex_);
    return version_;
  }
  const std::string& Incarnation() override { return incarnation_; }

  std::set<std::string> TakeWoken() {
    const std::lock_guard lock(mutex_);
    return std::exchange(woken_, {});
  }
  int published() const { return published_; }
  void Restart() {
    topics_.clear();
    version_ = 0;
    incarnation_ += "x";
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, Item>> topics_;
  std::set<std::string> woken_;
  uint64_t version_ = 0;
  std::atomic<int> published_ = 0;
  std::string incarnation_ = "first";
};

class FakeAssets : public Assets {
 public:
  std::optional<std::string_view> Find(std::string_view name) override {
    const auto found = files.find(std::string(name));
    return found == files.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }
  std::map<std::string, std::string> files = {{"loader.js", "(function(){var c=__ALCOVE_CONFIG__||{};})()"},
                                              {"frame.html", "<!doctype html><title>The chat</title>"}};
};

// What a call came to.
struct Result {
  int status = 0;  // 0: the request hangs
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> topics;
  absl::Time deadline;

  bool hangs() const { return status == 0; }
  bool WokenBy(const std::set<std::string>& woken) const {
    return std::any_of(topics.begin(), topics.end(), [&](const std::string& topic) { return woken.contains(topic); });
  }
  template <class T>
  T As() const {
    auto parsed = ParseJson<T>(body);
    EXPECT_TRUE(parsed.ok()) << parsed.status() << "\n" << status << " " << body;
    return parsed.ok() ? *parsed : T{};
  }
  // Of a problem document.
  std::string code() const { return status < 400 ? "" : As<wire::Problem>().code; }
  std::string header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return "";
  }
};

// An agent or a customer who is signed in.
struct Person {
  std::string id;
  std::string name;
  std::string token;
  std::string cursor;
};

class World : private store::Watcher {
 public:
  World() : World(store::MakeMemoryStore()) {}
  // Worlds of one store have seeds of their own, or they would make the same ids.
  explicit World(std::unique_ptr<store::Store> store_in, uint64_t seed = store::Seed())
      : random(seed), store(std::move(store_in)) {
    store->Watch(this);
    // A store that was in use keeps its site.
    if (!Stored<SiteRecord>(store::keys::Site(wire::SiteId("sit_demo")))) AddSite("sit_demo");
  }
  ~World() override { store->Watch(nullptr); }

  Context MakeContext() { return {*store, clock, random, ephemera, assets, config, *budgets}; }

  // `target` is a path and, behind `?`, a query that needs no decoding.
  Request MakeRequest(Method method, std::string_view target, const std::string& token = "",
                      const std::string& body = "") {
    Request request;
    request.method = method;
    const size_t mark = std::min(target.find('?'), target.size());
    request.path = target.substr(0, mark);
    for (std::string_view rest = target.substr(mark); !rest.empty();) {
      rest.remove_prefix(1);
      const size_t end = std::min(rest.find('&'), rest.size());
      const std::string_view pair = rest.substr(0, end);
      const size_t equals = std::min(pair.find('='), pair.size());
      request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
      rest.remove_prefix(end);
    }
    request.token = token;
    request.body = body;
    if (!body.empty()) request.content_type = "application/json";
    return request;
  }

  Result Run(Request request) {
    Matched matched = FindRoute(request.method, request.path);
    Result result;
    if (!matched.match) {
      result.status = matched.allowed.empty() ? 404 : 405;
      return result;
    }
    request.parameters = matched.match->parameters;
    Context context = MakeContext();
    const Outcome outcome = AnswerRoute(*matched.match->route, request, context);
    if (const Wait* wait = outcome.wait()) {
      result.topics = wait->topics;
      result.deadline = wait->deadline;
    } else {
      result.status = outcome.response()->status;
      result.body = outcome.response()->body;
      result.headers = outcome.response()->headers;
    }
    return result;
  }
  Result Call(Method method, std::string_view target, const std::string& token = "", const std::string& body = "") {
    return Run(MakeRequest(method, target, token, body));
  }
  Result Get(std::string_view target, const Person& who) { return Call(Method::kGet, target, who.token); }
  Result Post(std::string_view target, const Person& who, const std::string& body = "") {
    return Call(Method::kPost, target, who.token, body);
  }
  Result Put(std::string_view target, const Person& who, const std::string& body = "") {
    return Call(Method::kPut, target, who.token, body);
  }

  // --- People ---------------------------------------------------------------

  void AddSite(const std::string& id) {
    Write([&](store::Transaction& txn) {
      SiteRecord site;
      site.name = "Northwind";
      site.greeting = "Hello";
      site.allowed_origins = {"https://shop.example"};
      site.appearance = {"#2f5bea", "right"};
      Save(txn, store::keys::Site(wire::SiteId(id)), site);
    });
  }

  // Signed in without a password's cost, and offline.
  Person AddAgent(const std::string& name, int64_t capacity = 5, const std::string& site = "sit_demo") {
    const wire::SiteId site_id(site);
    const auto agent = NewId<wire::AgentId>();
    const Person person{agent.text(), name, "at_" + agent.text(), ""};
    Write([&](store::Transaction& txn) {
      AgentRecord record;
      record.name = name;
      record.email = name + "@example.org";
      record.capacity = capacity;
      Save(txn, store::keys::Agent(site_id, agent), record);
      Save(txn, store::keys::AgentState(site_id, agent), AgentState{});
      auto site_record = Load<SiteRecord>(txn, store::keys::Site(site_id));
      ++site_record->agents;
      Save(txn, store::keys::Site(site_id), *site_record);
    });
    AddToken(person.token, TokenKind::kAgent, site, person.id);
    return person;
  }
  Person AddOnlineAgent(const std::string& name, int64_t capacity = 5) {
    const Person agent = AddAgent(name, capacity);
    EXPECT_EQ(SetPresence(agent, "online").status, 200);
    return agent;
  }
  Person AddCustomer(const std::string& site = "sit_demo") {
    const Result result = Call(Method::kPost, "/v1/customer/session", "", R"({"site":")" + site + R"("})");
    EXPECT_EQ(result.status, 200) << result.body;
    const auto session = result.As<wire::CustomerSession>();
    return {session.customer.id, session.customer.name, session.token, session.cursor};
  }
  void AddToken(const std::string& token, TokenKind kind, const std::string& site, const std::string& principal);

  // --- What they do ---------------------------------------------------------

  Result SetPresence(const Person& agent, const std::string& state) {
    return Put("/v1/agent/presence", agent, R"({"state":")" + state + R"("})");
  }
  // Starts with a message; the id of the conversation.
  std::string Start(const Person& customer, const std::string& text = "hello") {
    const std::string id = NewId<wire::ConversationId>().text();
    const Result result = StartAs(customer, id, NewId<wire::MessageId>().text(), text);
    EXPECT_EQ(result.status, 201) << result.body;
    return id;
  }
  Result StartAs(const Person& customer, const std::string& conversation, const std::string& message,
                 const std::string& text) {
    wire::NewConversation start;
    start.message = wire::FirstMessage{message, text};
    return Put("/v1/customer/conversations/" + conversation, customer, ToJson(start));
  }
  Result Say(std::string_view side, const Person& who, const std::string& conversation, const std::string& text,
             std::string message = "") {
    if (message.empty()) message = NewId<wire::MessageId>().text();
    return Put(PathOf(side, conversation) + "/messages/" + message, who, ToJson(wire::NewMessage{text}));
  }
  static std::string PathOf(std::string_view side, const std::string& conversation) {
    return "/v1/" + std::string(side) + "/conversations/" + conversation;
  }
  Result Poll(std::string_view side, const Person& who, const std::string& wait = "25", Wake wake = Wake::kArrived) {
    Request request = MakeRequest(
        Method::kGet, "/v1/" + std::string(side) + "/poll?wait=" + wait + "&cursor=" + who.cursor, who.token);
    request.wake = wake;
    return Run(std::move(request));
  }
  // Polls once without waiting, and moves the cursor.
  wire::PollAnswer Hear(std::string_view side, Person& who) {
    const Result result = Poll(side, who, "0");
    EXPECT_EQ(result.status, 200) << result.body;
    auto answer = result.As<wire::PollAnswer>();
    who.cursor = answer.cursor;
    return answer;
  }
  wire::AgentSnapshot Snapshot(Person& agent) {
    const Result result = Get("/v1/agent/snapshot", agent);
    EXPECT_EQ(result.status, 200) << result.body;
    auto snapshot = result.As<wire::AgentSnapshot>();
    agent.cursor = snapshot.cursor;
    return snapshot;
  }

  // --- What is there --------------------------------------------------------

  template <class Id>
  Id NewId() {
    return Id::Make(absl::ToUnixMillis(clock.Now()), static_cast<uint16_t>(random.Next()), random.Next());
  }
  template <class T>
  std::optional<T> Stored(const std::string& key) {
    auto found = store->Read([&](store::Reader& reader) { return Find<T>(reader, key); });
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : std::nullopt;
  }
  // Every key and value.
  std::vector<store::Entry> Everything() {
    auto all = store->Read([](store::Reader& reader) { return reader.Scan({std::string(1, '\0'), "\xff"}); });
    EXPECT_TRUE(all.ok());
    return *all;
  }
  // The topics that were published or signalled since they were last taken.
  std::set<std::string> TakeWakes() {
    std::set<std::string> woken = ephemera.TakeWoken();
    const std::lock_guard lock(mutex_);
    woken.merge(std::exchange(changed_, {}));
    return woken;
  }
  bool Wakes(const Result& hanging) { return hanging.WokenBy(TakeWakes()); }
  void ForgetWakes() { TakeWakes(); }

  // Gives a stored event a text of so many bytes: more than its author may send
  // at once, so that bounds in bytes need few.
  void Enlarge(const std::string& conversation, int64_t seq, size_t bytes) {
    Write([&](store::Transaction& txn) {
      const std::string key = store::keys::Event(wire::SiteId("sit_demo"), wire::ConversationId(conversation), seq);
      auto event = ParseJson<wire::Event>(txn.Get(key)->value());
      event->text = std::string(bytes, 'x');
      txn.Put(key, ToJson(*event));
    });
  }

  template <class Body>
  void Write(Body&& body) {
    const absl::Status status = store->Transact([&](store::Transaction& txn) {
      body(txn);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  FakeClock clock;
  SeededRandom random;
  FakeEphemera ephemera;
  FakeAssets assets;
  Config config;
  Budgets* budgets = &NoBudgets();
  std::unique_ptr<store::Store> store;

 private:
  void TopicsChanged(const std::vector<std::string>& topics) override {
    const std::lock_guard lock(mutex_);
    changed_.insert(topics.begin(), topics.end());
  }

  std::mutex mutex_;
  std::set<std::string> changed_;
};

}  // namespace alcove::functions
