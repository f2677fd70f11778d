// Every limit of Alcove, named once. Each says why that number, and what
// breaks at half and at double. Tests stand at the edge of each.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <cstddef>
#include <cstdint>

namespace alcove::wire {

// --- Text that people write -------------------------------------------------

// A message. A long e-mail pasted into a chat is 4-8 KB; half would refuse
// real ones, double makes a single message wrap over 20 screens.
inline constexpr size_t kMessageTextBytesMax = 16 * 1024;
// The draft that an agent sees while the customer types: one screen of it.
inline constexpr size_t kDraftTextBytesMax = 2 * 1024;
// The last message in a list row: a row shows about 60 characters.
inline constexpr size_t kPreviewBytesMax = 160;
// Why somebody closed a conversation: a sentence.
inline constexpr size_t kReasonBytesMax = 500;
// Why a conversation is handed over, or was rated so: a paragraph, which a log shows whole; double fills a screen.
inline constexpr size_t kCommentBytesMax = 2 * 1024;
// What may be answered to a message with one touch: as many as a narrow screen shows in four lines; at double nobody
// reads them. Each is a few words, also in German; at double it is a message, and a button of three lines.
inline constexpr size_t kQuickRepliesMax = 10;
inline constexpr size_t kQuickReplyBytesMax = 100;
// How long after it a message may be edited or deleted by whoever wrote it, where the site says nothing: whoever reads
// it an hour later should find what was there. Half misses what is seen on the way home; double is no longer a slip.
inline constexpr int64_t kEditWindowMs = 15 * 60 * 1000;
// And what a site may say: a month. What is longer is a mistake in a unit.
inline constexpr int64_t kEditWindowMsMax = int64_t{31} * 24 * 3600 * 1000;
// The title of a page that a customer looks at, which is cut: longer ones are written for search engines.
inline constexpr size_t kPageTitleBytesMax = 300;
// Agents whom one note calls: a team at lunch; at double it is a mailing list.
inline constexpr size_t kMentionsMax = 20;
// Agents who take part in a conversation beside who has it. Half is a case with two departments; each message is told
// to all of them, and at double it is a meeting.
inline constexpr size_t kParticipantsMax = 10;
// Conversations in which an agent takes part beside those that they have: all are in their snapshot. As many as anybody
// may have (kAgentCapacityMax).
inline constexpr size_t kJoinedConversationsMax = 100;
// A tag: three words. Half cuts German ones; at double it is a sentence, and belongs into a note.
inline constexpr size_t kTagBytesMax = 64;
// Tags of a conversation: nobody reads more in a list row, and each is in every summary.
inline constexpr size_t kTagsMax = 30;
// How long a conversation may be snoozed: "after the holidays next year". What is longer is a mistake in a date.
inline constexpr int64_t kSnoozeMsMax = int64_t{366} * 24 * 3600 * 1000;
// Scores go from 1 to this, as stars do.
inline constexpr int64_t kRatingScoreMax = 5;
// A signed identity: a name, an address and twenty attributes are 2 KB. Half refuses real ones, double is a database.
inline constexpr size_t kIdentityBytesMax = 4 * 1024;
// Who it is in the words of the owner's server: OpenID Connect allows as many.
inline constexpr size_t kIdentitySubjectBytesMax = 255;
// Names of people, teams and sites: longer ones break every list they are in.
inline constexpr size_t kNameBytesMax = 200;
// RFC 5321: 64 + @ + 255.
inline constexpr size_t kEmailBytesMax = 320;
// Argon2id reads it whole; longer ones only cost time.
inline constexpr size_t kPasswordBytesMax = 256;
// A page address as browsers send it; also the limit of a request target.
inline constexpr size_t kPageUrlBytesMax = 2 * 1024;

// --- What administration makes ----------------------------------------------

// Resources of a site. All of one kind are read at once where they are used, so that these bound the time of it; a
// console is given all canned replies, tags and teams with its snapshot.
inline constexpr size_t kTeamsMax = 200;
inline constexpr size_t kSkillsMax = 200;
inline constexpr size_t kHoursMax = 100;
// Each new conversation is held against all of them; at double that is longer than all else that begins it.
inline constexpr size_t kRulesMax = 200;
inline constexpr size_t kCannedMax = 1'000;
inline constexpr size_t kTagDefinitionsMax = 200;
inline constexpr size_t kMacrosMax = 200;
inline constexpr size_t kAttributesMax = 100;
inline constexpr size_t kKeysMax = 100;
// Secrets with which an owner signs who their customers are: the one of today, and the one that takes its place.
inline constexpr size_t kIdentitySecretsMax = 2;
// RFC 7518: no less than the digest has; as many as anybody draws.
inline constexpr size_t kIdentitySecretBytesMin = 32;
inline constexpr size_t kIdentitySecretBytesMax = 256;
// How far apart the clocks of two servers may be, and what a signed identity may be good for: a page that was made
// this morning. Who finds an older one is not who it names.
inline constexpr int64_t kIdentitySkewMs = 60'000;
inline constexpr int64_t kIdentityLifeMsMax = int64_t{24} * 3600 * 1000;
// Agents of a site: the largest centres; double has not been measured.
inline constexpr size_t kAgentsMax = 10'000;

// What an agent belongs to and can. At double nobody keeps it up to date.
inline constexpr size_t kAgentTeamsMax = 20;
inline constexpr size_t kAgentSkillsMax = 50;
inline constexpr int64_t kSkillLevelMax = 5;
inline constexpr size_t kLanguagesMax = 20;
// The longest of BCP 47 that its authors thought of.
inline constexpr size_t kLanguageBytesMax = 35;
// More is a list, not a conversation.
inline constexpr int64_t kAgentCapacityMax = 100;
inline constexpr int64_t kTeamCapacityMax = 100'000;

// Eight spans of each day.
inline constexpr size_t kWeeklySpansMax = 56;
inline constexpr size_t kDaySpansMax = 8;
// Ten years of them.
inline constexpr size_t kHolidaysMax = 200;
inline constexpr size_t kHoursExceptionsMax = 200;
// The longest name of the IANA's has 32.
inline constexpr size_t kTimeZoneBytesMax = 64;

// A rule that needs more is two.
inline constexpr size_t kConditionsMax = 20;
inline constexpr size_t kConditionValuesMax = 50;
inline constexpr size_t kConditionValueBytesMax = 200;
inline constexpr int64_t kPriorityMax = 9;
inline constexpr int64_t kPlaceMax = 1'000'000;

// What is pasted in one piece, without being an article; all of them are in a console's memory.
inline constexpr size_t kCannedTextBytesMax = 4 * 1024;
inline constexpr size_t kShortcutBytesMax = 64;
// Steps of a macro, all of them in one transaction; one that needs more is a program.
inline constexpr size_t kMacroActionsMax = 10;
inline constexpr size_t kFolderBytesMax = 100;
// Bots of a site: one a language. What more of them would do is the work of one program behind one of them.
inline constexpr size_t kBotsMax = 50;
// Answers of a bot, and phrases to which one of them is the answer, or that ask for a person. Each message is held
// against all of them, in about a millisecond where they are as many and as long as a request can carry; at double
// nobody knows any more which of them answers, and it has become a program's task.
inline constexpr size_t kBotAnswersMax = 200;
inline constexpr size_t kBotPhrasesMax = 30;
inline constexpr size_t kBotPhraseBytesMax = 200;
// Messages in a row that a bot may not know before it hands over. Whom five answers did not help is gone at the tenth.
inline constexpr int64_t kBotUnknownMax = 5;
inline constexpr size_t kAttributeNameBytesMax = 64;
// What a rule can be told to look for. Every head of a conversation carries them: at double a hundred of them are
// 80 KB, which each message writes anew.
inline constexpr size_t kAttributeValueBytesMax = 200;
// Of an attribute that is a list, in the place of that: what is in a cart, or booked. Half is a short one; at double a
// hundred of them are 100 KB in each head.
inline constexpr size_t kListItemsMax = 10;
inline constexpr size_t kListItemBytesMax = 50;
inline constexpr size_t kChoicesMax = 50;
// What people fill in before a chat: of more than five most go away. At half a long offline form is cut short; double
// is a questionnaire.
inline constexpr size_t kFormFieldsMax = 20;
inline constexpr size_t kFormValueBytesMax = 1'000;
inline constexpr size_t kCloseReasonsMax = 50;
// What the bubble says first: two sentences.
inline constexpr size_t kGreetingBytesMax = 1'000;
inline constexpr size_t kAllowedOriginsMax = 50;
// A scheme, a name of DNS and a port.
inline constexpr size_t kOriginBytesMax = 270;
// How long what is closed stays in the lists: ten years. What is longer is a mistake in a unit.
inline constexpr int64_t kArchiveAfterMsMax = int64_t{3653} * 24 * 3600 * 1000;
// Of any timer in settings: a month. What is longer is a mistake in a unit.
inline constexpr int64_t kTimerMsMax = int64_t{31} * 24 * 3600 * 1000;
// How long the audit log may be kept, where it is not for ever: a day, or whoever changes settings could hide what they
// did before; ten years, as the longest laws ask.
inline constexpr int64_t kAuditRetentionMsMin = int64_t{24} * 3600 * 1000;
inline constexpr int64_t kAuditRetentionMsMax = int64_t{3653} * 24 * 3600 * 1000;
// A customer waits for whoever decides outside; half is a slow network, at double people are gone.
inline constexpr int64_t kExternalTimeoutMsMax = 5'000;
// Whom the question names, of those who could take it: a program that wants more of them knows them by itself.
inline constexpr size_t kDecisionCandidatesMax = 50;
// And its answer: an id, and whatever the program says beside it.
inline constexpr size_t kDecisionBytesMax = 16 * 1024;
// A customer waits for a program that answers as a bot, and sees that it is asked: a model's answer of a paragraph.
// Half cuts the slower ones; more would pass kFetchMsMax.
inline constexpr int64_t kBotTimeoutMsMax = 20'000;
// And its answer: a message of kMessageTextBytesMax with every byte escaped, and what stands around it.
inline constexpr size_t kBotAnswerBytesMax = 128 * 1024;
// Guessing a password of eight characters is a matter of its words; shorter ones are tried within a day.
inline constexpr size_t kPasswordBytesMin = 8;

// Events that one transaction erases of what a customer wrote; with what was answered to each. At double it holds up
// what is written meanwhile.
inline constexpr size_t kErasedBatchMax = 500;

// --- Requests ---------------------------------------------------------------

// Body of a JSON request: a message of kMessageTextBytesMax with every byte
// escaped as \u00xx is six times its size.
inline constexpr size_t kRequestBodyBytesMax = 128 * 1024;
// Nesting of JSON, checked before a tree is built; our deepest is 6.
inline constexpr int kJsonDepthMax = 32;
// What one call does to a selection: a page of a list, and the steps of a macro. Each is a transaction, so that at
// double one call holds a worker for seconds on a slow disk.
inline constexpr size_t kBulkConversationsMax = 50;
inline constexpr size_t kBulkActionsMax = 5;
// Request head. cpp-httplib refuses lines over 8,192 bytes; at double, its
// answer would replace ours.
inline constexpr size_t kRequestHeadBytesMax = 8 * 1024;
inline constexpr size_t kRequestTargetBytesMax = 4 * 1024;
inline constexpr int kRequestHeadersMax = 100;

// --- Polls ------------------------------------------------------------------

// How long a poll is held. Heroku's router cuts at 30 s, cheap NATs at 60 s.
inline constexpr int64_t kPollHoldMs = 25'000;
// A random share taken off each hold, so that clients do not march in step.
inline constexpr int64_t kPollHoldJitterMs = 5'000;
// Whoever wrote a message was told of it by the answer; their poll tells of it with what comes next, or after this. At
// half it is a poll of its own wherever 500 talk without a pause; at double one sees a second tab lag.
inline constexpr int64_t kOwnNewsMs = 200;
inline constexpr size_t kPollEventsMax = 100;
inline constexpr size_t kPollBytesMax = 256 * 1024;
// Typing is forgotten after this long without another key.
inline constexpr int64_t kTypingTtlMs = 6'000;
// That an agent looks at a conversation is told again every 30 s, and forgotten after this. At half one that is late is
// gone and comes back; at double who has closed the laptop is there for a minute and a half.
inline constexpr int64_t kViewingTtlMs = 45'000;
// Who has read how far, and who is here, is told to polls for this long; whoever
// was away for longer has it from a snapshot.
inline constexpr int64_t kReadTtlMs = 120'000;
inline constexpr int64_t kPresenceTtlMs = 600'000;
// Agents of a site up to which each is told at once who comes and goes. Everyone
// telling everyone is quadratic: at double it is 10,000 answers when a shift begins.
inline constexpr int64_t kTeamLiveAgentsMax = 50;
// Places in the queue up to which a customer is told at once of moving up; those
// behind hear of it when their poll ends. Bounds the answers to one departure.
inline constexpr int64_t kQueuePlacesLiveMax = 20;
// Events that come with a conversation in a session or snapshot; the rest is paged.
inline constexpr size_t kSnapshotEventsMax = 50;
// Conversations in a customer's session, newest first.
inline constexpr size_t kSnapshotConversationsMax = 20;
// Events of a whole snapshot, in bytes: conversations past it come without
// theirs, to be paged. Half cuts snapshots of busy consoles, double takes a
// phone on a slow line half a minute.
inline constexpr size_t kSnapshotBytesMax = 2 * 1024 * 1024;
inline constexpr size_t kListConversationsMax = 100;
inline constexpr size_t kEventPageMax = 200;
// Resources in one answer of administration.
inline constexpr size_t kAdminPageMax = 200;

// --- Sessions ---------------------------------------------------------------

inline constexpr int64_t kAgentSessionMs = int64_t{12} * 3600 * 1000;
inline constexpr int64_t kCustomerSessionMs = int64_t{90} * 24 * 3600 * 1000;
// Tokens that are over, erased in one transaction: a small one, that nobody waits for.
inline constexpr size_t kExpiredTokensErasedMax = 100;
// Entries of an audit log that are erased in one transaction, which holds up no other; and between two looks.
inline constexpr size_t kAuditsErasedMax = 500;
inline constexpr int64_t kAuditPauseMs = int64_t{3600} * 1000;
// Between two looks for tokens that are over: what is over opens nothing, so an hour late is in time.
inline constexpr int64_t kExpiredTokensPauseMs = int64_t{3600} * 1000;

// Codes of an authenticator, RFC 6238: each is of 30 s, and those beside it are taken too, for clocks that are half a
// minute off. At double whoever guesses has five codes at a time.
inline constexpr int64_t kTotpStepMs = 30'000;
inline constexpr int64_t kTotpStepsBeside = 1;
// Wrong codes, after which an agent waits for as long before each further one. Who knows the password has then one try
// a minute, 1,440 a day of a million; at half a person who mistypes meets it, at double of both an attacker has it
// easier.
inline constexpr int64_t kTotpFailuresMax = 5;
inline constexpr int64_t kTotpLockMs = 60'000;
// For who lost the telephone: each is good for one sign-in.
inline constexpr size_t kRecoveryCodes = 10;

// --- Routing ----------------------------------------------------------------

inline constexpr int64_t kAgentCapacityDefault = 5;
// Waiting conversations of one site. A position is found by counting, which
// at this number takes about a millisecond.
inline constexpr size_t kQueueLengthMax = 5'000;
// Conversations handed out in one transaction, when somebody has room.
inline constexpr int kDispatchBatchMax = 50;
// Open (queued or assigned) conversations of one customer.
inline constexpr size_t kCustomerOpenConversationsMax = 20;

// Waits that are remembered of each team, to tell others how long theirs will be: an hour of a busy one. At half one
// who was helped at once by luck is a tenth of it; double is read and written back with everyone who leaves the queue.
inline constexpr size_t kWaitSamplesMax = 32;
// What is older says nothing of how long it takes now: at half a quiet team knows nothing of itself, at double it
// promises at noon what was true in the morning.
inline constexpr int64_t kWaitSampleAgeMsMax = int64_t{3600} * 1000;

// Of how long the first answers took, what "usually replies in" is made of: a week. At half a site that is open on
// weekdays has forgotten them on Monday; double says in winter what was true before the sale.
inline constexpr int64_t kReplySampleAgeMsMax = int64_t{7} * 24 * 3600 * 1000;
// Why conversations of one day ended, counted apart: more than a site lets its agents choose from in practice. At
// double the record that each end writes anew is 40 KB, where all reasons are as long as they may be.
inline constexpr size_t kEndingReasonsMax = 40;
// Days of one report: a year, and the day before it.
inline constexpr int64_t kEndingDaysMax = 366;
// Conversations that are archived in one transaction.
inline constexpr size_t kArchiveBatchMax = 50;
// Between two looks for what is to be archived: nobody waits for it.
inline constexpr int64_t kArchivePauseMs = int64_t{3600} * 1000;

// A customer of whom no poll was heard for so long is no longer there, where that ends their conversations. It is
// noted when a poll ends, and at most this often. Half writes twice as much for each who waits; double is late by it.
inline constexpr int64_t kCustomerSeenMs = 60'000;

// An agent of whom no poll was heard for so long is gone, and given nothing more. Half takes those who pass through a
// tunnel for gone; at double a customer is given to nobody for two minutes.
inline constexpr int64_t kAgentGoneMs = 60'000;
// That an agent is there is written down again when a poll ends, after this long. An idle console's polls end after 20
// to 25 s, so every second one writes; at half every one does, at double the gone stay half a minute longer.
inline constexpr int64_t kAgentSeenMs = 30'000;

// A file of `alcove simulate`: a busy day of a large centre. Half would cut it; at double the file is read for longer
// than somebody who tries rules likes to wait.
inline constexpr size_t kSimulationFileBytesMax = 8 * 1024 * 1024;
inline constexpr size_t kSimulationArrivalsMax = 20'000;

// --- Deferred calls ---------------------------------------------------------

// What a call is told: ids and numbers. Whatever is larger has a record of its own; at double, a thousand dead letters
// are a heavy page for who lists them.
inline constexpr size_t kDeferArgumentsBytesMax = 4 * 1024;
// Names and keys of calls: a site and three ids fit. With both a key of the store stays far below its limit.
inline constexpr size_t kDeferNameBytesMax = 64;
inline constexpr size_t kDeferKeyBytesMax = 200;
// How long one run may take before another node takes the call over. Longer than a transaction's body and its repeats;
// half would run calls twice on a machine that swaps, at double what a dead node had begun waits a minute.
inline constexpr int64_t kDeferLeaseMs = 30'000;
// Runs of one call before it is given up. With the waits below: after three to four hours, longer than most outages of
// a receiver; at half it is over in two minutes, at double a mistake is tried all day.
inline constexpr int64_t kDeferAttemptsMax = 16;
// Before the first repeat; twice as long before each one after it, up to the second. A random half is taken off.
inline constexpr int64_t kDeferBackoffMs = 1'000;
inline constexpr int64_t kDeferBackoffMsMax = 3'600'000;
// Calls that were given up and are kept for an operator; the oldest goes. Nobody reads more of one mistake.
inline constexpr size_t kDeadLettersMax = 1'000;
// Calls that one look finds. More are found by the next, which follows at once.
inline constexpr size_t kDeferSweepMax = 64;
// Due calls that are counted for who watches a server: a backlog beyond it is one thing, however long. At half many
// snoozes that end together look as large as an outage; at double the look that counts reads some ten megabytes.
inline constexpr size_t kDeferBacklogMax = 10'000;
// While more is due than a look finds, or runs take long, it is counted anew no sooner than this: at double whoever
// watches every 15 seconds sees each count twice, at half as much is read for the count as for the calls.
inline constexpr int64_t kDeferCountMs = 5'000;
// Calls that one node runs at once: enough that one which waits for the disk holds up no other, and few enough that
// customers and agents come first.
inline constexpr int kDeferredRunsMax = 4;
// Calls of one node that ask another server just now: half of what may wait for that (kFetchesQueuedMax), so that
// people's requests find room beside them.
inline constexpr size_t kDeferredAskingMax = 256;
// A node looks at what is due after at most this long, told or not; whoever defers to a time beyond it need not tell.
inline constexpr int64_t kDeferLookMs = 30'000;
// And no sooner than this after a look that found nothing: a crowd that defers must not be a crowd of looks.
inline constexpr int64_t kDeferPauseMs = 100;

// --- Asking other servers ---------------------------------------------------

// From the question to the whole answer, unless the function says otherwise. Half gives up on receivers that start
// from cold; double keeps a customer waiting for a dispatcher that is down.
inline constexpr int64_t kFetchMs = 10'000;
// And whatever it says: a model's answer of a page. Below kDeferLeaseMs, or a second node would ask as well.
inline constexpr int64_t kFetchMsMax = 25'000;
// Questions of one request, or of one run of a deferred call; what needs more is a loop, or several calls.
inline constexpr size_t kFetchesMax = 4;
// Body of an answer: a model's, with all that it could have said. Answers are in memory until the function has run.
inline constexpr size_t kFetchBodyBytesMax = 256 * 1024;
// All that an answer has beside its body. Common servers send 1 KB and refuse to send more than 16.
inline constexpr size_t kFetchHeadBytesMax = 32 * 1024;
// Body of a question: a conversation's last hundred messages for a model.
inline constexpr size_t kFetchRequestBytesMax = 256 * 1024;
// Questions that are out at once. Each has a thread while it lasts (20 KB); at half, eight hosts that do not answer
// hold up all others.
inline constexpr size_t kFetchesOutMax = 64;
// Of those, to one host: one that does not answer leaves the rest to the others.
inline constexpr size_t kFetchesToHostMax = 8;
// Questions that wait for one of these places; at double the last would time out before they are sent.
inline constexpr size_t kFetchesQueuedMax = 512;
// How long a connection is kept for the next question: below the 5 s after which Node and Apache close theirs, as one
// that is closed just when it is used loses the question.
inline constexpr int64_t kFetchIdleMs = 4'000;
// A server that goes down gives its questions so long, of the 15 s that it has for everything.
inline constexpr int64_t kFetchDrainMs = 10'000;

// --- Store ------------------------------------------------------------------

inline constexpr size_t kKeyBytesMax = 512;
inline constexpr size_t kValueBytesMax = 1024 * 1024;
// Both backends hold a transaction in memory until it is committed.
inline constexpr size_t kTransactionBytesMax = 8 * 1024 * 1024;
inline constexpr size_t kScanEntriesMax = 10'000;
// One run of a transaction's body. Ours take milliseconds; what takes longer than this holds up the memory of all
// commits since, and is a bug or a machine that stands still. Half would fail the handing out of a long queue on a
// machine that swaps; at double a client's own patience is over first.
inline constexpr int64_t kTransactionBodyMsMax = 10'000;
// What one node tells the others without storing it: someone types, with a draft of
// kDraftTextBytesMax with every byte escaped, and its topic.
inline constexpr size_t kBroadcastBytesMax = 16 * 1024;
// Of what waits to be told, in bytes. A fiftieth of a second's worth of 10,000 who type; past it signals are dropped
// that come again.
inline constexpr size_t kBroadcastBacklogBytesMax = 1024 * 1024;
// After this many conflicts the body runs with the commit lock held, which cannot conflict.
inline constexpr int kTransactionAttemptsMax = 100;

// --- How often --------------------------------------------------------------
//
// Token buckets (functions/budgets.h): so many at once, and then one each so many
// milliseconds. Of one server: several on one database allow as many times as much.

struct Rate {
  int64_t burst;
  int64_t interval_ms;
};
// Everything from one address: 500 a second, a fortieth of what a small machine serves. At half, an office of 1,000
// who all come back after a restart is told to wait; at double twenty addresses have the machine to themselves.
inline constexpr Rate kRequestsByAddress = {4000, 2};
// Customers that are made: a lecture hall that opens the chat at once, and 43,000 a day. At half a mobile network
// behind one address is told to wait on a busy day; at double one address fills a disk in a month.
inline constexpr Rate kNewCustomersByAddress = {120, 2'000};
// Tries to sign in: a team of 300 at the beginning of its shift, and then a fiftieth of a core for whoever guesses.
// At half that team is told to wait; at double guessing pays twice as well, and costs as much of the slow lane.
inline constexpr Rate kSignInsByAddress = {300, 2'000};
// With one e-mail address, from everywhere: 8,700 guesses a day, which no password of any worth fears. At half a
// few people who share an account and forget its password meet it; at double there is nobody who needs it.
inline constexpr Rate kSignInsByEmail = {60, 10'000};
// With one e-mail address from one address: who does not know the password after ten tries will not guess it.
// At half people who try what they remember are told to wait; at double nobody needs it.
inline constexpr Rate kSignInsByPair = {10, 30'000};
// How long a pair that has signed in is let through whatever others try; half forgets who was on holiday, double keeps
// the place of who has left.
inline constexpr int64_t kKnownSignInMs = int64_t{30} * 24 * 3600 * 1000;
// What one session says, takes and ends: ten a second, three times what the fastest writes, and an outbox that was
// kept for a day at once. At half an agent who hands out canned replies may feel it; at double there is nobody who
// needs it.
inline constexpr Rate kMessagesByToken = {100, 100};
// What a customer starts: more at once than anybody has to ask about, within kCustomerOpenConversationsMax. At half who
// tries again after an hour without network may be told to wait; at double one customer makes 17,000 a day.
inline constexpr Rate kConversationsByToken = {10, 10'000};
// Pages that one customer looks at while a conversation goes on: as fast as somebody leafs through a shop, and then one
// every five seconds. At half whoever compares goods loses a page; at double a script fills an agent's screen.
inline constexpr Rate kPagesByCustomer = {20, 5'000};
// What all customers of a site start: 20 a second is a shop with a million visitors an hour. At half, one that was
// just on television sends people away; at double its queue is full in two minutes, by whomever.
inline constexpr Rate kConversationsBySite = {1000, 50};
// A poll follows each answer at once, so an agent to whom much happens asks as often as the way there and back takes:
// 20 ms. At half that agent waits; at double a face that loops by mistake costs a tenth of a core.
inline constexpr Rate kPollsByToken = {200, 20};
// Typing, reading, history, presence: a console that begins pages the gaps of all its conversations at once.
// At half it waits; at double a script that reads all there is takes the store's time from others.
inline constexpr Rate kOtherRequestsByToken = {400, 20};
// Buckets that are kept, 16 bytes each; one that is full again gives its place away, and where all are in use the one
// that is nearest to full. Half forgets a little of 20,000 callers at their busiest; double is 2 MB.
inline constexpr size_t kBucketsMax = size_t{1} << 16;

// --- Inside the server ------------------------------------------------------

// New requests that wait for a worker. At 20,000 a second this is 0.2 s of work, after which a client is told to
// repeat what it sends. Each kind of work before that (functions::Work) is refused an eighth of it earlier: presence
// at 512, typing at 1,024, polls at 2,560. At half a restart with 2,000 clients refuses polls; at double answers come
// later than a person waits. Replays are never refused.
inline constexpr size_t kQueuedRequestsMax = 4096;
// Answers that wait for the disk, in bytes, likewise in eighths. Those of messages are some 400 bytes; the sessions of
// customers who come back are up to kSnapshotBytesMax. Half would refuse a morning's returning customers on a slow
// disk; double is more than the whole of a small server.
inline constexpr size_t kHeldAnswersBytesMax = 32 * 1024 * 1024;
// Of so many turns of a worker one is given to a poll or another read although somebody sends: without it nobody
// would be told what is sent while the server is full. Half takes a quarter of the turns from those who send.
inline constexpr size_t kTurnsForSends = 8;
// No function holds a request longer, whatever it asks for: a jump of its clock
// must not park a client for a day.
inline constexpr int64_t kParkMsMax = 120'000;
// The size of a chunk in hex digits: 4 GB, more than any body, and no overflow.
inline constexpr int kChunkSizeDigitsMax = 8;
// A client's X-Request-Id; a longer one is replaced by ours.
inline constexpr size_t kRequestIdBytesMax = 64;
// CPPHTTPLIB_HEADER_MAX_LENGTH, which is compiled into Debian's library.
inline constexpr size_t kHttplibLineBytesMax = 8192;
// What a client may still send after it was refused: enough that a browser
// gets to read our answer, not enough to keep us.
inline constexpr size_t kLingerBytesMax = 256 * 1024;
// How old a write may be that shows the server ready.
inline constexpr int64_t kReadyProbeAgeMsMax = 1000;
// Descriptors of a process, where there is no limit or none can be read. More than one machine serves.
inline constexpr size_t kDescriptorsMax = size_t{1} << 20;
// Descriptors that clients never get: the store's tables (200, store/leveldb_disk.cc), its log and what it rewrites,
// the listener for operators, connections that are just accepted, and the reactors' own. Half would leave the store
// without files while it compacts. Of a limit that is small itself, at most a quarter.
inline constexpr size_t kReservedDescriptorsMax = 320;
// Connections from one address, or one IPv6 /64, and at most a quarter of all: an office of 1,000 with a poll and a
// send each. At half such an office is turned away in part; at double five addresses have all that Linux gives a
// process by itself. Beyond it the oldest idle one of that address makes room.
inline constexpr size_t kAddressConnectionsMax = 4096;
// Accepted connections that wait for their reactor to find them room; within the reserve above.
inline constexpr size_t kWaitingConnectionsMax = 32;
// An event of AWS Lambda: six megabytes are documented, and ours carry a body of kRequestBodyBytesMax at most.
// Bounds what is read of an interface that misbehaves; half would refuse what may be sent.
inline constexpr size_t kLambdaEventBytesMax = 8 * 1024 * 1024;
// Connections of operators; within the reserve above.
inline constexpr size_t kOpsConnectionsMax = 32;
// Slow functions that run at once. Checking a password takes a core for some
// 30 ms and 19 MiB: two fill a small machine. One alone would let a single core
// check 30 a second however many there are; four would slow all else down.
inline constexpr int kSlowFunctionsMax = 2;
// Slow functions that wait for their turn: eight seconds of work, or the whole
// of a large team at the beginning of a shift. At half a team of 300 is told to
// come back; at double people repeat before they are answered.
inline constexpr size_t kQueuedSlowMax = 512;
// Agents of the demo site.
inline constexpr int kSeedAgentsMax = 9999;
// A cursor in an address: longer than any that we give; bounds what is decoded.
inline constexpr size_t kCursorBytesMax = 512;
// Agents whose names a customer is shown before one has the conversation.
inline constexpr size_t kFacesMax = 3;
// The name in a site's id.
inline constexpr size_t kSiteNameLengthMax = 32;

// --- In the faces -----------------------------------------------------------

// After a day nobody remembers what the message was an answer to.
inline constexpr int64_t kOutboxAgeMsMax = int64_t{24} * 3600 * 1000;
// Later, a claim or a close would surprise who asked for it.
inline constexpr int64_t kActionAgeMsMax = 60'000;
// Between repeats. A person watches: longer feels broken, shorter is a crowd at each restart.
inline constexpr int64_t kBackoffMsMax = 15'000;
// Nobody watches.
inline constexpr int64_t kBackoffHiddenMsMax = 120'000;
// A server that asks for more has another meaning; an hour is as good as closed.
inline constexpr int64_t kRetryAfterSecondsMax = 3600;
// Pages of a gap that did not close it; then all is taken anew.
inline constexpr int64_t kGapTriesMax = 3;
// Whoever was refused may be let in again without a word: asked this seldom. At half, a shop that was taken off the
// list keeps asking for nothing; at double nobody who waits sees it come back.
inline constexpr int64_t kBlockedRetryMs = 300'000;
// Conversations that are over, or with somebody else, and stay in a console that is open all day. What was paged in
// since their list was opened comes on top. With their events some 20 KB each: 4 MB; half is a busy agent's morning.
inline constexpr size_t kBygoneConversationsMax = 200;

}  // namespace alcove::wire
