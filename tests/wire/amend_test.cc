// What changes make of the events before them, however late those are read.
#include "functions/wire/amend.h"

#include <string>
#include <vector>

#include "functions/wire/limits.h"
#include "gtest/gtest.h"

namespace alcove::wire {
namespace {

const std::string kTarget = "msg_1";
const std::string kPriya = "cus_1";

Event Written(int64_t seq, const std::string& id, const std::string& text) {
  Event event;
  event.seq = seq;
  event.type = EventType::kMessage;
  event.id = id;
  event.at = 100 * seq;
  event.actor = {ActorKind::kCustomer, kPriya, "Priya"};
  event.text = text;
  return event;
}

Event Change(int64_t seq, EventType type, std::optional<std::string> text = std::nullopt) {
  Event change = Written(seq, "", "");
  change.type = type;
  change.id.reset();
  change.target = kTarget;
  change.text = std::move(text);
  return change;
}

// All of it as it is stored when the last change is done.
std::vector<Event> Stored(std::vector<Event> log) {
  for (size_t i = 0; i < log.size(); ++i) {
    for (size_t before = 0; before < i; ++before) Amend(log[i], log[before]);
  }
  return log;
}

TEST(Amend, AnEditTakesThePlaceOfTheText) {
  const auto log = Stored({Written(1, kTarget, "a"), Written(2, "msg_2", "b"), Change(3, EventType::kEdited, "c")});
  EXPECT_EQ(log[0].text, "c");
  EXPECT_EQ(log[0].edited_at, 300);
  EXPECT_EQ(log[0].edited_seq, 3);
  EXPECT_EQ(log[1], Written(2, "msg_2", "b"));
  EXPECT_EQ(log[2].text, "c");
}

TEST(Amend, OnlyTheLastEditKeepsItsText) {
  const auto log =
      Stored({Written(1, kTarget, "a"), Change(2, EventType::kEdited, "b"), Change(3, EventType::kEdited, "c")});
  EXPECT_EQ(log[0].text, "c");
  EXPECT_EQ(log[0].edited_seq, 3);
  EXPECT_EQ(log[1].text, std::nullopt);
}

TEST(Amend, WhatIsDeletedSaysNothingNorDoesItsEdit) {
  Event written = Written(1, kTarget, "a");
  written.quick_replies = {"yes"};
  written.reply_to = "msg_0";
  const auto log = Stored({written, Change(2, EventType::kEdited, "b"), Change(3, EventType::kDeleted)});
  EXPECT_EQ(log[0].text, std::nullopt);
  EXPECT_EQ(log[0].quick_replies, std::nullopt);
  EXPECT_EQ(log[0].edited_at, std::nullopt);
  EXPECT_EQ(log[0].edited_seq, std::nullopt);
  EXPECT_EQ(log[0].deleted_at, 300);
  EXPECT_EQ(log[0].reply_to, "msg_0");
  EXPECT_EQ(log[1].text, std::nullopt);
  // It is gone for good.
  Event gone = log[0];
  Amend(Change(4, EventType::kEdited, "c"), gone);
  Amend(Change(5, EventType::kDeleted), gone);
  EXPECT_EQ(gone, log[0]);
}

TEST(Amend, WhatIsErasedSaysNothingAndKeepsItsFirstTime) {
  const auto log = Stored({Written(1, kTarget, "a"), Change(2, EventType::kDeleted), Change(3, EventType::kErased)});
  EXPECT_EQ(log[0].deleted_at, 200);
  EXPECT_EQ(log[0].erased_at, 300);
  Event again = log[0];
  Amend(Change(4, EventType::kErased), again);
  EXPECT_EQ(again, log[0]);
}

TEST(Amend, AllThatSomebodyWroteIsErasedUpToASeq) {
  Event rated = Written(2, "", "");
  rated.type = EventType::kRated;
  rated.id.reset();
  rated.text.reset();
  rated.score = 1;
  rated.comment = "bad";
  Event theirs = Written(3, "msg_3", "an answer");
  theirs.actor = {ActorKind::kAgent, "agt_1", "Mara"};
  Event claimed = rated;
  claimed.seq = 4;
  claimed.comment.reset();
  Event erased = Change(6, EventType::kErased);
  erased.target = kPriya;
  erased.upto = 4;
  const auto log = Stored({Written(1, kTarget, "a"), rated, theirs, claimed, Written(5, "msg_5", "meanwhile"), erased});
  EXPECT_EQ(log[0].text, std::nullopt);
  EXPECT_EQ(log[0].erased_at, 600);
  EXPECT_EQ(log[1].comment, std::nullopt);
  EXPECT_EQ(log[1].score, 1);
  EXPECT_EQ(log[1].erased_at, 600);
  EXPECT_EQ(log[2], theirs);
  EXPECT_EQ(log[3], claimed) << "it said nothing";
  EXPECT_EQ(log[4].text, "meanwhile");
}

// A reader who comes late finds events as they are now, and is then told of the changes all the same.
TEST(Amend, ComesToTheSameWheneverItIsRead) {
  std::vector<Event> told = {Written(1, kTarget, "a"), Change(2, EventType::kEdited, "b"),
                             Change(3, EventType::kEdited, "c"), Change(4, EventType::kDeleted),
                             Change(5, EventType::kErased)};
  Event all = Change(6, EventType::kErased);
  all.target = kPriya;
  all.upto = 5;
  told.push_back(all);
  for (size_t changes = 1; changes <= told.size(); ++changes) {
    const std::vector<Event> fresh = Stored({told.begin(), told.begin() + static_cast<std::ptrdiff_t>(changes)});
    for (size_t known = 0; known <= changes; ++known) {
      SCOPED_TRACE(std::to_string(known) + " of " + std::to_string(changes));
      std::vector<Event> held = Stored({told.begin(), told.begin() + static_cast<std::ptrdiff_t>(known)});
      for (size_t i = known; i < changes; ++i) {
        for (Event& earlier : held) Amend(fresh[i], earlier);
        held.push_back(fresh[i]);
      }
      EXPECT_EQ(held, fresh);
    }
  }
}

TEST(Amend, TheListRowFollowsItsMessageAlone) {
  const Event message = Written(1, kTarget, std::string(kPreviewBytesMax + 1, 'x'));
  std::optional<Preview> preview = PreviewOf(message);
  EXPECT_EQ(preview, (Preview{ActorKind::kCustomer, std::string(kPreviewBytesMax, 'x'), 100, 1}));
  AmendPreview(Written(2, "msg_2", "another"), preview);
  EXPECT_EQ(preview, PreviewOf(message));
  AmendPreview(Written(1, kTarget, "edited"), preview);
  EXPECT_EQ(preview->text, "edited");
  // Of a server that kept no seq.
  preview->seq.reset();
  Event rated = Written(1, kTarget, "");
  rated.type = EventType::kRated;
  AmendPreview(rated, preview);
  AmendPreview(Written(2, "msg_2", "another"), preview);
  EXPECT_EQ(preview->text, "edited");
  AmendPreview(Written(1, kTarget, "again"), preview);
  EXPECT_EQ(preview->text, "again");
  std::optional<Preview> none;
  AmendPreview(message, none);
  EXPECT_EQ(none, std::nullopt);
}

// Whoever has none of the events is told by the change what the list row says now.
TEST(Amend, ASummaryFollowsAChangeOfItsLastMessageAlone) {
  Conversation before;
  before.customer = {ActorKind::kCustomer, kPriya, "Priya"};
  before.preview = PreviewOf(Written(3, kTarget, "a"));
  const auto after = [&](Event change, std::optional<int64_t> target_seq) {
    Conversation now = before;
    change.target_seq = target_seq;
    AmendSummary(change, now);
    return now.preview->text;
  };
  EXPECT_EQ(after(Change(4, EventType::kEdited, "b"), 3), "b");
  EXPECT_EQ(after(Change(4, EventType::kEdited, std::string(kPreviewBytesMax + 1, 'x')), 3),
            std::string(kPreviewBytesMax, 'x'));
  EXPECT_EQ(after(Change(4, EventType::kEdited), 3), "a") << "a later one says it";
  EXPECT_EQ(after(Change(4, EventType::kDeleted), 3), "");
  EXPECT_EQ(after(Change(4, EventType::kErased), 3), "");
  EXPECT_EQ(after(Change(4, EventType::kDeleted), 2), "a") << "another message";
  EXPECT_EQ(after(Change(4, EventType::kDeleted), std::nullopt), "a") << "of a server that did not say which";
  EXPECT_EQ(after(Written(4, "msg_4", "b"), std::nullopt), "a");
  before.preview->seq.reset();
  EXPECT_EQ(after(Change(4, EventType::kDeleted), std::nullopt), "a");
  Conversation none;
  AmendSummary(Change(4, EventType::kDeleted), none);
  EXPECT_EQ(none, Conversation());
}

TEST(Amend, ASummaryLosesWhatItsCustomerWrote) {
  Conversation before;
  before.customer = {ActorKind::kCustomer, kPriya, "Priya"};
  before.form = std::vector{Field{"order", "17"}};
  before.page = "https://shop.example/";
  before.rating = Rating{1, "bad"};
  before.preview = PreviewOf(Written(3, kTarget, "a"));
  Event erased = Change(5, EventType::kErased);
  erased.target = kPriya;
  erased.upto = 3;
  Conversation now = before;
  AmendSummary(erased, now);
  EXPECT_EQ(now.form, std::nullopt);
  EXPECT_EQ(now.page, std::nullopt);
  EXPECT_EQ(now.rating, (Rating{1, std::nullopt}));
  EXPECT_EQ(now.preview->text, "");
  erased.upto = 2;
  now = before;
  AmendSummary(erased, now);
  EXPECT_EQ(now.preview->text, "a") << "it was written meanwhile";
  erased.upto = 3;
  now = before;
  now.preview->by = ActorKind::kAgent;
  AmendSummary(erased, now);
  EXPECT_EQ(now.preview->text, "a") << "an answer";
  now = before;
  AmendSummary(Change(5, EventType::kErased), now);
  EXPECT_EQ(now, before) << "one message";
}

}  // namespace
}  // namespace alcove::wire
