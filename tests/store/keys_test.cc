#include "store/keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "tests/store/seed.h"

namespace alcove::store::keys {
namespace {

using wire::AgentId;
using wire::AttributeId;
using wire::AuditId;
using wire::ConversationId;
using wire::CustomerId;
using wire::DeferredId;
using wire::HoursId;
using wire::IdentitySecretId;
using wire::KeyId;
using wire::MessageId;
using wire::RuleId;
using wire::SiteId;
using wire::SkillId;
using wire::TagId;
using wire::TeamId;

// Draws ids and numbers that are near each other, so that order is decided at
// every place of a key.
class Draw {
 public:
  explicit Draw(uint64_t seed) : rng_(seed) {}

  uint64_t Below(uint64_t bound) { return rng_() % bound; }
  template <class SomeId>
  SomeId Any() {
    return SomeId::Make(static_cast<int64_t>(Below(3)), static_cast<uint16_t>(Below(3)), Below(3));
  }
  SiteId Site() {
    static const std::vector<std::string> kSites = {"sit_a", "sit_ab", "sit_a_", "sit_A", "sit_0", "sit_demo"};
    return SiteId(kSites[Below(kSites.size())]);
  }
  int64_t Number() {
    static const std::vector<int64_t> kNumbers = {0, 1, 9, 10, 15, 16, 255, 256, 1'700'000'000'000, kNumberMax - 1};
    return kNumbers[Below(kNumbers.size())];
  }
  FeedOwner Owner() {
    switch (Below(3)) {
      case 0:
        return FeedOwner::Of(Any<CustomerId>());
      case 1:
        return FeedOwner::Of(Any<AgentId>());
      default:
        return FeedOwner::QueueOf(Site());
    }
  }

 private:
  std::mt19937_64 rng_;
};

constexpr int kDraws = 3000;

// Tuples and keys drawn together, compared pair by pair.
template <class Tuple>
void ExpectSameOrder(Draw& draw, Tuple (*draw_tuple)(Draw&), std::string (*key_of)(const Tuple&)) {
  for (int i = 0; i < kDraws; ++i) {
    const Tuple a = draw_tuple(draw);
    const Tuple b = draw_tuple(draw);
    ASSERT_EQ(a < b, key_of(a) < key_of(b)) << key_of(a) << " and " << key_of(b);
    ASSERT_EQ(a == b, key_of(a) == key_of(b)) << key_of(a) << " and " << key_of(b);
  }
}

TEST(Keys, OrderOfBytesIsOrderOfTuples) {
  Draw draw(Seed());
  SCOPED_TRACE(Replay());
  ExpectSameOrder<std::tuple<SiteId, ConversationId, int64_t>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Any<ConversationId>(), d.Number()); },
      [](const auto& t) { return std::apply(Event, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(Queue, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(Closed, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(Open, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(WithBot, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(Archived, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number()); },
      [](const auto& t) { return std::apply(Ending, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, AuditId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Any<AuditId>()); },
      [](const auto& t) { return std::apply(Audit, t); });
  ExpectSameOrder<std::tuple<SiteId, AgentId, int64_t, std::string>>(
      draw,
      [](Draw& d) {
        return std::tuple(d.Site(), d.Any<AgentId>(), d.Number(), std::string(64, static_cast<char>('a' + d.Below(6))));
      },
      [](const auto& t) { return std::apply(AgentSession, t); });
  ExpectSameOrder<std::tuple<SiteId, int64_t, int64_t, AgentId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Number(), d.Number(), d.Any<AgentId>()); },
      [](const auto& t) { return std::apply(Available, t); });
  ExpectSameOrder<std::tuple<SiteId, std::string, int64_t, ConversationId>>(
      draw,
      [](Draw& d) {
        return std::tuple(d.Site(), std::string(d.Below(2) == 0 ? "any" : "0f"), d.Number(), d.Any<ConversationId>());
      },
      [](const auto& t) { return std::apply(Lane, t); });
  ExpectSameOrder<std::tuple<SiteId, std::string, int64_t, int64_t, AgentId>>(
      draw,
      [](Draw& d) {
        return std::tuple(d.Site(), d.Any<wire::TeamId>().text(), d.Number(), d.Number(), d.Any<AgentId>());
      },
      [](const auto& t) { return std::apply(Free, t); });
  ExpectSameOrder<std::tuple<SiteId, FeedOwner, int64_t>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Owner(), d.Number()); },
      [](const auto& t) { return std::apply(FeedEntry, t); });
  ExpectSameOrder<std::tuple<int64_t, std::string>>(
      draw, [](Draw& d) { return std::tuple(d.Number(), std::string(64, static_cast<char>('a' + d.Below(6)))); },
      [](const auto& t) { return std::apply(TokenExpiry, t); });
  ExpectSameOrder<std::tuple<int64_t, DeferredId>>(
      draw, [](Draw& d) { return std::tuple(d.Number(), d.Any<DeferredId>()); },
      [](const auto& t) { return std::apply(Deferred, t); });
  ExpectSameOrder<std::tuple<int64_t, DeferredId>>(
      draw, [](Draw& d) { return std::tuple(d.Number(), d.Any<DeferredId>()); },
      [](const auto& t) { return std::apply(DeadLetter, t); });
  ExpectSameOrder<std::tuple<SiteId, CustomerId, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Any<CustomerId>(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(CustomerConversation, t); });
  ExpectSameOrder<std::tuple<SiteId, AgentId, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Any<AgentId>(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(AgentConversation, t); });
  ExpectSameOrder<std::tuple<SiteId, AgentId, ConversationId>>(
      draw, [](Draw& d) { return std::tuple(d.Site(), d.Any<AgentId>(), d.Any<ConversationId>()); },
      [](const auto& t) { return std::apply(JoinedConversation, t); });
}

