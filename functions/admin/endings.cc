#include "functions/admin/endings.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/admin/access.h"
#include "functions/admin_records.h"
#include "functions/domain/endings.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions::admin {

namespace keys = store::keys;

namespace {

constexpr int64_t kDaysUnlessAsked = 30;

absl::StatusOr<int64_t> ParseQueryDay(const Request& request, std::string_view name, int64_t absent) {
  const std::string_view text = request.Query(name);
  if (text.empty()) return absent;
  const auto day = ParseDay(text);
  if (!day) return absl::InvalidArgumentError(absl::StrCat(std::string(name), " is no day such as `2026-12-25`"));
  return *day;
}

}  // namespace

Outcome ReportEndings(const Request& request, Context& context) {
  const int64_t today = DayOf(absl::ToUnixMillis(context.clock.Now()));
  ASSIGN_OR_RETURN(const int64_t to, ParseQueryDay(request, "to", today));
  ASSIGN_OR_RETURN(const int64_t from, ParseQueryDay(request, "from", to - (kDaysUnlessAsked - 1)));
  if (from > to) return absl::InvalidArgumentError("from is after to");
  if (to - from >= wire::kEndingDaysMax) {
    return absl::InvalidArgumentError(absl::StrCat("from and to are more than ", wire::kEndingDaysMax, " days"));
  }
  return context.store.Read([&](store::Reader& reader) -> Outcome {
    ASSIGN_OR_RETURN(const AdminAccess access, AccessAdmin(reader, request, Permission::kFollow, context));
    wire::EndingsReport report;
    RETURN_IF_ERROR(store::EachEntry(reader, keys::EndingsOf(access.site, from, to),
                                     [&](const store::Entry& entry) -> absl::Status {
                                       ASSIGN_OR_RETURN(const int64_t day, keys::DecodeNumber(entry.key));
                                       ASSIGN_OR_RETURN(EndingsRecord record, DecodeRecord<EndingsRecord>(entry.value));
                                       Add(report.total, record);
                                       report.days.push_back({DayText(day), std::move(record)});
                                       return absl::OkStatus();
                                     }));
    return Ok(ToJson(report));
  });
}

}  // namespace alcove::functions::admin
