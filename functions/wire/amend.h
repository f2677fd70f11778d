// What an `edited`, `deleted` or `erased` event makes of the events before it.
//
// The server does it to what it stores, and a face to what it holds, so that
// both come to the same: snapshot + events = a fresh snapshot. An event that is
// read late may have been amended already, by this change or a later one, and
// then stays as it is.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstdint>
#include <optional>

#include "functions/wire/conversation.h"
#include "functions/wire/event.h"

namespace alcove::wire {

// REQUIRES: both are of one conversation. Does nothing where `change` is of another type, or not about `event`.
void Amend(const Event& change, Event& event);

// What the list row says of an event that was amended, where it is of it.
void AmendPreview(const Event& event, std::optional<Preview>& preview);

// What the change makes of a list row and of what else a conversation says of itself, whether or not the events before
// are at hand. Does nothing where `change` is of another type.
void AmendSummary(const Event& change, Conversation& summary);

// Takes out of a head, stored or summed up, what its customer wrote up to that seq beside messages, and their row.
template <class Head>
void EraseCustomersPart(Head& head, int64_t upto) {
  head.form.reset();
  head.page.reset();
  if (head.rating) head.rating->comment.reset();
  const bool is_theirs = head.preview && head.preview->by == ActorKind::kCustomer;
  if (is_theirs && head.preview->seq.value_or(0) <= upto) head.preview->text.clear();
}

// The row of a new message.
Preview PreviewOf(const Event& message);

}  // namespace alcove::wire
