#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/agents
//
// The agents of the site, in the order of their ids: `?after=ID&limit=`, and
// with `team=` those of one team.
//
// 200 with {agents: [wire::AgentShown...], more}, or
//   INVALID_ARGUMENT  a parameter is none
//   403 role_required
Outcome ListAgents(const Request& request, Context& context);

// GET /v1/admin/agents/{agent}
//
// 200 with a wire::AgentShown, or
//   NOT_FOUND          no such agent
//   403 role_required
Outcome GetAgent(const Request& request, Context& context);

// PUT /v1/admin/agents/{agent}
//
// Makes or changes an agent, who signs in once they have a password. One who is
// disabled is signed out at once, and one who may not converse is offline;
// conversations stay theirs.
//
// 201 or 200 with a wire::AgentShown, or
//   INVALID_ARGUMENT   the body is no wire::AgentFields
//   422 unprocessable  a field has a value that is not accepted; the address is another agent's; what it names is not
//                      there; it would leave the site without an owner
//   403 role_required  also where an owner is made or changed by who is none
Outcome PutAgent(const Request& request, Context& context);

// DELETE /v1/admin/agents/{agent}
//
// Signs the agent out and forgets them; what they wrote stays.
//
// 200, or
//   NOT_FOUND          no such agent
//   422 unprocessable  they have open conversations, or are the last owner
//   403 role_required  also where an owner is deleted by who is none
Outcome DeleteAgent(const Request& request, Context& context);

// PUT /v1/admin/agents/{agent}/password
//
// Gives an agent a password. Their sessions end, parked polls too, but for the
// one that asks. May be repeated.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::PasswordChange
//   NOT_FOUND          no such agent
//   422 unprocessable  it is shorter than kPasswordBytesMin or longer than kPasswordBytesMax
//   403 role_required  also where the agent is an owner and who asks is none
Outcome SetPassword(const Request& request, Context& context);

// DELETE /v1/admin/agents/{agent}/totp
//
// Takes an agent's second factor away: who lost the telephone and the recovery codes.
//
// 200, or
//   NOT_FOUND          no such agent, or there is none
//   403 role_required  also where the agent is an owner and who asks is none
Outcome ResetTotp(const Request& request, Context& context);

// GET /v1/admin/agents/{agent}/sessions
//
// 200 with {sessions: [wire::SessionShown...]}, or
//   NOT_FOUND          no such agent
//   403 role_required
Outcome ListSessions(const Request& request, Context& context);

// DELETE /v1/admin/agents/{agent}/sessions/{session}
//
// Ends a session, a parked poll too.
//
// 200, or
//   NOT_FOUND          no such agent or session
//   403 role_required  also where the agent is an owner and who asks is none
Outcome RevokeSession(const Request& request, Context& context);

}  // namespace alcove::functions::admin
