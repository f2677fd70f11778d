#include "functions/verify.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "functions/admin_records.h"
#include "functions/verify_pass.h"
#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

std::vector<std::string> IndexOf(const TokenRecord& token, std::string_view digest) {
  const int64_t expires_at = std::max<int64_t>(token.expires_at, 0);
  std::vector<std::string> index = {keys::TokenExpiry(expires_at, digest)};
  if (token.kind == TokenKind::kAgent) {
    index.push_back(keys::AgentSession(wire::SiteId(token.site), wire::AgentId(token.principal), expires_at, digest));
  }
  return index;
}

}  // namespace

absl::StatusOr<VerifyReport> VerifyPass::Run() {
  RETURN_IF_ERROR(CheckMeta());
  const auto check = [&](const std::vector<store::Entry>& page) -> absl::Status {
    for (const store::Entry& entry : page) RETURN_IF_ERROR(Check(entry));
    report_.entries += static_cast<int64_t>(page.size());
    return listener_.progress ? listener_.progress(report_.entries) : absl::OkStatus();
  };
  RETURN_IF_ERROR(store::EachPage(reader_, keys::Everything(), check));
  RETURN_IF_ERROR(EndEvents());
  RETURN_IF_ERROR(EndFeed());
  return report_;
}

absl::Status VerifyPass::Check(const store::Entry& entry) {
  const auto decoded = keys::DecodeParts(entry.key);
  if (!decoded) {
    Found(entry.key, "is no key of ours");
    return absl::OkStatus();
  }
  const bool of_no_site = decoded->site == keys::kNoSite;
  if (!of_no_site && decoded->site != site_.text()) RETURN_IF_ERROR(EnterSite(decoded->site, entry.key));
  if (decoded->family != "event") RETURN_IF_ERROR(EndEvents());
  if (decoded->family != "feed") RETURN_IF_ERROR(EndFeed());
  parts_ = decoded->parts;
  const auto check = [&](const auto& families) -> absl::Status {
    for (const Family& family : families) {
      if (family.name == decoded->family) return (this->*family.check)(entry);
    }
    ++report_.unknown;
    return absl::OkStatus();
  };
  return of_no_site ? check(kOfNoSite) : check(kOfSites);
}

absl::Status VerifyPass::EnterSite(std::string_view site, std::string_view key) {
  RETURN_IF_ERROR(EndEvents());
  RETURN_IF_ERROR(EndFeed());
  site_ = wire::SiteId(std::string(site));
  routing_.emplace(reader_, site_);
  team_loads_.clear();
  endings_.clear();
  if (!wire::SiteId::Parse(site)) Found(key, "is of a site whose id is none");
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Site(site_)));
  if (!there) Found(key, "is of a site that is not there");
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckMeta() {
  ASSIGN_OR_RETURN(const auto format, reader_.Get(keys::MetaFormat()));
  int number = 0;
  if (!format || !absl::SimpleAtoi(*format, &number) || number < 1 || number > keys::kFormat) {
    Found(keys::MetaFormat(), "is no format of ours");
  }
  ASSIGN_OR_RETURN(const bool epoch, IsThere(keys::MetaEpoch()));
  if (!epoch) Found(keys::MetaEpoch(), "is not there");
  return absl::OkStatus();
}

// --- Sessions -------------------------------------------------------------------

absl::Status VerifyPass::CheckToken(const store::Entry& entry) {
  const auto token = Own<TokenRecord>(entry);
  if (!token) return absl::OkStatus();
  if (token->kind == TokenKind::kKey) {
    ASSIGN_OR_RETURN(const auto key,
                     Peek<KeyRecord>(keys::Key(wire::SiteId(token->site), wire::KeyId(token->principal))));
    if (!key || key->token_sha256 != parts_.back()) Found(entry.key, "is of a key that does not name it");
  }
  return ExpectIndex(entry.key, IndexOf(*token, parts_.back()));
}

absl::Status VerifyPass::CheckTokenIndex(const store::Entry& entry) {
  ASSIGN_OR_RETURN(const auto token, Peek<TokenRecord>(keys::Token(parts_.back())));
  if (!token) {
    Found(entry.key, "is of a session that is not there");
  } else if (!Holds(IndexOf(*token, parts_.back()), entry.key)) {
    Found(entry.key, "is not what its session says");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckEmail(const store::Entry& entry) {
  const auto email = Own<AgentEmailRecord>(entry);
  if (!email) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool there, IsThere(keys::Agent(wire::SiteId(email->site), wire::AgentId(email->agent))));
  if (!there) Found(entry.key, "is of an agent who is not there: ", email->agent);
  return absl::OkStatus();
}

// --- Deferred calls ---------------------------------------------------------------

absl::Status VerifyPass::CheckDeferred(const store::Entry& entry) {
  const auto call = Own<DeferredRecord>(entry);
  if (!call) return absl::OkStatus();
  const int64_t run_at = keys::DecodeTime(entry.key).value_or(-1);
  // While a run is under way nobody else may look.
  if (run_at < call->lease_until) Found(entry.key, "is looked at before its lease is over, at ", call->lease_until);
  if (call->attempts < 0 || call->attempts > wire::kDeferAttemptsMax) {
    Found(entry.key, "says that it was run ", call->attempts, " times");
  }
  ASSIGN_OR_RETURN(const auto place, Peek<DeferredKeyRecord>(keys::DeferredKey(call->function, call->key)));
  if (!place || place->call != parts_.back() || place->run_at != run_at) {
    Found(entry.key, "is missing from the index: it is not the call of ", call->function, " and ", call->key);
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckDeferredKey(const store::Entry& entry) {
  const auto place = Own<DeferredKeyRecord>(entry);
  if (!place) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto call, Peek<DeferredRecord>(keys::Deferred(std::max<int64_t>(place->run_at, 0),
                                                                        wire::DeferredId(place->call))));
  if (!call) {
    Found(entry.key, "is of a call that is not there: ", place->call);
  } else if (keys::DeferredKey(call->function, call->key) != entry.key) {
    Found(entry.key, "is not what its call says");
  }
  return absl::OkStatus();
}

absl::Status VerifyPass::CheckDeadLetter(const store::Entry& entry) {
  const auto call = Own<DeferredRecord>(entry);
  if (call && !call->reason) Found(entry.key, "does not say why it was given up");
  return absl::OkStatus();
}

absl::StatusOr<VerifyReport> Verify(store::Reader& reader, const VerifyListener& listener) {
  return VerifyPass(reader, listener).Run();
}

}  // namespace alcove::functions
