// `alcove simulate`: a day is replayed as the server would have decided, and a
// bad file is refused by the name of what is wrong with it.
#include "functions/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/domain/replay.h"
#include "functions/json_codec.h"
#include "functions/wire/limits.h"
#include "tests/store/seed.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// --- The day (domain/replay.h) ----------------------------------------------

const wire::AgentId kFirst = wire::AgentId::Make(1, 0, 0);
const wire::AgentId kSecond = wire::AgentId::Make(2, 0, 0);
constexpr int64_t kEvening = 100'000;

ReplayAgent There(const wire::AgentId& agent, int64_t capacity, std::vector<std::string> teams = {}) {
  return {agent, capacity, {std::move(teams), {}, {}}, {{0, kEvening}}, 0};
}
ReplayArrival Comes(int64_t at_ms, int64_t handling_ms, const std::string& team = "") {
  ReplayArrival arrival;
  arrival.at_ms = at_ms;
  arrival.handling_ms = handling_ms;
  arrival.need.team = team;
  return arrival;
}
ReplayResult ReplayOf(const ReplaySite& site, const std::vector<ReplayArrival>& arrivals) {
  auto result = Replay(site, arrivals);
  EXPECT_TRUE(result.ok()) << result.status();
  return result.ok() ? *std::move(result) : ReplayResult{};
}
std::vector<int64_t> WaitsOf(const ReplayResult& result) {
  std::vector<int64_t> waits;
  for (const Replayed& one : result.arrivals) waits.push_back(one.waited_ms);
  return waits;
}

TEST(Replay, WhoFreesUpGetsWhoWaitsLongest) {
  ReplaySite site;
  site.agents = {There(kFirst, 1)};
  const auto result = ReplayOf(site, {Comes(10, 100), Comes(20, 100), Comes(30, 100)});
  EXPECT_EQ(WaitsOf(result), (std::vector<int64_t>{0, 90, 180}));
  EXPECT_EQ(result.agents.at(kFirst).answered, 3);
  EXPECT_EQ(result.agents.at(kFirst).load_max, 1);
  EXPECT_EQ(result.agents.at(kFirst).handled_ms, 300);
}

TEST(Replay, TheMoreUrgentGoFirst) {
  ReplaySite site;
  site.agents = {There(kFirst, 1)};
  std::vector<ReplayArrival> arrivals = {Comes(0, 100), Comes(10, 100), Comes(20, 100)};
  arrivals[2].priority = 1;
  EXPECT_EQ(WaitsOf(ReplayOf(site, arrivals)), (std::vector<int64_t>{0, 190, 80}));
}

TEST(Replay, WhoLosesPatienceIsAbandonedAndWhoIsNeverAnsweredMissed) {
  ReplaySite site;
  site.agents = {There(kFirst, 1)};
  std::vector<ReplayArrival> arrivals = {Comes(0, 100), Comes(10, 5), Comes(20, 5), Comes(kEvening, 5)};
  arrivals[1].patience_ms = 90;  // the agent is free just then
  arrivals[2].patience_ms = 70;
  const auto result = ReplayOf(site, arrivals);
  EXPECT_EQ(result.arrivals[1].ending, Ending::kServed);
  EXPECT_EQ(result.arrivals[2].ending, Ending::kAbandoned);
  EXPECT_EQ(result.arrivals[2].waited_ms, 70);
  EXPECT_EQ(result.arrivals[3].ending, Ending::kMissed) << "whoever comes when the shift ends";
}

