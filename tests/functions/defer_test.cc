// Deferred calls on a set clock: what is due runs once, whoever dies meanwhile.
#include "functions/defer.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "functions/admin_records.h"
#include "functions/deferrables.h"
#include "functions/deferred_list.h"
#include "functions/due.h"
#include "functions/tokens.h"
#include "store/memory_store.h"
#include "tests/functions/invariants.h"
#include "tests/functions/two_nodes.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct NoteArguments {
  std::string name;
};
template <class V>
void Describe(V& visit, NoteArguments& arguments) {
  visit("name", arguments.name);
}
constexpr DeferredFunction<NoteArguments> kNote{"note"};
constexpr DeferredFunction<NoteArguments> kFail{"fail"};
constexpr DeferredFunction<NoteArguments> kSend{"send"};

// Writes down, in the store, how often it was run.
absl::StatusOr<Afterwards> Note(store::Transaction& txn, const NoteArguments& arguments, Context&) {
  const std::string key = keys::CannedReply(kSite, arguments.name);
  auto note = LoadOrDefault<CannedRecord>(txn, key);
  if (!note.ok()) return note.status();
  note->text += "x";
  Save(txn, key, *note);
  return Afterwards();
}

absl::StatusOr<Afterwards> Fail(store::Transaction& txn, const NoteArguments& arguments, Context& context) {
  const auto noted = Note(txn, arguments, context);
  return noted.ok() ? absl::InternalError("it cannot be done") : noted.status();
}

std::function<absl::Status(const std::string&)> outside;
absl::Status Send(const NoteArguments& arguments, Context&) { return outside(arguments.name); }

constexpr Deferrable kTable[] = {Atomic<Note>(kNote), Atomic<Fail>(kFail), Outside<Send>(kSend)};

class DeferTest : public testing::Test {
 protected:
  DeferTest() { outside = nullptr; }
  ~DeferTest() override { CheckInvariants(world_); }

