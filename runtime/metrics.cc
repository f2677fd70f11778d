#include "runtime/metrics.h"

#include "absl/strings/str_cat.h"
#include "runtime/process_figures.h"
#include "runtime/version.h"

namespace alcove::runtime {
namespace {

void AppendFamily(std::string_view name, std::string_view type, std::string_view help, std::string& text) {
  absl::StrAppend(&text, "# HELP ", std::string(name), " ", std::string(help), "\n# TYPE ", std::string(name), " ",
                  std::string(type), "\n");
}

template <class Number>
void AppendSample(std::string_view name, std::string_view labels, const Number& value, std::string& text) {
  absl::StrAppend(&text, std::string(name), std::string(labels), " ", value, "\n");
}

template <class Number>
void AppendGauge(std::string_view name, std::string_view help, const Number& value, std::string& text) {
  AppendFamily(name, "gauge", help, text);
  AppendSample(name, "", value, text);
}

template <class Number>
void AppendCounter(std::string_view name, std::string_view help, const Number& value, std::string& text) {
  AppendFamily(name, "counter", help, text);
  AppendSample(name, "", value, text);
}

void AppendHistogram(std::string_view name, std::string_view help, const Histogram& histogram, std::string& text) {
  AppendFamily(name, "histogram", help, text);
  histogram.Append(name, "", text);
}

void AppendProcess(std::string& text) {
  const ProcessFigures process = ReadProcessFigures();
  AppendGauge("process_resident_memory_bytes", "Resident memory.", process.resident_bytes, text);
  AppendGauge("process_open_fds", "Open file descriptors.", process.open_descriptors, text);
  AppendGauge("process_max_fds", "Most file descriptors.", process.descriptors_max, text);
  AppendCounter("process_cpu_seconds_total", "Time on processors.", NumberText(process.cpu_seconds), text);
  AppendGauge("process_start_time_seconds", "When it started.", NumberText(process.start_seconds), text);
}

}  // namespace

void Metrics::CountAnswer(std::string_view pattern, int status) {
  const store::MutexLock lock(mutex_);
  ++answers_[{std::string(pattern), status}];
}

void Metrics::CountCommits(size_t commits, absl::Duration took) {
  commits_.fetch_add(commits, std::memory_order_relaxed);
  syncs_.Add(took);
}

void Metrics::CountDeferred(std::string_view function, std::string_view result) {
  const store::MutexLock lock(mutex_);
  ++deferred_[{std::string(function), std::string(result)}];
}

void Metrics::CountFetch(std::string_view result, absl::Duration took) {
  fetches_.Add(took);
  const store::MutexLock lock(mutex_);
  ++fetched_[std::string(result)];
}

std::string Metrics::Text(const Gauges& gauges) const {
  std::string text;
  AppendFamily("alcove_build_info", "gauge", "The version that runs.", text);
  AppendSample("alcove_build_info", absl::StrCat("{version=\"", kVersion, "\"}"), 1, text);
  AppendGauge("alcove_connections", "Open connections.", gauges.open_connections, text);
  AppendGauge("alcove_parked_requests", "Requests that wait for a topic.", gauges.parked_requests, text);
  AppendFamily("alcove_queue_length", "gauge",
               "Requests that wait for a worker, answers that wait for the disk, and questions to other servers.",
               text);
  AppendSample("alcove_queue_length", "{queue=\"fast\"}", gauges.queued_fast, text);
  AppendSample("alcove_queue_length", "{queue=\"slow\"}", gauges.queued_slow, text);
  AppendSample("alcove_queue_length", "{queue=\"commit\"}", gauges.held_answers, text);
  AppendSample("alcove_queue_length", "{queue=\"fetch\"}", gauges.queued_fetches, text);
  AppendGauge("alcove_fetches_out", "Questions to other servers that have no answer yet.", gauges.fetches_out, text);
  AppendGauge("alcove_waited_topics", "Topics that a request waits for.", gauges.waited_topics, text);
  AppendGauge("alcove_ephemera_items", "Typing, presence and read positions in memory.", gauges.ephemera_items, text);
  AppendGauge("alcove_deferred_due", "Deferred calls that are due and not begun, counted up to kDeferBacklogMax.",
              gauges.deferred_due, text);
  AppendGauge("alcove_deferred_oldest_seconds", "For how long the oldest of them has been due.",
              static_cast<uint64_t>(absl::ToInt64Seconds(gauges.deferred_oldest)), text);
  AppendProcess(text);
  AppendCounter("alcove_function_failures_total", "Functions that threw.", failures(), text);
  AppendFamily("alcove_answers_total", "counter", "Requests answered.", text);
  {
    const store::MutexLock lock(mutex_);
    for (const auto& [key, count] : answers_) {
      AppendSample("alcove_answers_total", absl::StrCat("{route=\"", key.first, "\",code=\"", key.second, "\"}"), count,
                   text);
    }
  }
  AppendFamily("alcove_deferred_runs_total", "counter", "Deferred calls run.", text);
  {
    const store::MutexLock lock(mutex_);
    for (const auto& [key, count] : deferred_) {
      AppendSample("alcove_deferred_runs_total",
                   absl::StrCat("{function=\"", key.first, "\",result=\"", key.second, "\"}"), count, text);
    }
  }
  AppendFamily("alcove_fetches_total", "counter", "Questions to other servers, by what came of them.", text);
  {
    const store::MutexLock lock(mutex_);
    for (const auto& [result, count] : fetched_) {
      AppendSample("alcove_fetches_total", absl::StrCat("{result=\"", result, "\"}"), count, text);
    }
  }
  AppendHistogram("alcove_fetch_seconds", "From a question to another server to the end of its answer.", fetches_,
                  text);
  AppendFamily("alcove_request_seconds", "histogram",
               "From a whole request to its answer, by class of route; of a poll the hold is a part.", text);
  for (size_t i = 0; i < requests_.size(); ++i) {
    requests_[i].Append("alcove_request_seconds", absl::StrCat("class=\"", std::string(kRouteClassNames[i]), "\""),
                        text);
  }
  AppendHistogram("alcove_function_seconds", "How long functions run, replays included.", runs_, text);
  AppendHistogram("alcove_delivery_seconds", "From an event to the poll's answer that tells of it, under a minute.",
                  deliveries_, text);
  AppendHistogram("alcove_commit_seconds", "How long answers are held until what they tell is durable.", commit_waits_,
                  text);
  AppendCounter("alcove_store_commits_total", "Commits made durable.", commits_.load(std::memory_order_relaxed), text);
  AppendHistogram("alcove_store_sync_seconds",
                  "How long the disk took to write and sync a batch of commits, or the database to commit.", syncs_,
                  text);
  return text;
}

}  // namespace alcove::runtime
