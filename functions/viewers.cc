#include "functions/viewers.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "functions/json_codec.h"
#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/keys.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

constexpr std::string_view kLooksAt = "viewing/";
constexpr std::string_view kWritesIn = "typing/";

std::string TopicOf(const Conversation& conversation) { return keys::ViewersTopic(conversation.site, conversation.id); }

// On the list is who looks; what is empty was taken off it.
void Note(const Conversation& conversation, std::string_view what, const wire::Actor& agent, bool is_so, int64_t ttl_ms,
          Context& context) {
  context.ephemera.Publish(TopicOf(conversation), std::string(what) + agent.id, is_so ? ToJson(agent) : "",
                           context.clock.Now() + absl::Milliseconds(ttl_ms));
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

void NoteViewing(const Conversation& conversation, const wire::Actor& agent, Looks looks, Context& context) {
  const bool is_there = looks == Looks::kLooks;
  Note(conversation, kLooksAt, agent, is_there, wire::kViewingTtlMs, context);
  wire::Signal signal;
  signal.type = wire::SignalType::kViewing;
  signal.conversation = conversation.id.text();
  signal.actor = agent;
  signal.for_ms = is_there ? wire::kViewingTtlMs : 0;
  const std::string key = std::string(kLooksAt) + conversation.id.text() + "/" + agent.id;
  const absl::Time expires_at = context.clock.Now() + absl::Milliseconds(wire::kViewingTtlMs);
  for (const std::string& topic : AgentTopics(conversation, agent.id, context)) {
    context.ephemera.Publish(topic, key, ToJson(signal), expires_at);
  }
}

void NoteWriting(const Conversation& conversation, const wire::Actor& agent, Writes writes, Context& context) {
  Note(conversation, kWritesIn, agent, writes == Writes::kWrites, wire::kTypingTtlMs, context);
}

}  // namespace alcove::functions