  template <class Function>
  absl::Status DeferIn(const Function& function, const std::string& name, absl::Duration in, const std::string& key) {
    Context context = world_.MakeContext();
    return world_.store->Transact(
        [&](store::Transaction& txn) { return Defer(txn, function, {name}, world_.clock.Now() + in, key, context); });
  }
  void CancelNote(const std::string& key, std::string_view function = kNote.name) {
    Context context = world_.MakeContext();
    world_.Write([&](store::Transaction& txn) { EXPECT_TRUE(Cancel(txn, function, key, context).ok()); });
  }
  int64_t Now() { return absl::ToUnixMillis(world_.clock.Now()); }
  Due Found() {
    auto due = world_.store->Read([&](store::Reader& reader) { return FindDue(reader, Now()); });
    EXPECT_TRUE(due.ok()) << due.status();
    return *due;
  }
  Backlog Counted() {
    const auto backlog = world_.store->Read([&](store::Reader& reader) { return CountDue(reader, Now()); });
    EXPECT_TRUE(backlog.ok()) << backlog.status();
    return *backlog;
  }
  Claimed ClaimFirst() {
    const Due due = Found();
    if (due.calls.empty()) return {};
    Context context = world_.MakeContext();
    return *ClaimCall(due.calls.front(), context);
  }
  Ran Run(const Claim& claim) {
    Context context = world_.MakeContext();
    auto ran = RunClaim(claim, FindDeferrable(kTable, claim.function), context);
    EXPECT_TRUE(ran.ok()) << ran.status();
    return ran->ran;
  }
  // All that is due now, in its order.
  std::vector<Ran> RunDue() {
    std::vector<Ran> ran;
    Context context = world_.MakeContext();
    for (const DueCall& call : Found().calls) {
      const auto claimed = ClaimCall(call, context);
      EXPECT_TRUE(claimed.ok()) << claimed.status();
      ran.push_back(claimed->claim ? Run(*claimed->claim) : claimed->otherwise);
    }
    return ran;
  }
  size_t Runs(const std::string& name) {
    return world_.Stored<CannedRecord>(keys::CannedReply(kSite, name)).value_or(CannedRecord{}).text.size();
  }
  std::vector<std::string> Listed() {
    std::vector<std::string> lines;
    const absl::Status status = world_.store->Read([&](store::Reader& reader) {
      return ListCalls(reader, Now(), [&](const ListedCall& listed) {
        lines.push_back(std::string(listed.state) + " " + listed.call.record.function + " " + listed.call.record.key);
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
    return lines;
  }
  std::vector<StoredCall> DeadLetters() {
    std::vector<StoredCall> dead;
    (void)world_.store->Read([&](store::Reader& reader) {
      return ListCalls(reader, Now(), [&](const ListedCall& listed) {
        if (listed.state == "dead") dead.push_back(listed.call);
        return absl::OkStatus();
      });
    });
    return dead;
  }

  World world_;
};

TEST_F(DeferTest, RunsWhatIsDueInItsOrderAndNothingSooner) {
  ASSERT_TRUE(DeferIn(kNote, "third", absl::Seconds(3), "a").ok());
  ASSERT_TRUE(DeferIn(kNote, "first", absl::Seconds(1), "b").ok());
  ASSERT_TRUE(DeferIn(kNote, "second", absl::Seconds(2), "c").ok());
  EXPECT_THAT(Found().calls, IsEmpty());
  EXPECT_EQ(Found().next, Now() + 1000);
  EXPECT_THAT(Listed(), ElementsAre("waiting note b", "waiting note c", "waiting note a"));
  world_.clock.Advance(absl::Milliseconds(999));
  EXPECT_THAT(RunDue(), IsEmpty());
  world_.clock.Advance(absl::Milliseconds(1001));
  const Due due = Found();
  ASSERT_EQ(due.calls.size(), 2U);
  EXPECT_EQ(due.calls[0].run_at, Now() - 1000);
  EXPECT_EQ(due.oldest, Now() - 1000);
  EXPECT_EQ(due.next, Now() + 1000);
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone, Ran::kDone));
  EXPECT_EQ(Runs("first"), 1U);
  EXPECT_EQ(Runs("second"), 1U);
  EXPECT_EQ(Runs("third"), 0U);
  world_.clock.Advance(absl::Hours(1000));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone)) << "late is not never";
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_FALSE(Found().next.has_value());
}

TEST_F(DeferTest, AKeyHasOneCallOfAFunction) {
  ASSERT_TRUE(DeferIn(kNote, "old", absl::Seconds(1), "a").ok());
  ASSERT_TRUE(DeferIn(kNote, "new", absl::Seconds(2), "a").ok());
  ASSERT_TRUE(DeferIn(kFail, "other", absl::Seconds(9), "a").ok()) << "another function's";
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(RunDue(), IsEmpty());
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_EQ(Runs("old"), 0U);
  EXPECT_EQ(Runs("new"), 1U);
  CancelNote("a");  // nothing is left to take back
  EXPECT_THAT(Listed(), ElementsAre("waiting fail a"));
}

TEST_F(DeferTest, WhatIsCancelledDoesNotRun) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::Seconds(1), "a").ok());
  ASSERT_TRUE(DeferIn(kNote, "b", absl::Seconds(1), "b").ok());
  CancelNote("a");
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_EQ(Runs("a"), 0U);
}

