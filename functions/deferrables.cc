#include "functions/deferrables.h"

#include <algorithm>
#include <string>

#include "functions/agent/away.h"
#include "functions/agent/snooze.h"
#include "functions/archive.h"
#include "functions/audit_retention.h"
#include "functions/bot.h"
#include "functions/customer/gone.h"
#include "functions/defer.h"
#include "functions/elsewhere.h"
#include "functions/timers.h"
#include "functions/tokens.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// A name is never used again for something else: calls of it may still be stored.
constexpr Deferrable kDeferrables[] = {
    Atomic<agent::BecomeAway>(agent::kAgentAway),
    Atomic<agent::WakeConversation>(agent::kWakeConversation),
    Atomic<LetPass>(kLetPass),
    Atomic<OverflowTeam>(kOverflow),
    Atomic<WarnOrClose>(kSilent),
    Atomic<Reassign>(kReassign),
    Atomic<customer::CloseOfGone>(customer::kCustomerGone),
    Atomic<ArchiveOld>(kArchiving),
    Fetching<AskElsewhere>(kAskElsewhere),
    Fetching<AskBot>(kAskBot),
    Atomic<EraseAudits>(kEraseAudits),
    Standing(Atomic<EraseExpiredTokens>(kEraseExpiredTokens)),
};

absl::StatusOr<bool> IsMissing(store::Reader& reader, const Deferrable& deferrable) {
  if (!deferrable.is_standing) return false;
  ASSIGN_OR_RETURN(const auto there, reader.Get(keys::DeferredKey(deferrable.name, kStandingKey)));
  return !there.has_value();
}

absl::StatusOr<bool> AnyIsMissing(store::Reader& reader, std::span<const Deferrable> deferrables) {
  for (const Deferrable& deferrable : deferrables) {
    ASSIGN_OR_RETURN(const bool missing, IsMissing(reader, deferrable));
    if (missing) return true;
  }
  return false;
}

}  // namespace

std::span<const Deferrable> Deferrables() { return kDeferrables; }

const Deferrable* FindDeferrable(std::span<const Deferrable> deferrables, std::string_view name) {
  const auto found =
      std::find_if(deferrables.begin(), deferrables.end(), [&](const Deferrable& one) { return one.name == name; });
  return found == deferrables.end() ? nullptr : &*found;
}

absl::Status DeferStanding(std::span<const Deferrable> deferrables, Context& context) {
  ASSIGN_OR_RETURN(const bool missing,
                   context.store.Read([&](store::Reader& reader) { return AnyIsMissing(reader, deferrables); }));
  if (!missing) return absl::OkStatus();
  return context.store.Transact([&](store::Transaction& txn) -> absl::Status {
    for (const Deferrable& deferrable : deferrables) {
      ASSIGN_OR_RETURN(const bool lacks, IsMissing(txn, deferrable));
      if (!lacks) continue;
      RETURN_IF_ERROR(DeferJson(txn, deferrable.name, "{}", context.clock.Now(), kStandingKey, context));
    }
    return absl::OkStatus();
  });
}

}  // namespace alcove::functions
