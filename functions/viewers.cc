#include "functions/viewers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "functions/json_codec.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kLooksAt = "viewing/";
constexpr std::string_view kWritesIn = "typing/";

std::string TopicOf(const Conversation& conversation) { return keys::ViewersTopic(conversation.site, conversation.id); }

// What begins the keys of the agent's sessions.
std::string OfAgent(const wire::Actor& agent) { return std::string(kLooksAt) + agent.id + "/"; }

// On the list is who looks; what is empty was taken off it.
void Note(const Conversation& conversation, const std::string& key, const wire::Actor& agent, bool is_so,
          int64_t ttl_ms, Context& context) {
  context.ephemera.Publish(TopicOf(conversation), key, is_so ? ToJson(agent) : "",
                           context.clock.Now() + absl::Milliseconds(ttl_ms));
}

// In any session.
bool LooksAt(const Conversation& conversation, const wire::Actor& agent, Context& context) {
  const std::string of_agent = OfAgent(agent);
  const auto items = context.ephemera.Since(TopicOf(conversation), 0, context.clock.Now());
  return std::any_of(items.begin(), items.end(),
                     [&](const Ephemera::Item& item) { return item.key.starts_with(of_agent) && !item.value.empty(); });
}

}  // namespace

std::vector<wire::Viewer> ViewersOf(const Conversation& conversation, const std::string& except, Context& context) {
  std::map<std::string, wire::Viewer> viewers;
  for (const Ephemera::Item& item : context.ephemera.Since(TopicOf(conversation), 0, context.clock.Now())) {
    const auto agent = ParseJson<wire::Actor>(item.value);
    if (!agent.ok() || agent->id == except) continue;
    wire::Viewer& viewer = viewers[agent->id];
    viewer.agent = *agent;
    if (item.key.starts_with(kWritesIn)) viewer.typing = true;
  }
  std::vector<wire::Viewer> all;
  for (auto& [id, viewer] : viewers) all.push_back(std::move(viewer));
  return all;
}

std::vector<std::string> AgentTopics(const Conversation& conversation, const std::string& except, Context& context) {
  std::vector<std::string> agents;
  for (const wire::Viewer& viewer : ViewersOf(conversation, except, context)) agents.push_back(viewer.agent.id);
  const auto add = [&](const std::string& agent) {
    if (agent != except && std::find(agents.begin(), agents.end(), agent) == agents.end()) agents.push_back(agent);
  };
  const ConversationRecord& record = conversation.record;
  if (record.agent && record.state == wire::ConversationState::kOpen) add(record.agent->id);
  for (const wire::Actor& agent : record.participants.value_or(std::vector<wire::Actor>())) add(agent.id);
  std::vector<std::string> topics;
  for (const std::string& agent : agents) {
    topics.push_back(keys::Topic(conversation.site, keys::FeedOwner::Of(wire::AgentId(agent))));
  }
  return topics;
}

void NoteViewing(const Conversation& conversation, const wire::Actor& agent, std::string_view session, Looks looks,
                 Context& context) {
  const absl::Time expires_at = context.clock.Now() + absl::Milliseconds(wire::kViewingTtlMs);
  const bool session_looks = looks == Looks::kLooks;
  Note(conversation, OfAgent(agent).append(session), agent, session_looks, wire::kViewingTtlMs, context);
  context.ephemera.Publish(keys::ViewedTopic(conversation.site, session), conversation.id.text(),
                           session_looks ? kLooksAt : "", expires_at);
  const bool is_there = session_looks || LooksAt(conversation, agent, context);
  wire::Signal signal;
  signal.type = wire::SignalType::kViewing;
  signal.conversation = conversation.id.text();
  signal.actor = agent;
  signal.for_ms = is_there ? wire::kViewingTtlMs : 0;
  const std::string key = std::string(kLooksAt) + conversation.id.text() + "/" + agent.id;
  for (const std::string& topic : AgentTopics(conversation, agent.id, context)) {
    context.ephemera.Publish(topic, key, ToJson(signal), expires_at);
  }
}

absl::Status ForgetViewing(store::Reader& reader, const wire::SiteId& site, const wire::AgentId& agent,
                           std::string_view session, Context& context) {
  const auto viewed = context.ephemera.Since(keys::ViewedTopic(site, session), 0, context.clock.Now());
  if (viewed.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto record, Find<AgentRecord>(reader, keys::Agent(site, agent)));
  if (!record) return absl::OkStatus();
  const wire::Actor actor{wire::ActorKind::kAgent, agent.text(), record->name};
  for (const Ephemera::Item& item : viewed) {
    if (item.value.empty()) continue;
    ASSIGN_OR_RETURN(const auto conversation, FindConversation(reader, site, wire::ConversationId(item.key)));
    if (!conversation) continue;
    NoteViewing(*conversation, actor, session, Looks::kIsGone, context);
    if (!LooksAt(*conversation, actor, context)) NoteWriting(*conversation, actor, Writes::kHasStopped, context);
  }
  return absl::OkStatus();
}

void NoteWriting(const Conversation& conversation, const wire::Actor& agent, Writes writes, Context& context) {
  Note(conversation, std::string(kWritesIn) + agent.id, agent, writes == Writes::kWrites, wire::kTypingTtlMs, context);
}

}  // namespace alcove::functions
