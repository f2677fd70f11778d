// What a conversation reads like: groups, times, states and news.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/wasm-widget/face_rows.h"
#include "wasm-widget/conversation/log.h"

namespace alcove::conversation {
namespace {

using client::Delivery;
using testing::ElementsAre;
using wire::ActorKind;
using wire::EventType;

// "text" or "text|" for the last of a group, with its meta; news and days in brackets.
std::vector<std::string> Lines(const std::vector<LogEntry>& entries) {
  std::vector<std::string> lines;
  for (const LogEntry& entry : entries) {
    if (entry.kind != LogEntry::Kind::kMessage) {
      lines.push_back("[" + entry.text + "]");
    } else {
      lines.push_back((entry.mine ? "> " : "") + entry.text + (entry.last_of_group ? " | " + entry.meta : ""));
    }
  }
  return lines;
}

FakeRows ForCustomer() { return {ActorKind::kCustomer, "cus_1"}; }
FakeRows ForAgent() { return {ActorKind::kAgent, "agt_1"}; }

TEST(Log, MessagesOfOneAuthorStandTogetherUnderOneTime) {
  FakeRows rows = ForCustomer();
  rows.Message(kMara, "one").Message(kMara, "two").Message(kPriya, "three", Delivery::kSeen);
  EXPECT_THAT(Lines(rows.Build()), ElementsAre("[day 0]", "one", "two | Mara · t0", "> three | t0 · Seen"));
}

TEST(Log, ABotIsCalledOneByItsWholeName) {
  FakeRows rows = ForCustomer();
  rows.News(EventType::kJoined, kAlva).Message(kAlva, "Hello").News(EventType::kLeft, kAlva);
  EXPECT_THAT(Lines(rows.Build()),
              ElementsAre("[day 0]", "[Alva Helper joined the conversation]", "Hello | Alva Helper · Bot · t0"));
  FakeRows theirs = ForAgent();
  theirs.News(EventType::kJoined, kAlva).Message(kAlva, "Hello").News(EventType::kLeft, kAlva);
  EXPECT_THAT(Lines(theirs.Build()),
              ElementsAre("[day 0]", "[Alva Helper joined the conversation]", "> Hello | Alva Helper · Bot · t0",
                          "[Alva Helper handed the conversation over]"));
}

TEST(Log, WhatIsEditedSaysSoUnderItself) {
  FakeRows rows = ForAgent();
  rows.Message(kMara, "one").Message(kMara, "two").Message(kMara, "three");
  wire::Event edited;
  edited.edited_seq = 9;
  std::vector<client::Row> all = rows.rows();
  all[1].event = &edited;
  const auto entries = BuildLog({.rows = all, .reader = ActorKind::kAgent},
                                {[](int64_t) { return "t"; }, [](int64_t) { return "day"; }});
  EXPECT_THAT(Lines(entries), ElementsAre("[day]", "> one", "> two | You · t · Edited", "> three | You · t"));
}

TEST(Log, WhatIsGoneSaysSoInItsPlace) {
  FakeRows rows = ForCustomer();
  rows.Message(kMara, "").News(EventType::kDeleted, kMara).News(EventType::kEdited, kMara);
  const auto entries = rows.Build();
  EXPECT_THAT(Lines(entries), ElementsAre("[day 0]", "*Message deleted* | Mara · t0"));
  EXPECT_TRUE(entries[1].gone);
}

TEST(Log, APageIsALineOfNews) {
  FakeRows rows = ForAgent();
  wire::Event page;
  page.type = EventType::kPage;
  page.actor = kPriya;
  page.url = "https://shop.example/mugs";
  rows.News(page);
  page.title = "Mugs";
  rows.News(page);
  page.title.reset();
  page.url.reset();
  rows.News(page);
  EXPECT_THAT(Lines(rows.Build()), ElementsAre("[day 0]", "[Looks at https://shop.example/mugs]", "[Looks at Mugs]"));
}

TEST(Log, AGroupEndsAtItsTimeAndNotBefore) {
  FakeRows within = ForCustomer();
  within.Message(kMara, "one").Later(kGroupMs - 1).Message(kMara, "two");
  EXPECT_THAT(Lines(within.Build()), ElementsAre("[day 0]", "one", "two | Mara · t2"));
  FakeRows beyond = ForCustomer();
  beyond.Message(kMara, "one").Later(kGroupMs).Message(kMara, "two");
  EXPECT_THAT(Lines(beyond.Build()), ElementsAre("[day 0]", "one | Mara · t0", "two | Mara · t3"));
}

TEST(Log, ADayStandsBeforeItsFirstMessage) {
  FakeRows rows = ForCustomer();
  rows.Message(kMara, "one").Later(1000 * kMinuteMs).Message(kMara, "two");
  EXPECT_THAT(Lines(rows.Build()), ElementsAre("[day 0]", "one | Mara · t0", "[day 1]", "two | Mara · t0"));
}

TEST(Log, EachDeliveryIsSaid) {
  struct {
    Delivery delivery;
    const char* meta;
    bool sending;
    bool failed;
  } const cases[] = {
      {Delivery::kSending, "Sending…", true, false},
      {Delivery::kSent, "t0 · Sent", false, false},
      {Delivery::kSeen, "t0 · Seen", false, false},
      {Delivery::kFailed, "Failed — tap to retry", false, true},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.meta);
    FakeRows rows = ForCustomer();
    rows.Message(kPriya, "hello", expected.delivery);
    const LogEntry entry = rows.Build().back();
    EXPECT_EQ(entry.meta, expected.meta);
    EXPECT_EQ(entry.sending, expected.sending);
    EXPECT_EQ(entry.failed, expected.failed);
    EXPECT_EQ(entry.key, "msg_0");
  }
}

TEST(Log, WhatHasNotArrivedStandsApartAndEachFailureAlone) {
  FakeRows rows = ForCustomer();
  rows.Message(kPriya, "sent", Delivery::kSent)
      .Message(kPriya, "going", Delivery::kSending)
      .Message(kPriya, "going too", Delivery::kSending)
      .Message(kPriya, "failed", Delivery::kFailed)
      .Message(kPriya, "failed too", Delivery::kFailed);
  EXPECT_THAT(Lines(rows.Build()),
              ElementsAre("[day 0]", "> sent | t0 · Sent", "> going", "> going too | Sending…",
                          "> failed | Failed — tap to retry", "> failed too | Failed — tap to retry"));
}

TEST(Log, ColleaguesShareTheRightSideAndAreNamed) {
  FakeRows rows = ForAgent();
  rows.Message(kPriya, "hi").Message(kJonas, "hello").Message(kMara, "me", Delivery::kSent);
  EXPECT_THAT(Lines(rows.Build()),
              ElementsAre("[day 0]", "hi | Priya · t0", "> hello | Jonas · t0", "> me | You · t0 · Sent"));
}

TEST(Log, NewsAreToldInTheWordsOfTheReader) {
  const auto tell = [](FakeRows rows) {
    rows.News(EventType::kQueued, {})
        .News(EventType::kAssigned, {}, kMara)
        .News(EventType::kUnassigned, {})
        .News(EventType::kClosed, kMara);
    return Lines(rows.Build());
  };
  EXPECT_THAT(tell(ForCustomer()),
              ElementsAre("[day 0]", "[Mara joined the conversation]", "[Looking for somebody else to help you]",
                          "[Mara ended the conversation]"));
  EXPECT_THAT(tell(ForAgent()), ElementsAre("[day 0]", "[Joined the queue]", "[Assigned to Mara Kovač]",
                                            "[Back in the queue]", "[You ended the conversation]"));
}

TEST(Log, WhatColleaguesDidIsTold) {
  wire::Event transferred;
  transferred.type = EventType::kTransferred;
  transferred.actor = kMara;
  transferred.from = kMara;
  transferred.to = kJonas;
  transferred.comment = "knows mugs";
  wire::Event assigned = transferred;
  assigned.type = EventType::kAssigned;
  assigned.agent = kMara;
  assigned.comment = "";
  wire::Event tagged;
  tagged.type = EventType::kTagged;
  tagged.add = {"vip", "new"};
  tagged.remove = {"late"};
  wire::Event rated;
  rated.type = EventType::kRated;
  rated.actor = kPriya;
  rated.score = 4;
  rated.comment = "quick";
  wire::Event snoozed;
  snoozed.type = EventType::kSnoozed;
  snoozed.actor = kMara;
  snoozed.until = 1500 * kMinuteMs;
  const auto tell = [&](FakeRows rows) {
    rows.News(snoozed).News(transferred).News(assigned).News(tagged).News(EventType::kReopened, kJonas).News(rated);
    return Lines(rows.Build());
  };
  EXPECT_THAT(tell(ForAgent()),
              ElementsAre("[day 0]", "[Snoozed until day 1, t500]", "[Handed over to Jonas — knows mugs]",
                          "[Assigned to Mara Kovač]", "[Tags: \u2068+vip\u2069 \u2068+new\u2069 \u2068−late\u2069]",
                          "[Jonas reopened the conversation]", "[Rated 4 of 5 — quick]"));
  EXPECT_THAT(tell(ForCustomer()), ElementsAre("[day 0]", "[Jonas joined the conversation]",
                                               "[Mara joined the conversation]", "[Jonas reopened the conversation]"));
}

TEST(Log, WhatIsSaidToATeamIsReadByIt) {
  wire::Event unassigned;
  unassigned.type = EventType::kUnassigned;
  unassigned.actor = kMara;
  unassigned.comment = "paid twice";
  wire::Event queued;
  queued.type = EventType::kQueued;
  queued.comment = "look at it";
  EXPECT_THAT(Lines(ForAgent().News(unassigned).News(queued).Build()),
              ElementsAre("[day 0]", "[Back in the queue — paid twice]", "[Joined the queue — look at it]"));
}

TEST(Log, WhoJoinsAndLeavesIsToldToBoth) {
  wire::Event joined;
  joined.type = EventType::kJoined;
  joined.actor = kMara;
  joined.agent = kJonas;
  wire::Event left = joined;
  left.type = EventType::kLeft;
  left.actor = kJonas;
  for (FakeRows rows : {ForAgent(), ForCustomer()}) {
    rows.News(joined).News(left);
    EXPECT_THAT(Lines(rows.Build()),
                ElementsAre("[day 0]", "[Jonas joined the conversation]", "[Jonas left the conversation]"));
  }
}

TEST(Log, NotesStandApartFromMessages) {
  FakeRows rows = ForAgent();
  rows.Message(kMara, "hello").Note(kMara, "look").Note(kMara, "there").Note(kJonas, "yes");
  const std::vector<LogEntry> log = rows.Build();
  EXPECT_THAT(Lines(log), ElementsAre("[day 0]", "> hello | You · t0", "> look", "> there | Internal note · You · t0",
                                      "yes | Internal note · Jonas · t0"));
  EXPECT_FALSE(log[1].note);
  EXPECT_TRUE(log[2].note);
  EXPECT_EQ(log[4].spoken_before, "Internal note, Jonas:");
}

TEST(Log, AWhisperIsToldFromANote) {
  FakeRows rows = ForAgent();
  rows.Note(kJonas, "look").Note(kJonas, "offer a refund");
  rows.last().whisper = true;
  const std::vector<LogEntry> log = rows.Build();
  EXPECT_THAT(Lines(log),
              ElementsAre("[day 0]", "look | Internal note · Jonas · t0", "offer a refund | Whisper · Jonas · t0"));
  EXPECT_EQ(log[2].spoken_before, "Whisper, Jonas:");
  EXPECT_TRUE(log[2].note);
}

TEST(Log, AReplyThatCameSecondSaysSo) {
  FakeRows rows = ForAgent();
  rows.Message(kMara, "on it", Delivery::kFailed);
  rows.last().failure = "overtaken";
  EXPECT_EQ(rows.Build().back().meta, "A colleague was faster — tap to send it all the same");
}

TEST(Log, FirstNamesEndAtASpaceAndOthersStayWhole) {
  EXPECT_EQ(FirstName("Mara Kovač"), "Mara");
  EXPECT_EQ(FirstName("李小龙"), "李小龙");
  EXPECT_EQ(FirstName("Visitor 4821"), "Visitor 4821");
  EXPECT_EQ(FirstName(""), "");
}

}  // namespace
}  // namespace alcove::conversation
