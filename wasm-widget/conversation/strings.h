// What both faces say about a conversation.
#pragma once

#include <string_view>

namespace alcove::strings {

inline constexpr std::string_view kYou = "You";
inline constexpr std::string_view kSeen = "Seen";
inline constexpr std::string_view kSent = "Sent";
inline constexpr std::string_view kSending = "Sending…";
inline constexpr std::string_view kFailedTapToRetry = "Failed — tap to retry";
inline constexpr std::string_view kDiscard = "Delete";
inline constexpr std::string_view kJoined = "%s joined the conversation";
inline constexpr std::string_view kLeft = "Looking for somebody else to help you";
inline constexpr std::string_view kQueued = "Joined the queue";
inline constexpr std::string_view kAssignedTo = "Assigned to %s";
inline constexpr std::string_view kBackInQueue = "Back in the queue";
inline constexpr std::string_view kYouEnded = "You ended the conversation";
inline constexpr std::string_view kTheyEnded = "%s ended the conversation";
inline constexpr std::string_view kEnded = "The conversation ended";
inline constexpr std::string_view kCustomer = "Customer";
inline constexpr std::string_view kSupport = "Support";
inline constexpr std::string_view kLoadingEarlier = "Loading earlier messages…";

}  // namespace alcove::strings