TEST_F(DeferTest, IsKeptWithItsTransactionOrNotAtAll) {
  Context context = world_.MakeContext();
  const absl::Status status = world_.store->Transact([&](store::Transaction& txn) -> absl::Status {
    EXPECT_TRUE(Defer(txn, kNote, {"a"}, world_.clock.Now(), "a", context).ok());
    return absl::CancelledError("on second thoughts");
  });
  EXPECT_TRUE(absl::IsCancelled(status));
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(DeferTest, RefusesWhatItCannotKeep) {
  const std::string longest(wire::kDeferKeyBytesMax, 'k');
  const size_t frame = ToJson(NoteArguments{}).size();
  const std::string most(wire::kDeferArgumentsBytesMax - frame, 'x');
  const struct {
    const char* name;
    std::string key;
    std::string text;
    bool ok;
  } kCases[] = {{"the longest key", longest, "a", true},
                {"a longer key", longest + "k", "a", false},
                {"no key", "", "a", false},
                {"every sign", "azAZ09_:", "a", true},
                {"a slash", "a/b", "a", false},
                {"a space", "a b", "a", false},
                {"the most", "m", most, true},
                {"more", "n", most + "x", false}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto before = world_.Everything();
    const absl::Status status = DeferIn(kNote, c.text, absl::Seconds(1), c.key);
    EXPECT_EQ(status.ok(), c.ok) << status;
    if (!c.ok) {
      EXPECT_TRUE(absl::IsInternal(status));
      EXPECT_EQ(world_.Everything(), before);
    }
  }
  const std::string name(wire::kDeferNameBytesMax, 'n');
  const std::string longer = name + "n";
  for (const std::string_view bad : {std::string_view(""), std::string_view("a-b"), std::string_view(longer)}) {
    const DeferredFunction<NoteArguments> kBad{bad};
    EXPECT_TRUE(absl::IsInternal(DeferIn(kBad, "a", absl::Seconds(1), "a"))) << bad;
  }
  const DeferredFunction<NoteArguments> kLongest{name};
  EXPECT_TRUE(DeferIn(kLongest, "a", absl::Seconds(1), "a").ok());
  CancelNote("a", name);
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_EQ(RunDue().size(), 3U);
}

TEST_F(DeferTest, OneLookFindsABound) {
  for (size_t i = 0; i < wire::kDeferSweepMax + 1; ++i) {
    ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "k" + std::to_string(i)).ok());
  }
  EXPECT_EQ(Found().calls.size(), wire::kDeferSweepMax);
  EXPECT_EQ(Found().next, Now()) << "there may be more";
  EXPECT_EQ(RunDue().size(), wire::kDeferSweepMax);
  EXPECT_EQ(RunDue().size(), 1U);
  EXPECT_EQ(Runs("a"), wire::kDeferSweepMax + 1);
}

TEST_F(DeferTest, CountsABacklogUpToABound) {
  const absl::Time begin = world_.clock.Now();
  EXPECT_EQ(Counted().due, 0U);
  EXPECT_EQ(Counted().oldest, std::nullopt);
  size_t made = 0;
  const auto make = [&](size_t calls) {
    Context context = world_.MakeContext();
    for (const size_t end = made + calls; made < end;) {
      world_.Write([&](store::Transaction& txn) {
        for (size_t i = std::min<size_t>(100, end - made); i > 0; --i) {
          EXPECT_TRUE(Defer(txn, kNote, {"a"}, begin, "k" + std::to_string(++made), context).ok());
        }
      });
    }
  };
  make(wire::kDeferSweepMax + 1);
  ASSERT_TRUE(DeferIn(kNote, "a", absl::Milliseconds(1), "later").ok());
  EXPECT_EQ(Counted().due, wire::kDeferSweepMax + 1) << "more than a look finds, and nothing that is not due";
  make(wire::kDeferBacklogMax - 1 - made);
  EXPECT_EQ(Counted().due, wire::kDeferBacklogMax - 1);
  make(1);
  EXPECT_EQ(Counted().due, wire::kDeferBacklogMax);
  make(1);
  EXPECT_EQ(Counted().due, wire::kDeferBacklogMax) << "it may be more";
  EXPECT_EQ(Counted().oldest, absl::ToUnixMillis(begin));
}

