// A whole server in memory, for tests of functions: a store, a clock that is
// set, seeded randomness, ephemera, and the route table in front.
//
// A test calls a route by method and path and gets an answer, or learns that
// the request hangs: and on what, and until when.
//
// Threads: Call() may be used by several at once.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
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
#include "tests/functions/fakes.h"
#include "tests/store/seed.h"

namespace alcove::functions {

// The site that every World has.
inline const wire::SiteId kSite("sit_demo");

// What a call came to.
struct Result {
  int status = 0;  // 0: the request hangs
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> topics;
  absl::Time deadline;
  std::optional<Next> next;

  bool hangs() const { return status == 0; }
  bool WokenBy(const std::set<std::string>& woken) const;
  template <class T>
  T As() const {
    auto parsed = ParseJson<T>(body);
    EXPECT_TRUE(parsed.ok()) << parsed.status() << "\n" << status << " " << body;
    return parsed.ok() ? *parsed : T{};
  }
  // Of a problem document.
  std::string code() const;
  std::string header(std::string_view name) const;
};

// Compiled once, in world.cc: reading these is half of what many a test would compile.
extern template wire::AgentSession Result::As() const;
extern template wire::AgentSnapshot Result::As() const;
extern template wire::ConversationAnswer Result::As() const;
extern template wire::ConversationList Result::As() const;
extern template wire::CustomerSession Result::As() const;
extern template wire::EventAnswer Result::As() const;
extern template wire::EventPage Result::As() const;
extern template wire::PollAnswer Result::As() const;
extern template wire::Problem Result::As() const;

// An agent or a customer who is signed in.
struct Person {
  std::string id;
  std::string name;
  std::string token;
  std::string cursor;
};

class World : private store::Watcher {
 public:
  World();
  // Worlds of one store have seeds of their own, or they would make the same ids.
  explicit World(std::unique_ptr<store::Store> store_in, uint64_t seed = store::Seed());
  ~World() override;

  Context MakeContext() { return {*store, clock, random, ephemera, assets, config, *budgets}; }

  // `target` is a path and, behind `?`, a query that needs no decoding.
  Request MakeRequest(Method method, std::string_view target, const std::string& token = "",
                      const std::string& body = "");
  // What the function fetches is asked of `web`, as often as it does.
  Result Run(Request request);
  // A route that the table may not have.
  Result RunRoute(const Route& route, Request request);
  Result Call(Method method, std::string_view target, const std::string& token = "", const std::string& body = "");
  Result Get(std::string_view target, const Person& who);
  Result Post(std::string_view target, const Person& who, const std::string& body = "");
  Result Put(std::string_view target, const Person& who, const std::string& body = "");

  // --- People ---------------------------------------------------------------

  void AddSite(const std::string& id);
  // Signed in without a password's cost, and offline.
  Person AddAgent(const std::string& name, int64_t capacity = 5, const std::string& site = kSite.text());
  Person AddOnlineAgent(const std::string& name, int64_t capacity = 5);
  Person AddWithRole(const std::string& name, wire::Role role, const std::string& site = kSite.text());
  Person AddCustomer(const std::string& site = kSite.text());
  void AddToken(const std::string& token, TokenKind kind, const std::string& site, const std::string& principal);

  // --- What they do ---------------------------------------------------------

  Result SetPresence(const Person& agent, const std::string& state);
  // Starts with a message; the id of the conversation.
  std::string Start(const Person& customer, const std::string& text = "hello");
  Result StartAs(const Person& customer, const std::string& conversation, const std::string& message,
                 const std::string& text);
  Result Say(std::string_view side, const Person& who, const std::string& conversation, const std::string& text,
             std::string message = "");
  static std::string PathOf(std::string_view side, const std::string& conversation);
  // Expects of an answer that says what the next one waits for that it is so.
  Result Poll(std::string_view side, const Person& who, const std::string& wait = "25", Wake wake = Wake::kArrived);
  // Polls once without waiting, and moves the cursor.
  wire::PollAnswer Hear(std::string_view side, Person& who);
  wire::AgentSnapshot Snapshot(Person& agent);

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
  // Of an agent who is there.
  AgentState StateOf(const Person& agent);
  // Every key and value.
  std::vector<store::Entry> Everything();
  // The topics that were published or signalled since they were last taken, at once or later.
  std::set<std::string> TakeWakes();
  // Those of them that were only signalled to be told later, since they were last taken.
  std::set<std::string> TakeToldLater();
  bool Wakes(const Result& hanging) { return hanging.WokenBy(TakeWakes()); }
  void ForgetWakes() { TakeWakes(); }

  // Gives a stored event a text of so many bytes: more than its author may send
  // at once, so that bounds in bytes need few.
  void Enlarge(const std::string& conversation, int64_t seq, size_t bytes);

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
  FakeWeb web;
  Config config;
  Budgets* budgets = &NoBudgets();
  std::unique_ptr<store::Store> store;

 private:
  void TopicsChanged(const std::vector<std::string>& topics) override;
  void ExpectToWaitFor(const Next& next, Request request);
  // How often something was signalled or published.
  int64_t TimesTold();

  std::mutex mutex_;
  int64_t times_told_ = 0;
  std::set<std::string> changed_;
  std::set<std::string> told_later_;
};

extern template std::optional<AgentState> World::Stored(const std::string& key);
extern template std::optional<ConversationRecord> World::Stored(const std::string& key);
extern template std::optional<TokenRecord> World::Stored(const std::string& key);

}  // namespace alcove::functions
