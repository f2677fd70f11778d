#include "tests/functions/world.h"

#include <algorithm>

#include "functions/answer.h"
#include "functions/routes.h"
#include "functions/tokens.h"
#include "store/memory_store.h"

namespace alcove::functions {

template wire::AgentSession Result::As() const;
template wire::AgentSnapshot Result::As() const;
template wire::ConversationAnswer Result::As() const;
template wire::ConversationList Result::As() const;
template wire::CustomerSession Result::As() const;
template wire::EventAnswer Result::As() const;
template wire::EventPage Result::As() const;
template wire::PollAnswer Result::As() const;
template wire::Problem Result::As() const;

template std::optional<AgentState> World::Stored(const std::string& key);
template std::optional<ConversationRecord> World::Stored(const std::string& key);
template std::optional<TokenRecord> World::Stored(const std::string& key);

bool Result::WokenBy(const std::set<std::string>& woken) const {
  return std::any_of(topics.begin(), topics.end(), [&](const std::string& topic) { return woken.contains(topic); });
}

std::string Result::code() const { return status < 400 ? "" : As<wire::Problem>().code; }

std::string Result::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

World::World() : World(store::MakeMemoryStore()) {}

World::World(std::unique_ptr<store::Store> store_in, uint64_t seed) : random(seed), store(std::move(store_in)) {
  store->Watch(this);
  // A store that was in use keeps its site.
  if (!Stored<SiteRecord>(store::keys::Site(kSite))) AddSite(kSite.text());
}

World::~World() { store->Watch(nullptr); }

Request World::MakeRequest(Method method, std::string_view target, const std::string& token, const std::string& body) {
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

Result World::Run(Request request) {
  Matched matched = FindRoute(request.method, request.path);
  Result result;
  if (!matched.match) {
    result.status = matched.allowed.empty() ? 404 : 405;
    return result;
  }
  request.parameters = matched.match->parameters;
  return RunRoute(*matched.match->route, std::move(request));
}

Result World::RunRoute(const Route& route, Request request) {
  Result result;
  Context context = MakeContext();
  Outcome outcome = AnswerRoute(route, request, context);
  while (const Fetch* const fetch = outcome.fetch()) {
    EXPECT_TRUE(request.fetched.Allow(*fetch)) << fetch->name;
    if (!request.fetched.Allow(*fetch)) return result;
    request.fetched.Add(web.Ask(*fetch));
    request.wake = Wake::kFetched;
    outcome = AnswerRoute(route, request, context);
  }
  if (const functions::Wait* wait = outcome.wait()) {
    result.topics = wait->topics;
    result.deadline = wait->deadline;
  } else {
    result.status = outcome.response()->status;
    result.body = outcome.response()->body;
    result.headers = outcome.response()->headers;
    result.next = outcome.response()->next;
  }
  return result;
}

Result World::Call(Method method, std::string_view target, const std::string& token, const std::string& body) {
  return Run(MakeRequest(method, target, token, body));
}

Result World::Get(std::string_view target, const Person& who) { return Call(Method::kGet, target, who.token); }

Result World::Post(std::string_view target, const Person& who, const std::string& body) {
  return Call(Method::kPost, target, who.token, body);
}

Result World::Put(std::string_view target, const Person& who, const std::string& body) {
  return Call(Method::kPut, target, who.token, body);
}

void World::AddSite(const std::string& id) {
  Write([&](store::Transaction& txn) {
    SiteRecord site;
    site.name = "Northwind";
    site.greeting = "Hello";
    site.allowed_origins = {"https://shop.example"};
    site.appearance = {"#2f5bea", "right"};
    Save(txn, store::keys::Site(wire::SiteId(id)), site);
  });
}

Person World::AddAgent(const std::string& name, int64_t capacity, const std::string& site) {
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

Person World::AddOnlineAgent(const std::string& name, int64_t capacity) {
  const Person agent = AddAgent(name, capacity);
  EXPECT_EQ(SetPresence(agent, "online").status, 200);
  return agent;
}

Person World::AddWithRole(const std::string& name, wire::Role role, const std::string& site) {
  const Person person = AddAgent(name, 5, site);
  Write([&](store::Transaction& txn) {
    const std::string key = store::keys::Agent(wire::SiteId(site), wire::AgentId(person.id));
    auto record = Load<AgentRecord>(txn, key);
    record->role = role;
    Save(txn, key, *record);
  });
  return person;
}

Person World::AddCustomer(const std::string& site) {
  const Result result = Call(Method::kPost, "/v1/customer/session", "", R"({"site":")" + site + R"("})");
  EXPECT_EQ(result.status, 200) << result.body;
  const auto session = result.As<wire::CustomerSession>();
  return {session.customer.id, session.customer.name, session.token, session.cursor};
}

void World::AddToken(const std::string& token, TokenKind kind, const std::string& site, const std::string& principal) {
  TokenRecord record;
  record.kind = kind;
  record.site = site;
  record.principal = principal;
  record.expires_at = absl::ToUnixMillis(clock.Now()) + wire::kAgentSessionMs;
  Write([&](store::Transaction& txn) { EXPECT_TRUE(SaveToken(txn, token, record).ok()); });
}

Result World::SetPresence(const Person& agent, const std::string& state) {
  return Put("/v1/agent/presence", agent, R"({"state":")" + state + R"("})");
}

std::string World::Start(const Person& customer, const std::string& text) {
  const std::string id = NewId<wire::ConversationId>().text();
  const Result result = StartAs(customer, id, NewId<wire::MessageId>().text(), text);
  EXPECT_EQ(result.status, 201) << result.body;
  return id;
}

Result World::StartAs(const Person& customer, const std::string& conversation, const std::string& message,
                      const std::string& text) {
  wire::NewConversation start;
  start.message = wire::FirstMessage{message, text};
  return Put("/v1/customer/conversations/" + conversation, customer, ToJson(start));
}

Result World::Say(std::string_view side, const Person& who, const std::string& conversation, const std::string& text,
                  std::string message) {
  if (message.empty()) message = NewId<wire::MessageId>().text();
  return Put(PathOf(side, conversation) + "/messages/" + message, who, ToJson(wire::NewMessage{text}));
}

std::string World::PathOf(std::string_view side, const std::string& conversation) {
  return "/v1/" + std::string(side) + "/conversations/" + conversation;
}

Result World::Poll(std::string_view side, const Person& who, const std::string& wait, Wake wake) {
  Request request =
      MakeRequest(Method::kGet, "/v1/" + std::string(side) + "/poll?wait=" + wait + "&cursor=" + who.cursor, who.token);
  request.wake = wake;
  const int64_t told_before = TimesTold();
  Result result = Run(request);
  // What the answer itself has told of, as that somebody is there, is for a next run.
  if (result.next && TimesTold() == told_before) ExpectToWaitFor(*result.next, std::move(request));
  return result;
}

// Who asks again would wait for just that: the runtime parks them without a run.
void World::ExpectToWaitFor(const Next& next, Request request) {
  for (auto& [name, value] : request.query) {
    if (name == "cursor") value = next.cursor;
  }
  request.wake = Wake::kArrived;
  const absl::Time longest = clock.Now() + config.poll_hold;
  const Result again = Run(std::move(request));
  EXPECT_TRUE(again.hangs()) << again.body;
  EXPECT_EQ(std::set<std::string>(next.topics.begin(), next.topics.end()),
            std::set<std::string>(again.topics.begin(), again.topics.end()));
  EXPECT_GT(next.hold, absl::ZeroDuration());
  EXPECT_LE(clock.Now() + next.hold, longest);
}

int64_t World::TimesTold() {
  const std::lock_guard lock(mutex_);
  return times_told_ + ephemera.published();
}

wire::PollAnswer World::Hear(std::string_view side, Person& who) {
  const Result result = Poll(side, who, "0");
  EXPECT_EQ(result.status, 200) << result.body;
  auto answer = result.As<wire::PollAnswer>();
  who.cursor = answer.cursor;
  return answer;
}

wire::AgentSnapshot World::Snapshot(Person& agent) {
  const Result result = Get("/v1/agent/snapshot", agent);
  EXPECT_EQ(result.status, 200) << result.body;
  auto snapshot = result.As<wire::AgentSnapshot>();
  agent.cursor = snapshot.cursor;
  return snapshot;
}

AgentState World::StateOf(const Person& agent) {
  const auto state = Stored<AgentState>(store::keys::AgentState(kSite, wire::AgentId(agent.id)));
  EXPECT_TRUE(state.has_value()) << agent.name;
  return state.value_or(AgentState{});
}

std::vector<store::Entry> World::Everything() {
  auto all = store->Read([](store::Reader& reader) { return reader.Scan({std::string(1, '\0'), "\xff"}); });
  EXPECT_TRUE(all.ok());
  return *all;
}

std::set<std::string> World::TakeWakes() {
  std::set<std::string> woken = ephemera.TakeWoken();
  const std::lock_guard lock(mutex_);
  woken.merge(std::exchange(changed_, {}));
  return woken;
}

std::set<std::string> World::TakeToldLater() {
  const std::lock_guard lock(mutex_);
  return std::exchange(told_later_, {});
}

void World::Enlarge(const std::string& conversation, int64_t seq, size_t bytes) {
  Write([&](store::Transaction& txn) {
    const std::string key = store::keys::Event(kSite, wire::ConversationId(conversation), seq);
    auto event = ParseJson<wire::Event>(txn.Get(key)->value());
    event->text = std::string(bytes, 'x');
    txn.Put(key, ToJson(*event));
  });
}

void World::TopicsChanged(const std::vector<std::string>& topics) {
  const std::lock_guard lock(mutex_);
  ++times_told_;
  for (const std::string& topic : topics) {
    const auto later = store::keys::TopicOfLater(topic);
    if (later) told_later_.emplace(*later);
    changed_.emplace(later.value_or(topic));
  }
  for (const std::string& topic : topics) told_later_.erase(topic);
}

}  // namespace alcove::functions