// One that failed is looked at later than those that came after it, and was due before them.
TEST_F(DeferTest, TheOldestOfABacklogIsWhatWasDueFirst) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "a").ok());
  const int64_t first = Now();
  const Claimed failed = ClaimFirst();
  ASSERT_TRUE(failed.claim.has_value());
  Context context = world_.MakeContext();
  ASSERT_EQ(*FailClaim(*failed.claim, "nobody answers", context), Ran::kRepeats);
  for (size_t i = 0; i < wire::kDeferSweepMax; ++i) {
    ASSERT_TRUE(DeferIn(kNote, "a", absl::Milliseconds(1), "k" + std::to_string(i)).ok());
  }
  world_.clock.Advance(absl::Milliseconds(wire::kDeferBackoffMs));
  EXPECT_EQ(Found().oldest, first + 1);
  EXPECT_EQ(Counted().due, wire::kDeferSweepMax + 1);
  EXPECT_EQ(Counted().oldest, first);
}

// --- Leases ---------------------------------------------------------------------

TEST_F(DeferTest, ACrashBetweenClaimAndEndRunsItAgainAfterTheLease) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "a").ok());
  const Claimed lost = ClaimFirst();
  ASSERT_TRUE(lost.claim.has_value());
  EXPECT_THAT(Listed(), ElementsAre("running note a"));
  world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs - 1));
  EXPECT_THAT(Found().calls, IsEmpty());
  world_.clock.Advance(absl::Milliseconds(1));
  EXPECT_THAT(Listed(), ElementsAre("failed note a"));
  const Claimed second = ClaimFirst();
  ASSERT_TRUE(second.claim.has_value());
  EXPECT_EQ(second.claim->attempt, 2);
  // The first was not dead, only slow: it comes to nothing, before and after.
  EXPECT_EQ(Run(*lost.claim), Ran::kGone);
  EXPECT_EQ(Runs("a"), 0U);
  EXPECT_EQ(Run(*second.claim), Ran::kDone);
  EXPECT_EQ(Run(*lost.claim), Ran::kGone);
  EXPECT_EQ(Run(*second.claim), Ran::kGone) << "a run that is repeated is not one";
  EXPECT_EQ(Runs("a"), 1U);
}

// Then two leases may be over at one time, and only their attempts tell the claims apart.
TEST_F(DeferTest, AClockThatIsSetBackGivesNoClaimToTwo) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "a").ok());
  const Claimed first = ClaimFirst();
  world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
  const Due due = Found();
  ASSERT_EQ(due.calls.size(), 1U);
  world_.clock.Advance(-absl::Milliseconds(wire::kDeferLeaseMs));
  Context context = world_.MakeContext();
  const auto second = ClaimCall(due.calls[0], context);
  ASSERT_TRUE(second.ok() && second->claim);
  ASSERT_EQ(second->claim->lease_until, first.claim->lease_until);
  EXPECT_EQ(Run(*first.claim), Ran::kGone);
  EXPECT_EQ(Run(*second->claim), Ran::kDone);
  EXPECT_EQ(Runs("a"), 1U);
}

TEST_F(DeferTest, AnOutsideEffectIsRepeatedWhereItsEndWasLost) {
  int sent = 0;
  outside = [&](const std::string&) {
    ++sent;
    return absl::OkStatus();
  };
  ASSERT_TRUE(DeferIn(kSend, "a", absl::ZeroDuration(), "a").ok());
  ASSERT_TRUE(ClaimFirst().claim.has_value());
  (void)outside("a");  // and then the node dies
  world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_EQ(sent, 2);
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(DeferTest, WhatReplacesARunningCallBeginsAfterItsEnd) {
  outside = [&](const std::string& name) {
    if (name != "old") return absl::OkStatus();
    EXPECT_TRUE(DeferIn(kSend, "newer", absl::ZeroDuration(), "a").ok());
    EXPECT_TRUE(DeferIn(kSend, "newest", absl::ZeroDuration(), "a").ok());
    EXPECT_THAT(Found().calls, IsEmpty()) << "beside it";
    return absl::OkStatus();
  };
  ASSERT_TRUE(DeferIn(kSend, "old", absl::ZeroDuration(), "a").ok());
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kGone));
  const Claimed next = ClaimFirst();
  ASSERT_TRUE(next.claim.has_value()) << "not before the lease is over";
  EXPECT_THAT(next.claim->arguments, HasSubstr("newest"));
  EXPECT_EQ(next.claim->attempt, 1);
  EXPECT_EQ(Run(*next.claim), Ran::kDone);
}

