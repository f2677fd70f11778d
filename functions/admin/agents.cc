#include "functions/admin/agents.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "functions/access.h"
#include "functions/admin/access.h"
#include "functions/admin/checks.h"
#include "functions/admin/resource.h"
#include "functions/admin_records.h"
#include "functions/agent/away.h"
#include "functions/agent_sessions.h"
#include "functions/lifecycle.h"
#include "functions/participants.h"
#include "functions/password.h"
#include "functions/problem.h"
#include "functions/records.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

constexpr std::string_view kName = "agents";

// An agent of the site, with who asks.
struct Entered {
  AdminAccess access;
  AgentAccess agent;
  AgentRecord record;
};

wire::AgentFields FieldsOf(const AgentRecord& record) {
  return {record.name,  record.email,  RoleOf(record),   record.capacity,
          record.teams, record.skills, record.languages, record.disabled};
}

absl::StatusOr<std::string> Show(store::Reader& reader, const AgentAccess& agent, const AgentRecord& record) {
  ASSIGN_OR_RETURN(const auto totp, Find<TotpRecord>(reader, keys::AgentTotp(agent.site, agent.agent)));
  return ToJson(
      wire::AgentShown{agent.agent.text(), FieldsOf(record), !record.password_hash.empty(), totp && totp->confirmed});
}

// Of an owner only owners may change anything.
absl::Status CheckOver(const AdminAccess& access, const AgentRecord& agent) {
  return RoleOf(agent) == wire::Role::kOwner ? CheckRole(access.role, Permission::kMakeOwners) : absl::OkStatus();
}

absl::StatusOr<Entered> Enter(store::Reader& reader, const Request& request, Permission permission, Context& context) {
  ASSIGN_OR_RETURN(AdminAccess access, AccessAdmin(reader, request, permission, context));
  ASSIGN_OR_RETURN(wire::AgentId id, ParsePathId<wire::AgentId>(request, "agent"));
  ASSIGN_OR_RETURN(AgentRecord record, Load<AgentRecord>(reader, keys::Agent(access.site, id)));
  AgentAccess agent{access.site, std::move(id)};
  return Entered{std::move(access), std::move(agent), std::move(record)};
}

absl::StatusOr<Entered> EnterToChange(store::Reader& reader, const Request& request, Context& context) {
  ASSIGN_OR_RETURN(Entered entered, Enter(reader, request, Permission::kChangePeople, context));
  RETURN_IF_ERROR(CheckOver(entered.access, entered.record));
  return entered;
}

bool IsActiveOwner(const AgentRecord& agent) { return RoleOf(agent) == wire::Role::kOwner && !IsDisabled(agent); }

// 422 where nobody else could make an owner.
absl::Status CheckOtherOwner(store::Reader& reader, const AgentAccess& agent) {
  bool other = false;
  RETURN_IF_ERROR(store::EachEntry(reader, keys::AllAgents(agent.site), [&](const store::Entry& entry) -> absl::Status {
    ASSIGN_OR_RETURN(const AgentRecord record, DecodeRecord<AgentRecord>(entry.value));
    other = other || (IsActiveOwner(record) && entry.key != keys::Agent(agent.site, agent.agent));
    return absl::OkStatus();
  }));
  return other ? absl::OkStatus() : Unprocessable("role", "would leave the site without an owner");
}

// --- Put ------------------------------------------------------------------------

absl::Status CheckNames(store::Reader& reader, const AgentAccess& agent, const wire::AgentFields& fields) {
  for (const std::string& team : fields.teams) RETURN_IF_ERROR(CheckTeamThere(reader, agent.site, "teams", team));
  for (const wire::SkillLevel& skill : fields.skills) {
    RETURN_IF_ERROR(CheckSkillThere(reader, agent.site, "skills", skill.skill));
  }
  ASSIGN_OR_RETURN(const auto owner, Find<AgentEmailRecord>(reader, keys::AgentByEmail(Sha256Hex(fields.email))));
  const bool is_free = !owner || (owner->site == agent.site.text() && owner->agent == agent.agent.text());
  return is_free ? absl::OkStatus() : Unprocessable("email", "is another agent's");
}

