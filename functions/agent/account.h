#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::agent {

// PUT /v1/agent/password
//
// Changes the caller's password. Their other sessions end, parked polls too.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::PasswordChange
//   UNAUTHENTICATED    no session of an agent
//   422 unprocessable  `current` is not the password; the new one is too short or too long
//   429                too many tries
Outcome ChangePassword(const Request& request, Context& context);

// GET /v1/agent/sessions
//
// 200 with {sessions: [wire::SessionShown...]}: the caller's own, or
//   UNAUTHENTICATED  no session of an agent
Outcome OwnSessions(const Request& request, Context& context);

// DELETE /v1/agent/sessions/{session}
//
// Ends a session of the caller's, a parked poll too.
//
// 200, or
//   NOT_FOUND        no such session, or not the caller's
//   UNAUTHENTICATED  no session of an agent
Outcome EndOwnSession(const Request& request, Context& context);

// PUT /v1/agent/totp
//
// Begins a second factor, which counts once it is confirmed with a code. A
// repeat before that shows the same one.
//
// 201 or 200 with a wire::TotpEnrolment, or
//   UNAUTHENTICATED    no session of an agent
//   422 unprocessable  there is one already
Outcome EnrolTotp(const Request& request, Context& context);

// POST /v1/agent/totp/confirm
//
// Sign-ins ask for a code from now on. A repeat changes nothing.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::TotpCode
//   NOT_FOUND          none was begun
//   UNAUTHENTICATED    no session of an agent
//   422 unprocessable  the code is not one of now
Outcome ConfirmOwnTotp(const Request& request, Context& context);

// POST /v1/agent/totp/remove
//
// Takes the second factor away, by a code of it or a recovery code.
//
// 200, or
//   INVALID_ARGUMENT   the body is no wire::TotpCode
//   NOT_FOUND          there is none
//   UNAUTHENTICATED    no session of an agent
//   422 unprocessable  the code is wrong or was used
//   429                too many were wrong
Outcome RemoveOwnTotp(const Request& request, Context& context);

// GET /v1/agent/configuration
//
// What a snapshot carries of what administration made: asked for after a
// `configuration` signal.
//
// 200 with a wire::AgentConfiguration, or
//   UNAUTHENTICATED  no session of an agent
Outcome Configuration(const Request& request, Context& context);

}  // namespace alcove::functions::agent
