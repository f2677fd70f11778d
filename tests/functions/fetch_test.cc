// Functions that ask another server: what they see, and what they have written.
#include "functions/fetch.h"

#include <string>
#include <utility>

#include "functions/admin_records.h"
#include "functions/defer.h"
#include "functions/due.h"
#include "functions/request.h"
#include "tests/functions/due_calls.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kUrl[] = "https://decide.example/v";

void Note(store::Transaction& txn, const std::string& name, const std::string& text) {
  CannedRecord record;
  record.text = text;
  Save(txn, keys::CannedReply(kSite, name), record);
}

// Writes, and asks within the same transaction.
Outcome WriteAndAsk(const Request& request, Context& context) {
  return context.store.Transact([&](store::Transaction& txn) -> Outcome {
    Note(txn, "asked", "x");
    const Fetched* const decided = request.fetched.Find("decide");
    if (decided == nullptr) {
      return Fetch{.name = "decide", .method = FetchMethod::kPost, .url = kUrl, .body = request.body};
    }
    Note(txn, "answer", std::string(NameOf(decided->result)) + " " + decided->body);
    return Ok("{}");
  });
}

constexpr Route RouteTo(Function function) { return Route{Method::kPost, "/test", Caller::kAnyone, function}; }

struct Question {
  std::string name;
};
template <class V>
void Describe(V& visit, Question& question) {
  visit("name", question.name);
}
constexpr DeferredFunction<Question> kAsk{"ask"};
constexpr DeferredFunction<Question> kPatient{"patient"};
constexpr DeferredFunction<Question> kLoop{"loop"};

absl::StatusOr<AskOrDone> Ask(store::Transaction& txn, const Question& question, const Fetches& fetched, Context&) {
  Note(txn, question.name, "x");
  const Fetched* const first = fetched.Find("first");
  if (first == nullptr) return Fetch{.name = "first", .url = kUrl};
  if (first->result != FetchResult::kAnswered) return absl::UnavailableError("nobody answers");
  if (fetched.Find("second") == nullptr) return Fetch{.name = "second", .url = kUrl, .body = first->body};
  Note(txn, question.name, first->body + fetched.Find("second")->body);
  return Afterwards();
}
absl::StatusOr<AskOrDone> AskPatiently(store::Transaction&, const Question&, const Fetches& fetched, Context&) {
  if (fetched.Find("b") != nullptr) return Afterwards();
  return Fetch{.name = fetched.Find("a") == nullptr ? "a" : "b", .url = kUrl, .timeout = absl::InfiniteDuration()};
}
absl::StatusOr<AskOrDone> Loop(store::Transaction&, const Question&, const Fetches&, Context&) {
  return Fetch{.name = "same", .url = kUrl};
}
constexpr Deferrable kFetchTable[] = {Fetching<Ask>(kAsk), Fetching<AskPatiently>(kPatient), Fetching<Loop>(kLoop)};

class FetchTest : public testing::Test {
 protected:
  ~FetchTest() override { CheckInvariants(world_); }

  std::string Noted(const std::string& name) {
    return world_.Stored<CannedRecord>(keys::CannedReply(kSite, name)).value_or(CannedRecord{}).text;
  }
  Claim Claimed(const DeferredFunction<Question>& function) {
    Context context = world_.MakeContext();
    world_.Write([&](store::Transaction& txn) {
      EXPECT_TRUE(Defer(txn, function, {"note"}, world_.clock.Now(), "key", context).ok());
    });
    const int64_t now_ms = absl::ToUnixMillis(world_.clock.Now());
    const auto due = world_.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); });
    return *ClaimCall(due->calls.front(), context)->claim;
  }
  Ran RunToEnd(Claim& claim) {
    const auto run = RunToItsEnd(claim, FindDeferrable(kFetchTable, claim.function), world_);
    EXPECT_TRUE(run.ok()) << run.status();
    return run->ran;
  }
  std::string Reason() {
    std::string reason;
    for (const auto& [key, value] : world_.Everything()) {
      if (key.starts_with("_/defer/")) reason = value;
    }
    return reason;
  }

  World world_;
};

TEST_F(FetchTest, RunsTheSameRequestAgainWithTheAnswerInIt) {
  world_.web.Serve(kUrl, [&](const Fetch&) {
    EXPECT_EQ(Noted("asked"), "") << "it has written nothing before";
    Fetched fetched;
    fetched.result = FetchResult::kAnswered;
    fetched.status = 200;
    fetched.headers = {{"retry-after", "3"}};
    fetched.body = "the second";
    EXPECT_EQ(fetched.Header("retry-after"), "3");
    EXPECT_EQ(fetched.Header("age"), "");
    return fetched;
  });
  const Result result =
      world_.RunRoute(RouteTo(WriteAndAsk), world_.MakeRequest(Method::kPost, "/test", "", "who takes it?"));
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(Noted("asked"), "x");
  EXPECT_EQ(Noted("answer"), "answered the second");
  const auto asked = world_.web.TakeAsked();
  ASSERT_THAT(asked, SizeIs(1));
  EXPECT_EQ(asked[0].body, "who takes it?");
}

