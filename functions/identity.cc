#include "functions/identity.h"

#include <openssl/crypto.h>

#include <array>
#include <cstdint>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "functions/attributes.h"
#include "functions/json_codec.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/wire/describe.h"
#include "functions/wire/limits.h"
#include "functions/wire/typed_text.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

constexpr std::string_view kAlgorithm = "HS256";
// In seconds since 1970: times behind it are mistakes in a unit.
constexpr int64_t kYearTenThousand = 253'402'300'800;

struct JwtHeader {
  std::string alg;
  std::optional<std::string> typ;
  std::optional<wire::RawJson> crit;
};
template <class V>
void Describe(V& visit, JwtHeader& header) {
  visit("alg", header.alg);
  visit("typ", header.typ);
  visit("crit", header.crit);
}

struct JwtClaims {
  std::string sub;
  int64_t iat = 0;
  int64_t exp = 0;
  std::optional<int64_t> nbf;
  std::optional<std::string> aud;
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::vector<wire::Field>> attributes;
};
template <class V>
void Describe(V& visit, JwtClaims& claims) {
  visit("sub", claims.sub);
  visit("iat", claims.iat);
  visit("exp", claims.exp);
  visit("nbf", claims.nbf);
  visit("aud", claims.aud);
  visit("name", claims.name);
  visit("email", claims.email);
  visit("attributes", claims.attributes);
}

absl::Status NoIdentity(std::string_view why) {
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("identity ", std::string(why)));
}

// Without padding, line breaks, or bits that fill no byte: of each text there is one token.
std::optional<std::string> DecodeBase64Url(std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape({text.data(), text.size()}, &bytes)) return std::nullopt;
  return Base64Url(bytes) == text ? std::optional(std::move(bytes)) : std::nullopt;
}

// The three parts, as they stand there.
absl::StatusOr<std::array<std::string_view, 3>> PartsOf(std::string_view token) {
  if (token.size() > wire::kIdentityBytesMax) {
    return NoIdentity(absl::StrCat("is longer than ", wire::kIdentityBytesMax, " bytes"));
  }
  const size_t first = token.find('.');
  const size_t second = token.find('.', first == token.npos ? first : first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return NoIdentity("is no JWT of three parts");
  return std::array{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1)};
}

absl::Status CheckHeader(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  if (!text) return NoIdentity("has a header that is not base64url");
  const auto header = ParseJson<JwtHeader>(*text);
  if (!header.ok()) return NoIdentity("has a header that is none");
  if (header->alg != kAlgorithm) return NoIdentity("is not signed with HS256");
  if (header->typ && !absl::EqualsIgnoreCase(*header->typ, "JWT")) return NoIdentity("is of another type than JWT");
  if (header->crit) return NoIdentity("has a `crit` that nobody here understands");
  return absl::OkStatus();
}

absl::Status CheckSignature(std::string_view signed_text, std::string_view part, std::span<const std::string> secrets) {
  const auto signature = DecodeBase64Url(part);
  if (!signature) return NoIdentity("has a signature that is not base64url");
  bool is_right = false;
  for (const std::string& secret : secrets) {
    const std::string expected = HmacSha256(secret, signed_text);
    if (signature->size() != expected.size()) continue;
    is_right = CRYPTO_memcmp(signature->data(), expected.data(), expected.size()) == 0 || is_right;
  }
  return is_right ? absl::OkStatus() : NoIdentity("is signed with none of the site's secrets");
}

bool IsTime(int64_t seconds) { return seconds >= 0 && seconds < kYearTenThousand; }

absl::Status CheckTimes(const JwtClaims& claims, absl::Time now) {
  if (!IsTime(claims.iat) || !IsTime(claims.exp) || !IsTime(claims.nbf.value_or(0))) {
    return NoIdentity("has a time that is none in seconds since 1970");
  }
  const absl::Duration skew = absl::Milliseconds(wire::kIdentitySkewMs);
  const absl::Time issued = absl::FromUnixSeconds(claims.iat);
  const absl::Time ends = absl::FromUnixSeconds(claims.exp);
  if (ends <= now - skew) return NoIdentity("is over: exp is past");
  if (issued > now + skew) return NoIdentity("is of a time to come: iat");
  if (claims.nbf && absl::FromUnixSeconds(*claims.nbf) > now + skew) {
    return NoIdentity("is of a time to come: nbf");
  }
  if (ends <= issued) return NoIdentity("is over before it begins: exp is not behind iat");
  if (ends - issued > absl::Milliseconds(wire::kIdentityLifeMsMax)) {
    return NoIdentity(
        absl::StrCat("is good for more than ", wire::kIdentityLifeMsMax, " ms: exp is too far behind iat"));
  }
  return absl::OkStatus();
}

absl::StatusOr<JwtClaims> ReadClaims(std::string_view part) {
  const auto text = DecodeBase64Url(part);
  if (!text) return NoIdentity("has claims that are not base64url");
  auto claims = ParseJson<JwtClaims>(*text);
  if (claims.ok()) return claims;
  return NoIdentity(absl::StrCat("has claims that are none: ", std::string(claims.status().message())));
}

}  // namespace

absl::StatusOr<Identity> VerifyIdentity(std::string_view token, std::span<const std::string> secrets,
                                        const wire::SiteId& site, absl::Time now) {
  ASSIGN_OR_RETURN(const auto parts, PartsOf(token));
  RETURN_IF_ERROR(CheckHeader(parts[0]));
  RETURN_IF_ERROR(CheckSignature(token.substr(0, parts[0].size() + 1 + parts[1].size()), parts[2], secrets));
  ASSIGN_OR_RETURN(JwtClaims claims, ReadClaims(parts[1]));
  RETURN_IF_ERROR(CheckTimes(claims, now));
  if (claims.aud && *claims.aud != site.text()) return NoIdentity("is for somebody else: aud is not the site's id");
  RETURN_IF_ERROR(CheckTextGiven("identity.sub", claims.sub, wire::kIdentitySubjectBytesMax));
  // Of who has not said theirs a server says "".
  if (claims.name && claims.name->empty()) claims.name.reset();
  if (claims.email && claims.email->empty()) claims.email.reset();
  if (claims.name) RETURN_IF_ERROR(CheckTextGiven("identity.name", *claims.name, wire::kNameBytesMax));
  if (claims.email && !wire::IsEmailAddress(*claims.email)) return NoIdentity("has an email that is no address");
  RETURN_IF_ERROR(CheckFields("identity.attributes", claims.attributes, wire::kAttributesMax));
  return Identity{std::move(claims.sub), std::move(claims.name), std::move(claims.email),
                  std::move(claims.attributes).value_or(std::vector<wire::Field>())};
}

}  // namespace alcove::functions
