// The sessions of one agent: listed, and ended. A token tells nobody of its
// session, and a session's id nobody of its token.
//
// Threads: free functions; a Transaction belongs to its body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/access.h"
#include "functions/context.h"
#include "functions/records.h"
#include "functions/wire/admin.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions {

struct AgentSession {
  wire::SessionId id;
  std::string digest;  // of its token
  TokenRecord record;
};

// Those that are not over, in the order in which they will be.
absl::StatusOr<std::vector<AgentSession>> SessionsOf(store::Reader& reader, const AgentAccess& agent, Context& context);

// The JSON list of them; that of `token` is the current one.
absl::StatusOr<std::string> ShowSessions(store::Reader& reader, const AgentAccess& agent, std::string_view token,
                                         Context& context);

// Ends the sessions that `ends` says, parked polls too. With the last session
// the agent is offline; returns whether that is so. The caller tells colleagues
// of it once the transaction is kept (TellPresence()).
absl::StatusOr<bool> EndSessions(store::Transaction& transaction, const AgentAccess& agent,
                                 absl::FunctionRef<bool(const AgentSession&)> ends, Context& context);

// All but that of `token`; "": all.
absl::StatusOr<bool> EndOtherSessions(store::Transaction& transaction, const AgentAccess& agent, std::string_view token,
                                      Context& context);

// The one with this id. NOT_FOUND
absl::StatusOr<bool> EndSessionById(store::Transaction& transaction, const AgentAccess& agent, std::string_view id,
                                    Context& context);

// Tells colleagues of the agent's presence as it is stored, once nothing of it can be lost.
absl::Status TellPresence(const AgentAccess& agent, Context& context);

}  // namespace alcove::functions