TEST_F(FetchTest, TellsTheFunctionOfWhateverCameOfIt) {
  for (const FetchResult failure :
       {FetchResult::kForbidden, FetchResult::kUnreachable, FetchResult::kBroken, FetchResult::kTimedOut,
        FetchResult::kTooLarge, FetchResult::kBusy, FetchResult::kStopped}) {
    world_.web.Fail(kUrl, failure);
    EXPECT_EQ(world_.RunRoute(RouteTo(WriteAndAsk), world_.MakeRequest(Method::kPost, "/test")).status, 200);
    EXPECT_EQ(Noted("answer"), std::string(NameOf(failure)) + " ");
  }
}

TEST_F(FetchTest, IsAllowedOnceOfAName) {
  Fetches fetches;
  for (size_t i = 0; i < wire::kFetchesMax; ++i) {
    const std::string name = std::to_string(i);
    EXPECT_TRUE(fetches.Allow({.name = name, .url = kUrl}));
    Fetched fetched;
    fetched.name = name;
    fetches.Add(fetched);
    EXPECT_FALSE(fetches.Allow({.name = name, .url = kUrl}));
    EXPECT_EQ(fetches.Find(name)->name, name);
  }
  EXPECT_FALSE(fetches.Allow({.name = "one more", .url = kUrl}));
  fetches.Clear();
  EXPECT_TRUE(fetches.Allow({.name = "0", .url = kUrl}));
}

TEST_F(FetchTest, OfADeferredCallIsWrittenTogetherWithItsEnd) {
  int asked = 0;
  world_.web.Serve(kUrl, [&](const Fetch& fetch) {
    EXPECT_EQ(Noted("note"), "") << "nothing is written while it asks";
    Fetched fetched;
    fetched.result = FetchResult::kAnswered;
    fetched.body = std::to_string(++asked) + fetch.body;
    return fetched;
  });
  Claim claim = Claimed(kAsk);
  EXPECT_EQ(RunToEnd(claim), Ran::kDone);
  EXPECT_EQ(Noted("note"), "121");
  EXPECT_EQ(RunToEnd(claim), Ran::kGone) << "it has ended";
  EXPECT_EQ(asked, 2);
}

TEST_F(FetchTest, OfADeferredCallThatFailsIsRepeatedWithAllItsQuestions) {
  Claim claim = Claimed(kAsk);
  EXPECT_EQ(RunToEnd(claim), Ran::kRepeats);
  EXPECT_THAT(Reason(), HasSubstr("nobody answers"));
  EXPECT_EQ(Noted("note"), "");
  world_.clock.Advance(absl::Milliseconds(wire::kDeferBackoffMs));
  world_.web.Serve(kUrl, 200, "a");
  Context context = world_.MakeContext();
  const int64_t now_ms = absl::ToUnixMillis(world_.clock.Now());
  const auto due = world_.store->Read([&](store::Reader& reader) { return FindDue(reader, now_ms); });
  Claim again = *ClaimCall(due->calls.front(), context)->claim;
  EXPECT_EQ(RunToEnd(again), Ran::kDone);
  EXPECT_EQ(Noted("note"), "aa");
  EXPECT_THAT(world_.web.TakeAsked(), SizeIs(3));
}

TEST_F(FetchTest, OfADeferredCallWhoseClaimIsOverWritesNothing) {
  Claim claim = Claimed(kAsk);
  world_.web.Serve(kUrl, [&](const Fetch&) {
    Context context = world_.MakeContext();
    world_.Write([&](store::Transaction& txn) { EXPECT_TRUE(Cancel(txn, kAsk.name, "key", context).ok()); });
    Fetched fetched;
    fetched.result = FetchResult::kAnswered;
    return fetched;
  });
  EXPECT_EQ(RunToEnd(claim), Ran::kGone);
  EXPECT_EQ(Noted("note"), "");
}

TEST_F(FetchTest, OfADeferredCallEndsWithinItsLease) {
  Claim claim = Claimed(kPatient);
  world_.web.Serve(kUrl, [&](const Fetch& fetch) {
    EXPECT_EQ(fetch.timeout, absl::Milliseconds(wire::kFetchMsMax)) << "nothing is longer";
    world_.clock.Advance(fetch.timeout);
    Fetched fetched;
    fetched.result = FetchResult::kTimedOut;
    return fetched;
  });
  EXPECT_EQ(RunToEnd(claim), Ran::kRepeats);
  EXPECT_THAT(Reason(), HasSubstr("longer than its lease"));
}

TEST_F(FetchTest, OfADeferredCallThatAsksTheSameAgainFailsIt) {
  Claim claim = Claimed(kLoop);
  EXPECT_EQ(RunToEnd(claim), Ran::kRepeats);
  EXPECT_THAT(Reason(), HasSubstr("asks too often"));
}

}  // namespace
}  // namespace alcove::functions
