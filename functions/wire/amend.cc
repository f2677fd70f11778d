#include "functions/wire/amend.h"

#include <string>

#include "functions/wire/limits.h"
#include "functions/wire/utf8.h"

namespace alcove::wire {
namespace {

std::string RowOf(const Event& message) { return std::string(CutUtf8(message.text.value_or(""), kPreviewBytesMax)); }

// What somebody wrote, whatever the type. Whether there was anything.
bool TakeContent(Event& event) {
  bool had = event.quick_replies.has_value();
  event.quick_replies.reset();
  for (auto* content : {&event.text, &event.comment, &event.reason, &event.value, &event.url, &event.title}) {
    had = had || content->has_value();
    content->reset();
  }
  event.edited_at.reset();
  event.edited_seq.reset();
  return had;
}

}  // namespace

void Amend(const Event& change, Event& event) {
  if (!change.target || event.seq >= change.seq) return;
  const bool is_target = event.id == change.target;
  // The same words stand in the edit before.
  if (event.type == EventType::kEdited && event.target == change.target) event.text.reset();
  if (change.type == EventType::kEdited) {
    if (!is_target || !change.text || !event.text) return;
    event.text = change.text;
    event.edited_at = change.at;
    event.edited_seq = change.seq;
  } else if (change.type == EventType::kDeleted) {
    if (is_target && TakeContent(event)) event.deleted_at = change.at;
  } else if (change.type == EventType::kErased && !event.erased_at) {
    const bool is_theirs = event.actor.id == change.target && event.seq <= change.upto.value_or(0);
    if (!is_target && !(is_theirs && TakeContent(event))) return;
    TakeContent(event);
    event.erased_at = change.at;
  }
}

void AmendPreview(const Event& event, std::optional<Preview>& preview) {
  if (!preview || event.type != EventType::kMessage) return;
  const bool is_of_it =
      preview->seq ? *preview->seq == event.seq : preview->at == event.at && preview->by == event.actor.kind;
  if (is_of_it) preview->text = RowOf(event);
}

void AmendSummary(const Event& change, Conversation& summary) {
  if (change.type == EventType::kErased && change.target == summary.customer.id) {
    return EraseCustomersPart(summary, change.upto.value_or(0));
  }
  const bool is_of_it = summary.preview && change.target_seq && change.target_seq == summary.preview->seq;
  // An edit without its text was followed by what says more.
  if (!is_of_it || (change.type == EventType::kEdited && !change.text)) return;
  summary.preview->text = RowOf(change);
}

Preview PreviewOf(const Event& message) { return {message.actor.kind, RowOf(message), message.at, message.seq}; }

}  // namespace alcove::wire