// One key of each family, of one site or of none.
std::vector<std::string> OneOfEach(Draw& draw, const SiteId& site) {
  const auto agent = draw.Any<AgentId>();
  const auto customer = draw.Any<CustomerId>();
  const auto conversation = draw.Any<ConversationId>();
  const std::string hash(64, 'a');
  return {MetaFormat(),
          MetaEpoch(),
          MetaSeedSecret(),
          MetaProbe(),
          Token(hash),
          AgentByEmail(hash),
          TokenExpiry(draw.Number(), hash),
          Deferred(draw.Number(), draw.Any<DeferredId>()),
          DeferredKey("agent_away", agent.text()),
          DeadLetter(draw.Number(), draw.Any<DeferredId>()),
          Site(site),
          Agent(site, agent),
          AgentState(site, agent),
          AgentSession(site, agent, draw.Number(), hash),
          Online(site, agent),
          Available(site, draw.Number(), draw.Number(), agent),
          Free(site, draw.Any<wire::TeamId>().text(), draw.Number(), draw.Number(), agent),
          TeamState(site, draw.Any<wire::TeamId>()),
          Waits(site, ""),
          Replies(site),
          Customer(site, customer),
          CannedReply(site, "a"),
          AgentTotp(site, agent),
          Settings(site),
          Team(site, draw.Any<TeamId>()),
          TeamMember(site, draw.Any<TeamId>(), agent),
          Skill(site, draw.Any<SkillId>()),
          Hours(site, draw.Any<HoursId>()),
          Rule(site, draw.Any<RuleId>()),
          Macro(site, draw.Any<wire::MacroId>()),
          Bot(site, draw.Any<wire::BotId>()),
          MacroRun(site, conversation, draw.Any<MessageId>()),
          Tag(site, draw.Any<TagId>()),
          Attribute(site, draw.Any<AttributeId>()),
          Key(site, draw.Any<KeyId>()),
          IdentitySecret(site, draw.Any<IdentitySecretId>()),
          Subject(site, hash),
          Audit(site, draw.Number(), draw.Any<AuditId>()),
          Conversation(site, conversation),
          Event(site, conversation, draw.Number()),
          Sent(site, conversation, draw.Any<MessageId>()),
          Started(site, conversation),
          CustomerConversation(site, customer, conversation),
          AgentConversation(site, agent, conversation),
          JoinedConversation(site, agent, conversation),
          Queue(site, draw.Number(), conversation),
          Lane(site, "any", draw.Number(), conversation),
          QueueState(site),
          Open(site, draw.Number(), conversation),
          WithBot(site, draw.Number(), conversation),
          Closed(site, draw.Number(), conversation),
          Archived(site, draw.Number(), conversation),
          Ending(site, draw.Number()),
          FeedEntry(site, draw.Owner(), draw.Number()),
          FeedHead(site, draw.Owner())};
}

