// What administration keeps, family by family of store/keys.h: as it was put
// (functions/wire/admin.h), with what every record has. The rules of records.h
// hold: fields are only ever added, as optional ones or vectors.
//
// Threads: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "functions/records.h"
#include "functions/unknown_fields.h"
#include "functions/wire/admin.h"
#include "functions/wire/describe.h"

namespace alcove::functions {

// The record of a resource: `team.name` reads as if it were declared here.
template <class Fields>
struct AdminRecord : Fields {
  int64_t version = 1;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V, class Fields>
void Describe(V& visit, AdminRecord<Fields>& record) {
  visit("version", record.version);
  Describe(visit, static_cast<Fields&>(record));
}

using TeamRecord = AdminRecord<wire::TeamFields>;
using SkillRecord = AdminRecord<wire::SkillFields>;
using HoursRecord = AdminRecord<wire::HoursFields>;
using RuleRecord = AdminRecord<wire::RuleFields>;
using CannedRecord = AdminRecord<wire::CannedFields>;
using MacroRecord = AdminRecord<wire::MacroFields>;
using BotRecord = AdminRecord<wire::BotFields>;
using TagRecord = AdminRecord<wire::TagFields>;
using AttributeRecord = AdminRecord<wire::AttributeFields>;
using IdentitySecretRecord = AdminRecord<wire::IdentitySecretFields>;
// Where there is none, that of the defaults: LoadOrDefault().
using SettingsRecord = AdminRecord<wire::SettingsFields>;

// Of one day.
using EndingsRecord = AdminRecord<wire::EndingCounts>;

using AuditRecord = AdminRecord<wire::AuditFields>;

struct KeyRecord {
  int64_t version = 1;
  std::string name;
  wire::Role role = wire::Role::kUnknown;
  std::optional<int64_t> expires_at;
  std::string token_sha256;  // in hex; the token itself is kept nowhere
  int64_t created_at = 0;
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, KeyRecord& key) {
  visit("version", key.version);
  visit("name", key.name);
  visit("role", key.role);
  visit("expires_at", key.expires_at);
  visit("token_sha256", key.token_sha256);
  visit("created_at", key.created_at);
}

// The second factor of an agent. Apart from AgentRecord, because it is a secret and is read at a sign-in alone.
struct TotpRecord {
  int64_t version = 1;
  std::string secret;      // base 32, as an authenticator takes it
  bool confirmed = false;  // a code was given: sign-ins ask for one
  int64_t used_step = 0;   // the last step of 30 s whose code was used: none is taken twice
  int64_t failures = 0;    // wrong codes since the last right one
  int64_t locked_until = 0;
  std::vector<std::string> recovery;  // until it is confirmed as they are shown; then their SHA-256 in hex
  std::shared_ptr<const UnknownFields> unknown = nullptr;
};
template <class V>
void Describe(V& visit, TotpRecord& totp) {
  visit("version", totp.version);
  visit("secret", totp.secret);
  visit("confirmed", totp.confirmed);
  visit("used_step", totp.used_step);
  visit("failures", totp.failures);
  visit("locked_until", totp.locked_until);
  visit("recovery", totp.recovery);
}

}  // namespace alcove::functions
