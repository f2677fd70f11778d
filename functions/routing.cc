#include "functions/routing.h"

#include <utility>

#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

// Nearly always the first will do; of those who do not fit there may be many.
constexpr size_t kFirstLook = 1;
constexpr size_t kNextLooks = 100;

}  // namespace

Candidate CandidateOf(const wire::AgentId& agent, const AgentRecord& record, const AgentState& state) {
  return {agent, state.presence, state.load, record.capacity, state.assigned_at, {}};
}

absl::Status StoreRoster::EachFree(const Pool&, absl::FunctionRef<bool(const Candidate&)> take) {
  store::Range range = keys::AllAvailable(site_);
  for (size_t limit = kFirstLook;; limit = kNextLooks) {
    ASSIGN_OR_RETURN(const auto entries, reader_.Scan(range, {.limit = limit}));
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const wire::AgentId agent, keys::DecodeAgent(entry.key));
      ASSIGN_OR_RETURN(const auto candidate, Find(agent));
      if (!candidate) return absl::DataLossError("an agent of the index is not there");
      if (!take(*candidate)) return absl::OkStatus();
    }
    if (entries.size() < limit) return absl::OkStatus();
    range.begin = entries.back().key + '\0';
  }
}

absl::StatusOr<std::optional<Candidate>> StoreRoster::Find(const wire::AgentId& agent) {
  ASSIGN_OR_RETURN(const auto record, functions::Find<AgentRecord>(reader_, keys::Agent(site_, agent)));
  if (!record) return std::optional<Candidate>();
  ASSIGN_OR_RETURN(const auto state, LoadOrDefault<AgentState>(reader_, keys::AgentState(site_, agent)));
  return std::optional<Candidate>(CandidateOf(agent, *record, state));
}

}  // namespace alcove::functions
