#include "functions/poll.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/agent/away.h"
#include "functions/customer/gone.h"
#include "functions/news.h"
#include "functions/problem.h"
#include "functions/request.h"
#include "functions/wire/limits.h"
#include "functions/wire/poll.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

// A random share of `duration`.
absl::Duration Share(absl::Duration duration, Random& random) {
  constexpr uint64_t kParts = 1 << 20;
  return duration * (static_cast<double>(random.Next() % kParts) / static_cast<double>(kParts));
}

// The hold that is asked for, less the share that keeps clients out of step: at least half of what it may be, as a
// deadline comes late by what its server has to do, and who asks counts on having an answer by then.
absl::Duration Hold(absl::Duration wait, Context& context) {
  const absl::Duration least = std::min(context.config.poll_hold_jitter, wait / 5) / 2;
  return wait - least - Share(least, context.random);
}

// By hand, because the event is not parsed otherwise. In a text `"at":` cannot
// stand: its quotes would be escaped.
std::optional<absl::Time> TimeOf(const wire::RawJson& event) {
  constexpr std::string_view kName = "\"at\":";
  const size_t name = event.text.find(kName);
  if (name == event.text.npos) return std::nullopt;
  int64_t at = 0;
  const char* const begin = event.text.data() + name + kName.size();
  const auto [end, error] = std::from_chars(begin, event.text.data() + event.text.size(), at);
  if (error != std::errc()) return std::nullopt;
  return absl::FromUnixMillis(at);
}

// Whether whoever the text `by` names wrote it, a message or a note: the answer to that has told them, and append.cc
// signals it accordingly. By hand, too.
bool IsWritten(const wire::RawJson& event, std::string_view by) {
  const bool is_written = event.text.find("\"type\":\"message\"") != event.text.npos ||
                          event.text.find("\"type\":\"note\"") != event.text.npos;
  const size_t actor = event.text.find("\"actor\":{");
  if (!is_written || actor == event.text.npos) return false;
  const size_t id = event.text.find("\"id\":", actor);
  return id != event.text.npos && std::string_view(event.text).substr(id).starts_with(by);
}

// Until when what there is to tell waits for something else to be told with, as it is nothing but what the caller has
// just written; nullopt: it is told now.
std::optional<absl::Time> HeldUntil(const News& news, Context& context) {
  if (news.more || news.events.empty() || news.signals.size() > news.summaries) return std::nullopt;
  const std::string& caller = news.customer ? news.customer->customer.text() : news.agent->agent.text();
  const std::string by = absl::StrCat("\"id\":\"", caller, "\"");
  const auto is_own = [&](const wire::RawJson& event) { return IsWritten(event, by); };
  if (!std::all_of(news.events.begin(), news.events.end(), is_own)) return std::nullopt;
  constexpr absl::Duration kHeld = absl::Milliseconds(wire::kOwnNewsMs);
  const absl::Time now = context.clock.Now();
  // Another node's clock may be ahead.
  const absl::Time until = std::min(TimeOf(news.events.front()).value_or(absl::InfinitePast()), now) + kHeld;
  return until > now ? std::optional(until) : std::nullopt;
}

// `wait` is what the caller asked for.
Outcome Answer(News news, absl::Duration wait, Wake wake, Context& context) {
  wire::BasicPollAnswer<wire::RawJson, wire::RawJson> answer;
  answer.events = std::move(news.events);
  std::vector<absl::Time> event_times;
  for (const wire::RawJson& event : answer.events) {
    if (const auto at = TimeOf(event); at.has_value()) event_times.push_back(*at);
  }
  // An event a line, for whoever reads along with curl; and programs that step
  // two bytes past `"events":` to the first one find it.
  for (wire::RawJson& event : answer.events) event.text.insert(event.text.begin(), '\n');
  answer.signals = std::move(news.signals);
  answer.cursor = EncodeCursor(news.cursor);
  answer.more = news.more;
  answer.poll.hold_ms = absl::ToInt64Milliseconds(context.config.poll_hold);
  if (wake == Wake::kDraining) {
    // 0 would say at once.
    answer.poll.retry_ms = 1 + absl::ToInt64Milliseconds(Share(context.config.drain_retry, context.random));
  }
  Response response = Ok(ToJson(answer));
  response.event_times = std::move(event_times);
  // All that there was is told, and of what comes now the topics tell.
  if (!news.more && news.told_by_topics && wait > absl::ZeroDuration()) {
    response.next = {std::move(answer.cursor), std::move(news.topics), Hold(wait, context)};
  }
  return response;
}

}  // namespace

Outcome PollFor(Side side, const Request& request, Context& context) {
  const int64_t hold_s = absl::ToInt64Seconds(context.config.poll_hold);
  ASSIGN_OR_RETURN(const int64_t wait_s, ParseQueryNumber(request, "wait", {hold_s, 0, hold_s}));
  ASSIGN_OR_RETURN(const Cursor cursor, ParseCursor(request.Query("cursor"), side, context));
  if (request.wake == Wake::kSuperseded) return ProblemResponse(ProblemCode::kSuperseded);
  const bool must_answer = wait_s == 0 || request.wake == Wake::kDeadline || request.wake == Wake::kDraining;

  ASSIGN_OR_RETURN(News news, context.store.Read([&](store::Reader& reader) {
    return ReadNews(reader, request, cursor, must_answer ? Holding::kMustAnswer : Holding::kMayWait, context);
  }));
  const std::optional<absl::Time> held_until = must_answer ? std::nullopt : HeldUntil(news, context);
  if (!must_answer && (news.empty() || held_until)) {
    const absl::Time deadline = context.clock.Now() + Hold(absl::Seconds(wait_s), context);
    return Wait{std::move(news.topics), std::min(deadline, held_until.value_or(deadline))};
  }
  // Who is sent away by a server that goes down is noted where they come back.
  if (news.agent && request.wake != Wake::kDraining) agent::NoteSeen(*news.agent, context);
  if (news.customer && request.wake != Wake::kDraining) customer::NoteSeen(*news.customer, context);
  return Answer(std::move(news), absl::Seconds(wait_s), request.wake, context);
}

}  // namespace alcove::functions
