#include "functions/history.h"

#include <algorithm>
#include <utility>

#include "functions/access.h"
#include "functions/request.h"
#include "functions/shown.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

Outcome EventsFor(Side side, const Request& request, Context& context) {
  constexpr int64_t kLimitMax = wire::kEventPageMax;
  ASSIGN_OR_RETURN(const int64_t after, ParseQueryNumber(request, "after", {0, 0, keys::kNumberMax}));
  ASSIGN_OR_RETURN(const int64_t before, ParseQueryNumber(request, "before", {keys::kNumberMax, 0, keys::kNumberMax}));
  ASSIGN_OR_RETURN(const int64_t limit, ParseQueryNumber(request, "limit", {kLimitMax, 1, kLimitMax}));
  const bool forward = !request.Query("after").empty();

  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, Enter(reader, request, side, context));
    const Conversation& conversation = entered.conversation;
    // One more than asked, to know whether there are more.
    ASSIGN_OR_RETURN(auto entries, reader.Scan(keys::Events(conversation.site, conversation.id, after, before),
                                               {forward ? store::Direction::kForward : store::Direction::kBackward,
                                                static_cast<size_t>(limit) + 1}));
    wire::BasicEventPage<wire::RawJson> page;
    size_t bytes = 0;
    for (store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(entry.value, ShownTo(side, std::move(entry.value)));
      bytes += entry.value.size();
      page.more =
          page.events.size() == static_cast<size_t>(limit) || (bytes > wire::kSnapshotBytesMax && !page.events.empty());
      if (page.more) break;
      page.events.push_back({std::move(entry.value)});
    }
    if (!forward) std::reverse(page.events.begin(), page.events.end());
    return Ok(ToJson(page));
  });
}

}  // namespace alcove::functions
