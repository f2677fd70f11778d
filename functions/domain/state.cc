#include "functions/domain/state.h"

namespace alcove::functions {
namespace {

constexpr Move To(State state) { return {Effect::kMoves, state}; }
constexpr Move kNothing = {Effect::kNothing};
constexpr Move kClosed = {Effect::kClosed};
constexpr Move kTaken = {Effect::kTaken};
constexpr Move kNever = {Effect::kNever};

constexpr Move kBot = To(State::kBot);
constexpr Move kQueued = To(State::kQueued);
constexpr Move kOpen = To(State::kOpen);
constexpr Move kAsked = To(State::kWaitingOnCustomer);
constexpr Move kSnoozed = To(State::kSnoozed);
constexpr Move kOver = To(State::kClosed);
constexpr Move kArchived = To(State::kArchived);

// Who writes to what waits for nobody in particular leaves it where it is. Who snoozes what waits has claimed it
// before. Who joins, leaves or tells moves it nowhere: of them the table says whether they may.
// clang-format off
constexpr Move kMoves[kStates][kActions] = {
    //            greet     queue     requeue   assign    transfer  customer  agent     snooze    wake      close     reopen    archive   join      leave     tell
    /* begun   */ {kBot,     kQueued,  kNever,   kOpen,    kNever,   kNever,   kNever,   kNever,   kNever,   kNever,   kNever,   kNever,   kNever,   kNever,   kNever},
    /* bot     */ {kNothing, kQueued,  kNever,   kOpen,    kNever,   kBot,     kNever,   kNever,   kNothing, kOver,    kNothing, kNever,   kBot,     kBot,     kBot},
    /* queued  */ {kNever,   kNothing, kNothing, kOpen,    kNever,   kQueued,  kQueued,  kNever,   kNothing, kOver,    kNothing, kNever,   kQueued,  kQueued,  kQueued},
    /* open    */ {kNever,   kNever,   kQueued,  kTaken,   kOpen,    kOpen,    kAsked,   kSnoozed, kNothing, kOver,    kNothing, kNever,   kOpen,    kOpen,    kOpen},
    /* asked   */ {kNever,   kNever,   kQueued,  kTaken,   kOpen,    kOpen,    kAsked,   kSnoozed, kNothing, kOver,    kNothing, kNever,   kAsked,   kAsked,   kAsked},
    /* snoozed */ {kNever,   kNever,   kQueued,  kTaken,   kOpen,    kOpen,    kSnoozed, kSnoozed, kOpen,    kOver,    kNothing, kNever,   kSnoozed, kSnoozed, kSnoozed},
    /* closed  */ {kNever,   kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kNothing, kNothing, To(State::kBegun), kArchived, kClosed,  kNothing, kClosed},
    /* archive */ {kNever,   kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kClosed,  kNothing, kNothing, kClosed,  kNothing, kClosed,  kNothing, kClosed},
};
// clang-format on

}  // namespace

Move MoveOf(State state, Action action) { return kMoves[static_cast<size_t>(state)][static_cast<size_t>(action)]; }

Ending EndingOf(State state, EndedBy by, Answered answered) {
  if (answered == Answered::kByAgent) return Ending::kServed;
  if (state == State::kQueued && by == EndedBy::kCustomer) return Ending::kAbandoned;
  // A bot that helped has missed nobody.
  return state == State::kBot ? Ending::kServed : Ending::kMissed;
}

}  // namespace alcove::functions
