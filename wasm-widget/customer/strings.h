// What the customer's face says.
#pragma once

#include <string_view>

namespace alcove::strings {

inline constexpr std::string_view kChat = "Chat";
inline constexpr std::string_view kCloseChat = "Close chat";
inline constexpr std::string_view kConnecting = "Connecting…";
inline constexpr std::string_view kReconnecting = "Reconnecting…";
inline constexpr std::string_view kOpenElsewhere = "The chat is open in another tab.";
inline constexpr std::string_view kUseHere = "Use it here";
inline constexpr std::string_view kBlocked = "This conversation is not available any more.";
inline constexpr std::string_view kChatUnavailable = "The chat is not available here.";
inline constexpr std::string_view kTeamOnline = "Online now";
inline constexpr std::string_view kTeamAway = "Away right now";
inline constexpr std::string_view kSupportOnline = "Support · online";
inline constexpr std::string_view kSupportAway = "Support";
inline constexpr std::string_view kGreetingDefault = "How can we help today?";
inline constexpr std::string_view kHello = "Hello 👋";
inline constexpr std::string_view kChatWithUs = "Chat with us";
inline constexpr std::string_view kChatWithTeam = "Chat with %s";
inline constexpr std::string_view kAnd = "%s and %s";
inline constexpr std::string_view kAndTeam = "%s, %s and the team";
inline constexpr std::string_view kWriteBelow = "Write your question below; the answer comes right here.";
inline constexpr std::string_view kWriteBelowAway =
    "Nobody is here at the moment. Write anyway: the answer will be waiting here.";
inline constexpr std::string_view kWaitingForSomebody = "Waiting for somebody to answer";
inline constexpr std::string_view kYouAreNext = "You are next";
inline constexpr std::string_view kYouAreNumber = "You are number %s in the queue";
inline constexpr std::string_view kKeepWriting = "Somebody will be with you soon. You can keep writing.";
inline constexpr std::string_view kMenu = "More";
inline constexpr std::string_view kCloseMenu = "Close the menu";
inline constexpr std::string_view kEndConversation = "End the conversation";
inline constexpr std::string_view kEndQuestion = "End this conversation?";
inline constexpr std::string_view kEndYes = "End it";
inline constexpr std::string_view kEndNo = "Go on";
inline constexpr std::string_view kEnding = "Ending…";
inline constexpr std::string_view kStartedOver = "A new chat. The earlier one is no longer here.";
inline constexpr std::string_view kConversationEnded = "Conversation ended";
inline constexpr std::string_view kClosedAt = "%s closed it at %s";
inline constexpr std::string_view kYouClosedAt = "You closed it at %s";
inline constexpr std::string_view kEndedAt = "Ended at %s";
inline constexpr std::string_view kStartNew = "Start a new conversation";
inline constexpr std::string_view kConversationWith = "Conversation with %s";

}  // namespace alcove::strings