TEST(Replay, WhoGoesFinishesAndIsGivenNothing) {
  ReplaySite site;
  site.agents = {There(kFirst, 2), There(kSecond, 2)};
  site.agents[0].shifts = {{0, 50}};
  site.agents[1].shifts = {{60, 1'000}};
  const auto result = ReplayOf(site, {Comes(0, 200), Comes(50, 10), Comes(55, 10)});
  EXPECT_EQ(result.arrivals[0].agent, kFirst);
  EXPECT_EQ(result.arrivals[0].ending, Ending::kServed);
  EXPECT_EQ(result.arrivals[1].agent, kSecond);
  EXPECT_EQ(WaitsOf(result), (std::vector<int64_t>{0, 10, 5}));
}

TEST(Replay, WhoIsTooSlowLosesItToTheNextAndNeverGetsItAgain) {
  ReplaySite site;
  site.accept_timeout_ms = 30;
  site.agents = {There(kFirst, 1), There(kSecond, 1)};
  site.agents[0].answers_after_ms = 31;
  site.agents[1].answers_after_ms = 30;
  const auto result = ReplayOf(site, {Comes(0, 100)});
  EXPECT_EQ(result.arrivals[0].agent, kSecond);
  EXPECT_EQ(result.arrivals[0].waited_ms, 60);
  EXPECT_EQ(result.agents.at(kFirst).let_pass, 1);
  EXPECT_EQ(result.agents.at(kFirst).answered, 0);
  // Without a limit the slow one is waited for.
  site.accept_timeout_ms.reset();
  EXPECT_EQ(ReplayOf(site, {Comes(0, 100)}).arrivals[0].waited_ms, 31);
}

TEST(Replay, WhoGivesUpWhileTheyAreOfferedIsMissed) {
  ReplaySite site;
  site.agents = {There(kFirst, 1)};
  site.agents[0].answers_after_ms = 50;
  std::vector<ReplayArrival> arrivals = {Comes(0, 100), Comes(10, 10)};
  arrivals[0].patience_ms = 40;
  const auto result = ReplayOf(site, arrivals);
  EXPECT_EQ(result.arrivals[0].ending, Ending::kMissed);
  EXPECT_EQ(result.arrivals[1].waited_ms, 80) << "the agent is free again at 40";
}

TEST(Replay, WhatWaitsTooLongForATeamGoesToAnother) {
  ReplaySite site;
  site.teams["a"].overflow = ReplayOverflow{"b", 30};
  site.agents = {There(kFirst, 1, {"b"})};
  EXPECT_EQ(WaitsOf(ReplayOf(site, {Comes(5, 10, "a"), Comes(6, 10, "b")})), (std::vector<int64_t>{30, 0}));
}

TEST(Replay, ATeamHasNoMoreThanItCanTake) {
  ReplaySite site;
  site.teams["a"].policy.load_max = 1;
  site.agents = {There(kFirst, 5, {"a"})};
  EXPECT_EQ(WaitsOf(ReplayOf(site, {Comes(0, 10, "a"), Comes(0, 10, "a")})), (std::vector<int64_t>{0, 10}));
}

TEST(Replay, AFullQueueTurnsAway) {
  ReplaySite site;
  site.queue_limit = 1;
  site.agents = {There(kFirst, 1)};
  const auto result = ReplayOf(site, {Comes(0, 10), Comes(1, 10), Comes(2, 10)});
  EXPECT_FALSE(result.arrivals[1].refused) << "the one that may wait";
  EXPECT_TRUE(result.arrivals[2].refused);
}

TEST(Replay, StickyGivesCustomersBackToWhoHelpedThem) {
  ReplaySite site;
  site.teams[""].policy.strategy = Strategy::kSticky;
  site.agents = {There(kFirst, 5), There(kSecond, 5)};
  std::vector<ReplayArrival> arrivals = {Comes(0, 10), Comes(50, 100), Comes(60, 10)};
  arrivals[0].customer = arrivals[2].customer = "c";
  const auto result = ReplayOf(site, arrivals);
  EXPECT_EQ(result.arrivals[2].agent, result.arrivals[0].agent);
}

TEST(Replay, WhatABotHandsOverWaitsFromThenOn) {
  ReplaySite site;
  site.queue_limit = 1;
  site.agents = {There(kFirst, 1)};
  std::vector<ReplayArrival> arrivals = {Comes(0, 100), Comes(10, 50), Comes(20, 50), Comes(30, 50)};
  arrivals[1].bot = ReplayBotTalk{40, true};
  arrivals[3].bot = ReplayBotTalk{5, true};
  const auto result = ReplayOf(site, arrivals);
  EXPECT_FALSE(result.arrivals[1].refused);
  EXPECT_FALSE(result.arrivals[3].refused) << "it has begun: the limit is for who comes";
  EXPECT_EQ(WaitsOf(result), (std::vector<int64_t>{0, 150, 80, 115})) << "who came later was in the queue before";
  // Patience, too, is for waiting.
  arrivals[1].patience_ms = 149;
  EXPECT_EQ(ReplayOf(site, arrivals).arrivals[1].ending, Ending::kAbandoned);
  arrivals[1].patience_ms = 151;
  EXPECT_EQ(ReplayOf(site, arrivals).arrivals[1].ending, Ending::kServed);
}

TEST(Replay, WhomABotHelpsNeedsNobody) {
  std::vector<ReplayArrival> arrivals = {Comes(0, 100)};
  arrivals[0].bot = ReplayBotTalk{40, false};
  arrivals[0].patience_ms = 1;
  const auto result = ReplayOf({}, arrivals);
  EXPECT_TRUE(result.arrivals[0].by_bot);
  EXPECT_EQ(result.arrivals[0].ending, Ending::kServed);
  EXPECT_EQ(result.arrivals[0].waited_ms, 0);
  EXPECT_EQ(result.arrivals[0].agent, std::nullopt);
}

TEST(Replay, WhatABotHandsOverOverflowsAfterItHasWaited) {
  ReplaySite site;
  site.teams["a"].overflow = ReplayOverflow{"b", 30};
  site.agents = {There(kFirst, 1, {"b"})};
  std::vector<ReplayArrival> arrivals = {Comes(0, 10, "a")};
  arrivals[0].bot = ReplayBotTalk{100, true};
  EXPECT_EQ(WaitsOf(ReplayOf(site, arrivals)), (std::vector<int64_t>{30}));
}

// Whatever comes: each arrival has one end, nobody has more than they can take, and within one need nobody who comes
// later is answered sooner by agents who answer at once.
TEST(Replay, AnyDayKeepsTheOrderAndTheCapacities) {
  SCOPED_TRACE(store::Replay());
  std::mt19937_64 draw(store::Seed());
  for (int day = 0; day < 20; ++day) {
    ReplaySite site;
    site.teams["a"] = {{Strategy::kRoundRobin, 0, 3}, ReplayOverflow{"b", 400}};
    site.teams["b"].policy.strategy = Strategy::kWeighted;
    for (int i = 0; i < 5; ++i) {
      ReplayAgent agent = There(wire::AgentId::Make(i, 0, 0), static_cast<int64_t>(draw() % 3),
                                draw() % 2 == 0 ? std::vector<std::string>{"a"} : std::vector<std::string>{"a", "b"});
      const auto begins = static_cast<int64_t>(draw() % 1000);
      agent.shifts = {{begins, begins + 1'000}, {begins + 1'500, begins + 5'000}};
      site.agents.push_back(std::move(agent));
    }
    std::vector<ReplayArrival> arrivals;
    for (int i = 0; i < 200; ++i) {
      ReplayArrival arrival =
          Comes(static_cast<int64_t>(draw() % 4'000), static_cast<int64_t>(draw() % 200), draw() % 2 == 0 ? "a" : "b");
      arrival.patience_ms = static_cast<int64_t>(draw() % 2'000);
      arrivals.push_back(arrival);
    }
    std::stable_sort(arrivals.begin(), arrivals.end(),
                     [](const ReplayArrival& a, const ReplayArrival& b) { return a.at_ms < b.at_ms; });
    const ReplayResult result = ReplayOf(site, arrivals);
    int64_t answered = 0;
    for (const ReplayAgent& agent : site.agents) {
      EXPECT_LE(result.agents.at(agent.agent).load_max, agent.capacity);
      answered += result.agents.at(agent.agent).answered;
    }
    int64_t served = 0;
    int64_t last = 0;
    for (size_t i = 0; i < arrivals.size(); ++i) {
      const Replayed& one = result.arrivals[i];
      EXPECT_NE(one.ending, Ending::kUnknown);
      EXPECT_LE(one.waited_ms, *arrivals[i].patience_ms);
      if (one.ending != Ending::kServed) continue;
      ++served;
      if (arrivals[i].need.team != "b") continue;
      EXPECT_GE(arrivals[i].at_ms + one.waited_ms, last) << "overtaken";
      last = arrivals[i].at_ms + one.waited_ms;
    }
    EXPECT_EQ(served, answered);
  }
}

// --- The file ---------------------------------------------------------------

constexpr char kFile[] = R"({
  "date": "2026-05-04", "time_zone": "Europe/Berlin",
  "settings": {"close_reasons": [], "accept_timeout_ms": 30000},
  "hours": [{"id": "hrs_01J8Q0K3ZD0000000000000001", "name": "Shop", "time_zone": "Europe/Berlin",
             "weekly": [{"day": 1, "from_minute": 540, "to_minute": 1080}], "holidays": [], "exceptions": []}],
  "skills": [{"id": "skl_01J8Q0K3ZD0000000000000001", "name": "Repairs"}],
  "teams": [{"id": "tea_01J8Q0K3ZD0000000000000001", "name": "Sales", "languages": []}],
  "rules": [
    {"id": "rul_01J8Q0K3ZD0000000000000002", "name": "Pros", "place": 2,
     "conditions": [{"field": "customer", "name": "plan", "test": "is", "values": ["pro"]},
                    {"field": "hours", "name": "hrs_01J8Q0K3ZD0000000000000001", "test": "is", "values": ["open"]}],
     "effect": {"priority": 5, "tags": []}},
    {"id": "rul_01J8Q0K3ZD0000000000000001", "name": "Checkout", "place": 1,
     "conditions": [{"field": "page", "test": "contains", "values": ["/checkout"]}],
     "effect": {"team": "tea_01J8Q0K3ZD0000000000000001", "tags": []}}],
  "agents": [
    {"id": "agt_01J8Q0K3ZD0000000000000001", "name": "Mara", "email": "mara@shop.example", "capacity": 1,
     "teams": ["tea_01J8Q0K3ZD0000000000000001"], "skills": [], "languages": [], "password": true, "totp": false,
     "shifts": [{"from": "09:00", "to": "17:30"}]}],
  "arrivals": [
    {"at": "08:59:30", "page": "/checkout", "handling_ms": 60000},
    {"at": "9:00", "handling_ms": 60000},
    {"at": "09:00:10", "handling_ms": 60000, "customer_attributes": {"plan": "pro", "age": 5, "new": true}},
    {"at": "17:29", "handling_ms": 120000, "page": "/checkout"},
    {"at": "23:00", "handling_ms": 1000, "patience_ms": 5000, "customer_attributes": {"plan": "pro"}}],
  "more": false
})";

TEST(Simulate, ReportsWhatWouldBecomeOfADay) {
  const auto report = Simulate(kFile);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->all.arrivals, 5);
  EXPECT_EQ(report->all.served, 4);
  EXPECT_EQ(report->all.abandoned, 1);
  EXPECT_EQ(report->all.missed, 0);
  // Who came before nine waited for it; the pro overtook the other.
  EXPECT_EQ(report->all.waits.median_ms, 30'000);
  EXPECT_EQ(report->all.waits.p99_ms, 120'000);
  EXPECT_EQ(report->all.waits.longest_ms, 120'000);
  ASSERT_EQ(report->teams.size(), 2U);
  EXPECT_EQ(report->teams[0].name, "no team") << "who waits longest comes first";
  EXPECT_EQ(report->teams[1].endings.waits.longest_ms, 30'000);
  ASSERT_EQ(report->agents.size(), 1U);
  EXPECT_EQ(report->agents[0].answered, 4);
  EXPECT_EQ(report->agents[0].load_max, 1);
  ASSERT_EQ(report->rules.size(), 2U);
  EXPECT_EQ(report->rules[0].name, "Checkout");
  EXPECT_EQ(report->rules[0].matched, 2);
  EXPECT_EQ(report->rules[1].matched, 1) << "in the evening it is closed";
  EXPECT_EQ(ToJson(*report), ToJson(*Simulate(kFile)));
  const std::string text = ReportText(*report);
  EXPECT_THAT(text, StartsWith("5 came: 4 served, 1 abandoned, 0 missed, 0 refused\n"
                               "waited: median 0:30, 90 of 100 at most 2:00, 99 of 100 at most 2:00, longest 2:00\n"));
  EXPECT_THAT(text, HasSubstr("\nSales       2       2          0       0        0    0:00  0:30  0:30     0:30\n"));
  EXPECT_THAT(text, HasSubstr("\nCheckout        2\n"));
}

constexpr char kBots[] = R"({
  "date": "2026-05-04",
  "settings": {"close_reasons": [], "bot": "bot_01J8Q0K3ZD0000000000000001"},
  "rules": [
    {"id": "rul_01J8Q0K3ZD0000000000000001", "name": "Checkout", "place": 1,
     "conditions": [{"field": "page", "test": "contains", "values": ["/checkout"]}], "effect": {"bot": "none", "tags": []}},
    {"id": "rul_01J8Q0K3ZD0000000000000002", "name": "Repairs", "place": 2,
     "conditions": [{"field": "page", "test": "contains", "values": ["/repairs"]}],
     "effect": {"bot": "bot_01J8Q0K3ZD0000000000000002", "tags": []}}],
  "bots": [
    {"id": "bot_01J8Q0K3ZD0000000000000001", "name": "Alva", "answers": [{"phrases": ["late"], "text": "It comes."}],
     "hand_over": ["person"], "fallback": "Again?", "hand_over_after": 2, "language": "en"},
    {"id": "bot_01J8Q0K3ZD0000000000000002", "name": "Brim", "answers": [], "hand_over": [], "url": "https://b.example/"}],
  "agents": [
    {"id": "agt_01J8Q0K3ZD0000000000000001", "name": "Mara", "email": "mara@shop.example", "capacity": 1,
     "teams": [], "skills": [], "languages": [], "answers_after_ms": 1000}],
  "arrivals": [
    {"at": "09:00", "handling_ms": 60000, "says": ["It is late"]},
    {"at": "10:00", "handling_ms": 60000, "says": ["It is late", "what?", "why?", "late"], "says_every_ms": 20000},
    {"at": "10:00:30", "handling_ms": 60000},
    {"at": "11:00", "handling_ms": 60000, "page": "/checkout", "says": ["It is late"]},
    {"at": "12:00", "handling_ms": 60000, "language": "de", "says": ["It is late"]},
    {"at": "13:00", "handling_ms": 60000, "page": "/repairs", "says": ["It is late"]}]
})";

TEST(Simulate, LetsABotAnswerFirst) {
  const auto report = Simulate(kBots);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->all.served, 6);
  EXPECT_EQ(report->all.by_bot, 1);
  EXPECT_EQ(report->agents[0].answered, 5);
  ASSERT_EQ(report->teams.size(), 1U);
  EXPECT_EQ(report->teams[0].endings.arrivals, 5) << "whom a bot helped came to no team";
  // Handed over at 10:00:40, while Mara had another until 10:01:31.
  EXPECT_EQ(report->all.waits.longest_ms, 52'000);
  ASSERT_EQ(report->bots.size(), 2U);
  EXPECT_EQ(ToJson(report->bots[0]), R"({"bot":"bot_01J8Q0K3ZD0000000000000001","name":"Alva","talked":3,"helped":1,)"
                                     R"("asked":1,"did_not_know":1})");
  EXPECT_EQ(report->bots[1].talked, 1);
  EXPECT_EQ(report->bots[1].did_not_know, 1) << "its program is not asked";
  EXPECT_THAT(ReportText(*report), HasSubstr("\nAlva       3       1                   1             1\n"));
}

TEST(Simulate, RefusesBotsThatAreWrong) {
  const struct {
    const char* what;
    const char* with;
    const char* said;
  } kCases[] = {
      {"\"bot\": \"bot_01J8Q0K3ZD0000000000000001\"", "\"bot\": \"bot_1\"",
       "`settings.bot` names what is not in the file"},
      {"\"bot\": \"bot_01J8Q0K3ZD0000000000000002\"", "\"bot\": \"bot_01J8Q0K3ZD0000000000000003\"",
       "`rules[1].effect.bot` names what is not in the file"},
      {"\"id\": \"bot_01J8Q0K3ZD0000000000000002\"", "\"id\": \"bot_01J8Q0K3ZD0000000000000001\"",
       "`bots[1].id` is there twice"},
      {"\"hand_over_after\": 2", "\"hand_over_after\": 0", "`bots[0]`: hand_over_after is not from 1"},
      {"\"says_every_ms\": 20000", "\"says_every_ms\": -1", "`arrivals[1].says_every_ms` is not from 0"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.said);
    std::string file = kBots;
    const size_t at = file.find(c.what);
    ASSERT_NE(at, file.npos) << c.what;
    file.replace(at, std::string_view(c.what).size(), c.with);
    EXPECT_THAT(std::string(Simulate(file).status().message()), HasSubstr(c.said));
  }
}

TEST(Simulate, RefusesABadFileByTheNameOfWhatIsWrong) {
  const struct {
    const char* what;
    const char* with;
    const char* said;
  } kCases[] = {
      {"\"date\": \"2026-05-04\", ", "", "`date` is missing"},
      {"2026-05-04", "2026-02-30", "`date` is no day"},
      {"\"Europe/Berlin\",\n  \"settings\"", "\"Mars\",\n  \"settings\"", "`time_zone` is none"},
      {"\"accept_timeout_ms\": 30000", "\"accept_timeout_ms\": 0", "`settings`: accept_timeout_ms is not from 1"},
      {"{\"close_reasons\"", "{\"hours\": \"hrs_1\", \"close_reasons\"",
       "`settings.hours` names what is not in the file"},
      {"\"from_minute\": 540", "\"from_minute\": 1440", "`hours[0]`: weekly has a span"},
      {"\"id\": \"tea_01J8Q0K3ZD0000000000000001\"", "\"id\": \"sales\"", "`teams[0].id` is none of that kind"},
      {"rul_01J8Q0K3ZD0000000000000001", "rul_01J8Q0K3ZD0000000000000002", "`rules[1].id` is there twice"},
      {"\"field\": \"page\"", "\"field\": \"weather\"", "`rules[1]`: conditions.field has a name"},
      {"\"effect\": {\"team\": \"tea_01J8Q0K3ZD0000000000000001\"", "\"effect\": {\"team\": \"tea_2\"",
       "`rules[1].effect.team` names what is not in the file"},
      {"\"effect\": {\"priority\": 5", "\"effect\": {\"skill\": \"skl_2\"",
       "`rules[0].effect.skill` names what is not in the file"},
      {"\"name\": \"hrs_01J8Q0K3ZD0000000000000001\"", "\"name\": \"hrs_2\"",
       "`rules[0].conditions.name` names what is not in the file"},
      {"mara@shop.example", "mara", "`agents[0]`: email is no address"},
      {"\"teams\": [\"tea_01J8Q0K3ZD0000000000000001\"]", "\"teams\": [\"tea_2\"]",
       "`agents[0].teams` names what is not in the file"},
      {"\"to\": \"17:30\"", "\"to\": \"08:30\"", "`agents[0].shifts[0]` ends before it begins"},
      {"\"to\": \"17:30\"", "\"to\": \"25:00\"", "`agents[0].shifts[0].to` is no time of a day"},
      {"{\"from\": \"09:00\", \"to\": \"17:30\"}",
       "{\"from\": \"09:00\", \"to\": \"17:30\"}, {\"from\": \"17:29\", \"to\": \"18:00\"}",
       "`agents[0].shifts[1]` begins before"},
      {"\"shifts\"", "\"answers_after_ms\": -1, \"shifts\"", "`agents[0].answers_after_ms` is not from 0"},
      {"\"08:59:30\"", "\"8h\"", "`arrivals[0].at` is no time of a day such as 09:12:30"},
      {"\"08:59:30\"", "\"08:60\"", "`arrivals[0].at` is no time"},
      {"\"9:00\", \"handling_ms\": 60000", "\"9:00\"", "`arrivals[1].handling_ms` is missing"},
      {"\"9:00\", \"handling_ms\": 60000", "\"9:00\", \"handling_ms\": -1", "`arrivals[1].handling_ms` is not from 0"},
      {"\"patience_ms\": 5000", "\"patience_ms\": -5", "`arrivals[4].patience_ms` is not from 0"},
      {"\"patience_ms\"", "\"patience\"", "`arrivals[4].patience` is no field"},
      {"\"age\": 5", "\"age\": [5]", "`arrivals[2].customer_attributes.age` is no array of texts"},
      {"\"age\": 5", "\"age\": {}",
       "`arrivals[2].customer_attributes.age` is no text, number, boolean or array of texts"},
      {"{\"plan\": \"pro\"}", "\"pro\"", "`arrivals[4].customer_attributes` is no object"},
      {"\"17:29\", ", "\"17:29\", \"team\": \"tea_2\", ", "`arrivals[3].team` names what is not in the file"},
      {"\"arrivals\": [", "\"arrivals\": [[], ", "`arrivals[0]`"},
      {"\"more\": false", "\"more\": fals", "JSON"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.said);
    std::string file = kFile;
    const size_t at = file.find(c.what);
    ASSERT_NE(at, file.npos) << c.what;
    file.replace(at, std::string_view(c.what).size(), c.with);
    const auto report = Simulate(file);
    EXPECT_TRUE(absl::IsInvalidArgument(report.status()));
    EXPECT_THAT(std::string(report.status().message()), HasSubstr(c.said));
  }
}

TEST(Simulate, IsBounded) {
  const std::string begin = R"({"date":"2026-05-04","arrivals":[)";
  const std::string one = R"({"at":"9:00","handling_ms":1})";
  std::string file = begin + one;
  for (size_t i = 1; i < wire::kSimulationArrivalsMax; ++i) absl::StrAppend(&file, ",", one);
  const auto most = Simulate(file + "]}");
  ASSERT_TRUE(most.ok()) << most.status();
  EXPECT_EQ(most->all.missed, static_cast<int64_t>(wire::kSimulationArrivalsMax)) << "there are no agents";
  EXPECT_THAT(std::string(Simulate(file + "," + one + "]}").status().message()), HasSubstr("`arrivals` has more than"));
  const std::string small = begin + "]}";
  EXPECT_TRUE(Simulate(small + std::string(wire::kSimulationFileBytesMax - small.size(), ' ')).ok());
  EXPECT_THAT(
      std::string(
          Simulate(small + std::string(wire::kSimulationFileBytesMax - small.size() + 1, ' ')).status().message()),
      HasSubstr("the file is larger"));
}

}  // namespace
}  // namespace alcove::functions
