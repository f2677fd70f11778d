#include "functions/admin/keys.h"

#include <optional>
#include <string>
#include <utility>

#include "functions/admin/access.h"
#include "functions/admin/checks.h"
#include "functions/admin/resource.h"
#include "functions/admin_records.h"
#include "functions/request.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

constexpr std::string_view kName = "keys";

wire::KeyShown ShowKey(const std::string& id, const KeyRecord& record) {
  return {id, {record.name, record.role, record.expires_at}, record.created_at, {}};
}

// Its token, as a session of nobody.
absl::Status SaveKey(store::Transaction& txn, const AdminAccess& access, const wire::KeyId& id,
                     const KeyRecord& record) {
  Save(txn, keys::Key(access.site, id), record);
  TokenRecord token;
  token.kind = TokenKind::kKey;
  token.site = access.site.text();
  token.principal = id.text();
  token.expires_at = record.expires_at.value_or(keys::kNumberMax);
  return SaveDigest(txn, record.token_sha256, token);
}

}  // namespace

Outcome ListKeys(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kChangeKeys, context));
    ASSIGN_OR_RETURN(const auto entries, reader.Scan(keys::AllKeys(access.site), {.limit = wire::kKeysMax}));
    Page page{kName, {}, false};
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const std::string id, keys::DecodeId(entry.key));
      ASSIGN_OR_RETURN(const auto record, DecodeRecord<KeyRecord>(entry.value));
      page.items.push_back({ToJson(ShowKey(id, record))});
    }
    return Ok(ToJson(page));
  });
}

Outcome GetKey(const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kChangeKeys, context));
    ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::KeyId>(request, "key"));
    ASSIGN_OR_RETURN(const auto record, Load<KeyRecord>(reader, keys::Key(access.site, id)));
    return Ok(ToJson(ShowKey(id.text(), record)));
  });
}

Outcome PutKey(const Request& request, Context& context) {
  ASSIGN_OR_RETURN(const auto fields, ParseBody<wire::KeyFields>(request));
  RETURN_IF_ERROR(CheckKey(fields));
  const Change change = BeginChange(context);
  const std::string token = MakeToken(kKeyTokenPrefix, context.random);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(txn, request, Permission::kChangeKeys, context));
    ASSIGN_OR_RETURN(const auto id, ChosenPathId<wire::KeyId>(request, "key"));
    ASSIGN_OR_RETURN(const auto before, Find<KeyRecord>(txn, keys::Key(access.site, id)));
    KeyRecord record = before.value_or(KeyRecord());
    record.name = fields.name;
    record.role = fields.role;
    record.expires_at = fields.expires_at;
    if (!before) {
      RETURN_IF_ERROR(CheckCount(txn, keys::AllKeys(access.site), wire::kKeysMax, kName));
      record.created_at = change.at;
      record.token_sha256 = Sha256Hex(token);
    }
    wire::KeyShown shown = ShowKey(id.text(), record);
    Audited audited{before ? "change" : "create", kName, id.text()};
    if (before) audited.before = ToJson(ShowKey(id.text(), *before));
    audited.after = ToJson(shown);
    if (audited.before == audited.after) return Ok(ToJson(shown));
    RETURN_IF_ERROR(SaveKey(txn, access, id, record));
    Audit(txn, access, change, audited);
    if (before) return Ok(ToJson(shown));
    shown.token = token;
    return Created(ToJson(shown));
  });
}

Outcome DeleteKey(const Request& request, Context& context) {
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(txn, request, Permission::kChangeKeys, context));
    ASSIGN_OR_RETURN(const auto id, ParsePathId<wire::KeyId>(request, "key"));
    ASSIGN_OR_RETURN(const auto record, Load<KeyRecord>(txn, keys::Key(access.site, id)));
    txn.Erase(keys::Key(access.site, id));
    RETURN_IF_ERROR(EraseDigest(txn, record.token_sha256));
    Audited audited{"delete", kName, id.text()};
    audited.before = ToJson(ShowKey(id.text(), record));
    Audit(txn, access, change, audited);
    return Done();
  });
}

}  // namespace alcove::functions::admin
