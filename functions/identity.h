// Who a customer is, as the owner of the site vouches for it: a JSON Web Token
// (RFC 7519) that their server signs and their page hands over.
//
//   {"alg":"HS256"} . {"sub":"42","iat":…,"exp":…,"name":…,"email":…,"attributes":[{"name":…,"value":…}…]} . signature
//
// One algorithm, HMAC with SHA-256, and no other: what the header asks for is
// refused, not followed. Nothing of the claims is read before the signature is
// found right, by any of the site's secrets, in a time that tells nothing of it.
//
// Threads: free functions without state.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "functions/wire/conversation.h"
#include "functions/wire/ids.h"

namespace alcove::functions {

// What the owner says.
struct Identity {
  std::string subject;  // who it is, in the words of their own server
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::vector<wire::Field> attributes;
};

// 422 unprocessable, its detail saying why, where
//   it is longer than kIdentityBytesMax, or no three parts in base64url without padding
//   the header is none, names another algorithm than HS256 or another type, or what must be understood (`crit`)
//   none of the secrets has signed it
//   the claims are none, or have a field of another type; a time is no whole number of seconds
//   sub, iat or exp is missing; sub is empty or longer than kIdentitySubjectBytesMax
//   exp is past, iat or nbf to come, but for kIdentitySkewMs
//   exp is not behind iat, or more than kIdentityLifeMsMax behind it
//   aud is there and is not the site's id
//   the name is longer than kNameBytesMax, the address is none, or there are more than kAttributesMax attributes
absl::StatusOr<Identity> VerifyIdentity(std::string_view token, std::span<const std::string> secrets,
                                        const wire::SiteId& site, absl::Time now);

}  // namespace alcove::functions
