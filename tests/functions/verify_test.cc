// A sound store is broken at one key after another: each is found, and named.
#include "functions/verify.h"

#include <functional>
#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "functions/agent/away.h"
#include "functions/defer.h"
#include "functions/domain/endings.h"
#include "functions/secrets.h"
#include "functions/tokens.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::HasSubstr;

class VerifyTest : public testing::Test {
 protected:
  VerifyTest() {
    agent_ = world_.AddOnlineAgent("Mara", 2);
    customer_ = world_.AddCustomer();
    open_ = wire::ConversationId(world_.Start(customer_));
    closed_ = wire::ConversationId(world_.Start(customer_));
    EXPECT_EQ(world_.Post(World::PathOf("agent", closed_.text()) + "/close", agent_).status, 200);
    world_.SetPresence(agent_, "away");
    waiting_ = wire::ConversationId(world_.Start(customer_));
    world_.SetPresence(agent_, "online");
    world_.SetPresence(agent_, "away");
    waiting_ = wire::ConversationId(world_.Start(customer_));
    world_.Say("agent", agent_, open_.text(), "hello");
    Context context = world_.MakeContext();
    world_.Write([&](store::Transaction& txn) {
      CannedRecord canned;
      canned.text = "x";
      Save(txn, keys::CannedReply(kSite, "a/b"), canned);
      EXPECT_TRUE(Defer(txn, agent::kAgentAway, {"sit_demo", agent_.id}, world_.clock.Now() + absl::Hours(1),
                        "sit_demo:" + agent_.id, context)
                      .ok());
    });
  }

  // One of each that administration makes, naming each other; and the agent is of the team.
  void Administer() {
    TokenRecord token;
    token.kind = TokenKind::kKey;
    token.site = kSite.text();
    token.principal = key_.text();
    token.expires_at = keys::kNumberMax;
    world_.Write([&](store::Transaction& txn) {
      Save(txn, keys::Hours(kSite, hours_), HoursRecord());
      Save(txn, keys::Skill(kSite, skill_), SkillRecord());
      TeamRecord team;
      team.name = "Sales";
      team.hours = hours_.text();
      Save(txn, keys::Team(kSite, other_team_), team);
      team.overflow = wire::Overflow{other_team_.text(), 1000};
      Save(txn, keys::Team(kSite, team_), team);
      const wire::AgentId agent(agent_.id);
      auto record = *Load<AgentRecord>(txn, keys::Agent(kSite, agent));
      record.teams = {team_.text()};
      record.skills = {{skill_.text(), 2}};
      Save(txn, keys::Agent(kSite, agent), record);
      txn.Put(keys::TeamMember(kSite, team_, agent), "1");
      Save(txn, keys::AgentTotp(kSite, agent), TotpRecord{});
      RuleRecord rule;
      rule.name = "Returns";
      rule.conditions = {{wire::ConditionField::kHours, hours_.text(), wire::ConditionTest::kIs, {"open"}}};
      rule.effect.team = team_.text();
      rule.effect.skill = skill_.text();
      rule.effect.bot = bot_.text();
      BotRecord bot;
      bot.name = "Alva";
      bot.greeting = "Hello";
      bot.fallback = "What?";
      bot.hand_over_after = 2;
      Save(txn, keys::Bot(kSite, bot_), bot);
      Save(txn, keys::Rule(kSite, rule_), rule);
      CannedRecord canned;
      canned.team = team_.text();
      Save(txn, keys::CannedReply(kSite, "of-the-team"), canned);
      MacroRecord macro;
      macro.team = team_.text();
      Save(txn, keys::Macro(kSite, macro_), macro);
      SettingsRecord settings;
      settings.hours = hours_.text();
      settings.bot = bot_.text();
      Save(txn, keys::Settings(kSite), settings);
      Save(txn, keys::Tag(kSite, wire::TagId::Make(1, 1, 1)), TagRecord());
      Save(txn, keys::Attribute(kSite, wire::AttributeId::Make(1, 1, 1)), AttributeRecord());
      KeyRecord key;
      key.token_sha256 = Sha256Hex("ak_x");
      Save(txn, keys::Key(kSite, key_), key);
      EXPECT_TRUE(SaveToken(txn, "ak_x", token).ok());
      AuditRecord audit;
      audit.at = 7;
      Save(txn, keys::Audit(kSite, 7, audit_), audit);
    });
  }

