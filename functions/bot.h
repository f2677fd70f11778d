// A bot answers first: what it says, and when people take over.
//
// What a bot that is a list of answers says is written in the transaction that
// keeps the message. A program of the owner's (a bot with a url) is asked by a
// deferred call, about one message after another, so that no request and no
// worker waits for it; while it is asked, anybody may take the conversation, or
// close it, and then its answer counts for nothing. Where it gives no good
// answer in time the conversation is handed over: nobody waits for a program.
//
// Handed over, it becomes what a new conversation is: given to whom the
// strategy chooses, or to the queue, or a message to whom is not there.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/admin_records.h"
#include "functions/context.h"
#include "functions/conversation.h"
#include "functions/deferrable.h"
#include "functions/fetch.h"
#include "functions/routing.h"
#include "functions/timers.h"
#include "functions/wire/event.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

struct Bot {
  wire::BotId id;
  BotRecord record;
};
wire::Actor ActorOf(const Bot& bot);

// Who answers a conversation that begins: the bot that a rule names (`ruled`, wire::kNoBot for none), else the one of
// the settings. nullopt: people do; also where it answers another language than the customer's.
absl::StatusOr<std::optional<Bot>> BotFor(SiteRouting& routing, const ConversationRecord& record,
                                          const std::optional<std::string>& ruled);

// Says its greeting, where it has one. REQUIRES: it has the conversation.
absl::Status GreetByBot(store::Transaction& transaction, Conversation& conversation, const Bot& bot, Context& context);

// A bot that has the conversation answers what the customer has just written, or begins to be asked what it answers,
// or hands over. Does nothing where none has it. The caller sets the timer of silence: ExpectReply().
absl::Status AnswerByBot(store::Transaction& transaction, Conversation& conversation, const wire::Event& message,
                         Context& context);

// The customer asks for a person, in so many words or by a button. Does nothing where no bot has it.
absl::Status AskForPerson(store::Transaction& transaction, Conversation& conversation, Context& context);

// The deferred function. `at` is the seq of the message that the program is asked about.
inline constexpr DeferredFunction<TimerArguments> kAskBot{"ask_bot"};
absl::StatusOr<AskOrDone> AskBot(store::Transaction& transaction, const TimerArguments& arguments,
                                 const Fetches& fetched, Context& context);

}  // namespace alcove::functions
