// Two versions of the server on one store: what the later one wrote is read by
// this one, and survives what this one does to it.
#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "functions/due.h"
#include "store/status_macros.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;

std::string Raw(World& world, const std::string& key) {
  return world.store->Read([&](store::Reader& reader) { return reader.Get(key); })->value_or("");
}

// As the next version would: a higher version, and a field more at the end.
void AddLater(World& world, const std::string& key, const std::string& field = R"("later":{"a":[1,2.50,null]})") {
  std::string text = Raw(world, key);
  ASSERT_FALSE(text.empty()) << key;
  const size_t version = text.find(R"("version":1,)");
  ASSERT_NE(version, text.npos) << key;
  text.replace(version, 12, R"("version":2,)");
  text.back() = ',';
  text += field + "}";
  world.Write([&](store::Transaction& txn) { txn.Put(key, text); });
}

void ExpectKept(World& world, const std::string& key, const std::string& before) {
  SCOPED_TRACE(key);
  const std::string text = Raw(world, key);
  EXPECT_NE(text, before) << "it was not rewritten: the test shows nothing";
  EXPECT_THAT(text, testing::HasSubstr(R"("later":{"a":[1,2.50,null]})"));
  EXPECT_THAT(text, testing::HasSubstr(R"("version":2)"));
}

TEST(Versions, RecordsOfALaterServerKeepWhatItAdded) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara", 1);
  const Person customer = world.AddCustomer();
  const wire::ConversationId open(world.Start(customer));
  const wire::ConversationId waiting(world.Start(customer));
  const std::vector<std::string> records = {
      keys::Conversation(kSite, open),
      keys::Conversation(kSite, waiting),
      keys::Customer(kSite, wire::CustomerId(customer.id)),
      keys::AgentState(kSite, wire::AgentId(agent.id)),
      keys::QueueState(kSite),
      keys::FeedHead(kSite, keys::FeedOwner::Of(wire::CustomerId(customer.id))),
      keys::FeedHead(kSite, keys::FeedOwner::Of(wire::AgentId(agent.id))),
      keys::FeedHead(kSite, keys::FeedOwner::QueueOf(kSite)),
      keys::Site(kSite),
  };
  for (const std::string& key : records) AddLater(world, key);
  std::vector<std::string> before;
  for (const std::string& key : records) before.push_back(Raw(world, key));

  world.clock.Advance(absl::Seconds(1));
  // All of it through the functions: the first ends, the second is given to the
  // agent, is read and answered; another agent comes.
  EXPECT_EQ(world.Say("agent", agent, open.text(), "bye").status, 201);
  EXPECT_EQ(world.Post(World::PathOf("agent", open.text()) + "/close", agent).status, 200);
  EXPECT_EQ(world.Say("customer", customer, waiting.text(), "me?").status, 201);
  EXPECT_EQ(world.Post(World::PathOf("agent", waiting.text()) + "/read", agent, R"({"seq":2})").status / 100, 2);
  world.AddAgent("Jonas");

  for (size_t i = 0; i < records.size(); ++i) ExpectKept(world, records[i], before[i]);
  CheckInvariants(world);
}

// Every kind that is ever written anew, and not only those that the functions above happened to write.
template <class Record>
class EveryRecord : public testing::Test {};
using Records = testing::Types<SiteRecord, AgentRecord, AgentState, AgentEmailRecord, CustomerRecord, TokenRecord,
                               ConversationRecord, QueueRecord, FeedHeadRecord, DeferredRecord, DeferredKeyRecord,
                               TeamState, WaitsRecord, EndingsRecord, TeamRecord, SkillRecord, HoursRecord, RuleRecord,
                               CannedRecord, MacroRecord, BotRecord, TagRecord, AttributeRecord, SettingsRecord,
                               AuditRecord, KeyRecord, TotpRecord, IdentitySecretRecord, SubjectRecord>;
TYPED_TEST_SUITE(EveryRecord, Records);

TYPED_TEST(EveryRecord, OfALaterVersionIsReadAndWrittenBackWhole) {
  std::string text = ToRecord(TypeParam{});
  text.replace(text.find(R"("version":1)"), 11, R"("version":2)");
  text.back() = ',';
  text += R"("later":{"a":[1,2.50,null]},"last":"\n"})";
  const auto record = DecodeRecord<TypeParam>(text);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(ToRecord(*record), text);
}