  std::string Raw(const std::string& key) {
    return world_.store->Read([&](store::Reader& reader) { return reader.Get(key); })->value_or("");
  }
  // Replaces the first `from` in the value by `to`.
  void Edit(const std::string& key, const std::string& from, const std::string& to) {
    std::string value = Raw(key);
    ASSERT_NE(value.find(from), value.npos) << key << " " << value;
    value.replace(value.find(from), from.size(), to);
    world_.Write([&](store::Transaction& txn) { txn.Put(key, value); });
  }
  void Erase(const std::string& key) {
    ASSERT_NE(Raw(key), "") << key;
    world_.Write([&](store::Transaction& txn) { txn.Erase(key); });
  }
  void Put(const std::string& key, const std::string& value) {
    world_.Write([&](store::Transaction& txn) { txn.Put(key, value); });
  }
  // The agent takes part in it, whether they may or not.
  void JoinTo(const wire::ConversationId& id, const std::string& participant) {
    world_.Write([&](store::Transaction& txn) {
      auto head = *Load<ConversationRecord>(txn, keys::Conversation(kSite, id));
      head.participants = std::vector<wire::Actor>{{wire::ActorKind::kAgent, participant, "Jonas"}};
      Save(txn, keys::Conversation(kSite, id), head);
      txn.Put(keys::JoinedConversation(kSite, wire::AgentId(participant), id), "1");
    });
  }
  template <class T>
  T Stored(const std::string& key) {
    return world_.Stored<T>(key).value_or(T{});
  }
  std::string TokenKey() {
    for (const store::Entry& entry : world_.Everything()) {
      if (entry.key.starts_with("_/token/") && entry.value.find(agent_.id) != std::string::npos) return entry.key;
    }
    return "";
  }

  World world_;
  Person agent_, customer_;
  wire::ConversationId open_, closed_, waiting_;
  const wire::TeamId team_ = wire::TeamId::Make(1, 1, 1);
  const wire::TeamId other_team_ = wire::TeamId::Make(2, 2, 2);
  const wire::SkillId skill_ = wire::SkillId::Make(1, 1, 1);
  const wire::HoursId hours_ = wire::HoursId::Make(1, 1, 1);
  const wire::BotId bot_ = wire::BotId::Make(1, 1, 1);
  const wire::MacroId macro_ = wire::MacroId::Make(1, 1, 1);
  const wire::RuleId rule_ = wire::RuleId::Make(1, 1, 1);
  const wire::KeyId key_ = wire::KeyId::Make(1, 1, 1);
  const wire::AuditId audit_ = wire::AuditId::Make(1, 1, 1);
};

TEST_F(VerifyTest, FindsNothingInASoundStore) {
  EXPECT_TRUE(FindingsOf(*world_.store).empty());
  CheckInvariants(world_);
}

