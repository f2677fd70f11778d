// The page that Prometheus reads.
#include "runtime/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "runtime/process_figures.h"
#include "tests/runtime/exposition.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;

// A moment after this process was started, in seconds since 1970.
const double kBegan = absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch());

TEST(Exposition, RefusesWhatIsNoPage) {
  const std::string good = "# HELP a A.\n# TYPE a counter\na{b=\"c\\\"d\"} 1\n";
  EXPECT_EQ(Exposition(good).faults(), "");
  for (const auto& [page, fault] : std::vector<std::pair<std::string, std::string>>{
           {"", "does not end"},
           {"# HELP a A.\n# TYPE a counter\na 1", "does not end"},
           {"a 1\n", "another family"},
           {"# TYPE a counter\na 1\n", "TYPE without its HELP"},
           {"# HELP a A.\n# TYPE a count\n", "no type"},
           {good + "# HELP a A.\n", "HELP twice"},
           {good + "a{b=\"c\\\"d\"} 2\n", "comes twice"},
           {good + "a x\n", "no number"},
           {good + "a{b=c} 1\n", "bad labels"},
           {good + "a{b=\"c} 1\n", "bad labels"},
           {good +
                "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n",
            "not cumulative"},
           {good + "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", "another"},
           {good + "# HELP h H.\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n", "no sum"},
       }) {
    EXPECT_THAT(Exposition(page).faults(), HasSubstr(fault)) << page;
  }
}

