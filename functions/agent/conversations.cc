#include "functions/agent/conversations.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/access.h"
#include "functions/conversation.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::agent {

namespace keys = store::keys;

namespace {

enum class View { kMine, kJoined, kWaiting, kBot, kTeam, kClosed, kArchived };

absl::StatusOr<View> ParseView(std::string_view name) {
  if (name == "mine") return View::kMine;
  if (name == "joined") return View::kJoined;
  if (name == "waiting") return View::kWaiting;
  if (name == "bot") return View::kBot;
  if (name == "team") return View::kTeam;
  if (name == "closed") return View::kClosed;
  if (name == "archived") return View::kArchived;
  return absl::InvalidArgumentError("view is none of mine, joined, waiting, bot, team, closed and archived");
}

absl::StatusOr<std::optional<wire::ConversationId>> ParseBefore(const Request& request) {
  const std::string_view text = request.Query("before");
  if (text.empty()) return std::optional<wire::ConversationId>();
  const auto id = wire::ConversationId::Parse(text);
  if (!id) return absl::InvalidArgumentError("before is no id of a conversation");
  return id;
}

store::Range IndexOf(View view, const AgentAccess& access) {
  switch (view) {
    case View::kMine:
      return keys::AgentConversations(access.site, access.agent);
    case View::kJoined:
      return keys::JoinedConversations(access.site, access.agent);
    case View::kWaiting:
      return keys::AllQueued(access.site);
    case View::kBot:
      return keys::AllWithBot(access.site);
    case View::kTeam:
      return keys::AllOpen(access.site);
    case View::kArchived:
      return keys::AllArchived(access.site);
    case View::kClosed:
      break;
  }
  return keys::AllClosed(access.site);
}

// Where the conversation is, or was, in the index of the view.
std::string PlaceIn(View view, const AgentAccess& access, const Conversation& conversation) {
  switch (view) {
    case View::kMine:
      return keys::AgentConversation(access.site, access.agent, conversation.id);
    case View::kJoined:
      return keys::JoinedConversation(access.site, access.agent, conversation.id);
    case View::kWaiting:
      return keys::Queue(access.site, conversation.record.queued_at, conversation.id);
    case View::kBot:
      return keys::WithBot(access.site, conversation.record.created_at, conversation.id);
    case View::kTeam:
      return keys::Open(access.site, conversation.record.created_at, conversation.id);
    case View::kArchived:
      return keys::Archived(access.site, conversation.record.closed_at, conversation.id);
    case View::kClosed:
      break;
  }
  return keys::Closed(access.site, conversation.record.closed_at, conversation.id);
}

}  // namespace

Outcome Conversations(const Request& request, Context& context) {
  constexpr int64_t kLimitMax = wire::kListConversationsMax;
  // An unfiltered list would pass for what was found.
  if (!request.Query("q").empty()) return absl::InvalidArgumentError("q: search is not available yet");
  ASSIGN_OR_RETURN(const View view, ParseView(request.Query("view")));
  ASSIGN_OR_RETURN(const auto before, ParseBefore(request));
  ASSIGN_OR_RETURN(const int64_t limit, ParseQueryNumber(request, "limit", {kLimitMax, 1, kLimitMax}));

  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AgentAccess access, AccessAgent(reader, request, context));
    const bool forward = view == View::kWaiting;
    store::Range range = IndexOf(view, access);
    if (before) {
      ASSIGN_OR_RETURN(const Conversation last, LoadConversation(reader, access.site, *before));
      const std::string place = PlaceIn(view, access, last);
      if (forward) {
        range.begin = place + '\0';
      } else {
        range.end = place;
      }
    }
    // One more than asked, to know whether there are more.
    ASSIGN_OR_RETURN(const auto entries,
                     reader.Scan(range, {forward ? store::Direction::kForward : store::Direction::kBackward,
                                         static_cast<size_t>(limit) + 1}));
    QueuePlaces places(reader, access.site);
    wire::ConversationList list;
    for (const store::Entry& entry : entries) {
      list.more = list.conversations.size() == static_cast<size_t>(limit);
      if (list.more) break;
      ASSIGN_OR_RETURN(const auto id, keys::DecodeConversation(entry.key));
      ASSIGN_OR_RETURN(const Conversation conversation, LoadConversation(reader, access.site, id));
      ASSIGN_OR_RETURN(auto summary, Summarise(conversation, Side::kAgent, places));
      list.conversations.push_back(std::move(summary));
    }
    return Ok(ToJson(list));
  });
}

Outcome OneConversation(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, Enter(reader, request, Side::kAgent, context));
    ASSIGN_OR_RETURN(std::string answer, ConversationAnswer(reader, entered.conversation, Side::kAgent));
    return Ok(std::move(answer));
  });
}

}  // namespace alcove::functions::agent
