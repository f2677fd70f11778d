// What the agents' console says.
#pragma once

#include <string_view>

#include "wasm-widget/ui/phrase.h"

namespace alcove::strings {

inline constexpr std::string_view kAlcove = "Alcove";
inline constexpr ui::Phrase kSignInTitle = "Sign in to Alcove";
inline constexpr ui::Phrase kSignInHint = "The console for those who answer.";
inline constexpr ui::Phrase kEmail = "Email";
inline constexpr ui::Phrase kPassword = "Password";
inline constexpr ui::Phrase kCode = "Authenticator or recovery code";
inline constexpr ui::Phrase kSignIn = "Sign in";
inline constexpr ui::Phrase kSigningIn = "Signing in…";
inline constexpr ui::Phrase kSignOut = "Sign out";

inline constexpr ui::Phrase kInbox = "Inbox";
inline constexpr ui::Phrase kMine = "Mine";
inline constexpr ui::Phrase kWaiting = "Waiting";
inline constexpr ui::Phrase kTeam = "Team";
inline constexpr ui::Phrase kClosed = "Closed";
inline constexpr ui::Phrase kConversations = "Conversations";
inline constexpr ui::Phrase kPresence = "Presence";
inline constexpr ui::Phrase kAccepting = "Accepting %s / %s";
inline constexpr ui::Phrase kOnline = "Accepting";
inline constexpr ui::Phrase kAway = "Away";
inline constexpr ui::Phrase kPresenceRefused = "Your status could not be changed.";
inline constexpr ui::Phrase kOffline = "Offline";
inline constexpr ui::Phrase kTyping = "typing…";
inline constexpr ui::Phrase kYouSaid = "You: %s";
inline constexpr ui::Phrase kVisitor = "Visitor %s";
inline constexpr ui::Phrase kLoading = "Loading…";
inline constexpr ui::Phrase kConsoleReconnecting =
    "Reconnecting… What you write is kept and sent when the connection is back.";
inline constexpr ui::Phrase kConsoleElsewhere = "The console is open in another tab.";
inline constexpr ui::Phrase kConsoleRefused = "The server does not let this console in.";
inline constexpr ui::Phrase kConsoleUseHere = "Use it here";
inline constexpr ui::Phrase kHasIt = "%s has this conversation already.";
inline constexpr ui::Phrase kRefused = "Wrong email or password.";
inline constexpr ui::Phrase kCodeRefused = "That code is wrong or was used.";
inline constexpr ui::Phrase kTooOften = "Too many tries. Wait a minute, then try again.";
inline constexpr ui::Phrase kUnreachable = "The server does not answer. Check the connection and try again.";
inline constexpr ui::Phrase kSessionEnded = "Your session has ended. Sign in again.";
inline constexpr ui::Phrase kSomebodyElse = "Somebody else";
inline constexpr ui::Phrase kConsoleConnecting = "Connecting…";

inline constexpr ui::Phrase kNoneMine = "No open conversations. New ones come to you by themselves.";
inline constexpr ui::Phrase kNoneMineAway =
    "You are not accepting conversations. Switch to Accepting above to get new ones.";
inline constexpr ui::Phrase kNoneWaiting = "Nobody is waiting.";
inline constexpr ui::Phrase kNoneWithBot = "No bot is talking to anybody.";
inline constexpr ui::Phrase kNoneTeam = "No colleague has a conversation right now.";
inline constexpr ui::Phrase kNoneClosed = "No closed conversations yet.";
inline constexpr ui::Phrase kChooseTitle = "Choose a conversation";
inline constexpr ui::Phrase kChooseHint = "It opens here, with what the customer wrote and what we know of them.";
inline constexpr ui::Phrase kQuietTitle = "All quiet";
inline constexpr ui::Phrase kQuietHint =
    "New conversations appear in the list by themselves; this page may stay in the background.";
inline constexpr ui::Phrase kAwayTitle = "You are not accepting conversations";
inline constexpr ui::Phrase kAwayHint = "Switch to Accepting above the list, and new conversations come to you.";

inline constexpr ui::Phrase kChooseSeveral = "Choose several";
inline constexpr ui::Phrase kChooseOne = "Choose %s";
inline constexpr ui::Phrase kChooseNoMore = "Stop choosing";
inline constexpr ui::Phrase kChosen = "Chosen: %s";
inline constexpr ui::Phrase kChosenMost = "Chosen: %s, no more at once";
inline constexpr ui::Phrase kChooseAll = "Choose all";
inline constexpr ui::Phrase kChooseNone = "Choose none";
inline constexpr ui::Phrase kWithChosen = "With those that are chosen";
inline constexpr ui::Phrase kAssign = "Assign";
inline constexpr ui::Phrase kAssignTo = "Assign to";
inline constexpr ui::Phrase kTag = "Tag";
inline constexpr ui::Phrase kTagsOfChosen = "Take off";
inline constexpr ui::Phrase kTeams = "Teams";
inline constexpr ui::Phrase kColleagues = "People";
inline constexpr ui::Phrase kReason = "Reason for closing";
inline constexpr ui::Phrase kNoReason = "No reason";
inline constexpr ui::Phrase kTransferToWhom = "Transfer to %s";
inline constexpr ui::Phrase kComment = "Comment for colleagues, if you like";
inline constexpr ui::Phrase kSave = "Save";
inline constexpr ui::Phrase kYes = "Yes";
inline constexpr ui::Phrase kNo = "No";
inline constexpr ui::Phrase kNoValue = "No value";
inline constexpr ui::Phrase kDoneWith = "Done: %s";
inline constexpr ui::Phrase kNotDoneWith = "Not done: %s";
inline constexpr ui::Phrase kDismiss = "Dismiss";
inline constexpr ui::Phrase kRefusedGone = "It is no longer there.";
inline constexpr ui::Phrase kRefusedRole = "Your role does not allow it.";
inline constexpr ui::Phrase kRefusedClose = "Closing asks for a reason or a tag.";
inline constexpr ui::Phrase kRefusedTags = "It has as many tags as there may be.";
inline constexpr ui::Phrase kRefusedReceiver = "It cannot be given to them.";
inline constexpr ui::Phrase kRefusedUnheard = "The server did not answer.";

inline constexpr ui::Phrase kClaim = "Claim";
inline constexpr ui::Phrase kCloseConversation = "Close";
inline constexpr ui::Phrase kTakeOver = "Take over";
inline constexpr ui::Phrase kReopen = "Reopen";
inline constexpr ui::Phrase kTransfer = "Transfer";
inline constexpr ui::Phrase kTransferTo = "Transfer to";
inline constexpr ui::Phrase kNoColleagues = "You have no colleagues here yet.";
inline constexpr ui::Phrase kJoin = "Join";
inline constexpr ui::Phrase kLeave = "Leave";
inline constexpr ui::Phrase kAskIn = "Ask a colleague in";
inline constexpr ui::Phrase kNobodyToAsk = "Nobody is left to ask.";
inline constexpr ui::Phrase kSnooze = "Snooze";
inline constexpr ui::Phrase kSnoozeFor = "Snooze for";
inline constexpr ui::Phrase kTwentyMinutes = "20 minutes";
inline constexpr ui::Phrase kOneHour = "1 hour";
inline constexpr ui::Phrase kFourHours = "4 hours";
inline constexpr ui::Phrase kOneDay = "1 day";
inline constexpr ui::Phrase kOneWeek = "1 week";
inline constexpr ui::Phrase kNotDone = "That could not be done.";
inline constexpr ui::Phrase kBackToList = "Back to the list";
inline constexpr ui::Phrase kClaimToAnswer = "Waiting in the queue. Claim it to answer.";
inline constexpr ui::Phrase kBotHasIt = "%s, a bot, answers. Take over to answer yourself.";
inline constexpr ui::Phrase kIsClosed = "This conversation is closed.";
inline constexpr ui::Phrase kReply = "Reply";
inline constexpr ui::Phrase kWriteAReply = "Write a reply…";
inline constexpr ui::Phrase kReplyOrNote = "Reply or note";
inline constexpr ui::Phrase kNote = "Note";
inline constexpr ui::Phrase kWriteANote = "Write a note: only your team sees it…";
inline constexpr ui::Phrase kNoNote = "Write no note";
inline constexpr ui::Phrase kAddNote = "Add note";
inline constexpr ui::Phrase kWhisperTo = "Whisper to %s";
inline constexpr ui::Phrase kWriteAWhisper = "Write to %s: the customer does not see it…";
inline constexpr ui::Phrase kCanned = "Canned replies";
inline constexpr ui::Phrase kMacros = "Macros";
inline constexpr ui::Phrase kAlsoHere = "Also here: %s";
inline constexpr ui::Phrase kAlsoWrites = "%s is writing a reply, too";
inline constexpr ui::Phrase kSeesLive = "Sees live: “%s”";
inline constexpr ui::Phrase kSendHint = "send";
inline constexpr ui::Phrase kNewLineHint = "new line";
inline constexpr std::string_view kEnterKey = "⏎";
inline constexpr std::string_view kShiftEnterKey = "⇧⏎";

inline constexpr ui::Phrase kDetails = "Details";
inline constexpr ui::Phrase kDetailPage = "Page";
inline constexpr ui::Phrase kDetailStarted = "Started";
inline constexpr ui::Phrase kDetailState = "State";
inline constexpr ui::Phrase kDetailAgent = "Agent";
inline constexpr ui::Phrase kDetailParticipants = "Taking part";
inline constexpr ui::Phrase kIdentityVerified = "Identity verified";
inline constexpr ui::Phrase kTagsTitle = "Tags";
inline constexpr ui::Phrase kAddTag = "Add a tag";
inline constexpr ui::Phrase kAddTagShort = "+ add";
inline constexpr ui::Phrase kRemoveTag = "Remove the tag %s";
inline constexpr ui::Phrase kReference = "Reference";
inline constexpr ui::Phrase kSince = "%s · since %s";
inline constexpr ui::Phrase kStateQueued = "Waiting, number %s";
inline constexpr ui::Phrase kStateOpen = "Open";
inline constexpr ui::Phrase kStateSnoozed = "Snoozed";
inline constexpr ui::Phrase kStateClosed = "Closed";

}  // namespace alcove::strings
