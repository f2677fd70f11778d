#pragma once

#include "functions/context.h"
#include "functions/function.h"

namespace alcove::functions::admin {

// GET /v1/admin/keys
//
// 200 with {keys: [wire::KeyShown...], more}, or
//   403 role_required
Outcome ListKeys(const Request& request, Context& context);

// GET /v1/admin/keys/{key}
//
// 200 with a wire::KeyShown, without its token, or
//   NOT_FOUND          no such key
//   403 role_required
Outcome GetKey(const Request& request, Context& context);

// PUT /v1/admin/keys/{key}
//
// Makes a key of this API, or changes what one is called, may do, and until
// when. The answer to the put that makes it carries its token, which is kept
// nowhere: whoever did not get that answer deletes the key and makes another.
//
// 201 with a wire::KeyShown and its token, 200 without, or
//   INVALID_ARGUMENT   the body is no wire::KeyFields
//   422 unprocessable  a field has a value that is not accepted, or there are kKeysMax
//   403 role_required
Outcome PutKey(const Request& request, Context& context);

// DELETE /v1/admin/keys/{key}
//
// The key is worth nothing from now on.
//
// 200, or
//   NOT_FOUND          no such key
//   403 role_required
Outcome DeleteKey(const Request& request, Context& context);

}  // namespace alcove::functions::admin