TEST_F(DeferTest, AnAtomicRunThatWasReplacedHasNotTakenPlace) {
  ASSERT_TRUE(DeferIn(kNote, "old", absl::ZeroDuration(), "a").ok());
  const Claimed old = ClaimFirst();
  ASSERT_TRUE(DeferIn(kNote, "new", absl::ZeroDuration(), "a").ok());
  EXPECT_EQ(Run(*old.claim), Ran::kGone);
  EXPECT_EQ(Runs("old"), 0U);
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_EQ(Runs("new"), 1U);
}

TEST_F(DeferTest, WhatReplacesACallWhoseNodeDiedWaitsForTheLease) {
  ASSERT_TRUE(DeferIn(kSend, "old", absl::ZeroDuration(), "a").ok());
  ASSERT_TRUE(ClaimFirst().claim.has_value());
  ASSERT_TRUE(DeferIn(kSend, "new", absl::ZeroDuration(), "a").ok());
  outside = [](const std::string&) { return absl::OkStatus(); };
  world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs - 1));
  EXPECT_THAT(RunDue(), IsEmpty());
  world_.clock.Advance(absl::Milliseconds(1));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
}

TEST_F(DeferTest, ACallThatIsCancelledWhileItRunsEndsWithIt) {
  for (const bool dies : {false, true}) {
    SCOPED_TRACE(dies);
    ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "a").ok());
    const Claimed claimed = ClaimFirst();
    CancelNote("a");
    EXPECT_THAT(Listed(), ElementsAre("cancelled note a"));
    if (dies) {
      world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
      EXPECT_THAT(RunDue(), ElementsAre(Ran::kGone));
    } else {
      EXPECT_EQ(Run(*claimed.claim), Ran::kGone);
    }
    EXPECT_EQ(Runs("a"), 0U);
    EXPECT_THAT(Listed(), IsEmpty());
  }
}

TEST_F(DeferTest, WhatIsDeferredAfterACancelStillWaitsForTheRun) {
  outside = [&](const std::string& name) {
    if (name != "old") return absl::OkStatus();
    CancelNote("a", kSend.name);
    EXPECT_TRUE(DeferIn(kSend, "new", absl::ZeroDuration(), "a").ok());
    EXPECT_THAT(Found().calls, IsEmpty()) << "beside it";
    return absl::OkStatus();
  };
  ASSERT_TRUE(DeferIn(kSend, "old", absl::ZeroDuration(), "a").ok());
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kGone));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
}

// --- Failures -------------------------------------------------------------------

TEST_F(DeferTest, ACallThatAlwaysFailsIsADeadLetterInTheEnd) {
  ASSERT_TRUE(DeferIn(kFail, "a", absl::ZeroDuration(), "a").ok());
  const int64_t due_at = Now();
  for (int64_t attempt = 1; attempt <= wire::kDeferAttemptsMax; ++attempt) {
    SCOPED_TRACE(attempt);
    const bool last = attempt == wire::kDeferAttemptsMax;
    EXPECT_THAT(RunDue(), ElementsAre(last ? Ran::kDied : Ran::kRepeats));
    EXPECT_EQ(Runs("a"), 0U) << "what failed has left nothing";
    CheckInvariants(world_);
    if (last) break;
    const int64_t full = std::min(wire::kDeferBackoffMs << (attempt - 1), wire::kDeferBackoffMsMax);
    const Due due = Found();
    ASSERT_TRUE(due.next.has_value());
    EXPECT_GE(*due.next, Now() + full / 2);
    EXPECT_LE(*due.next, Now() + full);
    world_.clock.Advance(absl::Milliseconds(*due.next - Now()));
  }
  EXPECT_FALSE(Found().next.has_value());
  const auto dead = DeadLetters();
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].run_at, Now());
  EXPECT_EQ(dead[0].record.due_at, due_at);
  EXPECT_EQ(dead[0].record.attempts, wire::kDeferAttemptsMax);
  EXPECT_THAT(dead[0].record.reason.value_or(""), HasSubstr("it cannot be done"));
}

