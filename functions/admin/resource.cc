#include "functions/admin/resource.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/admin/access.h"
#include "functions/lifecycle.h"
#include "functions/problem.h"
#include "functions/wire/limits.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

// What there is of the kind behind `after`, one more than a page.
absl::StatusOr<std::vector<store::Entry>> ScanBehind(store::Reader& reader, const ResourceKind& kind,
                                                     const wire::SiteId& site, const Request& request, size_t limit) {
  store::Range range = kind.all(site);
  const std::string after(request.Query("after"));
  if (!after.empty()) {
    if (!kind.is_id(after)) return absl::InvalidArgumentError("after is no id");
    // The next key there may be.
    range.begin = kind.key({site, after}) + '\0';
  }
  return reader.Scan(range, {.limit = limit + 1});
}

absl::StatusOr<std::string> PathId(const ResourceKind& kind, const Request& request) {
  const std::string_view id = kind.parameter.empty() ? kind.name : request.Parameter(kind.parameter);
  if (kind.is_id(id)) return std::string(id);
  if (request.method != Method::kPut) return absl::NotFoundError("no id");
  return Unprocessable(kind.parameter, "is no id of that kind");
}

absl::StatusOr<std::optional<std::string>> FindRecord(store::Reader& reader, const ResourceKind& kind,
                                                      const Place& place) {
  ASSIGN_OR_RETURN(auto record, reader.Get(kind.key(place)));
  if (!record && kind.absent != nullptr) record = kind.absent();
  return record;
}

absl::Status Tell(store::Transaction& txn, const ResourceKind& kind, const wire::SiteId& site) {
  return kind.shown == Shown::kToConsoles ? TellConsoles(txn, site) : absl::OkStatus();
}

}  // namespace

Outcome ListResources(const ResourceKind& kind, const Request& request, Context& context) {
  const auto page_max = static_cast<int64_t>(wire::kAdminPageMax);
  ASSIGN_OR_RETURN(const int64_t limit, ParseQueryNumber(request, "limit", {page_max, 1, page_max}));
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kFollow, context));
    ASSIGN_OR_RETURN(auto entries, ScanBehind(reader, kind, access.site, request, static_cast<size_t>(limit)));
    Page page{kind.name, {}, entries.size() > static_cast<size_t>(limit)};
    if (page.more) entries.pop_back();
    for (const store::Entry& entry : entries) {
      ASSIGN_OR_RETURN(const std::string id, keys::DecodeId(entry.key));
      ASSIGN_OR_RETURN(std::string shown, kind.show(reader, {access.site, id}, entry.value));
      page.items.push_back({std::move(shown)});
    }
    return Ok(ToJson(page));
  });
}

Outcome GetResource(const ResourceKind& kind, const Request& request, Context& context) {
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kFollow, context));
    ASSIGN_OR_RETURN(const std::string id, PathId(kind, request));
    const Place place{access.site, id};
    ASSIGN_OR_RETURN(const auto record, FindRecord(reader, kind, place));
    if (!record) return absl::NotFoundError("no such resource");
    ASSIGN_OR_RETURN(std::string shown, kind.show(reader, place, *record));
    return Ok(std::move(shown));
  });
}

Outcome PutResource(const ResourceKind& kind, const Request& request, Context& context) {
  const Change change = BeginChange(context);
  std::optional<wire::SiteId> roomier;
  Outcome outcome = context.store.Transact([&](store::Transaction& txn) -> Outcome {
    roomier.reset();
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(txn, request, kind.change, context));
    ASSIGN_OR_RETURN(const std::string id, PathId(kind, request));
    const Place place{access.site, id};
    ASSIGN_OR_RETURN(const auto before, FindRecord(txn, kind, place));
    ASSIGN_OR_RETURN(const std::string record, kind.make(request, before));
    RETURN_IF_ERROR(kind.check(txn, place, record));
    if (!before) RETURN_IF_ERROR(CheckCount(txn, kind.all(access.site), kind.count_max, kind.name));
    ASSIGN_OR_RETURN(std::string shown, kind.show(txn, place, record));
    if (before == record) return Ok(std::move(shown));
    Audited audited{before ? "change" : "create", kind.name, id};
    if (before) {
      ASSIGN_OR_RETURN(audited.before, kind.show(txn, place, *before));
    }
    audited.after = shown;
    txn.Put(kind.key(place), record);
    if (kind.kept != nullptr) {
      ASSIGN_OR_RETURN(const bool more, kind.kept(txn, place, context));
      if (more) roomier = access.site;
    }
    Audit(txn, access, change, audited);
    RETURN_IF_ERROR(Tell(txn, kind, access.site));
    return before ? Ok(std::move(shown)) : Created(std::move(shown));
  });
  if (outcome.response()->status < 300 && roomier) HandOut(*roomier, context);
  return outcome;
}

