#include "wasm-widget/client/model.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "functions/wire/amend.h"
#include "functions/wire/limits.h"

namespace alcove::client {
namespace {

// Events that were told, or read, before all of `later` was known.
void AmendBy(const std::vector<wire::Event>& later, std::vector<wire::Event>& events) {
  for (const wire::Event& change : later) {
    if (!change.target) continue;
    for (wire::Event& event : events) wire::Amend(change, event);
  }
}

// The events of `old` that lie before those of `fresh` and are continued by them.
void KeepEarlier(std::vector<wire::Event>& old, std::vector<wire::Event>& fresh) {
  if (old.empty() || fresh.empty() || old.front().seq >= fresh.front().seq) return;
  const int64_t offset = fresh.front().seq - old.front().seq;
  // Without a common event nothing tells that both are of one history: a
  // restored store numbers other events alike.
  if (offset >= static_cast<int64_t>(old.size()) || old[static_cast<size_t>(offset)] != fresh.front()) return;
  old.resize(static_cast<size_t>(offset));
  AmendBy(fresh, old);
  fresh.insert(fresh.begin(), std::make_move_iterator(old.begin()), std::make_move_iterator(old.end()));
}

// A list without anybody is none, as the server says it.
void TakeOff(std::optional<std::vector<wire::Actor>>& agents, std::string_view id) {
  if (!agents) return;
  std::erase_if(*agents, [&](const wire::Actor& agent) { return agent.id == id; });
  if (agents->empty()) agents.reset();
}
void PutOn(std::optional<std::vector<wire::Actor>>& agents, const wire::Actor& agent) {
  TakeOff(agents, agent.id);
  if (!agents) agents.emplace();
  agents->push_back(agent);
}

}  // namespace

void SortList(ConversationList& list, ComesBefore comes_before) {
  for (size_t i = 1; i < list.size(); ++i) {
    for (size_t at = i; at > 0 && comes_before(*list[at], *list[at - 1]); --at) std::swap(list[at], list[at - 1]);
  }
}

bool LastChangedFirst(const wire::Conversation& a, const wire::Conversation& b) {
  return a.updated_at != b.updated_at ? a.updated_at > b.updated_at : a.id > b.id;
}

bool FirstBegunFirst(const wire::Conversation& a, const wire::Conversation& b) {
  return a.created_at != b.created_at ? a.created_at < b.created_at : a.id < b.id;
}

Conversation* Model::Find(std::string_view id) const {
  for (const auto& conversation : all_) {
    if (conversation->summary.id == id) return conversation.get();
  }
  return nullptr;
}

Conversation& Model::FindOrAdd(std::string_view id) {
  if (Conversation* known = Find(id)) return *known;
  all_.push_back(std::make_unique<Conversation>());
  all_.back()->summary.id = id;
  return *all_.back();
}

void Model::ReplaceAll(std::vector<wire::ConversationWithEvents>& fresh, std::string_view kept) {
  std::vector<std::unique_ptr<Conversation>> old = std::exchange(all_, {});
  for (wire::ConversationWithEvents& each : fresh) {
    for (auto& known : old) {
      if (known && known->summary.id == each.conversation.id && !Find(each.conversation.id)) {
        all_.push_back(std::move(known));
      }
    }
    Replace(each);
  }
  for (auto& known : old) {
    if (!known) continue;
    if (!known->local && known->summary.id != kept) continue;
    known->loaded = known->local;
    all_.push_back(std::move(known));
  }
}

Conversation& Model::Replace(wire::ConversationWithEvents& fresh) {
  Conversation& conversation = FindOrAdd(fresh.conversation.id);
  KeepEarlier(conversation.events, fresh.events);
  conversation.events = std::move(fresh.events);
  conversation.summary = std::move(fresh.conversation);
  // The server leaves events out where many would be long.
  conversation.loaded = !conversation.events.empty() || conversation.summary.last_seq == 0;
  conversation.local = false;
  conversation.told_seq = 0;
  conversation.closing = false;
  conversation.no_earlier = false;
  KeepMark(conversation);
  return conversation;
}

void Model::Remove(std::string_view id) {
  std::erase_if(all_, [&](const auto& conversation) { return conversation->summary.id == id; });
}

Model::Applied Model::Apply(const wire::Event& event) {
  Conversation& conversation = FindOrAdd(event.conversation);
  conversation.local = false;
  // One not heard of before is whole when it begins here.
  if (!conversation.loaded && conversation.summary.last_seq == 0 && event.seq == 1) conversation.loaded = true;
  const int64_t last = conversation.last_seq();
  if (conversation.loaded && event.seq <= last) return Applied::kOld;
  if (conversation.loaded && event.seq != last + 1) {
    conversation.told_seq = std::max(conversation.told_seq, event.seq);
    return Applied::kGap;
  }
  if (event.seq > conversation.summary.last_seq) Derive(conversation, event);
  if (event.type == wire::EventType::kMessage) StopTyping(conversation, event.actor);
  if (!conversation.loaded) return Applied::kNotLoaded;
  if (event.target) {
    for (wire::Event& earlier : conversation.events) {
      wire::Amend(event, earlier);
      // Where the change or the row does not say which message it is of. Nothing but what was amended differs from its
      // row.
      wire::AmendPreview(earlier, conversation.summary.preview);
    }
  }
  conversation.events.push_back(event);
  return Applied::kApplied;
}

// What the event changes in the summary: what the server does when it appends.
void Model::Derive(Conversation& conversation, const wire::Event& event) {
  wire::Conversation& summary = conversation.summary;
  summary.last_seq = event.seq;
  summary.updated_at = event.at;
  if (event.seq == 1) summary.created_at = event.at;
  switch (event.type) {
    case wire::EventType::kMessage:
      summary.preview = wire::PreviewOf(event);
      if (!IsOurSide(event.actor.kind) && event.seq > ReadByUs(summary)) ++summary.unread;
      break;
    case wire::EventType::kQueued:
      summary.state = wire::ConversationState::kQueued;
      summary.agent.reset();
      summary.bot.reset();
      summary.position = event.position;
      break;
    case wire::EventType::kAssigned:
    case wire::EventType::kTransferred:
      summary.state = wire::ConversationState::kOpen;
      summary.agent = event.type == wire::EventType::kAssigned ? event.agent : event.to;
      if (summary.agent) TakeOff(summary.participants, summary.agent->id);
      summary.position.reset();
      summary.snoozed_until.reset();
      summary.bot.reset();
      break;
    case wire::EventType::kJoined:
      if (event.agent) {
        PutOn(summary.participants, *event.agent);
        break;
      }
      // A bot has it from now on.
      summary.state = wire::ConversationState::kBot;
      summary.agent.reset();
      summary.bot = event.actor;
      break;
    case wire::EventType::kUnassigned:
      summary.agent.reset();
      break;
    case wire::EventType::kReopened:
      // Whose it is now, the next event tells.
      summary.state = wire::ConversationState::kOpen;
      summary.snoozed_until.reset();
      break;
    case wire::EventType::kSnoozed:
      summary.state = wire::ConversationState::kSnoozed;
      summary.snoozed_until = event.until;
      break;
    case wire::EventType::kRated:
      summary.rating = wire::Rating{event.score.value_or(0), event.comment};
      break;
    case wire::EventType::kLeft:
      // Of a bot: whose it is now, the next event tells.
      if (event.agent) TakeOff(summary.participants, event.agent->id);
      break;
    case wire::EventType::kClosed:
      summary.state = wire::ConversationState::kClosed;
      summary.participants.reset();
      summary.position.reset();
      summary.snoozed_until.reset();
      summary.bot.reset();
      conversation.closing = false;
      conversation.typing_until = 0;
      break;
    case wire::EventType::kPage:
      summary.page = event.url;
      break;
    case wire::EventType::kEdited:
    case wire::EventType::kDeleted:
    case wire::EventType::kErased:
      wire::AmendSummary(event, summary);
      break;
    case wire::EventType::kNote:
    case wire::EventType::kTagged:
    case wire::EventType::kField:
    case wire::EventType::kUnknown:
    case wire::EventType::kHidden:
      break;
  }
}

void Model::Prepend(Conversation& conversation, std::vector<wire::Event>& earlier) {
  if (earlier.empty()) conversation.no_earlier = true;
  if (earlier.empty() || conversation.events.empty()) return;
  // Asked for before a snapshot began elsewhere.
  if (earlier.back().seq + 1 != conversation.events.front().seq) return;
  AmendBy(conversation.events, earlier);
  conversation.events.insert(conversation.events.begin(), std::make_move_iterator(earlier.begin()),
                             std::make_move_iterator(earlier.end()));
}

void Model::ApplySummary(const wire::Conversation& summary) {
  Conversation& conversation = FindOrAdd(summary.id);
  // Older than the events that have come since.
  if (summary.last_seq < conversation.summary.last_seq) return;
  conversation.summary = summary;
  conversation.local = false;
  KeepMark(conversation);
}

void Model::ApplySignal(const wire::Signal& signal, int64_t now) {
  if (signal.type == wire::SignalType::kConversation) {
    if (signal.summary) ApplySummary(*signal.summary);
    return;
  }
  Conversation* conversation = signal.conversation ? Find(*signal.conversation) : nullptr;
  if (conversation == nullptr) return;
  switch (signal.type) {
    case wire::SignalType::kTyping:
      if (!signal.actor || IsOurSide(signal.actor->kind)) return;
      if (signal.for_ms.value_or(0) <= 0) {
        StopTyping(*conversation, *signal.actor);
        return;
      }
      conversation->typist = *signal.actor;
      conversation->draft = signal.text.value_or("");
      conversation->typing_until = now + std::min(*signal.for_ms, wire::kTypingTtlMs);
      return;
    case wire::SignalType::kRead:
      if (!signal.seq) return;
      if (signal.by == wire::ActorKind::kCustomer) {
        conversation->summary.read_by_customer = std::max(conversation->summary.read_by_customer, *signal.seq);
      } else if (signal.by == wire::ActorKind::kAgent) {
        conversation->summary.read_by_agent = std::max(conversation->summary.read_by_agent, *signal.seq);
      }
      return;
    case wire::SignalType::kQueue:
      if (conversation->summary.state == wire::ConversationState::kQueued) {
        conversation->summary.position = signal.position;
      }
      return;
    case wire::SignalType::kUnknown:
    case wire::SignalType::kConversation:
    case wire::SignalType::kPresence:
    case wire::SignalType::kConfiguration:
    case wire::SignalType::kViewing:
      return;
  }
}

void Model::StopTyping(Conversation& conversation, const wire::Actor& actor) {
  if (conversation.typist.id == actor.id) conversation.typing_until = 0;
}

bool Model::ExpireTyping(int64_t now) {
  bool changed = false;
  for (const auto& conversation : all_) {
    if (conversation->typing_until == 0 || conversation->typing_until > now) continue;
    conversation->typing_until = 0;
    changed = true;
  }
  return changed;
}

int64_t Model::NextExpiry() const {
  int64_t next = kNever;
  for (const auto& conversation : all_) {
    if (conversation->typing_until != 0) next = std::min(next, conversation->typing_until);
  }
  return next;
}

int64_t Model::UnreadUpTo(const Conversation& conversation) const {
  const wire::Conversation& summary = conversation.summary;
  const int64_t read = side_ == wire::ActorKind::kCustomer ? summary.read_by_customer : summary.read_by_agent;
  for (auto event = conversation.events.rbegin(); event != conversation.events.rend() && event->seq > read; ++event) {
    if (event->type == wire::EventType::kMessage && !IsOurSide(event->actor.kind)) return event->seq;
  }
  return 0;
}

void Model::MarkRead(Conversation& conversation, int64_t seq) {
  conversation.marked_read = std::max(conversation.marked_read, seq);
  KeepMark(conversation);
}

// What the server said may be older than the mark that is on its way there.
void Model::KeepMark(Conversation& conversation) {
  int64_t& read = ReadByUs(conversation.summary);
  if (conversation.marked_read <= read) return;
  read = conversation.marked_read;
  int64_t unread = 0;
  for (const wire::Event& event : conversation.events) {
    if (event.seq > read && event.type == wire::EventType::kMessage && !IsOurSide(event.actor.kind)) ++unread;
  }
  conversation.summary.unread = unread;
}

int64_t& Model::ReadByUs(wire::Conversation& summary) const {
  return side_ == wire::ActorKind::kCustomer ? summary.read_by_customer : summary.read_by_agent;
}

bool Model::IsOurSide(wire::ActorKind kind) const {
  if (side_ == wire::ActorKind::kCustomer) return kind == wire::ActorKind::kCustomer;
  return kind == wire::ActorKind::kAgent || kind == wire::ActorKind::kBot;
}

}  // namespace alcove::client
