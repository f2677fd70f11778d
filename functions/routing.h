// What the rules of domain/ decide on, out of the store: agents, teams and who waits.
//
// The domain's plain values are made of records here and nowhere else.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/domain/dispatch.h"
#include "functions/records.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

Candidate CandidateOf(const wire::AgentId& agent, const AgentRecord& record, const AgentState& state);

// The agents of a site, by its indexes of who has room: they are in the order of the rule.
class StoreRoster : public Roster {
 public:
  StoreRoster(store::Reader& reader, const wire::SiteId& site) : reader_(reader), site_(site) {}

  absl::Status EachFree(const Pool& pool, absl::FunctionRef<bool(const Candidate&)> take) override;
  absl::StatusOr<std::optional<Candidate>> Find(const wire::AgentId& agent) override;

 private:
  store::Reader& reader_;
  const wire::SiteId site_;
};

}  // namespace alcove::functions
