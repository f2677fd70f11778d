// What the customer's face says.
#pragma once

#include "wasm-widget/ui/phrase.h"

namespace alcove::strings {

inline constexpr ui::Phrase kChat = "Chat";
inline constexpr ui::Phrase kCloseChat = "Close chat";
inline constexpr ui::Phrase kConnecting = "Connecting…";
inline constexpr ui::Phrase kReconnecting = "Reconnecting…";
inline constexpr ui::Phrase kOpenElsewhere = "The chat is open in another tab.";
inline constexpr ui::Phrase kUseHere = "Use it here";
inline constexpr ui::Phrase kBlocked = "This conversation is not available any more.";
inline constexpr ui::Phrase kChatUnavailable = "The chat is not available here.";
inline constexpr ui::Phrase kTeamOnline = "Online now";
inline constexpr ui::Phrase kTeamAway = "Away right now";
inline constexpr ui::Phrase kUsuallyReplies = "%s · usually replies in %s";
inline constexpr ui::Phrase kBackAt = "%s · back at %s";
inline constexpr ui::Phrase kSupportOnline = "Support · online";
inline constexpr ui::Phrase kSupportAway = "Support";
inline constexpr ui::Phrase kBotAnswers = "A bot answers here.";
inline constexpr ui::Phrase kAskForPerson = "Talk to a person";
inline constexpr ui::Phrase kGreetingDefault = "How can we help today?";
inline constexpr ui::Phrase kHello = "Hello 👋";
inline constexpr ui::Phrase kChatWithUs = "Chat with us";
inline constexpr ui::Phrase kChatWithTeam = "Chat with %s";
inline constexpr ui::Phrase kAnd = "%s and %s";
inline constexpr ui::Phrase kAndTeam = "%s, %s and the team";
inline constexpr ui::Phrase kWriteBelow = "Write your question below; the answer comes right here.";
inline constexpr ui::Phrase kWriteBelowAway =
    "Nobody is here at the moment. Write anyway: the answer will be waiting here.";
inline constexpr ui::Phrase kFieldRequired = "%s (required)";
inline constexpr ui::Phrase kFieldChoose = "Choose…";
inline constexpr ui::Phrase kFieldMissing = "Please fill this in.";
inline constexpr ui::Phrase kFieldNoEmail = "This is not an e-mail address.";
inline constexpr ui::Phrase kFieldRefused = "Please check this answer.";
inline constexpr ui::Phrase kFormBegin = "Start the chat";
inline constexpr ui::Phrase kFormLeave = "Leave a message";
inline constexpr ui::Phrase kWaitingForSomebody = "Waiting for somebody to answer";
inline constexpr ui::Phrase kYouAreNext = "You are next";
inline constexpr ui::Phrase kYouAreNumber = "You are number %s in the queue";
inline constexpr ui::Phrase kMessageIsHere = "We have your message";
inline constexpr ui::Phrase kAnswerWillWait = "Nobody is here at the moment. The answer will be waiting here.";
inline constexpr ui::Phrase kKeepWriting = "Somebody will be with you soon. You can keep writing.";
inline constexpr ui::Phrase kEndConversation = "End the conversation";
inline constexpr ui::Phrase kEndQuestion = "End this conversation?";
inline constexpr ui::Phrase kEndYes = "End it";
inline constexpr ui::Phrase kEndNo = "Go on";
inline constexpr ui::Phrase kEnding = "Ending…";
inline constexpr ui::Phrase kStartedOver = "A new chat. The earlier one is no longer here.";
inline constexpr ui::Phrase kConversationEnded = "Conversation ended";
inline constexpr ui::Phrase kClosedAt = "%s closed it at %s";
inline constexpr ui::Phrase kYouClosedAt = "You closed it at %s";
inline constexpr ui::Phrase kEndedAt = "Ended at %s";
inline constexpr ui::Phrase kStartNew = "Start a new conversation";
inline constexpr ui::Phrase kConversationWith = "Conversation with %s";

}  // namespace alcove::strings
