#include "functions/agent_sessions.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "functions/agent/away.h"
#include "functions/json_codec.h"
#include "functions/people.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

struct SessionList {
  std::vector<wire::SessionShown> sessions;
};
template <class V>
void Describe(V& visit, SessionList& list) {
  visit("sessions", list.sessions);
}

// 80 bits of the digest under the time when it is over: as good as drawn, and nothing more to keep.
wire::SessionId IdOf(const std::string& digest, const TokenRecord& record) {
  const std::string bytes = absl::HexStringToBytes(digest.substr(0, 20));
  uint64_t low = 0;
  for (size_t i = 2; i < bytes.size(); ++i) low = (low << 8) | static_cast<unsigned char>(bytes[i]);
  const auto high =
      static_cast<uint16_t>((static_cast<unsigned char>(bytes[0]) << 8) | static_cast<unsigned char>(bytes[1]));
  return wire::SessionId::Make(record.expires_at, high, low);
}

}  // namespace

absl::StatusOr<std::vector<AgentSession>> SessionsOf(store::Reader& reader, const AgentAccess& agent,
                                                     Context& context) {
  const int64_t now_ms = absl::ToUnixMillis(context.clock.Now());
  std::vector<AgentSession> sessions;
  const auto take = [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(std::string digest, keys::DecodeTokenDigest(entry.key));
    ASSIGN_OR_RETURN(TokenRecord record, Load<TokenRecord>(reader, keys::Token(digest)));
    wire::SessionId id = IdOf(digest, record);
    sessions.push_back({std::move(id), std::move(digest), std::move(record)});
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AgentSessionsAt(agent.site, agent.agent, now_ms), take));
  return sessions;
}

absl::StatusOr<std::string> ShowSessions(store::Reader& reader, const AgentAccess& agent, std::string_view token,
                                         Context& context) {
  ASSIGN_OR_RETURN(const auto sessions, SessionsOf(reader, agent, context));
  const std::string current = Sha256Hex(token);
  SessionList list;
  for (const AgentSession& session : sessions) {
    const TokenRecord& record = session.record;
    list.sessions.push_back({session.id.text(), record.created_at, record.expires_at, record.address,
                             session.digest == current ? std::optional(true) : std::nullopt});
  }
  return ToJson(list);
}

absl::StatusOr<bool> EndSessions(store::Transaction& txn, const AgentAccess& agent,
                                 absl::FunctionRef<bool(const AgentSession&)> ends, Context& context) {
  ASSIGN_OR_RETURN(const auto sessions, SessionsOf(txn, agent, context));
  size_t ended = 0;
  for (const AgentSession& session : sessions) {
    if (!ends(session)) continue;
    RETURN_IF_ERROR(EraseDigest(txn, session.digest));
    ++ended;
  }
  if (ended == 0) return false;
  // Parked polls of these sessions are run again, and refused.
  txn.Signal(keys::Topic(agent.site, keys::FeedOwner::Of(agent.agent)));
  if (ended < sessions.size()) return false;
  RETURN_IF_ERROR(agent::Leave(txn, agent, wire::Presence::kOffline, context));
  return true;
}

absl::StatusOr<bool> EndOtherSessions(store::Transaction& txn, const AgentAccess& agent, std::string_view token,
                                      Context& context) {
  const std::string current = Sha256Hex(token);
  return EndSessions(txn, agent, [&](const AgentSession& session) { return session.digest != current; }, context);
}

absl::StatusOr<bool> EndSessionById(store::Transaction& txn, const AgentAccess& agent, std::string_view id,
                                    Context& context) {
  bool found = false;
  const auto is_it = [&](const AgentSession& session) {
    found = found || session.id.text() == id;
    return session.id.text() == id;
  };
  ASSIGN_OR_RETURN(const bool is_gone, EndSessions(txn, agent, is_it, context));
  if (!found) return absl::NotFoundError("no such session");
  return is_gone;
}

absl::Status TellPresence(const AgentAccess& agent, Context& context) {
  RETURN_IF_ERROR(context.store.Settle());
  const auto summary =
      context.store.Read([&](store::Reader& reader) { return SummariseAgent(reader, agent.site, agent.agent); });
  // Who was deleted meanwhile is told of by then.
  if (summary.ok()) PublishPresence(agent.site, *summary, context);
  return absl::OkStatus();
}

}  // namespace alcove::functions