TEST(Metrics, WritesAPageThatPrometheusReads) {
  Metrics metrics;
  EXPECT_EQ(Exposition(metrics.Text({})).faults(), "") << "before anything happened";
  metrics.CountAnswer("/v1/customer/conversations/{conversation}", 200);
  metrics.CountAnswer("/v1/customer/conversations/{conversation}", 200);
  metrics.CountAnswer("edge", 431);
  metrics.CountRequest(RouteClass::kPoll, absl::Seconds(20));
  metrics.CountRequest(RouteClass::kPoll, absl::Seconds(100));
  metrics.CountRequest(RouteClass::kWrite, absl::Milliseconds(3));
  metrics.CountRun(absl::Microseconds(70));
  metrics.CountDelivery(absl::Milliseconds(4));
  metrics.CountDelivery(-absl::Seconds(1));
  metrics.CountCommitWait(absl::Milliseconds(2));
  metrics.CountCommits(7, absl::Milliseconds(2));
  metrics.CountFetch("answered", absl::Milliseconds(10));
  metrics.CountFetch("timed_out", absl::Seconds(10));
  metrics.CountFetch("timed_out", absl::Seconds(10));
  metrics.CountFailure();
  const Exposition page(metrics.Text({.open_connections = 9,
                                      .parked_requests = 8,
                                      .queued_fast = 7,
                                      .queued_slow = 6,
                                      .held_answers = 5,
                                      .queued_fetches = 2,
                                      .fetches_out = 1,
                                      .waited_topics = 4,
                                      .ephemera_items = 3,
                                      .deferred_due = 65'000,
                                      .deferred_oldest = absl::Seconds(90)}));
  EXPECT_EQ(page.faults(), "");
  for (const auto& [series, value] : std::vector<std::pair<std::string, double>>{
           {"alcove_connections", 9},
           {"alcove_parked_requests", 8},
           {"alcove_queue_length{queue=\"fast\"}", 7},
           {"alcove_queue_length{queue=\"slow\"}", 6},
           {"alcove_queue_length{queue=\"commit\"}", 5},
           {"alcove_queue_length{queue=\"fetch\"}", 2},
           {"alcove_fetches_out", 1},
           {"alcove_fetches_total{result=\"timed_out\"}", 2},
           {"alcove_fetch_seconds_count", 3},
           {"alcove_fetch_seconds_bucket{le=\"0.01\"}", 1},
           {"alcove_waited_topics", 4},
           {"alcove_ephemera_items", 3},
           {"alcove_deferred_due", 65'000},
           {"alcove_deferred_oldest_seconds", 90},
           {"alcove_answers_total{route=\"/v1/customer/conversations/{conversation}\",code=\"200\"}", 2},
           {"alcove_answers_total{route=\"edge\",code=\"431\"}", 1},
           {"alcove_request_seconds_bucket{class=\"poll\",le=\"10\"}", 0},
           {"alcove_request_seconds_bucket{class=\"poll\",le=\"30\"}", 1},
           {"alcove_request_seconds_count{class=\"poll\"}", 2},
           {"alcove_request_seconds_sum{class=\"poll\"}", 120},
           {"alcove_request_seconds_bucket{class=\"write\",le=\"0.0025\"}", 0},
           {"alcove_request_seconds_bucket{class=\"write\",le=\"0.005\"}", 1},
           {"alcove_request_seconds_count{class=\"read\"}", 0},
           {"alcove_function_seconds_count", 1},
           {"alcove_delivery_seconds_count", 2},
           {"alcove_delivery_seconds_bucket{le=\"0.0005\"}", 1},
           {"alcove_commit_seconds_count", 1},
           {"alcove_store_commits_total", 7},
           {"alcove_store_sync_seconds_count", 1},
           {"alcove_function_failures_total", 1},
       }) {
    EXPECT_EQ(page.Value(series), value) << series;
  }
}

TEST(Metrics, TellsOfTheProcess) {
  const Exposition page(Metrics().Text({}));
  EXPECT_GT(page.Value("process_resident_memory_bytes"), 1e6);
  EXPECT_GT(page.Value("process_open_fds"), 2);
  EXPECT_GE(page.Value("process_max_fds"), page.Value("process_open_fds"));
  EXPECT_GT(page.Value("process_cpu_seconds_total"), 0);
  EXPECT_LE(page.Value("process_start_time_seconds"), kBegan + 1);
  EXPECT_GT(page.Value("process_start_time_seconds"), kBegan - 60) << "from its start to this file's constants";
  EXPECT_EQ(ReadProcessFigures().start_seconds, ReadProcessFigures().start_seconds) << "it was started once";
}

// As the unit's ProcSubset=pid leaves them: the process's own line and the clocks, and no /proc/stat.
TEST(ProcessFigures, TellsTheStartWithoutThatOfTheMachine) {
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto line = [&](double started, std::string_view name) {
    return absl::StrCat("12 (", std::string(name), ") S 1 12 12 0 -1 4194560 1 0 0 0 3 4 0 0 20 0 9 0 ",
                        static_cast<int64_t>(started * ticks), " 1000 200 18446744073709551615");
  };
  EXPECT_DOUBLE_EQ(StartSecondsOf(line(15894, "alcove"), 15900, 1'796'000'000), 1'795'999'994);
  EXPECT_DOUBLE_EQ(StartSecondsOf(line(15894, "a) b (c"), 15894, 1'796'000'000), 1'796'000'000);
  for (const std::string_view bad :
       {"", "12 (alcove) S 1", "12 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x"}) {
    EXPECT_EQ(StartSecondsOf(bad, 15900, 1'796'000'000), 0) << bad;
  }
}

// Each bound holds what is just as long.
TEST(Histogram, CountsAtItsBounds) {
  static constexpr double kBounds[] = {0.001, 1};
  Histogram histogram(kBounds);
  histogram.Add(absl::Milliseconds(1));
  histogram.Add(absl::Milliseconds(1) + absl::Nanoseconds(1));
  histogram.Add(absl::Seconds(1));
  histogram.Add(absl::Seconds(2));
  std::string text;
  histogram.Append("h", "", text);
  EXPECT_EQ(text,
            "h_bucket{le=\"0.001\"} 1\nh_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 4\nh_sum 3.002000001\nh_count 4\n");
}

}  // namespace
}  // namespace alcove::runtime
