// What both faces say about a conversation.
#pragma once

#include "wasm-widget/ui/phrase.h"

namespace alcove::strings {

inline constexpr ui::Phrase kYou = "You";
inline constexpr ui::Phrase kSeen = "Seen";
inline constexpr ui::Phrase kSent = "Sent";
inline constexpr ui::Phrase kSending = "Sending…";
inline constexpr ui::Phrase kFailedTapToRetry = "Failed — tap to retry";
inline constexpr ui::Phrase kOvertaken = "A colleague was faster — tap to send it all the same";
inline constexpr ui::Phrase kEdited = "Edited";
inline constexpr ui::Phrase kMessageDeleted = "Message deleted";
inline constexpr ui::Phrase kLooksAt = "Looks at %s";
inline constexpr ui::Phrase kDiscard = "Delete";
inline constexpr ui::Phrase kJoined = "%s joined the conversation";
inline constexpr ui::Phrase kTheyLeft = "%s left the conversation";
inline constexpr ui::Phrase kLeft = "Looking for somebody else to help you";
inline constexpr ui::Phrase kBot = "Bot";
inline constexpr ui::Phrase kBotHandedOver = "%s handed the conversation over";
inline constexpr ui::Phrase kQueued = "Joined the queue";
inline constexpr ui::Phrase kAssignedTo = "Assigned to %s";
inline constexpr ui::Phrase kBackInQueue = "Back in the queue";
inline constexpr ui::Phrase kHandedOverTo = "Handed over to %s";
inline constexpr ui::Phrase kReopened = "%s reopened the conversation";
inline constexpr ui::Phrase kTags = "Tags: %s";
inline constexpr ui::Phrase kRated = "Rated %s of %s";
inline constexpr ui::Phrase kSnoozedUntil = "Snoozed until %s, %s";
inline constexpr ui::Phrase kInternalNote = "Internal note";
inline constexpr ui::Phrase kWhisper = "Whisper";
inline constexpr ui::Phrase kYouEnded = "You ended the conversation";
inline constexpr ui::Phrase kTheyEnded = "%s ended the conversation";
inline constexpr ui::Phrase kEnded = "The conversation ended";
inline constexpr ui::Phrase kCustomer = "Customer";
inline constexpr ui::Phrase kSupport = "Support";
inline constexpr ui::Phrase kLoadingEarlier = "Loading earlier messages…";

}  // namespace alcove::strings
