#include "functions/reception.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "functions/domain/hours.h"
#include "functions/domain/waits.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/typed_text.h"
#include "store/keys.h"
#include "store/status_macros.h"

namespace alcove::functions {

namespace keys = store::keys;

namespace {

absl::StatusOr<bool> NobodyIsOnline(store::Reader& reader, const wire::SiteId& site) {
  ASSIGN_OR_RETURN(const auto online, reader.Scan(keys::AllOnline(site), {.limit = 1}));
  return online.empty();
}

// Nobody can be given another one, and no more may wait.
absl::StatusOr<bool> IsOverloaded(store::Reader& reader, const wire::SiteId& site, int64_t queue_limit) {
  ASSIGN_OR_RETURN(const auto queue, LoadOrDefault<QueueRecord>(reader, keys::QueueState(site)));
  if (queue.length < queue_limit) return false;
  ASSIGN_OR_RETURN(const auto available, reader.Scan(keys::AllAvailable(site), {.limit = 1}));
  return available.empty();
}

absl::Status Refuse(std::string_view name, std::string_view why) {
  return ProblemStatus(ProblemCode::kUnprocessable, absl::StrCat("form.", std::string(name), " ", std::string(why)));
}

const wire::FormField* FieldNamed(const std::vector<wire::FormField>& form, std::string_view name) {
  const auto found = std::find_if(form.begin(), form.end(), [&](const auto& field) { return field.name == name; });
  return found == form.end() ? nullptr : &*found;
}

absl::Status CheckValue(const wire::FormField& field, const std::string& value) {
  RETURN_IF_ERROR(CheckText(absl::StrCat("form.", field.name), value, wire::kFormValueBytesMax));
  if (wire::IsBlank(value)) return absl::OkStatus();
  if (field.type == wire::FormFieldType::kEmail && !wire::IsEmailAddress(value))
    return Refuse(field.name, "is no e-mail address");
  const bool is_chosen = field.type == wire::FormFieldType::kChoice;
  if (is_chosen && std::find(field.choices.begin(), field.choices.end(), value) == field.choices.end()) {
    return Refuse(field.name, "is none of its choices");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Reception> ReceptionOf(SiteRouting& routing, const std::string& team, absl::Time now) {
  ASSIGN_OR_RETURN(const SettingsRecord* const settings, routing.Settings());
  store::Reader& reader = routing.reader();
  Reception reception;
  if (settings->outside_hours == wire::Unattended::kOfflineForm) {
    ASSIGN_OR_RETURN(const Schedule schedule, ScheduleFor(routing, team));
    reception.offline = !IsOpen(schedule, now);
    if (reception.offline) reception.opens_at = NextOpening(schedule, now);
  }
  if (!reception.offline && settings->nobody_online == wire::Unattended::kOfflineForm) {
    ASSIGN_OR_RETURN(reception.offline, NobodyIsOnline(reader, routing.site()));
  }
  if (!reception.offline && settings->overload == wire::Overload::kOfflineForm && settings->queue_limit) {
    ASSIGN_OR_RETURN(reception.offline, IsOverloaded(reader, routing.site(), *settings->queue_limit));
  }
  reception.form = reception.offline ? settings->offline_form : settings->form;
  return reception;
}

absl::Status CheckForm(const SettingsRecord& settings, const std::vector<wire::FormField>& asked,
                       const std::vector<wire::Field>& given) {
  for (size_t i = 0; i < given.size(); ++i) {
    const wire::Field& field = given[i];
    const wire::FormField* known = FieldNamed(asked, field.name);
    if (known == nullptr) known = FieldNamed(settings.form, field.name);
    if (known == nullptr) known = FieldNamed(settings.offline_form, field.name);
    if (known == nullptr) return Refuse(field.name, "is not asked for");
    const auto is_same = [&](const wire::Field& other) { return other.name == field.name; };
    if (std::any_of(given.begin(), given.begin() + static_cast<std::ptrdiff_t>(i), is_same)) {
      return Refuse(field.name, "is given twice");
    }
    RETURN_IF_ERROR(CheckValue(*known, field.value));
  }
  for (const wire::FormField& field : asked) {
    if (!field.required.value_or(false)) continue;
    const bool is_given = std::any_of(given.begin(), given.end(), [&](const wire::Field& one) {
      return one.name == field.name && !wire::IsBlank(one.value);
    });
    if (!is_given) return Refuse(field.name, "is missing: this site asks for it");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<int64_t>> UsualReplyMs(store::Reader& reader, const wire::SiteId& site, int64_t now_ms) {
  ASSIGN_OR_RETURN(const auto replies, LoadOrDefault<WaitsRecord>(reader, keys::Replies(site)));
  return MedianWaitMs(replies.samples, wire::kReplySampleAgeMsMax, now_ms);
}

absl::Status NoteWaited(store::Transaction& transaction, const std::string& key, const WaitSample& sample) {
  ASSIGN_OR_RETURN(auto waits, LoadOrDefault<WaitsRecord>(transaction, key));
  AddSample(waits.samples, sample);
  Save(transaction, key, waits);
  return absl::OkStatus();
}

absl::Status NoteFirstAnswer(store::Transaction& transaction, const Conversation& conversation, int64_t now_ms) {
  // Of one that a bot had the customer waits for people since it was handed over.
  const ConversationRecord& record = conversation.record;
  return NoteWaited(transaction, keys::Replies(conversation.site),
                    {now_ms, now_ms - record.handed_over_at.value_or(record.created_at)});
}

absl::Status AddReception(store::Reader& reader, const wire::SiteId& site, absl::Time now, wire::SiteSummary& summary) {
  SiteRouting routing(reader, site);
  ASSIGN_OR_RETURN(Reception reception, ReceptionOf(routing, "", now));
  if (reception.offline) summary.offline = true;
  if (reception.opens_at) summary.opens_at = absl::ToUnixMillis(*reception.opens_at);
  if (!reception.form.empty()) summary.form = std::move(reception.form);
  ASSIGN_OR_RETURN(summary.reply_ms, UsualReplyMs(reader, site, absl::ToUnixMillis(now)));
  return absl::OkStatus();
}

}  // namespace alcove::functions