// A call that a later server deferred is claimed and moved by this one.
TEST(Versions, DeferredCallsOfALaterServerKeepWhatItAdded) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara", 1);
  const auto calls = [&] {
    return *world.store->Read([](store::Reader& reader) { return reader.Scan(keys::AllDeferred()); });
  };
  ASSERT_EQ(calls().size(), 1U);
  const std::string place = calls()[0].key;
  AddLater(world, place);
  const std::string key = keys::DeferredKey("agent_away", kSite.text() + ":" + agent.id);
  AddLater(world, key);
  const std::string before = Raw(world, key);
  world.clock.Advance(absl::Minutes(2));
  Context context = world.MakeContext();
  const auto due =
      world.store->Read([&](store::Reader& reader) { return FindDue(reader, absl::ToUnixMillis(world.clock.Now())); });
  ASSERT_EQ(due->calls.size(), 1U);
  const auto claimed = ClaimCall(due->calls[0], context);
  ASSERT_TRUE(claimed.ok() && claimed->claim);
  ASSERT_EQ(calls().size(), 1U);
  EXPECT_NE(calls()[0].key, place) << "it was not moved: the test shows nothing";
  EXPECT_THAT(calls()[0].value, testing::HasSubstr(R"("later":{"a":[1,2.50,null]})"));
  ExpectKept(world, key, before);
}

TEST(Versions, KeepsWhatIsStillTrueAndNothingElse) {
  const std::string begin =
      R"({"version":1,"state":%STATE,"customer":{"kind":1,"id":"c","name":"n"%CUSTOMER},)"
      R"("agent":{"kind":2,"id":"a","name":"m"%AGENT},"created_at":1,"updated_at":0,"queued_at":0,"closed_at":0,)"
      R"("last_seq":0,"read_by_customer":0,"read_by_agent":0,"unread_by_customer":0,"unread_by_agent":0%END})";
  const auto filled = [&](std::string state, std::string customer, std::string agent, std::string end) {
    std::string text = begin;
    for (const auto& [mark, value] :
         {std::pair{"%STATE", state}, {"%CUSTOMER", customer}, {"%AGENT", agent}, {"%END", end}}) {
      text.replace(text.find(mark), std::string(mark).size(), value);
    }
    return text;
  };
  const struct {
    const char* name;
    std::string stored;
    std::function<void(ConversationRecord&)> change;
    std::string written;
  } kCases[] = {
      {"nothing to keep", filled("1", "", "", ""), nullptr, filled("1", "", "", "")},
      {"a field", filled("1", "", "", R"(,"z":1,"y":"\"\n")"), nullptr, filled("1", "", "", R"(,"z":1,"y":"\"\n")")},
      {"an optional one left out, and a field", filled("1", "", "", R"(,"page":"p","z":1)"),
       [](ConversationRecord& record) { record.page.reset(); }, filled("1", "", "", R"(,"z":1)")},
      {"a state of the next version", filled("9", "", "", ""), nullptr, filled("9", "", "", "")},
      {"a state that was changed", filled("9", "", "", ""),
       [](ConversationRecord& record) { record.state = wire::ConversationState::kClosed; }, filled("3", "", "", "")},
      {"inside of an object", filled("1", R"(,"vip":true)", R"(,"team":"t")", ""), nullptr,
       filled("1", R"(,"vip":true)", R"(,"team":"t")", "")},
      {"an object that was changed", filled("1", R"(,"vip":true)", R"(,"team":"t")", ""),
       [](ConversationRecord& record) { record.agent->id = "b"; },
       filled("1", R"(,"vip":true)", "", "")
           .replace(filled("1", R"(,"vip":true)", "", "").find(R"("id":"a")"), 8, R"("id":"b")")},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    auto record = DecodeRecord<ConversationRecord>(c.stored);
    ASSERT_TRUE(record.ok()) << record.status();
    if (c.change) c.change(*record);
    EXPECT_EQ(ToRecord(*record), c.written);
    // And a copy of it, as functions make them.
    const ConversationRecord copy = *record;
    EXPECT_EQ(ToRecord(copy), c.written);
  }
}

// A list is kept whole, or not at all: which of two objects a later one is nobody can tell.
TEST(Versions, KeepsWhatIsInsideOfListsWhileTheyStay) {
  const std::string stored =
      R"({"version":1,"name":"a","place":0,"conditions":[{"field":1,"test":1,"values":["x"],"deep":{"z":1}},)"
      R"({"field":9,"test":1,"values":[]}],"effect":{"tags":[],"later":7}})";
  auto record = DecodeRecord<RuleRecord>(stored);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->conditions.size(), 2U);
  EXPECT_EQ(record->conditions[1].field, wire::ConditionField::kUnknown);
  record->name = "b";
  std::string renamed = stored;
  EXPECT_EQ(ToRecord(*record), renamed.replace(renamed.find(R"("a")"), 3, R"("b")"));
  record->conditions[0].values = {"y"};
  EXPECT_EQ(ToRecord(*record), R"({"version":1,"name":"b","place":0,"conditions":[{"field":1,"test":1,"values":["y"]},)"
                               R"({"field":0,"test":1,"values":[]}],"effect":{"tags":[],"later":7}})");
}

TEST(Versions, RecordsWithoutAVersionAreTheFirst) {
  const auto head = DecodeRecord<FeedHeadRecord>(R"({"position":7})");
  ASSERT_TRUE(head.ok()) << head.status();
  EXPECT_EQ(head->position, 7);
  EXPECT_EQ(ToRecord(FeedHeadRecord{}), R"({"version":1,"position":0})");
}

}  // namespace
}  // namespace alcove::functions