TEST(Keys, NoKeyIsAPrefixOfOneOfAnotherFamily) {
  Draw draw(Seed());
  SCOPED_TRACE(Replay());
  for (int i = 0; i < 100; ++i) {
    const auto some = OneOfEach(draw, draw.Site());
    const auto others = OneOfEach(draw, draw.Site());
    for (size_t a = 0; a < some.size(); ++a) {
      for (size_t b = 0; b < others.size(); ++b) {
        if (a != b) {
          ASSERT_FALSE(others[b].starts_with(some[a])) << some[a] << " and " << others[b];
        }
      }
    }
  }
}

TEST(Keys, EveryKeyComesApart) {
  Draw draw(Seed());
  SCOPED_TRACE(Replay());
  for (int i = 0; i < 20; ++i) {
    for (const std::string& key : OneOfEach(draw, draw.Site())) {
      SCOPED_TRACE(key);
      EXPECT_TRUE(Everything().begin <= key && key < Everything().end);
      const auto parts = DecodeParts(key);
      ASSERT_TRUE(parts.has_value());
      EXPECT_TRUE(parts->site == kNoSite || SiteId::Parse(parts->site));
      std::string joined = std::string(parts->site) + "/" + std::string(parts->family);
      const bool alone = joined == key;
      for (const std::string& part : parts->parts) {
        if (!alone) joined += "/" + part;
      }
      EXPECT_EQ(joined, key);
      ASSERT_FALSE(parts->parts.empty());
    }
  }
  EXPECT_EQ(DecodeParts(CannedReply(SiteId("sit_a"), "/a//b"))->parts, (std::vector<std::string>{"/a//b"}));
  for (const char* const site : {"_", "sit_a", "sit_ab", "sit_a_"}) {
    for (const char* const other : {"sit_0", "sit_a", "sit_a0", "sit_ab", "sit_a_", "sit_b"}) {
      const std::string key = QueueState(SiteId(other));
      EXPECT_EQ(key < BehindSite(site), key < std::string(site) || site == std::string(other)) << site << " " << key;
    }
  }
  for (const char* const none : {"", "/", "a", "a/", "/a", "//"}) EXPECT_FALSE(DecodeParts(none)) << none;
  EXPECT_EQ(FeedEntryOf(SiteId("sit_a"), "x", 1), "sit_a/feed/x/0000000000000001");
  EXPECT_EQ(FeedHeadOf(SiteId("sit_a"), "x"), "sit_a/feed_head/x");
}

bool Contains(const Range& range, const std::string& key) { return range.begin <= key && key < range.end; }