AgentRecord Changed(AgentRecord record, wire::AgentFields fields) {
  record.name = std::move(fields.name);
  record.email = std::move(fields.email);
  record.role = fields.role.value_or(wire::Role::kAgent);
  record.capacity = fields.capacity.value_or(wire::kAgentCapacityDefault);
  record.teams = std::move(fields.teams);
  record.skills = std::move(fields.skills);
  record.languages = std::move(fields.languages);
  record.disabled = fields.disabled.value_or(false) ? std::optional(true) : std::nullopt;
  return record;
}

// The record with the indexes that are made of it: address, members of teams, who has room.
absl::Status SaveAgent(store::Transaction& txn, const AgentAccess& agent, const AgentRecord* before,
                       const AgentRecord& after) {
  const auto& [site, id] = agent;
  if (before != nullptr) {
    for (const std::string& team : before->teams) txn.Erase(keys::TeamMember(site, wire::TeamId(team), id));
    txn.Erase(keys::AgentByEmail(Sha256Hex(before->email)));
  }
  for (const std::string& team : after.teams) txn.Put(keys::TeamMember(site, wire::TeamId(team), id), "1");
  AgentEmailRecord owner;
  owner.site = site.text();
  owner.agent = id.text();
  Save(txn, keys::AgentByEmail(Sha256Hex(after.email)), owner);
  if (before != nullptr) return UpdateAgent(txn, site, id, [&](AgentRecord& record) { record = after; });
  Save(txn, keys::Agent(site, id), after);
  return UpdateAgentState(txn, site, id, [](AgentState&) {});
}

absl::Status CountAgent(store::Transaction& txn, const wire::SiteId& site, int64_t more) {
  ASSIGN_OR_RETURN(SiteRecord record, Load<SiteRecord>(txn, keys::Site(site)));
  record.agents += more;
  if (record.agents > static_cast<int64_t>(wire::kAgentsMax)) {
    return Unprocessable(kName, "are as many already as a site may have");
  }
  Save(txn, keys::Site(site), record);
  return absl::OkStatus();
}

// Who may no longer sign in, or converse, is not waited for. Whether they are offline by that.
absl::StatusOr<bool> TakeAway(store::Transaction& txn, const AgentAccess& agent, const AgentRecord& after,
                              Context& context) {
  const bool may_converse = !IsDisabled(after) && May(RoleOf(after), Permission::kConverse);
  if (!may_converse) {
    RETURN_IF_ERROR(EndParticipationOf(txn, agent.site, agent.agent, absl::ToUnixMillis(context.clock.Now())));
  }
  if (IsDisabled(after)) {
    return EndSessions(txn, agent, [](const AgentSession&) { return true; }, context);
  }
  if (may_converse) return false;
  RETURN_IF_ERROR(agent::Leave(txn, agent, wire::Presence::kOffline, context));
  return true;
}

// What is known of a put before it is done.
struct Put {
  AdminAccess access;
  AgentAccess agent;
  std::optional<AgentRecord> before;
  AgentRecord after;
};

absl::StatusOr<Put> EnterPut(store::Reader& reader, const Request& request, wire::AgentFields fields,
                             Context& context) {
  ASSIGN_OR_RETURN(AdminAccess access, AccessAdmin(reader, request, Permission::kChangePeople, context));
  ASSIGN_OR_RETURN(wire::AgentId id, ChosenPathId<wire::AgentId>(request, "agent"));
  const AgentAccess agent{access.site, std::move(id)};
  ASSIGN_OR_RETURN(const auto before, Find<AgentRecord>(reader, keys::Agent(agent.site, agent.agent)));
  RETURN_IF_ERROR(CheckNames(reader, agent, fields));
  Put put{std::move(access), agent, before, Changed(before.value_or(AgentRecord()), std::move(fields))};
  if (before) RETURN_IF_ERROR(CheckOver(put.access, *before));
  RETURN_IF_ERROR(CheckOver(put.access, put.after));
  if (before && IsActiveOwner(*before) && !IsActiveOwner(put.after)) RETURN_IF_ERROR(CheckOtherOwner(reader, agent));
  return put;
}

