// The whole schema: every key of the store is built here and nowhere else.
//
// A key is parts joined by '/'. The first part is the site that owns the fact,
// or `_` for what belongs to no site, so that a store spread over machines can
// be split by it. The second is the family. Ids hold only [A-Za-z0-9_], all of
// which sort above '/', and numbers are 16 lower-case hex digits, so that byte
// order is the order of the tuple (site, family, parts...). Values are JSON,
// unless said otherwise.
//
//   _/meta/format                      the number of the layout, decimal
//   _/meta/epoch                       32 hex digits, random at creation, changed by a restore
//   _/meta/seed_secret                 what the demo's sign-ins are derived from
//   _/meta/probe                       written by health checks: the time of the last
//   _/token/SHA256                     a session: whose token this is, until when
//   _/token_expiry/EXPIRES_AT/SHA256   index: the tokens, by when they are over
//   _/agent_by_email/SHA256            site and agent of a sign-in
//   _/defer/RUN_AT/DFR                 a deferred call, by when it is to be looked at: when it is due, when it
//                                      is repeated, or while it runs when its lease is over
//   _/defer_key/FUNCTION/KEY           index: the one deferred call of that function and key
//   _/defer_dead/DIED_AT/DFR           a deferred call that was given up, and why
//   SITE/site                          the site's record: name, greeting, settings
//   SITE/agent/AGENT                   an agent's record: name, e-mail, password hash
//   SITE/agent_totp/AGENT              an agent's second factor
//   SITE/agent_state/AGENT             presence and load: hot, so apart from the record
//   SITE/agent_session/AGENT/EXPIRES_AT/SHA256  index: the tokens of an agent, by when they are over
//   SITE/customer/CUSTOMER             a customer's record
//   SITE/subject/SHA256                the customer who is somebody by the owner's word (functions/identity.h)
//   SITE/identity_secret/SECRET        a secret with which the owner signs that
//   SITE/canned/SHORTCUT               a canned reply
//   SITE/settings                      how the site works: timers, the queue, what a close asks for
//   SITE/team/TEAM                     a team
//   SITE/of_team/TEAM/AGENT            index: the members of a team
//   SITE/skill/SKILL                   a skill that agents may have
//   SITE/hours/HOURS                   business hours, of the site or of teams
//   SITE/rule/RULE                     a rule that says what a new conversation needs
//   SITE/macro/MACRO                   several actions that agents may run at once
//   SITE/bot/BOT                       a bot that answers first
//   SITE/tag/TAG                       a tag that agents may choose
//   SITE/attribute/ATTRIBUTE           an attribute that customers or conversations may have
//   SITE/key/KEY                       a key of the administration API: whose digest, what it may do
//   SITE/audit/AT/AUDIT                what was changed by whom, by time
//   SITE/conversation/CNV              the head: state, last seq, assignee, times
//   SITE/event/CNV/SEQ                 one event, as it is sent
//   SITE/sent/CNV/MSG                  idempotency: what was answered to the put of MSG
//   SITE/macro_run/CNV/MSG             idempotency: what was answered to the run MSG of a macro
//   SITE/started/CNV                   idempotency: what was answered to the put of CNV
//   SITE/of_customer/CUSTOMER/CNV      index: the conversations of a customer
//   SITE/of_agent/AGENT/CNV            index: the open conversations assigned to an agent
//   SITE/joined/AGENT/CNV              index: the conversations in which an agent takes part beside who has them
//   SITE/queue/PLACE/CNV               index: who waits, the most urgent first, of those who came first. The place is
//                                      a time: since when, less three years for each priority. Holds the team
//   SITE/lane/LANE/PLACE/CNV           index: who waits with the same needs (functions/routing.h), in the same order
//   SITE/archived/CLOSED_AT/CNV        index: what is over for good, by the time of its end
//   SITE/ending/DAY                    how the conversations ended that ended on a day: its number since 1970, of UTC
//   SITE/replies                       how long the last customers waited for a first answer
//   SITE/queue_state                   how many wait, how many left, when the last came
//   SITE/open/CREATED_AT/CNV           index: what waits or is assigned, by age
//   SITE/with_bot/CREATED_AT/CNV       index: what a bot has, by age
//   SITE/closed/CLOSED_AT/CNV          index: what is over, by time
//   SITE/online/AGENT                  index: the agents who are online
//   SITE/available/RANK/SINCE/AGENT    index: who is online with room; first: whom the site's strategy prefers, by
//                                      itself the least loaded; of equals the one whose last assignment is the
//                                      longest ago
//   SITE/free/POOL/RANK/SINCE/AGENT    index: the same for each team and each skill of theirs
//   SITE/team_state/TEAM               how many conversations of a team are with agents
//   SITE/waits/SCOPE                   how long the last who were helped had waited; of a team, or of the site
//   SITE/feed/OWNER/POSITION           a feed's entry: a pointer to an event
//   SITE/feed_head/OWNER               the last position of a feed, dense from 1
//
// No family is a prefix of another, so a range holds entries of one family only.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "functions/wire/ids.h"
#include "store/store.h"