// Each range holds its own family and nothing else, of its own site only.
TEST(Keys, RangesHoldOneFamilyOfOneSite) {
  Draw draw(Seed());
  SCOPED_TRACE(Replay());
  const SiteId site("sit_a");
  const auto agent = AgentId::Make(5, 5, 5);
  const auto customer = CustomerId::Make(5, 5, 5);
  const auto conversation = ConversationId::Make(5, 5, 5);
  const FeedOwner queue = FeedOwner::QueueOf(site);
  const struct {
    const char* name;
    Range range;
    std::string member;
  } kCases[] = {
      {"agents", AllAgents(site), Agent(site, agent)},
      {"agent states", AllAgentStates(site), AgentState(site, agent)},
      {"sessions", AgentSessionsAt(site, agent, 0), AgentSession(site, agent, kNumberMax, "ab")},
      {"online", AllOnline(site), Online(site, agent)},
      {"available", AllAvailable(site), Available(site, 0, kNumberMax, agent)},
      {"free", AllFree(site), Free(site, "tea_A", 0, kNumberMax, agent)},
      {"free of a pool", AllFree(site, "tea_A"), Free(site, "tea_A", 0, kNumberMax, agent)},
      {"lanes", AllLanes(site), Lane(site, "any", kNumberMax, conversation)},
      {"a lane", LaneOf(site, "any"), Lane(site, "any", kNumberMax, conversation)},
      {"open", AllOpen(site), Open(site, kNumberMax, conversation)},
      {"canned replies", AllCannedReplies(site), CannedReply(site, "/hi\xff")},
      {"events", Events(site, conversation), Event(site, conversation, 1)},
      {"what was put", AllSent(site, conversation), Sent(site, conversation, MessageId::Make(0, 0, 0))},
      {"of a customer", CustomerConversations(site, customer), CustomerConversation(site, customer, conversation)},
      {"of an agent", AgentConversations(site, agent), AgentConversation(site, agent, conversation)},
      {"joined by an agent", JoinedConversations(site, agent), JoinedConversation(site, agent, conversation)},
      {"queue", AllQueued(site), Queue(site, 0, conversation)},
      {"with a bot", AllWithBot(site), WithBot(site, kNumberMax, conversation)},
      {"closed", AllClosed(site), Closed(site, kNumberMax, conversation)},
      {"archived", AllArchived(site), Archived(site, kNumberMax, conversation)},
      {"ending", EndingsOf(site, 0, kNumberMax), Ending(site, kNumberMax)},
      {"feed", FeedEntries(site, queue, 0), FeedEntry(site, queue, 1)},
      {"teams", AllTeams(site), Team(site, TeamId::Make(5, 5, 5))},
      {"members", TeamMembers(site, TeamId::Make(5, 5, 5)), TeamMember(site, TeamId::Make(5, 5, 5), agent)},
      {"skills", AllSkills(site), Skill(site, SkillId::Make(5, 5, 5))},
      {"hours", AllHours(site), Hours(site, HoursId::Make(5, 5, 5))},
      {"rules", AllRules(site), Rule(site, RuleId::Make(5, 5, 5))},
      {"bots", AllBots(site), Bot(site, wire::BotId::Make(5, 5, 5))},
      {"tags", AllTags(site), Tag(site, TagId::Make(5, 5, 5))},
      {"attributes", AllAttributes(site), Attribute(site, AttributeId::Make(5, 5, 5))},
      {"keys", AllKeys(site), Key(site, KeyId::Make(5, 5, 5))},
      {"identity secrets", AllIdentitySecrets(site), IdentitySecret(site, IdentitySecretId::Make(5, 5, 5))},
      {"audit", AllAudits(site), Audit(site, kNumberMax, AuditId::Make(5, 5, 5))},
      {"deferred calls", AllDeferred(), Deferred(kNumberMax, DeferredId::Make(5, 5, 5))},
      {"dead letters", AllDeadLetters(), DeadLetter(kNumberMax, DeferredId::Make(5, 5, 5))},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_TRUE(Contains(c.range, c.member));
    const std::string family = c.member.substr(0, c.member.find('/', c.member.find('/') + 1) + 1);
    for (const char* other : {"sit_a", "sit_ab", "sit_a_", "sit_0"}) {
      for (const std::string& key : OneOfEach(draw, SiteId(other))) {
        if (!key.starts_with(family)) {
          EXPECT_FALSE(Contains(c.range, key)) << key;
        }
      }
    }
  }
}