TEST_F(DeferTest, ACallThatKillsItsNodeIsADeadLetterInTheEnd) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::ZeroDuration(), "a").ok());
  for (int64_t attempt = 1; attempt <= wire::kDeferAttemptsMax; ++attempt) {
    ASSERT_TRUE(ClaimFirst().claim.has_value()) << attempt;
    world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
  }
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDied));
  EXPECT_EQ(Runs("a"), 0U);
  ASSERT_EQ(DeadLetters().size(), 1U);
  EXPECT_THAT(DeadLetters()[0].record.reason.value_or(""), HasSubstr("did not end"));
}

TEST_F(DeferTest, ACallThatSucceedsAfterAFailureIsDone) {
  int tries = 0;
  outside = [&](const std::string&) { return ++tries < 3 ? absl::UnavailableError("not now") : absl::OkStatus(); };
  ASSERT_TRUE(DeferIn(kSend, "a", absl::ZeroDuration(), "a").ok());
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kRepeats));
  EXPECT_THAT(Listed(), ElementsAre("failed send a"));
  world_.clock.Advance(absl::Seconds(1));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kRepeats));
  world_.clock.Advance(absl::Seconds(2));
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_THAT(Listed(), IsEmpty());
}

TEST_F(DeferTest, WhatThisVersionDoesNotKnowFails) {
  const DeferredFunction<NoteArguments> kLater{"of_a_later_version"};
  ASSERT_TRUE(DeferIn(kLater, "a", absl::ZeroDuration(), "a").ok());
  Context context = world_.MakeContext();
  world_.Write([&](store::Transaction& txn) {
    EXPECT_TRUE(DeferJson(txn, kNote.name, R"({"name":7})", world_.clock.Now(), "b", context).ok());
  });
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kRepeats, Ran::kRepeats));
  EXPECT_THAT(Listed(), testing::UnorderedElementsAre("failed of_a_later_version a", "failed note b"));
}

TEST_F(DeferTest, DeferringAnewForgetsTheAttempts) {
  ASSERT_TRUE(DeferIn(kFail, "a", absl::ZeroDuration(), "a").ok());
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kRepeats));
  ASSERT_TRUE(DeferIn(kFail, "a", absl::ZeroDuration(), "a").ok());
  EXPECT_THAT(Listed(), ElementsAre("waiting fail a"));
  EXPECT_EQ(ClaimFirst().claim->attempt, 1);
}

TEST_F(DeferTest, TheOldestDeadLetterMakesRoom) {
  DeferredRecord letter;
  letter.function = "fail";
  letter.key = "k";
  letter.arguments = "{}";
  letter.reason = "for a test";
  const auto add = [&](int64_t count) {
    world_.Write([&](store::Transaction& txn) {
      for (int64_t i = 0; i < count; ++i) Save(txn, keys::DeadLetter(i, world_.NewId<wire::DeferredId>()), letter);
    });
  };
  const auto die = [&](const std::string& key) {
    ASSERT_TRUE(DeferIn(kFail, "a", absl::ZeroDuration(), key).ok());
    Claimed claimed = ClaimFirst();
    for (int64_t i = 1; i < wire::kDeferAttemptsMax; ++i) {
      world_.clock.Advance(absl::Milliseconds(wire::kDeferLeaseMs));
      claimed = ClaimFirst();
    }
    EXPECT_EQ(Run(*claimed.claim), Ran::kDied);
  };
  add(static_cast<int64_t>(wire::kDeadLettersMax) - 1);
  die("last_with_room");
  EXPECT_EQ(DeadLetters().size(), wire::kDeadLettersMax);
  EXPECT_EQ(DeadLetters().front().run_at, 0);
  die("first_without");
  EXPECT_EQ(DeadLetters().size(), wire::kDeadLettersMax);
  EXPECT_EQ(DeadLetters().front().run_at, 1);
  EXPECT_EQ(DeadLetters().back().record.key, "first_without");
}

