// What a customer finds who comes now: whether somebody is there, what they are
// asked first, and how soon they will be answered.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "functions/conversation.h"
#include "functions/domain/waits.h"
#include "functions/routing.h"
#include "functions/wire/admin.h"
#include "functions/wire/conversation.h"
#include "functions/wire/requests.h"
#include "store/store.h"

namespace alcove::functions {

struct Reception {
  // What is begun now is a message to whom is not there: outside of the hours, with nobody online, or with as many in
  // the queue as the site allows, where its settings want it so.
  bool offline = false;
  std::optional<absl::Time> opens_at;  // outside of the hours: when they begin again
  std::vector<wire::FormField> form;   // what a start asks for
};
// Of the site, or of a team with hours of its own.
absl::StatusOr<Reception> ReceptionOf(SiteRouting& routing, const std::string& team, absl::Time now);

// 422 naming the field, where something that is asked for is missing, or is none. What the site's other form asks for
// may be there, too: the customer filled it in just before they changed.
absl::Status CheckForm(const SettingsRecord& settings, const std::vector<wire::FormField>& asked,
                       const std::vector<wire::Field>& given);

// Remembers in the WaitsRecord of that key how long one has waited.
absl::Status NoteWaited(store::Transaction& transaction, const std::string& key, const WaitSample& sample);

// The median of how long the last customers waited for their first answer; nullopt where too few were answered lately.
absl::StatusOr<std::optional<int64_t>> UsualReplyMs(store::Reader& reader, const wire::SiteId& site, int64_t now_ms);
// Remembers the first answer to a conversation, for that median. REQUIRES: it is answered just now.
absl::Status NoteFirstAnswer(store::Transaction& transaction, const Conversation& conversation, int64_t now_ms);

// Adds all of it to what a customer is told of the site.
absl::Status AddReception(store::Reader& reader, const wire::SiteId& site, absl::Time now, wire::SiteSummary& summary);

}  // namespace alcove::functions