TEST(Keys, RangesOfNumbersLeaveTheirBoundsOut) {
  const SiteId site("sit_a");
  const auto conversation = ConversationId::Make(1, 1, 1);
  const FeedOwner owner = FeedOwner::Of(CustomerId::Make(1, 1, 1));
  const int64_t kLowest = std::numeric_limits<int64_t>::min();
  const struct {
    int64_t after, before;
  } kBounds[] = {{0, kNumberMax},
                 {0, 1},
                 {0, 2},
                 {1, 3},
                 {15, 17},
                 {3, 3},
                 {5, 2},
                 {-1, 1},
                 {0, 0},
                 {0, -5},
                 {kLowest, kLowest},
                 {kNumberMax, 0},
                 {kNumberMax, kNumberMax}};
  const int64_t kSequences[] = {0, 1, 2, 3, 15, 16, 17, 255, 256, kNumberMax - 1};
  for (const auto& [after, before] : kBounds) {
    const Range events = Events(site, conversation, after, before);
    const Range entries = FeedEntries(site, owner, after);
    for (const int64_t n : kSequences) {
      SCOPED_TRACE(testing::Message() << after << " < " << n << " < " << before);
      EXPECT_EQ(Contains(events, Event(site, conversation, n)), after < n && n < before);
      EXPECT_EQ(Contains(entries, FeedEntry(site, owner, n)), after < n);
    }
  }
  const std::string hash(64, 'f');
  const auto agent = AgentId::Make(1, 1, 1);
  for (const int64_t now : {kLowest, int64_t{-1}, int64_t{0}, int64_t{15}, int64_t{16}, kNumberMax - 1, kNumberMax}) {
    for (const int64_t n : kSequences) {
      SCOPED_TRACE(testing::Message() << n << " at " << now);
      EXPECT_EQ(Contains(TokensExpiredAt(now), TokenExpiry(n, hash)), n <= now);
      EXPECT_EQ(Contains(DeferredUntil(now), Deferred(n, DeferredId::Make(1, 1, 1))), n <= now);
      EXPECT_EQ(Contains(AgentSessionsAt(site, agent, now), AgentSession(site, agent, n, hash)), n > now);
    }
  }
  EXPECT_TRUE(Contains(QueuedBefore(site, 16, conversation), Queue(site, 15, conversation)));
  EXPECT_FALSE(Contains(QueuedBefore(site, 16, conversation), Queue(site, 16, conversation)));
  const auto audit = AuditId::Make(1, 1, 1);
  EXPECT_TRUE(Contains(AuditsBefore(site, 16, audit), Audit(site, 15, audit)));
  EXPECT_FALSE(Contains(AuditsBefore(site, 16, audit), Audit(site, 16, audit)));
  EXPECT_TRUE(Contains(EndingsOf(site, 15, 16), Ending(site, 15)));
  EXPECT_TRUE(Contains(EndingsOf(site, 15, 16), Ending(site, 16)));
  EXPECT_FALSE(Contains(EndingsOf(site, 15, 16), Ending(site, 14)));
  EXPECT_FALSE(Contains(EndingsOf(site, 15, 16), Ending(site, 17)));
  EXPECT_TRUE(Contains(ClosedBefore(site, 16, conversation), Closed(site, 15, conversation)));
  EXPECT_FALSE(Contains(ClosedBefore(site, 16, conversation), Closed(site, 16, conversation)));
}