Outcome DeleteResource(const ResourceKind& kind, const Request& request, Context& context) {
  const Change change = BeginChange(context);
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(txn, request, kind.change, context));
    ASSIGN_OR_RETURN(const std::string id, PathId(kind, request));
    const Place place{access.site, id};
    ASSIGN_OR_RETURN(const auto before, FindRecord(txn, kind, place));
    if (!before) return absl::NotFoundError("no such resource");
    if (kind.check_unused != nullptr) RETURN_IF_ERROR(kind.check_unused(txn, place));
    Audited audited{"delete", kind.name, id};
    ASSIGN_OR_RETURN(audited.before, kind.show(txn, place, *before));
    txn.Erase(kind.key(place));
    Audit(txn, access, change, audited);
    RETURN_IF_ERROR(Tell(txn, kind, access.site));
    return Done();
  });
}

absl::Status CheckCount(store::Reader& reader, const store::Range& all, size_t count_max, std::string_view name) {
  ASSIGN_OR_RETURN(const auto entries, reader.Scan(all, {.limit = count_max}));
  if (entries.size() < count_max) return absl::OkStatus();
  return Unprocessable(name, absl::StrCat("are ", count_max, " already, as many as a site may have"));
}

absl::Status Unprocessable(std::string_view field, std::string_view what) {
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat(std::string(field), " ", std::string(what)));
}

absl::Status CheckLength(std::string_view field, size_t length, size_t length_max) {
  if (length <= length_max) return absl::OkStatus();
  return Unprocessable(field, absl::StrCat("has more than ", length_max));
}

absl::Status CheckNumber(std::string_view field, int64_t number, int64_t min, int64_t max) {
  if (number >= min && number <= max) return absl::OkStatus();
  return Unprocessable(field, absl::StrCat("is not from ", min, " to ", max));
}

absl::Status CheckDistinct(std::string_view field, std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  const auto twice = std::adjacent_find(texts.begin(), texts.end());
  return twice == texts.end() ? absl::OkStatus() : Unprocessable(field, "names one twice");
}

absl::Status CheckName(std::string_view field, std::string_view name) {
  return CheckTextGiven(field, name, wire::kNameBytesMax);
}

absl::Status CheckLanguage(std::string_view field, std::string_view language) {
  const bool is_tag = language.size() >= 2 && language.size() <= wire::kLanguageBytesMax &&
                      std::all_of(language.begin(), language.end(),
                                  [](unsigned char c) { return c < 0x80 && (std::isalnum(c) != 0 || c == '-'); });
  return is_tag ? absl::OkStatus() : Unprocessable(field, "has what is no tag of BCP 47, such as `de` or `pt-BR`");
}

absl::Status CheckLanguages(std::string_view field, const std::vector<std::string>& languages) {
  RETURN_IF_ERROR(CheckLength(field, languages.size(), wire::kLanguagesMax));
  RETURN_IF_ERROR(CheckDistinct(field, languages));
  for (const std::string& language : languages) RETURN_IF_ERROR(CheckLanguage(field, language));
  return absl::OkStatus();
}

namespace {

template <class Id, class Key>
absl::Status CheckThere(store::Reader& reader, std::string_view field, const std::optional<std::string>& text,
                        const Key& key) {
  if (!text) return absl::OkStatus();
  const auto id = Id::Parse(*text);
  if (!id) return BadChosenId(field);
  ASSIGN_OR_RETURN(const auto record, reader.Get(key(*id)));
  return record ? absl::OkStatus() : Unprocessable(field, "names what is not there");
}

}  // namespace

absl::Status CheckTeamThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                            const std::optional<std::string>& team) {
  return CheckThere<wire::TeamId>(reader, field, team, [&](const wire::TeamId& id) { return keys::Team(site, id); });
}

absl::Status CheckAgentThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& agent) {
  return CheckThere<wire::AgentId>(reader, field, agent,
                                   [&](const wire::AgentId& id) { return keys::Agent(site, id); });
}

absl::Status CheckSkillThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& skill) {
  return CheckThere<wire::SkillId>(reader, field, skill,
                                   [&](const wire::SkillId& id) { return keys::Skill(site, id); });
}

absl::Status CheckHoursThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& hours) {
  return CheckThere<wire::HoursId>(reader, field, hours,
                                   [&](const wire::HoursId& id) { return keys::Hours(site, id); });
}

absl::Status CheckBotThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                           const std::optional<std::string>& bot) {
  return CheckThere<wire::BotId>(reader, field, bot, [&](const wire::BotId& id) { return keys::Bot(site, id); });
}

}  // namespace alcove::functions::admin
