// Requests other than polls and messages: reading, closing, claiming, pages of
// history. Sent once the line is ready, repeated where that makes sense.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wasm-widget/client/platform.h"

namespace alcove::client {

struct Command {
  enum class Kind {
    kGap,            // events behind the last one here
    kEarlier,        // events before the first one here
    kConversation,   // a conversation with its newest events
    kRead,           // number: the seq
    kTyping,         // text: the draft
    kClose,          // text: the reason
    kHandOver,       // from a bot to a person
    kClaim,          // text: the body
    kAssign,         // text: the body
    kReopen,         // text: the body
    kSnooze,         // text: the body
    kTags,           // text: the body
    kJoin,           // text: the body
    kLeave,          // text: the body
    kMacro,          // text: the body; id: of the run
    kAttribute,      // text: the body; id: of the attribute
    kBulk,           // text: the body; conversation: none, as it is of several
    kViewing,        // number: 0 looks at it, 1 no longer
    kPresence,       // text: the state
    kClosed,         // a page of the closed ones; text: `before`
    kTeam,           // as kClosed, of those under way
    kConfiguration,  // what administration made of what a snapshot carries
    kSignIn,         // text: the body
    kSignOut,        // text: the token
  };
  Kind kind = Kind::kGap;
  std::string conversation;
  int64_t number = 0;
  std::string text;
  std::string id = {};  // that the client chose for what comes of it

  int64_t request = 0;  // under way; 0: not
  int failures = 0;
  int64_t next_at = 0;        // monotonic
  bool told_to_wait = false;  // `next_at` is the server's wish
  int64_t added_at = 0;       // monotonic
};

class Commands {
 public:
  // Replaces those of the same conversation that are not under way yet and that it makes void: of its own kind, or, of
  // what a conversation is to become, of any such kind.
  void Add(Command command);
  bool Has(Command::Kind kind, std::string_view conversation) const;
  // Whether one is there that says all that `older` would.
  bool HasInsteadOf(const Command& older) const;

  // As Add(), but in its old place: before what was asked for after it.
  void PutBack(Command command);
  // The next to be sent, one of what is done with a conversation at a time; those that need no token where `has_token`
  // is false.
  Command* Next(int64_t now, bool has_token);
  int64_t NextDueAt(bool has_token) const;

  // Takes the one that this request is of off the list; false where there is none.
  bool Take(int64_t request, Command& taken);
  void HurryAll(int64_t now);
  // Forgets all. Returns the requests under way that only told this side something, or of it what is over: to be
  // aborted.
  std::vector<int64_t> Clear();

  // Whether `command` says all that an older one of `kind` and the same conversation would.
  static bool Replaces(const Command& command, Command::Kind kind);
  // Whether a repeat after a failure still does what the person meant.
  static bool IsWorthRepeating(const Command& command, int64_t now);

 private:
  // Whether something that was to be done with its conversation before it has not been.
  bool Waits(size_t index) const;

  std::vector<std::unique_ptr<Command>> all_;
};

}  // namespace alcove::client
