#include "tests/functions/invariants.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "functions/domain/dispatch.h"
#include "functions/lifecycle.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using wire::ConversationState;

const wire::SiteId kSite("sit_demo");

struct Site {
  std::map<std::string, ConversationRecord> conversations;
  std::map<std::string, std::vector<wire::Event>> events;
  std::map<std::string, AgentRecord> agents;
  std::map<std::string, AgentState> states;
  std::map<std::string, CustomerRecord> customers;
  std::map<std::string, std::vector<FeedPointer>> feeds;
  std::map<std::string, int64_t> heads;
  QueueRecord queue;
  std::set<std::string> index;  // keys of the indexes
};

template <class T>
T Decoded(const store::Entry& entry) {
  auto record = DecodeRecord<T>(entry.value);
  EXPECT_TRUE(record.ok()) << entry.key;
  return record.ok() ? *record : T{};
}

Site Read(World& world) {
  Site site;
  for (const store::Entry& entry : world.Everything()) {
    const std::string prefix = kSite.text() + "/";
    if (!entry.key.starts_with(prefix)) continue;
    const std::string rest = entry.key.substr(prefix.size());
    const std::string family = rest.substr(0, rest.find('/'));
    const std::string part = family == rest ? "" : rest.substr(family.size() + 1);
    const std::string first = part.substr(0, part.find('/'));
    if (family == "conversation") {
      site.conversations[part] = Decoded<ConversationRecord>(entry);
    } else if (family == "event") {
      site.events[first].push_back(*ParseJson<wire::Event>(entry.value));
    } else if (family == "agent") {
      site.agents[part] = Decoded<AgentRecord>(entry);
    } else if (family == "agent_state") {
      site.states[part] = Decoded<AgentState>(entry);
    } else if (family == "customer") {
      site.customers[part] = Decoded<CustomerRecord>(entry);
    } else if (family == "feed") {
      site.feeds[first].push_back(Decoded<FeedPointer>(entry));
      EXPECT_EQ(*keys::DecodeNumber(entry.key), static_cast<int64_t>(site.feeds[first].size())) << "not dense";
    } else if (family == "feed_head") {
      site.heads[part] = Decoded<FeedHeadRecord>(entry).position;
    } else if (family == "queue_state") {
      site.queue = Decoded<QueueRecord>(entry);
    } else if (family == "queue" || family == "open" || family == "closed" || family == "of_agent" ||
               family == "of_customer" || family == "online" || family == "available") {
      site.index.insert(entry.key);
    }
  }
  return site;
}

void CheckEvents(const ConversationRecord& record, const std::vector<wire::Event>& events) {
  ASSERT_EQ(static_cast<int64_t>(events.size()), record.last_seq);
  int64_t for_agent = 0;
  int64_t for_customer = 0;
  for (size_t i = 0; i < events.size(); ++i) {
    EXPECT_EQ(events[i].seq, static_cast<int64_t>(i) + 1);
    if (events[i].type != wire::EventType::kMessage) continue;
    const bool by_customer = events[i].actor.kind == wire::ActorKind::kCustomer;
    if (by_customer && events[i].seq > record.read_by_agent) ++for_agent;
    if (!by_customer && events[i].seq > record.read_by_customer) ++for_customer;
  }
  EXPECT_EQ(record.unread_by_agent, for_agent);
  EXPECT_EQ(record.unread_by_customer, for_customer);
}

// The keys that the indexes should hold, by the heads and the states.
std::set<std::string> ExpectedIndex(const Site& site) {
  std::set<std::string> index;
  for (const auto& [text, record] : site.conversations) {
    const wire::ConversationId id(text);
    index.insert(keys::CustomerConversation(kSite, wire::CustomerId(record.customer.id), id));
    if (record.state == ConversationState::kClosed) {
      index.insert(keys::Closed(kSite, record.closed_at, id));
      continue;
    }
    index.insert(keys::Open(kSite, record.created_at, id));
    if (record.state == ConversationState::kQueued) index.insert(keys::Queue(kSite, record.queued_at, id));
    if (record.state == ConversationState::kOpen) {
      index.insert(keys::AgentConversation(kSite, wire::AgentId(record.agent->id), id));
    }
  }
  for (const auto& [text, state] : site.states) {
    if (state.presence != wire::Presence::kOnline) continue;
    const wire::AgentId id(text);
    index.insert(keys::Online(kSite, id));
    if (state.load < site.agents.at(text).capacity) {
      index.insert(keys::Available(kSite, state.load, state.assigned_at, id));
    }
  }
  return index;
}

// Each token is in the index by expiry, an agent's in that of their sessions,
// and nothing else is.
void CheckTokens(World& world) {
  std::set<std::string> found, expected;
  for (const store::Entry& entry : world.Everything()) {
    if (entry.key.starts_with("_/token_expiry/")) found.insert(entry.key);
    if (entry.key.find("/agent_session/") != std::string::npos) found.insert(entry.key);
    if (!entry.key.starts_with("_/token/")) continue;
    const auto token = Decoded<TokenRecord>(entry);
    const std::string digest = entry.key.substr(8);
    expected.insert(keys::TokenExpiry(token.expires_at, digest));
    if (token.kind != TokenKind::kAgent) continue;
    expected.insert(
        keys::AgentSession(wire::SiteId(token.site), wire::AgentId(token.principal), token.expires_at, digest));
  }
  EXPECT_EQ(found, expected);
}

}  // namespace

void CheckInvariants(World& world) {
  CheckTokens(world);
  const Site site = Read(world);
  std::map<std::string, int64_t> load, open, waiting;
  int64_t queued = 0;
  for (const auto& [id, record] : site.conversations) {
    SCOPED_TRACE(id);
    CheckEvents(record, site.events.at(id));
    if (record.state == ConversationState::kOpen) ++load[record.agent->id];
    if (record.state != ConversationState::kClosed) ++open[record.customer.id];
    if (record.state == ConversationState::kQueued) {
      ++waiting[record.customer.id];
      ++queued;
    }
  }
  EXPECT_EQ(site.queue.length, queued);
  EXPECT_EQ(site.index, ExpectedIndex(site));
  std::vector<Candidate> candidates;
  for (const auto& [id, state] : site.states) {
    EXPECT_EQ(state.load, load[id]) << id;
    candidates.push_back(
        {wire::AgentId(id), state.presence, state.load, site.agents.at(id).capacity, state.assigned_at});
  }
  for (const auto& [id, customer] : site.customers) {
    EXPECT_EQ(customer.open, open[id]) << id;
    EXPECT_EQ(customer.waiting, waiting[id]) << id;
  }
  for (const auto& [owner, head] : site.heads) {
    EXPECT_EQ(head, static_cast<int64_t>(site.feeds.at(owner).size())) << owner;
  }
  // The index finds whom the rule would choose among all.
  const auto chosen = world.store->Read([](store::Reader& reader) { return ChooseAgent(reader, kSite); });
  ASSERT_TRUE(chosen.ok());
  EXPECT_EQ(chosen->agent, Dispatch(candidates).agent);
}

}  // namespace alcove::functions
