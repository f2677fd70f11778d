#include "functions/customer/page.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "functions/access.h"
#include "functions/advance.h"
#include "functions/append.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/requests.h"
#include "functions/wire/utf8.h"
#include "store/status_macros.h"

namespace alcove::functions::customer {

namespace {

// A page says what it likes: what ends a text for others is left out.
std::string TitleOf(const wire::Page& page) {
  std::string title = page.title.value_or("");
  std::erase(title, '\0');
  return std::string(wire::CutUtf8(title, wire::kPageTitleBytesMax));
}

}  // namespace

Outcome TellPage(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto page, ParseBody<wire::Page>(request));
  RETURN_IF_ERROR(CheckTextGiven("url", page.url, wire::kPageUrlBytesMax));
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  bool takes = true;
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(Entered entered, Enter(txn, request, Side::kCustomer, context));
    Conversation& conversation = entered.conversation;
    RETURN_IF_ERROR(CheckMay(conversation.record, Action::kTell));
    if (conversation.record.page == page.url) return Done();
    // A body that runs again has taken its one.
    if (std::exchange(takes, false)) {
      const absl::Duration wait = context.budgets.Take(Budget::kPagesByCustomer, entered.actor.id);
      if (wait > absl::ZeroDuration()) return TooManyRequests(wait);
    }
    conversation.record.page = page.url;
    wire::Event event;
    event.type = wire::EventType::kPage;
    event.actor = entered.actor;
    event.url = page.url;
    if (std::string title = TitleOf(page); !title.empty()) event.title = std::move(title);
    RETURN_IF_ERROR(Append(txn, conversation, std::move(event), now_ms).status());
    return Done();
  });
}

}  // namespace alcove::functions::customer