namespace alcove::store::keys {

// The layout that this code reads and writes, the value of MetaFormat(). It is
// raised when an older server could no longer read what we write.
inline constexpr int kFormat = 1;

// Numbers in keys (times in ms, sequences, positions) are REQUIRED to be >= 0;
// a negative one is a bug and aborts. The bounds of ranges may be anything.
inline constexpr int64_t kNumberMax = std::numeric_limits<int64_t>::max();

// The first part of what no site owns.
inline constexpr std::string_view kNoSite = "_";

// Every key that there may be.
Range Everything();
// Above every key of a site, and below none of another that comes behind it.
std::string BehindSite(std::string_view site);

// --- What no site owns ------------------------------------------------------

std::string MetaFormat();
std::string MetaEpoch();
std::string MetaSeedSecret();
std::string MetaProbe();

// Both take lower-case hex SHA-256: neither tokens nor addresses are in keys.
std::string Token(std::string_view sha256_hex);
std::string AgentByEmail(std::string_view sha256_hex);

std::string TokenExpiry(int64_t expires_at_ms, std::string_view sha256_hex);
// Those that are over at `now_ms`, the oldest first.
Range TokensExpiredAt(int64_t now_ms);

// --- Deferred calls (functions/defer.h) -----------------------------------------

std::string Deferred(int64_t run_at_ms, const wire::DeferredId& call);
Range AllDeferred();
// Those that are to be looked at, the oldest first.
Range DeferredUntil(int64_t now_ms);

// REQUIRES: both hold only [A-Za-z0-9_:].
std::string DeferredKey(std::string_view function, std::string_view key);

std::string DeadLetter(int64_t died_at_ms, const wire::DeferredId& call);
Range AllDeadLetters();

// Signalled when a call was deferred to a time that is near. Not a key.
std::string DeferTopic();

// --- Records ----------------------------------------------------------------

std::string Site(const wire::SiteId& site);

std::string Agent(const wire::SiteId& site, const wire::AgentId& agent);
Range AllAgents(const wire::SiteId& site);

std::string AgentState(const wire::SiteId& site, const wire::AgentId& agent);
Range AllAgentStates(const wire::SiteId& site);

std::string AgentSession(const wire::SiteId& site, const wire::AgentId& agent, int64_t expires_at_ms,
                         std::string_view sha256_hex);
// Those that are not over at `now_ms`.
Range AgentSessionsAt(const wire::SiteId& site, const wire::AgentId& agent, int64_t now_ms);

std::string Online(const wire::SiteId& site, const wire::AgentId& agent);
Range AllOnline(const wire::SiteId& site);

std::string Available(const wire::SiteId& site, int64_t load, int64_t assigned_at_ms, const wire::AgentId& agent);
Range AllAvailable(const wire::SiteId& site);

// REQUIRES: the pool holds only what ids do. It is the id of a team or a skill.
std::string Free(const wire::SiteId& site, std::string_view pool, int64_t rank, int64_t assigned_at_ms,
                 const wire::AgentId& agent);
Range AllFree(const wire::SiteId& site, std::string_view pool);
// Of all pools.
Range AllFree(const wire::SiteId& site);

std::string TeamState(const wire::SiteId& site, const wire::TeamId& team);
// "" for those without a team.
std::string Waits(const wire::SiteId& site, std::string_view team);

std::string Replies(const wire::SiteId& site);

std::string Customer(const wire::SiteId& site, const wire::CustomerId& customer);

// Takes lower-case hex SHA-256 of a subject, which is longer than keys should be, and may hold any byte.
std::string Subject(const wire::SiteId& site, std::string_view sha256_hex);

std::string AgentTotp(const wire::SiteId& site, const wire::AgentId& agent);

// What administration makes. Where each is read the whole range is: there are few.
std::string Settings(const wire::SiteId& site);
std::string Team(const wire::SiteId& site, const wire::TeamId& team);
Range AllTeams(const wire::SiteId& site);
std::string TeamMember(const wire::SiteId& site, const wire::TeamId& team, const wire::AgentId& agent);
Range TeamMembers(const wire::SiteId& site, const wire::TeamId& team);
std::string Skill(const wire::SiteId& site, const wire::SkillId& skill);
Range AllSkills(const wire::SiteId& site);
std::string Hours(const wire::SiteId& site, const wire::HoursId& hours);
Range AllHours(const wire::SiteId& site);
std::string Rule(const wire::SiteId& site, const wire::RuleId& rule);
Range AllRules(const wire::SiteId& site);
std::string Macro(const wire::SiteId& site, const wire::MacroId& macro);
Range AllMacros(const wire::SiteId& site);
std::string Bot(const wire::SiteId& site, const wire::BotId& bot);
Range AllBots(const wire::SiteId& site);
std::string Tag(const wire::SiteId& site, const wire::TagId& tag);
Range AllTags(const wire::SiteId& site);
std::string Attribute(const wire::SiteId& site, const wire::AttributeId& attribute);
Range AllAttributes(const wire::SiteId& site);
std::string Key(const wire::SiteId& site, const wire::KeyId& key);
Range AllKeys(const wire::SiteId& site);
std::string IdentitySecret(const wire::SiteId& site, const wire::IdentitySecretId& secret);
Range AllIdentitySecrets(const wire::SiteId& site);

std::string Audit(const wire::SiteId& site, int64_t at_ms, const wire::AuditId& entry);
Range AllAudits(const wire::SiteId& site);
// Those before, to be paged backward.
Range AuditsBefore(const wire::SiteId& site, int64_t at_ms, const wire::AuditId& entry);

// The shortcut is the last part and may hold any byte, '/' too.
std::string CannedReply(const wire::SiteId& site, std::string_view shortcut);
Range AllCannedReplies(const wire::SiteId& site);

// --- Conversations ----------------------------------------------------------

std::string Conversation(const wire::SiteId& site, const wire::ConversationId& conversation);

std::string Event(const wire::SiteId& site, const wire::ConversationId& conversation, int64_t seq);
// The events with after < seq < before.
Range Events(const wire::SiteId& site, const wire::ConversationId& conversation, int64_t after = 0,
             int64_t before = kNumberMax);

std::string Sent(const wire::SiteId& site, const wire::ConversationId& conversation, const wire::MessageId& message);
Range AllSent(const wire::SiteId& site, const wire::ConversationId& conversation);

std::string MacroRun(const wire::SiteId& site, const wire::ConversationId& conversation, const wire::MessageId& run);

std::string Started(const wire::SiteId& site, const wire::ConversationId& conversation);

std::string CustomerConversation(const wire::SiteId& site, const wire::CustomerId& customer,
                                 const wire::ConversationId& conversation);
Range CustomerConversations(const wire::SiteId& site, const wire::CustomerId& customer);

std::string AgentConversation(const wire::SiteId& site, const wire::AgentId& agent,
                              const wire::ConversationId& conversation);
Range AgentConversations(const wire::SiteId& site, const wire::AgentId& agent);

std::string JoinedConversation(const wire::SiteId& site, const wire::AgentId& agent,
                               const wire::ConversationId& conversation);
Range JoinedConversations(const wire::SiteId& site, const wire::AgentId& agent);

// REQUIRES: the lane holds only what ids do.
std::string Lane(const wire::SiteId& site, std::string_view lane, int64_t place,
                 const wire::ConversationId& conversation);
Range LaneOf(const wire::SiteId& site, std::string_view lane);
Range AllLanes(const wire::SiteId& site);

std::string Queue(const wire::SiteId& site, int64_t queued_at_ms, const wire::ConversationId& conversation);
Range AllQueued(const wire::SiteId& site);
// Those who came before: their number and 1 is the position.
Range QueuedBefore(const wire::SiteId& site, int64_t queued_at_ms, const wire::ConversationId& conversation);

std::string QueueState(const wire::SiteId& site);

std::string Open(const wire::SiteId& site, int64_t created_at_ms, const wire::ConversationId& conversation);
Range AllOpen(const wire::SiteId& site);

std::string WithBot(const wire::SiteId& site, int64_t created_at_ms, const wire::ConversationId& conversation);
Range AllWithBot(const wire::SiteId& site);

std::string Closed(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation);
Range AllClosed(const wire::SiteId& site);
// Those closed before, to be paged backward.
Range ClosedBefore(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation);

std::string Archived(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation);
Range AllArchived(const wire::SiteId& site);

// The day is its number since 1970.
std::string Ending(const wire::SiteId& site, int64_t day);
// From the first day to the last, both included.
Range EndingsOf(const wire::SiteId& site, int64_t first_day, int64_t last_day);

// --- Feeds ------------------------------------------------------------------

// Whose feed: who may see what is in it.
class FeedOwner {
 public:
  static FeedOwner Of(const wire::CustomerId& customer) { return FeedOwner(customer.text()); }
  static FeedOwner Of(const wire::AgentId& agent) { return FeedOwner(agent.text()); }
  // The queue that all agents of a site see.
  static FeedOwner QueueOf(const wire::SiteId& site) { return FeedOwner(site.text()); }