TEST(Keys, PartsComeBack) {
  Draw draw(Seed());
  SCOPED_TRACE(Replay());
  for (int i = 0; i < kDraws; ++i) {
    const auto site = draw.Site();
    const auto agent = draw.Any<AgentId>();
    const auto conversation = draw.Any<ConversationId>();
    const auto number = draw.Number();
    ASSERT_EQ(*DecodeAgent(Agent(site, agent)), agent);
    ASSERT_EQ(*DecodeAgent(AgentState(site, agent)), agent);
    ASSERT_EQ(*DecodeAgent(Online(site, agent)), agent);
    ASSERT_EQ(*DecodeAgent(Available(site, number, draw.Number(), agent)), agent);
    ASSERT_EQ(*DecodeAgent(Free(site, draw.Any<wire::TeamId>().text(), number, draw.Number(), agent)), agent);
    ASSERT_EQ(*DecodeConversation(Lane(site, "any", number, conversation)), conversation);
    ASSERT_EQ(*DecodeTime(Lane(site, "any", number, conversation)), number);
    ASSERT_EQ(*DecodeLane(Lane(site, "any", number, conversation)), "any");
    ASSERT_EQ(*DecodeConversation(Conversation(site, conversation)), conversation);
    ASSERT_EQ(*DecodeConversation(CustomerConversation(site, draw.Any<CustomerId>(), conversation)), conversation);
    ASSERT_EQ(*DecodeConversation(AgentConversation(site, agent, conversation)), conversation);
    ASSERT_EQ(*DecodeConversation(JoinedConversation(site, agent, conversation)), conversation);
    ASSERT_EQ(*DecodeConversation(Queue(site, number, conversation)), conversation);
    ASSERT_EQ(*DecodeTime(Queue(site, number, conversation)), number);
    ASSERT_EQ(*DecodeConversation(Open(site, number, conversation)), conversation);
    ASSERT_EQ(*DecodeTime(Open(site, number, conversation)), number);
    ASSERT_EQ(*DecodeConversation(Closed(site, number, conversation)), conversation);
    ASSERT_EQ(*DecodeTime(Closed(site, number, conversation)), number);
    ASSERT_EQ(*DecodeConversation(Archived(site, number, conversation)), conversation);
    ASSERT_EQ(*DecodeTime(Archived(site, number, conversation)), number);
    ASSERT_EQ(*DecodeNumber(Ending(site, number)), number);
    ASSERT_EQ(*DecodeTime(TokenExpiry(number, "ab")), number);
    const auto team = draw.Any<TeamId>();
    ASSERT_EQ(*DecodeId(Team(site, team)), team.text());
    const auto message = draw.Any<MessageId>();
    ASSERT_EQ(*DecodeId(Sent(site, draw.Any<ConversationId>(), message)), message.text());
    ASSERT_EQ(*DecodeAgent(TeamMember(site, team, agent)), agent);
    const auto audit = draw.Any<AuditId>();
    ASSERT_EQ(*DecodeId(Audit(site, number, audit)), audit.text());
    ASSERT_EQ(*DecodeTime(Audit(site, number, audit)), number);
    ASSERT_EQ(*DecodeTokenDigest(TokenExpiry(number, "ab")), "ab");
    ASSERT_EQ(*DecodeTokenDigest(AgentSession(site, agent, number, "ab")), "ab");
    const auto call = draw.Any<DeferredId>();
    ASSERT_EQ(*DecodeDeferred(Deferred(number, call)), call);
    ASSERT_EQ(*DecodeTime(Deferred(number, call)), number);
    ASSERT_EQ(*DecodeDeferred(DeadLetter(number, call)), call);
    ASSERT_EQ(*DecodeTime(DeadLetter(number, call)), number);
    ASSERT_EQ(*DecodeNumber(Event(site, conversation, number)), number);
    ASSERT_EQ(*DecodeNumber(FeedEntry(site, draw.Owner(), number)), number);
  }
  for (const std::string shortcut : {"hello", "a/b", "\xff", "grüße"}) {
    EXPECT_EQ(*DecodeId(CannedReply(SiteId("sit_a"), shortcut)), shortcut);
  }
}

