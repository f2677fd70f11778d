// What all resources of administration do the same way: lists, one, put and
// delete. A kind (kinds.h) says what is its own.
//
// A put states what is to be there: 201 where there was nothing, 200 where
// there was, whatever that was; so it may be repeated. What changes nothing is
// in no audit. What others name is not deleted.
//
// Threads: free functions; a Reader belongs to its body.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/admin_records.h"
#include "functions/context.h"
#include "functions/domain/permissions.h"
#include "functions/function.h"
#include "functions/json_codec.h"
#include "functions/request.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::functions::admin {

// Whether consoles are given it with their snapshot.
enum class Shown { kToNoConsole, kToConsoles };

// What is looked at: a resource of a site by its id.
struct Place {
  const wire::SiteId& site;
  const std::string& id;
};

struct ResourceKind {
  std::string_view name;       // `teams`: of the path, the list and the audit
  std::string_view parameter;  // `team`: of the path
  Permission change;
  Shown shown = Shown::kToNoConsole;
  size_t count_max = 1;
  bool (*is_id)(std::string_view text);
  std::string (*key)(const Place& place);
  store::Range (*all)(const wire::SiteId& site);
  // What is shown of a record, in JSON.
  absl::StatusOr<std::string> (*show)(store::Reader& reader, const Place& place, const std::string& record);
  // The record of a body, which keeps what `before` holds and this version does
  // not know. 400 and 422: the body is none.
  absl::StatusOr<std::string> (*make)(const Request& request, const std::optional<std::string>& before);
  // 422 where what the record names is not there, or its name is taken.
  absl::Status (*check)(store::Reader& reader, const Place& place, const std::string& record);
  // 422 naming who needs it. None: nobody can.
  absl::Status (*check_unused)(store::Reader& reader, const Place& place) = nullptr;
  // What else is to be done once it is kept. True: there may be more of the queue to hand out. None: nothing.
  absl::StatusOr<bool> (*kept)(store::Transaction& transaction, const Place& place, Context& context) = nullptr;
  // The record where none is kept yet, of what is there from the beginning.
  std::string (*absent)() = nullptr;
};

// GET of the list: `?after=ID&limit=`, in the order of the ids: {NAME: [...], more}.
Outcome ListResources(const ResourceKind& kind, const Request& request, Context& context);
// GET of one. NOT_FOUND
Outcome GetResource(const ResourceKind& kind, const Request& request, Context& context);
// PUT of one. 422 also where the id is none, or there are count_max already.
Outcome PutResource(const ResourceKind& kind, const Request& request, Context& context);
// DELETE of one. NOT_FOUND
Outcome DeleteResource(const ResourceKind& kind, const Request& request, Context& context);

// --- For the resources that are kinds only in part --------------------------------

// A page of what administration shows.
struct Page {
  std::string_view name;
  std::vector<wire::RawJson> items;
  bool more = false;
};
template <class V>
void Describe(V& visit, Page& page) {
  visit(page.name, page.items);
  visit("more", page.more);
}

// The id of the path. 422 where it is none and is to be made.
template <class Id>
absl::StatusOr<Id> ChosenPathId(const Request& request, std::string_view parameter) {
  return ParseChosenId<Id>(parameter, request.Parameter(parameter));
}

// 422 where a site has as many as it may.
absl::Status CheckCount(store::Reader& reader, const store::Range& all, size_t count_max, std::string_view name);

// 422 naming the field, where a list has more than it may.
absl::Status CheckLength(std::string_view field, size_t length, size_t length_max);
// 422 naming the field, where a number is outside of its bounds.
absl::Status CheckNumber(std::string_view field, int64_t number, int64_t min, int64_t max);
// 422 naming the field: "FIELD WHAT".
absl::Status Unprocessable(std::string_view field, std::string_view what);
// 422 where a list names something twice.
absl::Status CheckDistinct(std::string_view field, std::vector<std::string> texts);
// 422 where a name is empty or longer than kNameBytesMax.
absl::Status CheckName(std::string_view field, std::string_view name);
// 422 where it is no tag of BCP 47.
absl::Status CheckLanguage(std::string_view field, std::string_view language);
// 422 where it is no list of kLanguagesMax tags of BCP 47.
absl::Status CheckLanguages(std::string_view field, const std::vector<std::string>& languages);
// 422 where an enum has a name that is not known.
template <class Enum>
absl::Status CheckKnown(std::string_view field, const std::optional<Enum>& value) {
  return value == Enum{} ? Unprocessable(field, "has a name that is not known") : absl::OkStatus();
}

// 422 naming the field, where what it names is no id or not there.
absl::Status CheckTeamThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                            const std::optional<std::string>& team);
absl::Status CheckAgentThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& agent);
absl::Status CheckSkillThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& skill);
absl::Status CheckHoursThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                             const std::optional<std::string>& hours);
absl::Status CheckBotThere(store::Reader& reader, const wire::SiteId& site, std::string_view field,
                           const std::optional<std::string>& bot);

}  // namespace alcove::functions::admin