  const std::string& text() const { return text_; }
  friend auto operator<=>(const FeedOwner&, const FeedOwner&) = default;

 private:
  explicit FeedOwner(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

std::string FeedEntry(const wire::SiteId& site, const FeedOwner& owner, int64_t position);
// The entries with after < position.
Range FeedEntries(const wire::SiteId& site, const FeedOwner& owner, int64_t after);
std::string FeedHead(const wire::SiteId& site, const FeedOwner& owner);
// By what a key says of the owner.
std::string FeedEntryOf(const wire::SiteId& site, std::string_view owner, int64_t position);
std::string FeedHeadOf(const wire::SiteId& site, std::string_view owner);

// What Signal() and Wait name when this feed grows. Not a key.
std::string Topic(const wire::SiteId& site, const FeedOwner& owner);
// For Signal() alone: wakes who waits for `topic` within kOwnNewsMs, or never, where that is signalled itself before.
// For what nobody is waiting to hear.
std::string LaterTopic(std::string_view topic);
// The topic of which that tells later; nullopt: `topic` is one itself.
std::optional<std::string_view> TopicOfLater(std::string_view topic);
// Signalled when someone leaves the queue: those behind have moved up.
std::string PositionsTopic(const wire::SiteId& site);
// Who of the agents looks at a conversation. Not a key.
std::string ViewersTopic(const wire::SiteId& site, const wire::ConversationId& conversation);
// What a session of an agent looks at, by the digest of its token. Not a key.
std::string ViewedTopic(const wire::SiteId& site, std::string_view digest);
// Where agents are told of each other.
std::string TeamTopic(const wire::SiteId& site);
// Signalled when something changed that consoles are given with their snapshot.
std::string ConfigurationTopic(const wire::SiteId& site);
// Where it is noted, in memory alone, that the agent is there.
std::string SeenTopic(const wire::SiteId& site, const wire::AgentId& agent);
std::string SeenTopic(const wire::SiteId& site, const wire::CustomerId& customer);

// --- Back from a key --------------------------------------------------------

// For keys that a scan of one of the ranges above returned. DATA_LOSS where the
// key is not of a family that has the part: our own bytes are damaged.

// Any key by its parts. The last of the parts behind the family takes the rest
// where the family's own last part may hold any byte. nullopt: it is not joined
// as ours are.
struct Parts {
  std::string_view site;
  std::string_view family;
  std::vector<std::string> parts;  // never empty: the family itself, where nothing follows it
};
std::optional<Parts> DecodeParts(std::string_view key);

// Whether it is of Event or FeedEntry: whoever waits reads those as soon as they are there.
bool IsNews(std::string_view key);

// Of Agent, AgentState, Online, Available, Free and TeamMember.
absl::StatusOr<wire::AgentId> DecodeAgent(std::string_view key);
// Of Conversation, CustomerConversation, AgentConversation, JoinedConversation, Queue, Lane, Open, WithBot, Closed and
// Archived.
absl::StatusOr<wire::ConversationId> DecodeConversation(std::string_view key);
// Of Deferred and DeadLetter.
absl::StatusOr<wire::DeferredId> DecodeDeferred(std::string_view key);
// Of Event: its seq. Of FeedEntry: its position. Of Ending: its day.
absl::StatusOr<int64_t> DecodeNumber(std::string_view key);
// Of TokenExpiry and AgentSession: the token's SHA-256.
absl::StatusOr<std::string> DecodeTokenDigest(std::string_view key);
// Of Queue, Lane, Open, WithBot, Closed, Archived, Audit, TokenExpiry, Deferred and DeadLetter: the milliseconds.
absl::StatusOr<int64_t> DecodeTime(std::string_view key);
// Of Team, Skill, Hours, Rule, Macro, Bot, Tag, Attribute, Key, IdentitySecret, Agent, CannedReply, Sent and
// Audit: the id.
absl::StatusOr<std::string> DecodeId(std::string_view key);
// Of Lane: its name.
absl::StatusOr<std::string> DecodeLane(std::string_view key);

}  // namespace alcove::store::keys