TEST_F(VerifyTest, FindsEachThingThatIsBroken) {
  Administer();
  const wire::ConversationId bots(world_.Start(world_.AddCustomer()));
  ASSERT_TRUE(FindingsOf(*world_.store).empty());
  const wire::AgentId agent(agent_.id);
  const wire::CustomerId customer(customer_.id);
  const auto head = [&](const wire::ConversationId& id) { return keys::Conversation(kSite, id); };
  const auto record = [&](const wire::ConversationId& id) { return Stored<ConversationRecord>(head(id)); };
  const auto feed = keys::FeedOwner::Of(customer);
  const std::string ending = keys::Ending(kSite, DayOf(record(closed_).closed_at));
  const std::string last_seq = std::to_string(record(open_).last_seq);
  const std::string token = TokenKey();
  const std::string digest = token.substr(8);
  const DeferredKeyRecord away = Stored<DeferredKeyRecord>(keys::DeferredKey("agent_away", "sit_demo:" + agent_.id));
  const std::string deferred = keys::Deferred(away.run_at, wire::DeferredId(away.call));
  const auto other_call = wire::DeferredId::Make(1, 1, 1);
  const std::string other_agent = "agt_00000000000000000000000000";
  const struct {
    const char* name;
    std::function<void()> damage;
    std::string key;   // of one of the findings
    std::string what;  // in it
  } kCases[] = {
      {"a put that the head would take for new",
       [&] { Edit(head(open_), R"("newest_put":{"id":"msg_)", R"("newest_put":{"id":"msg_0)"); },
       keys::Sent(kSite, open_, wire::MessageId(record(open_).newest_put->id)), "the greatest put by"},
      {"a head that knows of puts to come",
       [&] {
         const std::string known = record(open_).newest_put->id + R"(","seq":)" + last_seq;
         Edit(head(open_), known, known + "0");
       },
       head(open_), "knows of puts up to event"},
      {"format", [&] { Put(keys::MetaFormat(), "99"); }, keys::MetaFormat(), "no format"},
      {"epoch", [&] { Erase(keys::MetaEpoch()); }, keys::MetaEpoch(), "not there"},
      {"a team that overflows into none", [&] { Erase(keys::Team(kSite, other_team_)); }, keys::Team(kSite, team_),
       other_team_.text()},
      {"an agent of no team", [&] { Erase(keys::Team(kSite, team_)); }, keys::Agent(kSite, agent), team_.text()},
      {"a canned reply of no team", [&] { Erase(keys::Team(kSite, team_)); }, keys::CannedReply(kSite, "of-the-team"),
       team_.text()},
      {"a macro of no team", [&] { Erase(keys::Team(kSite, team_)); }, keys::Macro(kSite, macro_), team_.text()},
      {"a rule to no team", [&] { Erase(keys::Team(kSite, team_)); }, keys::Rule(kSite, rule_), team_.text()},
      {"a rule for no skill", [&] { Erase(keys::Skill(kSite, skill_)); }, keys::Rule(kSite, rule_), skill_.text()},
      {"a rule by no hours", [&] { Erase(keys::Hours(kSite, hours_)); }, keys::Rule(kSite, rule_), hours_.text()},
      {"a team of no hours", [&] { Erase(keys::Hours(kSite, hours_)); }, keys::Team(kSite, team_), hours_.text()},
      {"settings of no hours", [&] { Erase(keys::Hours(kSite, hours_)); }, keys::Settings(kSite), hours_.text()},
      {"an agent of no skill", [&] { Erase(keys::Skill(kSite, skill_)); }, keys::Agent(kSite, agent), skill_.text()},
      {"a member without the index", [&] { Erase(keys::TeamMember(kSite, team_, agent)); }, keys::Agent(kSite, agent),
       "missing from the index"},
      {"a member who is none", [&] { Put(keys::TeamMember(kSite, other_team_, agent), "1"); },
       keys::TeamMember(kSite, other_team_, agent), "not what the agent's record says"},
      {"a second factor of nobody",
       [&] { Put(keys::AgentTotp(kSite, wire::AgentId(other_agent)), ToRecord(TotpRecord{})); },
       keys::AgentTotp(kSite, wire::AgentId(other_agent)), other_agent},
      {"a token without its key", [&] { Erase(keys::Key(kSite, key_)); }, keys::Token(Sha256Hex("ak_x")), "of a key"},
      {"a key without its token",
       [&] {
         Erase(keys::Token(Sha256Hex("ak_x")));
         Erase(keys::TokenExpiry(keys::kNumberMax, Sha256Hex("ak_x")));
       },
       keys::Key(kSite, key_), "no token of its own"},
      {"a change at another time", [&] { Edit(keys::Audit(kSite, 7, audit_), R"("at":7)", R"("at":8)"); },
       keys::Audit(kSite, 7, audit_), "another time"},
      {"hours that cannot be read", [&] { Put(keys::Hours(kSite, hours_), "{}"); }, keys::Hours(kSite, hours_),
       "cannot be read"},
      {"no key of ours", [&] { Put("strange", "1"); }, "strange", "no key of ours"},
      {"no site", [&] { Put(keys::QueueState(wire::SiteId("sit_lost")), ToRecord(QueueRecord{})); },
       keys::QueueState(wire::SiteId("sit_lost")), "site that is not there"},
      {"a session without its index", [&] { Erase(keys::TokenExpiry(Stored<TokenRecord>(token).expires_at, digest)); },
       token, "missing from the index"},
      {"a session of an agent without its index",
       [&] { Erase(keys::AgentSession(kSite, agent, Stored<TokenRecord>(token).expires_at, digest)); }, token,
       "missing from the index"},
      {"an index without a session", [&] { Put(keys::TokenExpiry(7, "00"), "1"); }, keys::TokenExpiry(7, "00"),
       "session that is not there"},
      {"a second time for a session", [&] { Put(keys::TokenExpiry(7, digest), "1"); }, keys::TokenExpiry(7, digest),
       "not what its session says"},
      {"an address of nobody",
       [&] { Put(keys::AgentByEmail("00"), R"({"version":1,"site":"sit_demo","agent":")" + other_agent + "\"}"); },
       keys::AgentByEmail("00"), "agent who is not there"},
      {"a deferred call without its index", [&] { Erase(keys::DeferredKey("agent_away", "sit_demo:" + agent_.id)); },
       deferred, "missing from the index"},
      {"a second call of a key", [&] { Put(keys::Deferred(7, other_call), Raw(deferred)); },
       keys::Deferred(7, other_call), "is not the call of agent_away and sit_demo:" + agent_.id},
      {"a key of no call", [&] { Erase(deferred); }, keys::DeferredKey("agent_away", "sit_demo:" + agent_.id),
       "call that is not there"},
      {"a key of another call", [&] { Edit(deferred, "agent_away", "agent_back"); },
       keys::DeferredKey("agent_away", "sit_demo:" + agent_.id), "not what its call says"},
      {"a lease that is longer than its place",
       [&] { Edit(deferred, "\"lease_until\":0", "\"lease_until\":9999999999999"); }, deferred,
       "before its lease is over"},
      {"more runs than there may be", [&] { Edit(deferred, "\"attempts\":0", "\"attempts\":17"); }, deferred,
       "run 17 times"},
      {"a letter without a reason", [&] { Put(keys::DeadLetter(7, other_call), Raw(deferred)); },
       keys::DeadLetter(7, other_call), "does not say why"},
      {"agents of a site", [&] { Edit(keys::Site(kSite), "\"agents\":1", "\"agents\":2"); }, keys::Site(kSite),
       "says agents 2, and there are 1"},
      {"a record cut off", [&] { Put(keys::Agent(kSite, agent), "{\"version\":1"); }, keys::Agent(kSite, agent),
       "cannot be read"},
      {"load", [&] { Edit(keys::AgentState(kSite, agent), "\"load\":2", "\"load\":1"); },
       keys::AgentState(kSite, agent), "says load 1, and there are 2"},
      {"a state of nobody", [&] { Put(keys::AgentState(kSite, wire::AgentId(other_agent)), ToRecord(AgentState{})); },
       keys::AgentState(kSite, wire::AgentId(other_agent)), "agent who is not there"},
      {"online without the index", [&] { Edit(keys::AgentState(kSite, agent), "\"presence\":1", "\"presence\":2"); },
       keys::AgentState(kSite, agent), "missing from the index"},
      {"the index of online without being so", [&] { Put(keys::Online(kSite, agent), "1"); },
       keys::Online(kSite, agent), "not what the agent's state says"},
      {"the index of room", [&] { Put(keys::Available(kSite, 0, 0, agent), "1"); }, keys::Available(kSite, 0, 0, agent),
       "not what the agent's state says"},
      {"open conversations of a customer", [&] { Edit(keys::Customer(kSite, customer), "\"open\":3", "\"open\":4"); },
       keys::Customer(kSite, customer), "says open 4, and there are 3"},
      {"waiting conversations of a customer",
       [&] { Edit(keys::Customer(kSite, customer), "\"waiting\":1", "\"waiting\":0"); },
       keys::Customer(kSite, customer), "says waiting 0, and there are 1"},
      {"a subject that is not its customer's",
       [&] { Put(keys::Subject(kSite, "00"), R"({"version":1,"customer":")" + customer_.id + "\"}"); },
       keys::Subject(kSite, "00"), "somebody else: " + customer_.id},
      {"a customer whose subject leads nowhere",
       [&] { Edit(keys::Customer(kSite, customer), "\"open\":3", "\"subject\":\"42\",\"open\":3"); },
       keys::Customer(kSite, customer), "missing from the index"},
      {"a canned reply", [&] { Put(keys::CannedReply(kSite, "a/b"), "[]"); }, keys::CannedReply(kSite, "a/b"),
       "cannot be read"},
      {"a day that counts another end", [&] { Edit(ending, "\"missed\":1", "\"missed\":2"); }, ending,
       "says missed 2, and there are 1"},
      {"a day that counts by others", [&] { Edit(ending, "\"by_agent\":1", "\"by_agent\":0"); }, ending,
       "says by_agent 0, and there are 1"},
      {"a day that counts other reasons",
       [&] { Edit(ending, "\"reasons\":[]", "\"reasons\":[{\"reason\":\"x\",\"count\":1}]"); }, ending,
       "counts other reasons than there are"},
      {"a day that is gone", [&] { Erase(ending); }, head(closed_), "needs " + ending},
      {"a day on which nothing ended", [&] { Put(keys::Ending(kSite, 1), ToRecord(Stored<EndingsRecord>(ending))); },
       keys::Ending(kSite, 1), "says ended 1, and there are 0"},
      {"an end of what is open", [&] { Edit(head(closed_), "\"state\":3", "\"state\":1"); }, head(closed_),
       "tells of its end and is not closed"},
      {"archived, and still in the list", [&] { Put(keys::Archived(kSite, record(closed_).closed_at, closed_), "1"); },
       keys::Archived(kSite, record(closed_).closed_at, closed_), "not what the conversation's head says"},
      {"settings of no bot", [&] { Erase(keys::Bot(kSite, bot_)); }, keys::Settings(kSite), bot_.text()},
      {"a rule to no bot", [&] { Erase(keys::Bot(kSite, bot_)); }, keys::Rule(kSite, rule_), bot_.text()},
      {"with a bot without the index", [&] { Erase(keys::WithBot(kSite, record(bots).created_at, bots)); }, head(bots),
       "missing from the index"},
      {"the index of bots without one", [&] { Put(keys::WithBot(kSite, record(open_).created_at, open_), "1"); },
       keys::WithBot(kSite, record(open_).created_at, open_), "not what the conversation's head says"},
      {"with a bot and with none",
       [&] {
         ConversationRecord changed = record(bots);
         changed.bot.reset();
         Put(head(bots), ToRecord(changed));
       },
       head(bots), "with a bot and with none"},
      {"a bot beside an agent",
       [&] {
         ConversationRecord changed = record(open_);
         changed.bot = BotSeat{};
         Put(head(open_), ToRecord(changed));
       },
       head(open_), "names a bot that does not have it"},
      {"a question about what is closed",
       [&] {
         ConversationRecord changed = record(closed_);
         changed.bot = BotSeat{{}, 0, 1};
         Put(head(closed_), ToRecord(changed));
       },
       head(closed_), "asks a bot that does not have it"},
      {"a head without its customer", [&] { Erase(keys::Customer(kSite, customer)); }, head(open_),
       "customer who is not there"},
      {"a head without its place in the queue",
       [&] { Erase(keys::Queue(kSite, record(waiting_).queued_at, waiting_)); }, head(waiting_),
       "missing from the index"},
      {"the length of the queue", [&] { Erase(keys::Queue(kSite, record(waiting_).queued_at, waiting_)); },
       keys::QueueState(kSite), "says length 1, and there are 0"},
      {"no state of the queue", [&] { Erase(keys::QueueState(kSite)); }, head(waiting_),
       "needs " + keys::QueueState(kSite)},
      {"no state of an agent", [&] { Erase(keys::AgentState(kSite, agent)); }, head(open_),
       "needs " + keys::AgentState(kSite, agent)},
      {"a feed that is gone whole",
       [&] {
         world_.Write([&](store::Transaction& txn) {
           txn.Erase(keys::FeedHead(kSite, feed));
           txn.EraseRange(keys::FeedEntries(kSite, feed, 0));
         });
       },
       head(closed_), "needs " + keys::FeedHead(kSite, feed)},
      {"a place in the queue that the head does not name", [&] { Put(keys::Queue(kSite, 5, waiting_), "1"); },
       keys::Queue(kSite, 5, waiting_), "not what the conversation's head says"},
      {"open, though closed", [&] { Put(keys::Open(kSite, record(closed_).created_at, closed_), "1"); },
       keys::Open(kSite, record(closed_).created_at, closed_), "not what the conversation's head says"},
      {"of another agent", [&] { Put(keys::AgentConversation(kSite, wire::AgentId(other_agent), open_), "1"); },
       keys::AgentConversation(kSite, wire::AgentId(other_agent), open_), "not what the conversation's head says"},
      {"joined, though the head does not say so",
       [&] { Put(keys::JoinedConversation(kSite, wire::AgentId(other_agent), open_), "1"); },
       keys::JoinedConversation(kSite, wire::AgentId(other_agent), open_), "not what the conversation's head says"},
      {"nobody who takes part", [&] { JoinTo(open_, other_agent); }, head(open_), "names what is not there"},
      {"who has it and takes part", [&] { JoinTo(open_, agent_.id); }, head(open_), "is twice that of " + agent_.id},
      {"who takes part in what is closed", [&] { JoinTo(closed_, agent_.id); }, head(closed_), "is closed, and"},
      {"who takes part without the index",
       [&] {
         JoinTo(waiting_, agent_.id);
         Erase(keys::JoinedConversation(kSite, agent, waiting_));
       },
       head(waiting_), "missing from the index"},
      {"an index of nothing", [&] { Erase(head(closed_)); }, keys::Closed(kSite, record(closed_).closed_at, closed_),
       "conversation that is not there"},
      {"the last event", [&] { Erase(keys::Event(kSite, open_, record(open_).last_seq)); }, head(open_),
       "that event is not there"},
      {"an event too many", [&] { Edit(head(open_), "\"last_seq\":" + last_seq, "\"last_seq\":1"); }, head(open_),
       "says last_seq 1, and there are " + last_seq},
      {"an event in between", [&] { Erase(keys::Event(kSite, open_, 2)); }, keys::Event(kSite, open_, 3),
       "follows event 1: there is a gap"},
      {"an event at another place", [&] { Edit(keys::Event(kSite, open_, 2), "\"seq\":2", "\"seq\":9"); },
       keys::Event(kSite, open_, 2), "holds event 9"},
      {"a message that says nothing", [&] { Edit(keys::Event(kSite, open_, 1), R"("text":"hello")", R"("why":"")"); },
       keys::Event(kSite, open_, 1), "has no text, and was not deleted"},
      {"what was deleted and is there",
       [&] { Edit(keys::Event(kSite, open_, 1), R"("text":"hello")", R"("text":"hello","deleted_at":5)"); },
       keys::Event(kSite, open_, 1), "is deleted, and has a text"},
      {"an edit that was none",
       [&] { Edit(keys::Event(kSite, open_, 1), R"("text":"hello")", R"("text":"hello","edited_seq":2)"); },
       keys::Event(kSite, open_, 1), "says that event 2 edited it, which did not"},
      {"a change of nothing", [&] { Edit(keys::Event(kSite, open_, 2), R"("type":"assigned")", R"("type":"edited")"); },
       keys::Event(kSite, open_, 2), "changes nothing that it names"},
      {"an event that cannot be read", [&] { Put(keys::Event(kSite, open_, 2), "{"); }, keys::Event(kSite, open_, 2),
       "cannot be read"},
      {"an event of nothing", [&] { Put(keys::Event(kSite, wire::ConversationId("cnv_x"), 1), "{}"); },
       keys::Event(kSite, wire::ConversationId("cnv_x"), 1), "conversation that is not there"},
      {"unread by the customer", [&] { Edit(head(open_), "\"unread_by_customer\":1", "\"unread_by_customer\":0"); },
       head(open_), "says unread_by_customer 0, and there are 1"},
      {"unread by the agent", [&] { Edit(head(open_), "\"unread_by_agent\":1", "\"unread_by_agent\":7"); }, head(open_),
       "says unread_by_agent 7, and there are 1"},
      {"an answer without its message",
       [&] {
         SentRecord sent;
         sent.seq = 2;
         Put(keys::Sent(kSite, open_, wire::MessageId("msg_x")), ToRecord(sent));
       },
       keys::Sent(kSite, open_, wire::MessageId("msg_x")), "not that message"},
      {"a start of nothing", [&] { Put(keys::Started(kSite, wire::ConversationId("cnv_x")), ToRecord(SentRecord{})); },
       keys::Started(kSite, wire::ConversationId("cnv_x")), "conversation that is not there"},
      {"a feed with a gap", [&] { Erase(keys::FeedEntry(kSite, feed, 2)); }, keys::FeedEntry(kSite, feed, 3),
       "follows position 1: there is a gap"},
      {"a feed that points at nothing",
       [&] { Put(keys::FeedEntry(kSite, feed, 2), ToRecord(FeedPointer{open_.text(), 99})); },
       keys::FeedEntry(kSite, feed, 2), "event 99 of " + open_.text() + ", which is not there"},
      {"a feed's head", [&] { Put(keys::FeedHead(kSite, feed), ToRecord(FeedHeadRecord{.position = 1})); },
       keys::FeedHead(kSite, feed), "says position 1"},
      {"a feed's head ahead", [&] { Put(keys::FeedHead(kSite, feed), ToRecord(FeedHeadRecord{.position = 1000})); },
       keys::FeedHead(kSite, feed), "that entry is not there"},
      {"a feed that ends early",
       [&] {
         const int64_t position = Stored<FeedHeadRecord>(keys::FeedHead(kSite, feed)).position;
         Erase(keys::FeedEntry(kSite, feed, position));
         Put(keys::FeedHead(kSite, feed), ToRecord(FeedHeadRecord{.position = position - 1}));
       },
       keys::FeedHead(kSite, feed), "the customer's events are"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const auto sound = world_.Everything();
    c.damage();
    if (HasFatalFailure()) return;
    const auto findings = FindingsOf(*world_.store);
    EXPECT_THAT(findings, testing::Contains(testing::AllOf(testing::Field(&Finding::key, c.key),
                                                           testing::Field(&Finding::what, HasSubstr(c.what)))));
    world_.Write([&](store::Transaction& txn) {
      txn.EraseRange(keys::Everything());
      for (const store::Entry& entry : sound) txn.Put(entry.key, entry.value);
    });
    ASSERT_TRUE(FindingsOf(*world_.store).empty());
  }
}

// A family that a later version added is no damage.
TEST_F(VerifyTest, CountsWhatALaterVersionAdded) {
  Put("sit_demo/later/1", "1");
  Put("_/later/1", "1");
  const auto report = world_.store->Read([](store::Reader& reader) { return Verify(reader, {}); });
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->findings, 0);
  EXPECT_EQ(report->unknown, 2);
  EXPECT_EQ(report->entries, static_cast<int64_t>(world_.Everything().size()));
}

TEST_F(VerifyTest, EndsWhenItsListenerSaysSo) {
  const auto report = world_.store->Read([](store::Reader& reader) {
    return Verify(reader, {.found = nullptr, .progress = [](int64_t) { return absl::CancelledError("enough"); }});
  });
  EXPECT_EQ(report.status(), absl::CancelledError("enough"));
}

}  // namespace
}  // namespace alcove::functions
