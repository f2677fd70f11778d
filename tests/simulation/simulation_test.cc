// A thousand histories, always the same ones: see README.md.
#include "tests/simulation/simulation.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace alcove::simulation {
namespace {

constexpr uint64_t kSeeds = 1000;
// A test is so many of them, for CTest to run several at once.
constexpr uint64_t kTogether = 50;
// Enough for a conversation to begin, be answered, change hands and end; the more seeds the better beyond that.
constexpr int kSteps = 30;

uint64_t NumberIn(const char* variable) {
  const char* given = std::getenv(variable);
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 0;
}

Simulation::Tally RunSeed(uint64_t seed) {
  SCOPED_TRACE("replay with ALCOVE_SEED=" + std::to_string(seed));
  Simulation simulation(seed);
  for (int step = 0; step < kSteps && !testing::Test::HasFailure(); ++step) {
    SCOPED_TRACE("step " + std::to_string(step));
    simulation.Step();
  }
  if (!testing::Test::HasFailure()) simulation.Settle();
  return simulation.tally();
}

class OneHistory : public testing::TestWithParam<uint64_t> {};

TEST_P(OneHistory, LosesDoublesAndReordersNothing) {
  const uint64_t only = NumberIn("ALCOVE_SEED");
  if (only != 0) {
    if (GetParam() == 0) RunSeed(only);
    return;
  }
  Simulation::Tally all;
  for (uint64_t seed = GetParam() + 1; seed <= GetParam() + kTogether && !HasFailure(); ++seed) {
    const Simulation::Tally tally = RunSeed(seed);
    all.requests += tally.requests;
    all.lost += tally.lost;
    all.repeated += tally.repeated;
    all.deaths += tally.deaths;
    all.events += tally.events;
    all.assignments += tally.assignments;
    all.let_pass += tally.let_pass;
    all.overflows += tally.overflows;
    all.silences += tally.silences;
    all.reassigned += tally.reassigned;
    all.joined += tally.joined;
    all.bot_messages += tally.bot_messages;
    all.handed_over += tally.handed_over;
    all.amended += tally.amended;
    all.erased += tally.erased;
  }
  if (HasFailure()) return;
  // That all of it happens: a simulation in which nothing does would show nothing.
  for (const int number : {all.lost, all.repeated, all.deaths, all.assignments, all.joined, all.bot_messages,
                           all.handed_over, all.amended, all.erased}) {
    EXPECT_GT(number, 5);
  }
  EXPECT_GT(all.let_pass + all.overflows + all.silences + all.reassigned, 5);
  EXPECT_GT(all.events, all.requests / 4);
}

std::vector<uint64_t> Beginnings() {
  std::vector<uint64_t> beginnings;
  for (uint64_t first = 0; first < kSeeds; first += kTogether) beginnings.push_back(first);
  return beginnings;
}
INSTANTIATE_TEST_SUITE_P(Seeds, OneHistory, testing::ValuesIn(Beginnings()));

// For a night: ALCOVE_SEEDS says how many more, drawn at random.
TEST(Simulation, LosesNothingWhateverTheSeed) {
  std::random_device draw;
  for (uint64_t i = 0; i < NumberIn("ALCOVE_SEEDS") && !HasFailure(); ++i) RunSeed(draw());
}

TEST(Simulation, IsTheSameOfTheSameSeed) {
  const auto first = RunSeed(7);
  const auto second = RunSeed(7);
  EXPECT_EQ(first.requests, second.requests);
  EXPECT_EQ(first.lost, second.lost);
  EXPECT_EQ(first.events, second.events);
  EXPECT_EQ(first.polls, second.polls);
}

}  // namespace
}  // namespace alcove::simulation
