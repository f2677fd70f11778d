// What the agents' console says.
#pragma once

#include <string_view>

namespace alcove::strings {

inline constexpr std::string_view kAlcove = "Alcove";
inline constexpr std::string_view kSignInTitle = "Sign in to Alcove";
inline constexpr std::string_view kSignInHint = "The console for those who answer.";
inline constexpr std::string_view kEmail = "Email";
inline constexpr std::string_view kPassword = "Password";
inline constexpr std::string_view kSignIn = "Sign in";
inline constexpr std::string_view kSigningIn = "Signing in…";
inline constexpr std::string_view kSignOut = "Sign out";

inline constexpr std::string_view kInbox = "Inbox";
inline constexpr std::string_view kMine = "Mine";
inline constexpr std::string_view kWaiting = "Waiting";
inline constexpr std::string_view kClosed = "Closed";
inline constexpr std::string_view kConversations = "Conversations";
inline constexpr std::string_view kPresence = "Presence";
inline constexpr std::string_view kAccepting = "Accepting %s / %s";
inline constexpr std::string_view kAway = "Away";
inline constexpr std::string_view kPresenceRefused = "Your status could not be changed.";
inline constexpr std::string_view kOffline = "Offline";
inline constexpr std::string_view kTyping = "typing…";
inline constexpr std::string_view kYouSaid = "You: %s";
inline constexpr std::string_view kVisitor = "Visitor %s";
inline constexpr std::string_view kLoading = "Loading…";
inline constexpr std::string_view kConsoleReconnecting =
    "Reconnecting… What you write is kept and sent when the connection is back.";
inline constexpr std::string_view kConsoleElsewhere = "The console is open in another tab.";
inline constexpr std::string_view kConsoleRefused = "The server does not let this console in.";
inline constexpr std::string_view kConsoleUseHere = "Use it here";
inline constexpr std::string_view kHasIt = "%s has this conversation already.";
inline constexpr std::string_view kRefused = "Wrong email or password.";
inline constexpr std::string_view kTooOften = "Too many tries. Wait a minute, then try again.";
inline constexpr std::string_view kUnreachable = "The server does not answer. Check the connection and try again.";
inline constexpr std::string_view kSessionEnded = "Your session has ended. Sign in again.";
inline constexpr std::string_view kSomebodyElse = "Somebody else";
inline constexpr std::string_view kConsoleConnecting = "Connecting…";

inline constexpr std::string_view kNoneMine = "No open conversations. New ones come to you by themselves.";
inline constexpr std::string_view kNoneMineAway =
    "You are not accepting conversations. Switch to Accepting above to get new ones.";
inline constexpr std::string_view kNoneWaiting = "Nobody is waiting.";
inline constexpr std::string_view kNoneClosed = "No closed conversations yet.";
inline constexpr std::string_view kChooseTitle = "Choose a conversation";
inline constexpr std::string_view kChooseHint = "It opens here, with what the customer wrote and what we know of them.";
inline constexpr std::string_view kQuietTitle = "All quiet";
inline constexpr std::string_view kQuietHint =
    "New conversations appear in the list by themselves; this page may stay in the background.";
inline constexpr std::string_view kAwayTitle = "You are not accepting conversations";
inline constexpr std::string_view kAwayHint = "Switch to Accepting above the list, and new conversations come to you.";

inline constexpr std::string_view kClaim = "Claim";
inline constexpr std::string_view kCloseConversation = "Close";
inline constexpr std::string_view kBackToList = "Back to the list";
inline constexpr std::string_view kClaimToAnswer = "Waiting in the queue. Claim it to answer.";
inline constexpr std::string_view kIsClosed = "This conversation is closed.";
inline constexpr std::string_view kReply = "Reply";
inline constexpr std::string_view kWriteAReply = "Write a reply…";
inline constexpr std::string_view kSeesLive = "Sees live: “%s”";
inline constexpr std::string_view kSendHint = "send";
inline constexpr std::string_view kNewLineHint = "new line";
inline constexpr std::string_view kEnterKey = "⏎";
inline constexpr std::string_view kShiftEnterKey = "⇧⏎";

inline constexpr std::string_view kDetails = "Details";
inline constexpr std::string_view kDetailPage = "Page";
inline constexpr std::string_view kDetailStarted = "Started";
inline constexpr std::string_view kDetailState = "State";
inline constexpr std::string_view kDetailAgent = "Agent";
inline constexpr std::string_view kReference = "Reference";
inline constexpr std::string_view kSince = "%s · since %s";
inline constexpr std::string_view kStateQueued = "Waiting, number %s";
inline constexpr std::string_view kStateOpen = "Open";
inline constexpr std::string_view kStateClosed = "Closed";

}  // namespace alcove::strings