// Tells colleagues who went offline with an answer that is good.
Outcome Answered(Outcome outcome, const std::optional<AgentAccess>& gone, Context& context) {
  if (outcome.response()->status < 300 && gone) RETURN_IF_ERROR(TellPresence(*gone, context));
  return outcome;
}

}  // namespace

Outcome ListAgents(const Request& request, Context& context) {
  const auto page_max = static_cast<int64_t>(wire::kAdminPageMax);
  ASSIGN_OR_RETURN(const int64_t limit, ParseQueryNumber(request, "limit", {page_max, 1, page_max}));
  const auto team = wire::TeamId::Parse(request.Query("team"));
  if (!team && !request.Query("team").empty()) return absl::InvalidArgumentError("team is no id");
  const auto after = wire::AgentId::Parse(request.Query("after"));
  if (!after && !request.Query("after").empty()) return absl::InvalidArgumentError("after is no id");
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kSeePeople, context));
    store::Range range = team ? keys::TeamMembers(access.site, *team) : keys::AllAgents(access.site);
    if (after) {
      // The next key there may be.
      range.begin = (team ? keys::TeamMember(access.site, *team, *after) : keys::Agent(access.site, *after)) + '\0';
    }
    ASSIGN_OR_RETURN(auto entries, reader.Scan(range, {.limit = static_cast<size_t>(limit) + 1}));
    Page page{kName, {}, entries.size() > static_cast<size_t>(limit)};
    if (page.more) entries.pop_back();
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(wire::AgentId id, keys::DecodeAgent(entry.key));
      ASSIGN_OR_RETURN(const auto record, team ? Load<AgentRecord>(reader, keys::Agent(access.site, id))
                                               : DecodeRecord<AgentRecord>(entry.value));
      ASSIGN_OR_RETURN(std::string shown, Show(reader, {access.site, std::move(id)}, record));
      page.items.push_back({std::move(shown)});
    }
    return Ok(ToJson(page));
  });
}

Outcome GetAgent(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, Enter(reader, request, Permission::kSeePeople, context));
    ASSIGN_OR_RETURN(std::string shown, Show(reader, entered.agent, entered.record));
    return Ok(std::move(shown));
  });
}

Outcome PutAgent(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(wire::AgentFields fields, ParseBody<wire::AgentFields>(request));
  RETURN_IF_ERROR(CheckAgent(fields));
  fields.email = absl::AsciiStrToLower(fields.email);
  const Change change = BeginChange(context);
  std::optional<AgentAccess> gone;
  std::optional<wire::SiteId> roomier;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    gone.reset();
    roomier.reset();
    ASSIGN_OR_RETURN(const Put put, EnterPut(txn, request, fields, context));
    const auto& [access, agent, before, after] = put;
    ASSIGN_OR_RETURN(std::string shown, Show(txn, agent, after));
    Audited audited{before ? "change" : "create", kName, agent.agent.text()};
    if (before) {
      ASSIGN_OR_RETURN(audited.before, Show(txn, agent, *before));
    }
    if (audited.before == shown) return Ok(std::move(shown));
    audited.after = shown;
    if (!before) RETURN_IF_ERROR(CountAgent(txn, agent.site, 1));
    RETURN_IF_ERROR(SaveAgent(txn, agent, before ? &*before : nullptr, after));
    ASSIGN_OR_RETURN(const bool is_gone, TakeAway(txn, agent, after, context));
    // Who is disabled is no colleague any more, which the configuration tells.
    if (is_gone && !IsDisabled(after)) gone = agent;
    roomier = agent.site;
    Audit(txn, access, change, audited);
    RETURN_IF_ERROR(TellConsoles(txn, agent.site));
    return before ? Ok(std::move(shown)) : Created(std::move(shown));
  });
  if (outcome.response()->status < 300 && roomier) HandOut(*roomier, context);
  return Answered(std::move(outcome), gone, context);
}

