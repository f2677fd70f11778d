// Putting a message, for both sides.
//
// Threads: free functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/cursor.h"
#include "functions/function.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "functions/wire/requests.h"
#include "store/store.h"

namespace alcove::functions {

// Appends what was put as `id`, and remembers that by its digest.
absl::StatusOr<wire::Event> AppendPut(store::Transaction& transaction, Conversation& conversation, wire::Event event,
                                      const wire::MessageId& id, std::string digest, int64_t now_ms);

// The answer to a put that became event `seq`: the same bytes however often it is asked.
absl::StatusOr<std::string> PutAnswer(store::Reader& reader, const Conversation& conversation, int64_t seq);

// The answer where `id` was put before, nullopt the first time. Where that was another body it is refused (409
// id_reused), with the event that it became as `side` may see it.
std::optional<Outcome> EarlierAnswer(store::Reader& reader, const Conversation& conversation, Side side,
                                     const wire::MessageId& id, std::string_view digest);

// Appends a message and remembers its id. The caller has checked what it says, the
// state of the conversation, and that the id is new (EarlierAnswer).
absl::StatusOr<wire::Event> AppendMessage(store::Transaction& transaction, Conversation& conversation,
                                          const wire::Actor& by, const wire::MessageId& id,
                                          const wire::NewMessage& message, int64_t now_ms);

// The digest under which AppendMessage() remembers.
std::string DigestOfMessage(const wire::Actor& by, const wire::NewMessage& message);

// The stored event of that seq. DATA_LOSS where there is none.
absl::StatusOr<wire::Event> LoadEvent(store::Reader& reader, const Conversation& conversation, int64_t seq);

// The message or note that was put as `id`, or that a bot said as that; nullopt where there is none.
absl::StatusOr<std::optional<wire::Event>> FindPut(store::Reader& reader, const Conversation& conversation,
                                                   std::string_view id);

// The contract is that of customer/put_message.h and agent/put_message.h.
Outcome PutMessageBy(Side side, const Request& request, Context& context);

}  // namespace alcove::functions
