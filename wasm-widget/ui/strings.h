// What the faces say, in one table. A sentence with a value in it has %s (or
// several, in order), filled by Fill().
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace alcove::ui {

// `pattern` with each %s replaced by the next value.
std::string Fill(std::string_view pattern, std::initializer_list<std::string_view> values);

}  // namespace alcove::ui

namespace alcove::strings {

inline constexpr std::string_view kClose = "Close";
inline constexpr std::string_view kBack = "Back";
inline constexpr std::string_view kSend = "Send";
inline constexpr std::string_view kMessage = "Message";
inline constexpr std::string_view kWriteAMessage = "Write a message…";
inline constexpr std::string_view kAttachFile = "Attach a file";
inline constexpr std::string_view kConversation = "Conversation";
inline constexpr std::string_view kIsTyping = "%s is typing";
inline constexpr std::string_view kToday = "Today";
inline constexpr std::string_view kYesterday = "Yesterday";
inline constexpr std::string_view kTryAgain = "Try again";
inline constexpr std::string_view kNow = "now";
inline constexpr std::string_view kMinutes = "%s min";
inline constexpr std::string_view kHours = "%s h";
inline constexpr std::string_view kDays = "%s d";

}  // namespace alcove::strings