Outcome DeleteAgent(const Request& request, Context& context) {
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, EnterToChange(txn, request, context));
    const auto& [access, agent, record] = entered;
    const auto& [site, id] = agent;
    if (IsActiveOwner(record)) RETURN_IF_ERROR(CheckOtherOwner(txn, agent));
    ASSIGN_OR_RETURN(const auto open, txn.Scan(keys::AgentConversations(site, id), {.limit = 1}));
    if (!open.empty()) return Unprocessable(id.text(), "has open conversations: hand them over first");
    Audited audited{"delete", kName, id.text()};
    ASSIGN_OR_RETURN(audited.before, Show(txn, agent, record));
    RETURN_IF_ERROR(EndParticipationOf(txn, site, id, change.at));
    RETURN_IF_ERROR(EndOtherSessions(txn, agent, "", context).status());
    RETURN_IF_ERROR(agent::Leave(txn, agent, wire::Presence::kOffline, context));
    for (const std::string& team : record.teams) txn.Erase(keys::TeamMember(site, wire::TeamId(team), id));
    txn.Erase(keys::AgentByEmail(Sha256Hex(record.email)));
    txn.Erase(keys::AgentTotp(site, id));
    txn.Erase(keys::AgentState(site, id));
    txn.Erase(keys::Agent(site, id));
    const auto feed = keys::FeedOwner::Of(id);
    txn.EraseRange(keys::FeedEntries(site, feed, 0));
    txn.Erase(keys::FeedHead(site, feed));
    RETURN_IF_ERROR(CountAgent(txn, site, -1));
    Audit(txn, access, change, audited);
    RETURN_IF_ERROR(TellConsoles(txn, site));
    return Done();
  });
}

// --- What belongs to one ----------------------------------------------------------

Outcome SetPassword(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto ask, ParseBody<wire::PasswordChange>(request));
  RETURN_IF_ERROR(CheckPassword("password", ask.password));
  // Before a core is spent on who may not.
  RETURN_IF_ERROR(
      context.store.Read([&](store::Reader& reader) { return EnterToChange(reader, request, context).status(); }));
  const std::string hash = HashPassword(ask.password, context.random);
  if (hash.empty()) return absl::UnavailableError("no memory to hash a password");
  const Change change = BeginChange(context);
  std::optional<AgentAccess> gone;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    gone.reset();
    ASSIGN_OR_RETURN(Entered entered, EnterToChange(txn, request, context));
    entered.record.password_hash = hash;
    Save(txn, keys::Agent(entered.agent.site, entered.agent.agent), entered.record);
    ASSIGN_OR_RETURN(const bool is_gone, EndOtherSessions(txn, entered.agent, request.token, context));
    if (is_gone) gone = entered.agent;
    Audit(txn, entered.access, change, {"password", kName, entered.agent.agent.text()});
    return Done();
  });
  return Answered(std::move(outcome), gone, context);
}

Outcome ResetTotp(const Request& request, Context& context) {
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, EnterToChange(txn, request, context));
    const std::string key = keys::AgentTotp(entered.agent.site, entered.agent.agent);
    RETURN_IF_ERROR(Load<TotpRecord>(txn, key).status());
    txn.Erase(key);
    Audit(txn, entered.access, change, {"totp_reset", kName, entered.agent.agent.text()});
    return Done();
  });
}

Outcome ListSessions(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const Entered entered, Enter(reader, request, Permission::kSeePeople, context));
    ASSIGN_OR_RETURN(std::string shown, ShowSessions(reader, entered.agent, request.token, context));
    return Ok(std::move(shown));
  });
}

Outcome RevokeSession(const Request& request, Context& context) {
  const Change change = BeginChange(context);
  std::optional<AgentAccess> gone;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    gone.reset();
    ASSIGN_OR_RETURN(const Entered entered, EnterToChange(txn, request, context));
    ASSIGN_OR_RETURN(const bool is_gone, EndSessionById(txn, entered.agent, request.Parameter("session"), context));
    if (is_gone) gone = entered.agent;
    Audit(txn, entered.access, change, {"session_end", kName, entered.agent.agent.text()});
    return Done();
  });
  return Answered(std::move(outcome), gone, context);
}

}  // namespace alcove::functions::admin