TEST_F(DeferTest, WaitsGrowToTheirBound) {
  class Extreme final : public Random {
   public:
    explicit Extreme(bool most) : most_(most) {}
    uint64_t Next() override { return most_ ? ~uint64_t{0} : 0; }

   private:
    const bool most_;
  };
  Extreme none(false);
  EXPECT_EQ(BackoffMs(1, none), wire::kDeferBackoffMs);
  EXPECT_EQ(BackoffMs(2, none), 2 * wire::kDeferBackoffMs);
  EXPECT_EQ(BackoffMs(12, none), 2048 * wire::kDeferBackoffMs);
  EXPECT_EQ(BackoffMs(13, none), wire::kDeferBackoffMsMax);
  EXPECT_EQ(BackoffMs(1'000'000, none), wire::kDeferBackoffMsMax);
  for (int64_t attempt = 1; attempt < 20; ++attempt) {
    const int64_t full = BackoffMs(attempt, none);
    for (int draw = 0; draw < 100; ++draw) {
      const int64_t wait = BackoffMs(attempt, world_.random);
      ASSERT_LE(wait, full);
      ASSERT_GE(wait, full / 2);
    }
  }
}

// --- Operators ------------------------------------------------------------------

TEST_F(DeferTest, OperatorsHaveACallRunNowOrNever) {
  ASSERT_TRUE(DeferIn(kNote, "a", absl::Hours(2), "a").ok());
  ASSERT_TRUE(DeferIn(kNote, "b", absl::Hours(1), "b").ok());
  std::vector<wire::DeferredId> ids;
  (void)world_.store->Read([&](store::Reader& reader) {
    return ListCalls(reader, Now(), [&](const ListedCall& listed) {
      ids.push_back(listed.call.id);
      return absl::OkStatus();
    });
  });
  ASSERT_EQ(ids.size(), 2U);
  ASSERT_TRUE(DropCall(*world_.store, ids[0], Now()).ok());
  ASSERT_TRUE(RetryCall(*world_.store, ids[1], Now()).ok());
  EXPECT_THAT(RunDue(), ElementsAre(Ran::kDone));
  EXPECT_EQ(Runs("a"), 1U);
  EXPECT_EQ(Runs("b"), 0U);
}

TEST_F(DeferTest, ADeadLetterIsRetriedFromTheFirstAttempt) {
  const auto change = [&](auto what, const wire::DeferredId& id) { return what(*world_.store, id, Now()); };
  ASSERT_TRUE(DeferIn(kFail, "a", absl::ZeroDuration(), "a").ok());
  for (int64_t i = 0; i < wire::kDeferAttemptsMax; ++i) {
    EXPECT_EQ(RunDue().size(), 1U);
    world_.clock.Advance(absl::Milliseconds(wire::kDeferBackoffMsMax));
  }
  ASSERT_EQ(DeadLetters().size(), 1U);
  const wire::DeferredId id = DeadLetters()[0].id;

  ASSERT_TRUE(DeferIn(kFail, "a", absl::Hours(1), "a").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(change(RetryCall, id))) << "a later one is there";
  CancelNote("a", kFail.name);
  world_.ForgetWakes();
  ASSERT_TRUE(change(RetryCall, id).ok());
  EXPECT_TRUE(world_.TakeWakes().contains(keys::DeferTopic())) << "whoever runs it is told";
  EXPECT_THAT(Listed(), ElementsAre("waiting fail a"));
  const Claimed claimed = ClaimFirst();
  EXPECT_EQ(claimed.claim->attempt, 1);
  EXPECT_TRUE(absl::IsFailedPrecondition(change(RetryCall, id))) << "it is running";
  EXPECT_TRUE(absl::IsFailedPrecondition(change(DropCall, id)));
  EXPECT_EQ(Run(*claimed.claim), Ran::kRepeats);
  ASSERT_TRUE(change(DropCall, id).ok());
  EXPECT_THAT(Listed(), IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(change(DropCall, id)));
  EXPECT_TRUE(absl::IsNotFound(change(RetryCall, id)));
}

