// What both faces' controls say. A sentence with a value in it has %s (or
// several, in order), filled by Fill(). Each phrase has its words in web/words.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "wasm-widget/ui/phrase.h"

namespace alcove::ui {

// `pattern` with each %s replaced by the next value.
std::string Fill(std::string_view pattern, std::initializer_list<std::string_view> values);

}  // namespace alcove::ui

namespace alcove::strings {

inline constexpr ui::Phrase kClose = "Close";
inline constexpr ui::Phrase kBack = "Back";
inline constexpr ui::Phrase kSend = "Send";
inline constexpr ui::Phrase kMessage = "Message";
inline constexpr ui::Phrase kWriteAMessage = "Write a message…";
inline constexpr ui::Phrase kAttachFile = "Attach a file";
inline constexpr ui::Phrase kConversation = "Conversation";
inline constexpr ui::Phrase kIsTyping = "%s is typing";
inline constexpr ui::Phrase kToday = "Today";
inline constexpr ui::Phrase kYesterday = "Yesterday";
inline constexpr ui::Phrase kMore = "More";
inline constexpr ui::Phrase kCloseMenu = "Close the menu";
inline constexpr ui::Phrase kTryAgain = "Try again";
inline constexpr ui::Phrase kNow = "now";
inline constexpr ui::Phrase kMinutes = "%s min";
inline constexpr ui::Phrase kHours = "%s h";
inline constexpr ui::Phrase kDays = "%s d";

}  // namespace alcove::strings
