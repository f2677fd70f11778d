// A conversation as functions hold it, and as readers are shown it.
//
// Threads: free functions; a Reader or Transaction belongs to its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/cursor.h"
#include "functions/records.h"
#include "functions/wire/conversation.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

// Whose feeds a conversation is in, beside its customer's.
struct Audience {
  wire::ConversationState state = wire::ConversationState::kUnknown;
  std::optional<wire::Actor> agent;
  std::optional<std::vector<wire::Actor>> participants;
};
Audience AudienceOf(const ConversationRecord& record);

struct Conversation {
  wire::SiteId site;
  wire::ConversationId id;
  ConversationRecord record;
  // At the beginning of the transaction: who saw it then is also told what ends that.
  Audience before;
};

// NOT_FOUND where there is none.
absl::StatusOr<Conversation> LoadConversation(store::Reader& reader, const wire::SiteId& site,
                                              const wire::ConversationId& id);

// As LoadConversation(), but nullopt where there is none.
absl::StatusOr<std::optional<Conversation>> FindConversation(store::Reader& reader, const wire::SiteId& site,
                                                             const wire::ConversationId& id);

wire::CustomerId CustomerOf(const Conversation& conversation);
// The assignee, of a closed conversation too.
std::optional<wire::AgentId> AssigneeOf(const Conversation& conversation);

// Places in a site's queue. Reads the queue once, when first asked.
class QueuePlaces {
 public:
  QueuePlaces(store::Reader& reader, const wire::SiteId& site) : reader_(reader), site_(site) {}

  // The place from 1, or nullopt where the conversation does not wait.
  absl::StatusOr<std::optional<int64_t>> Of(const Conversation& conversation);

 private:
  store::Reader& reader_;
  const wire::SiteId& site_;
  std::optional<std::unordered_map<std::string, int64_t>> places_;
};

// The summary that `side` is shown: `unread` is theirs.
absl::StatusOr<wire::Conversation> Summarise(const Conversation& conversation, Side side, QueuePlaces& places);

// With the events as they were serialised.
using ConversationWithRawEvents = wire::BasicConversationWithEvents<wire::RawJson>;

// The newest events of a conversation as `side` is shown them, oldest first: at most `limit` and, but
// for the last, at most `bytes_left` bytes, which are taken off it. None where
// nothing is left: the client pages them.
absl::StatusOr<std::vector<wire::RawJson>> NewestEvents(store::Reader& reader, const Conversation& conversation,
                                                        Side side, size_t limit, size_t& bytes_left);

// Summary and newest events together, as snapshots carry it.
absl::StatusOr<ConversationWithRawEvents> Show(store::Reader& reader, const Conversation& conversation, Side side,
                                               QueuePlaces& places, size_t& bytes_left);

// The wire::ConversationAnswer of one conversation.
absl::StatusOr<std::string> ConversationAnswer(store::Reader& reader, const Conversation& conversation, Side side);

}  // namespace alcove::functions