TEST(Keys, NewsAreEventsAndWhatPointsToThem) {
  const wire::SiteId site("sit_event");
  const wire::ConversationId conversation = wire::ConversationId::Make(1, 2, 3);
  const FeedOwner owner = FeedOwner::QueueOf(site);
  EXPECT_TRUE(IsNews(Event(site, conversation, 1)));
  EXPECT_TRUE(IsNews(FeedEntry(site, owner, 1)));
  for (const std::string& key : {FeedHead(site, owner), Conversation(site, conversation), Site(site), MetaEpoch(),
                                 Sent(site, conversation, wire::MessageId::Make(1, 2, 3)), std::string("event"),
                                 std::string("event/"), std::string()}) {
    EXPECT_FALSE(IsNews(key)) << key;
  }
}

TEST(Keys, ForeignBytesAreDataLoss) {
  for (const char* key :
       {"", "/", "sit_a", "sit_a/", "sit_a/queue", "sit_a/queue/", "sit_a/queue/1/2", "sit_a/event/x",
        "sit_a/event/cnv/000000000000000G", "sit_a/event/cnv/8000000000000000", "sit_a/event/cnv/00000000000000000",
        "sit_a/agent/agt_x", "sit_a/agents/agt_x", "_/defer/1/dfr_x"}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(DecodeAgent(key).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodeConversation(key).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodeNumber(key).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodeTime(key).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodeTokenDigest(key).status().code(), absl::StatusCode::kDataLoss);
    EXPECT_EQ(DecodeDeferred(key).status().code(), absl::StatusCode::kDataLoss);
    if (!std::string_view(key).starts_with("sit_a/agent/")) {
      EXPECT_EQ(DecodeId(key).status().code(), absl::StatusCode::kDataLoss);
    }
  }
}

// A key that a person can read, so that `alcove verify` and a bug report can be.
TEST(Keys, ReadAsTheSchemaSays) {
  const SiteId site("sit_demo");
  const auto conversation = ConversationId::Make(0, 0, 0);
  const std::string cnv = conversation.text();
  EXPECT_EQ(Event(site, conversation, 255), "sit_demo/event/" + cnv + "/00000000000000ff");
  EXPECT_EQ(FeedHead(site, FeedOwner::QueueOf(site)), "sit_demo/feed_head/sit_demo");
  EXPECT_EQ(Topic(site, FeedOwner::QueueOf(site)), "sit_demo/feed/sit_demo");
  EXPECT_EQ(TopicOfLater(LaterTopic("sit_demo/feed/sit_demo")), "sit_demo/feed/sit_demo");
  EXPECT_EQ(TopicOfLater("sit_demo/feed/sit_demo"), std::nullopt);
  EXPECT_EQ(Token("ab"), "_/token/ab");
  EXPECT_EQ(TokenExpiry(255, "ab"), "_/token_expiry/00000000000000ff/ab");
  EXPECT_EQ(Deferred(255, DeferredId("dfr_x")), "_/defer/00000000000000ff/dfr_x");
  EXPECT_EQ(DeferredKey("agent_away", "a:b"), "_/defer_key/agent_away/a:b");
}

TEST(Keys, FitTheLimit) {
  const SiteId site("sit_" + std::string(32, 'z'));
  const auto conversation = ConversationId::Make(0, 0, 0);
  EXPECT_LE(CannedReply(site, std::string(wire::kNameBytesMax, 'z')).size(), wire::kKeyBytesMax);
  EXPECT_LE(DeferredKey(std::string(wire::kDeferNameBytesMax, 'z'), std::string(wire::kDeferKeyBytesMax, 'z')).size(),
            wire::kKeyBytesMax);
  EXPECT_LE(CustomerConversation(site, CustomerId::Make(0, 0, 0), conversation).size(), wire::kKeyBytesMax);
}

}  // namespace
}  // namespace alcove::store::keys
