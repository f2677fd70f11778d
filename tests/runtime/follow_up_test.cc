// What is the next of a poll, and what only looks like it.
#include "runtime/follow_up.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace alcove::runtime {
namespace {

std::string PollOf(const std::string& target, const std::string& headers = "Authorization: Bearer t\r\n") {
  return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n";
}

std::unique_ptr<FollowUp> Behind(const std::string& target, const std::string& cursor = "c2") {
  return FollowUp::Of(PollOf(target), {cursor, {"topic"}, absl::Seconds(1)}, 7);
}

TEST(FollowUp, IsWhatSaysTheSameWithTheNextCursor) {
  for (const std::string cursor : {"c2", "", "a-much_longer.one"}) {
    SCOPED_TRACE(cursor);
    for (const auto& [before, behind] : {std::pair<std::string, std::string>{"/p?cursor=", ""},
                                         {"/p?wait=25&cursor=", "&x=1"},
                                         {"/p?a_cursor=1&cursor=", ""}}) {
      const auto follow_up = Behind(before + "c1" + behind, cursor);
      if (before == "/p?a_cursor=1&cursor=") {
        EXPECT_EQ(follow_up, nullptr) << "it is not looked for any further";
        continue;
      }
      ASSERT_NE(follow_up, nullptr) << before;
      EXPECT_TRUE(follow_up->Is(PollOf(before + cursor + behind)));
      EXPECT_EQ(follow_up->Is(PollOf(before + "c1" + behind)), false) << "it has gone back";
      EXPECT_FALSE(follow_up->Is(PollOf(before + cursor + "3" + behind)));
      EXPECT_FALSE(follow_up->Is(PollOf(before + cursor + behind + "&wait=1")));
      EXPECT_FALSE(follow_up->Is(PollOf(before + cursor + behind, "Authorization: Bearer u\r\n")));
      EXPECT_FALSE(follow_up->Is(PollOf(before + cursor + behind, "Authorization: Bearer t\r\nOrigin: null\r\n")));
      EXPECT_FALSE(follow_up->Is(PollOf(before + cursor + behind, "")));
      EXPECT_FALSE(follow_up->Is(""));
    }
  }
}

TEST(FollowUp, ComesOfNothingThatNamesNoPlainCursor) {
  for (const char* const target : {"/p", "/p?wait=1", "/p?xcursor=c1", "/cursor=c1", "/p?cursor=%63", "/p?cursor=a+b",
                                   "/p?wait=cursor=c1", "/p?%63ursor=c0&cursor=c1", "/p?cursor=c1&x=%20"}) {
    EXPECT_EQ(Behind(target), nullptr) << target;
  }
  EXPECT_EQ(FollowUp::Of("GET /p", {"c2", {}, absl::Seconds(1)}, 7), nullptr);
}

TEST(FollowUp, ComesOfNothingThatIsTooLong) {
  const size_t rest = PollOf("/p?cursor=").size();
  EXPECT_NE(Behind("/p?cursor=" + std::string(FollowUp::kKeptBytes - rest, 'c')), nullptr);
  EXPECT_EQ(Behind("/p?cursor=" + std::string(FollowUp::kKeptBytes - rest + 1, 'c')), nullptr);
}

TEST(FollowUp, KeepsWhatItWaitsFor) {
  const auto follow_up = Behind("/p?cursor=");
  ASSERT_NE(follow_up, nullptr);
  EXPECT_EQ(follow_up->next().topics, std::vector<std::string>{"topic"});
  EXPECT_EQ(follow_up->next().hold, absl::Seconds(1));
  EXPECT_EQ(follow_up->since(), 7U);
  EXPECT_GT(follow_up->bytes(), PollOf("/p?cursor=").size());
}

}  // namespace
}  // namespace alcove::runtime