// --- Who is told ----------------------------------------------------------------

TEST_F(DeferTest, OnlyWhatIsDueSoonTellsWhoRuns) {
  world_.ForgetWakes();
  ASSERT_TRUE(DeferIn(kNote, "a", absl::Milliseconds(wire::kDeferLookMs), "a").ok());
  EXPECT_THAT(world_.TakeWakes(), IsEmpty()) << "they look by then";
  ASSERT_TRUE(DeferIn(kNote, "a", absl::Milliseconds(wire::kDeferLookMs - 1), "a").ok());
  EXPECT_THAT(world_.TakeWakes(), ElementsAre(keys::DeferTopic()));
}

// --- Standing calls -------------------------------------------------------------

TEST_F(DeferTest, StandingCallsAreDeferredOnce) {
  Context context = world_.MakeContext();
  ASSERT_TRUE(DeferStanding(Deferrables(), context).ok());
  EXPECT_THAT(Listed(), ElementsAre("waiting erase_expired_tokens standing"));
  const auto before = world_.Everything();
  ASSERT_TRUE(DeferStanding(Deferrables(), context).ok());
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(DeferTest, TokensThatAreOverAreErasedInTime) {
  Context context = world_.MakeContext();
  const auto tokens = [&] {
    size_t count = 0;
    for (const auto& [key, value] : world_.Everything()) count += key.starts_with("_/token/") ? 1 : 0;
    return count;
  };
  const auto run = [&] {
    const Claimed claimed = ClaimFirst();
    ASSERT_TRUE(claimed.claim.has_value());
    const auto ran = RunClaim(*claimed.claim, FindDeferrable(Deferrables(), claimed.claim->function), context);
    ASSERT_TRUE(ran.ok()) << ran.status();
    EXPECT_EQ(ran->ran, Ran::kDone);
  };
  const auto sign_in = [&](size_t number) {
    world_.AddToken("at_" + std::to_string(number), TokenKind::kAgent, "sit_demo",
                    world_.NewId<wire::AgentId>().text());
  };
  ASSERT_TRUE(DeferStanding(Deferrables(), context).ok());
  run();
  EXPECT_EQ(Found().next, Now() + wire::kAgentSessionMs) << "whoever signs in now is out by then";
  for (size_t i = 0; i < wire::kExpiredTokensErasedMax; ++i) sign_in(i);
  world_.clock.Advance(absl::Minutes(1));
  sign_in(wire::kExpiredTokensErasedMax);
  world_.clock.Advance(absl::Milliseconds(wire::kAgentSessionMs) - absl::Minutes(1));
  run();
  EXPECT_EQ(tokens(), 1U) << "as many as one transaction erases";
  EXPECT_EQ(Found().calls.size(), 1U) << "there may be more";
  run();
  EXPECT_EQ(Found().next, Now() + wire::kExpiredTokensPauseMs) << "the next is over in a minute";
  world_.clock.Advance(absl::Milliseconds(wire::kExpiredTokensPauseMs));
  run();
  EXPECT_EQ(tokens(), 0U);
}

// --- Several nodes ---------------------------------------------------------------

TEST(DeferNodes, TwoNodesNeverRunOneCallAtOnce) {
  std::shared_ptr<store::Store> shared = store::MakeMemoryStore();
  World a(std::make_unique<SharedStore>(shared));
  World b(std::make_unique<SharedStore>(shared));
  RunOnTwoNodes(a, b, 200);
  CheckInvariants(a);
}

}  // namespace
}  // namespace alcove::functions
