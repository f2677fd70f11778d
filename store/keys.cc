#include "store/keys.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <optional>
#include <vector>

#include "absl/status/status.h"

namespace alcove::store::keys {
namespace {

constexpr size_t kNumberDigits = 16;
constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string Join(std::initializer_list<std::string_view> parts) {
  size_t size = parts.size();
  for (const std::string_view part : parts) size += part.size();
  std::string key;
  key.reserve(size);
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '/';
    key += part;
  }
  return key;
}

// As a part of a key. No string: most keys have one, and it is too long to be in a string itself.
class Number {
 public:
  explicit Number(int64_t number) {
    if (number < 0) std::abort();
    uint64_t rest = static_cast<uint64_t>(number);
    for (size_t i = digits_.size(); i-- > 0; rest >>= 4) digits_[i] = kHexDigits[rest & 15];
  }
  operator std::string_view() const {  // NOLINT(google-explicit-constructor): reads as a part of a key
    return {digits_.data(), digits_.size()};
  }

 private:
  std::array<char, kNumberDigits> digits_;
};

std::optional<int64_t> DecodeDigits(std::string_view digits) {
  if (digits.size() != kNumberDigits || digits[0] > '7') return std::nullopt;
  uint64_t number = 0;
  for (const char digit : digits) {
    const size_t value = kHexDigits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    number = (number << 4) | value;
  }
  return static_cast<int64_t>(number);
}

// Everything below the parts.
Range Below(std::initializer_list<std::string_view> parts) { return PrefixRange(Join(parts) + "/"); }

// Below the parts, the numbers above `after`.
Range NumbersAbove(std::initializer_list<std::string_view> parts, int64_t after) {
  Range range = Below(parts);
  if (after == kNumberMax) {
    range.begin = range.end;
  } else if (after >= 0) {
    range.begin += Number(after + 1);
  }
  return range;
}

absl::Status Damaged(std::string_view key) {
  return absl::DataLossError("no key of ours: " + std::string(key.substr(0, wire::kKeyBytesMax)));
}

// The parts of a key whose family is one of `families`, at most 4 of them: the
// last takes the rest. Empty where the family is another or parts are missing.
struct Family {
  std::string_view name;
  size_t parts;  // after the family
};
std::vector<std::string_view> Split(std::string_view key, std::initializer_list<Family> families) {
  const size_t site_end = key.find('/');
  if (site_end == std::string_view::npos) return {};
  std::string_view rest = key.substr(site_end + 1);
  for (const Family& family : families) {
    if (rest.substr(0, family.name.size()) != family.name) continue;
    if (rest.size() <= family.name.size() || rest[family.name.size()] != '/') continue;
    rest.remove_prefix(family.name.size() + 1);
    std::vector<std::string_view> parts;
    while (parts.size() + 1 < family.parts) {
      const size_t end = rest.find('/');
      if (end == std::string_view::npos) return {};
      parts.push_back(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    parts.push_back(rest);
    return parts;
  }
  return {};
}

}  // namespace

Range Everything() {
  // A key is not empty, and not longer than that.
  return {std::string(1, '\0'), std::string(wire::kKeyBytesMax + 1, '\xff')};
}

std::string BehindSite(std::string_view site) {
  // What follows a site is a '/', and '0' is next to it.
  return std::string(site) + '0';
}

std::string MetaFormat() { return Join({kNoSite, "meta", "format"}); }
std::string MetaEpoch() { return Join({kNoSite, "meta", "epoch"}); }
std::string MetaSeedSecret() { return Join({kNoSite, "meta", "seed_secret"}); }
std::string MetaProbe() { return Join({kNoSite, "meta", "probe"}); }
std::string Token(std::string_view sha256_hex) { return Join({kNoSite, "token", sha256_hex}); }
std::string AgentByEmail(std::string_view sha256_hex) { return Join({kNoSite, "agent_by_email", sha256_hex}); }

std::string TokenExpiry(int64_t expires_at_ms, std::string_view sha256_hex) {
  return Join({kNoSite, "token_expiry", Number(expires_at_ms), sha256_hex});
}
Range TokensExpiredAt(int64_t now_ms) {
  Range range = Below({kNoSite, "token_expiry"});
  if (now_ms < kNumberMax) range.end = TokenExpiry(now_ms < 0 ? 0 : now_ms + 1, "");
  return range;
}

std::string Deferred(int64_t run_at_ms, const wire::DeferredId& call) {
  return Join({kNoSite, "defer", Number(run_at_ms), call.text()});
}
Range AllDeferred() { return Below({kNoSite, "defer"}); }
Range DeferredUntil(int64_t now_ms) {
  Range range = AllDeferred();
  if (now_ms < kNumberMax) range.end = Deferred(now_ms < 0 ? 0 : now_ms + 1, wire::DeferredId());
  return range;
}
std::string DeferredKey(std::string_view function, std::string_view key) {
  return Join({kNoSite, "defer_key", function, key});
}
std::string DeadLetter(int64_t died_at_ms, const wire::DeferredId& call) {
  return Join({kNoSite, "defer_dead", Number(died_at_ms), call.text()});
}
Range AllDeadLetters() { return Below({kNoSite, "defer_dead"}); }
std::string DeferTopic() { return Join({kNoSite, "defer"}); }

std::string Site(const wire::SiteId& site) { return Join({site.text(), "site"}); }

std::string Agent(const wire::SiteId& site, const wire::AgentId& agent) {
  return Join({site.text(), "agent", agent.text()});
}
Range AllAgents(const wire::SiteId& site) { return Below({site.text(), "agent"}); }

std::string AgentState(const wire::SiteId& site, const wire::AgentId& agent) {
  return Join({site.text(), "agent_state", agent.text()});
}
Range AllAgentStates(const wire::SiteId& site) { return Below({site.text(), "agent_state"}); }

std::string AgentSession(const wire::SiteId& site, const wire::AgentId& agent, int64_t expires_at_ms,
                         std::string_view sha256_hex) {
  return Join({site.text(), "agent_session", agent.text(), Number(expires_at_ms), sha256_hex});
}
Range AgentSessionsAt(const wire::SiteId& site, const wire::AgentId& agent, int64_t now_ms) {
  return NumbersAbove({site.text(), "agent_session", agent.text()}, now_ms);
}

std::string Online(const wire::SiteId& site, const wire::AgentId& agent) {
  return Join({site.text(), "online", agent.text()});
}
Range AllOnline(const wire::SiteId& site) { return Below({site.text(), "online"}); }

std::string Available(const wire::SiteId& site, int64_t load, int64_t assigned_at_ms, const wire::AgentId& agent) {
  return Join({site.text(), "available", Number(load), Number(assigned_at_ms), agent.text()});
}
Range AllAvailable(const wire::SiteId& site) { return Below({site.text(), "available"}); }

std::string Free(const wire::SiteId& site, std::string_view pool, int64_t rank, int64_t assigned_at_ms,
                 const wire::AgentId& agent) {
  return Join({site.text(), "free", pool, Number(rank), Number(assigned_at_ms), agent.text()});
}
Range AllFree(const wire::SiteId& site) { return Below({site.text(), "free"}); }
Range AllFree(const wire::SiteId& site, std::string_view pool) { return Below({site.text(), "free", pool}); }

std::string TeamState(const wire::SiteId& site, const wire::TeamId& team) {
  return Join({site.text(), "team_state", team.text()});
}
std::string Waits(const wire::SiteId& site, std::string_view team) {
  return Join({site.text(), "waits", team.empty() ? std::string_view(site.text()) : team});
}

std::string Replies(const wire::SiteId& site) { return Join({site.text(), "replies"}); }

std::string Customer(const wire::SiteId& site, const wire::CustomerId& customer) {
  return Join({site.text(), "customer", customer.text()});
}

std::string AgentTotp(const wire::SiteId& site, const wire::AgentId& agent) {
  return Join({site.text(), "agent_totp", agent.text()});
}

std::string Settings(const wire::SiteId& site) { return Join({site.text(), "settings"}); }

std::string Team(const wire::SiteId& site, const wire::TeamId& team) {
  return Join({site.text(), "team", team.text()});
}
Range AllTeams(const wire::SiteId& site) { return Below({site.text(), "team"}); }

std::string Skill(const wire::SiteId& site, const wire::SkillId& skill) {
  return Join({site.text(), "skill", skill.text()});
}
Range AllSkills(const wire::SiteId& site) { return Below({site.text(), "skill"}); }

std::string Hours(const wire::SiteId& site, const wire::HoursId& hours) {
  return Join({site.text(), "hours", hours.text()});
}
Range AllHours(const wire::SiteId& site) { return Below({site.text(), "hours"}); }

std::string Rule(const wire::SiteId& site, const wire::RuleId& rule) {
  return Join({site.text(), "rule", rule.text()});
}
Range AllRules(const wire::SiteId& site) { return Below({site.text(), "rule"}); }

std::string Macro(const wire::SiteId& site, const wire::MacroId& macro) {
  return Join({site.text(), "macro", macro.text()});
}
Range AllMacros(const wire::SiteId& site) { return Below({site.text(), "macro"}); }

std::string Bot(const wire::SiteId& site, const wire::BotId& bot) { return Join({site.text(), "bot", bot.text()}); }
Range AllBots(const wire::SiteId& site) { return Below({site.text(), "bot"}); }

std::string Tag(const wire::SiteId& site, const wire::TagId& tag) { return Join({site.text(), "tag", tag.text()}); }
Range AllTags(const wire::SiteId& site) { return Below({site.text(), "tag"}); }

std::string Attribute(const wire::SiteId& site, const wire::AttributeId& attribute) {
  return Join({site.text(), "attribute", attribute.text()});
}
Range AllAttributes(const wire::SiteId& site) { return Below({site.text(), "attribute"}); }

std::string Key(const wire::SiteId& site, const wire::KeyId& key) { return Join({site.text(), "key", key.text()}); }
Range AllKeys(const wire::SiteId& site) { return Below({site.text(), "key"}); }

std::string IdentitySecret(const wire::SiteId& site, const wire::IdentitySecretId& secret) {
  return Join({site.text(), "identity_secret", secret.text()});
}
Range AllIdentitySecrets(const wire::SiteId& site) { return Below({site.text(), "identity_secret"}); }

std::string Subject(const wire::SiteId& site, std::string_view sha256_hex) {
  return Join({site.text(), "subject", sha256_hex});
}

std::string TeamMember(const wire::SiteId& site, const wire::TeamId& team, const wire::AgentId& agent) {
  return Join({site.text(), "of_team", team.text(), agent.text()});
}
Range TeamMembers(const wire::SiteId& site, const wire::TeamId& team) {
  return Below({site.text(), "of_team", team.text()});
}

std::string Audit(const wire::SiteId& site, int64_t at_ms, const wire::AuditId& entry) {
  return Join({site.text(), "audit", Number(at_ms), entry.text()});
}
Range AllAudits(const wire::SiteId& site) { return Below({site.text(), "audit"}); }
Range AuditsBefore(const wire::SiteId& site, int64_t at_ms, const wire::AuditId& entry) {
  return {AllAudits(site).begin, Audit(site, at_ms < 0 ? 0 : at_ms, entry)};
}

std::string CannedReply(const wire::SiteId& site, std::string_view shortcut) {
  return Join({site.text(), "canned", shortcut});
}
Range AllCannedReplies(const wire::SiteId& site) { return Below({site.text(), "canned"}); }

std::string Conversation(const wire::SiteId& site, const wire::ConversationId& conversation) {
  return Join({site.text(), "conversation", conversation.text()});
}

std::string Event(const wire::SiteId& site, const wire::ConversationId& conversation, int64_t seq) {
  return Join({site.text(), "event", conversation.text(), Number(seq)});
}
Range Events(const wire::SiteId& site, const wire::ConversationId& conversation, int64_t after, int64_t before) {
  Range range = NumbersAbove({site.text(), "event", conversation.text()}, after);
  // kNumberMax itself is left out, as everything from `before` on is.
  if (const std::string end = Event(site, conversation, before < 0 ? 0 : before); end < range.end) range.end = end;
  return range;
}

std::string Sent(const wire::SiteId& site, const wire::ConversationId& conversation, const wire::MessageId& message) {
  return Join({site.text(), "sent", conversation.text(), message.text()});
}
Range AllSent(const wire::SiteId& site, const wire::ConversationId& conversation) {
  return Below({site.text(), "sent", conversation.text()});
}

std::string MacroRun(const wire::SiteId& site, const wire::ConversationId& conversation, const wire::MessageId& run) {
  return Join({site.text(), "macro_run", conversation.text(), run.text()});
}

std::string Started(const wire::SiteId& site, const wire::ConversationId& conversation) {
  return Join({site.text(), "started", conversation.text()});
}

std::string CustomerConversation(const wire::SiteId& site, const wire::CustomerId& customer,
                                 const wire::ConversationId& conversation) {
  return Join({site.text(), "of_customer", customer.text(), conversation.text()});
}
Range CustomerConversations(const wire::SiteId& site, const wire::CustomerId& customer) {
  return Below({site.text(), "of_customer", customer.text()});
}

std::string AgentConversation(const wire::SiteId& site, const wire::AgentId& agent,
                              const wire::ConversationId& conversation) {
  return Join({site.text(), "of_agent", agent.text(), conversation.text()});
}
Range AgentConversations(const wire::SiteId& site, const wire::AgentId& agent) {
  return Below({site.text(), "of_agent", agent.text()});
}

std::string JoinedConversation(const wire::SiteId& site, const wire::AgentId& agent,
                               const wire::ConversationId& conversation) {
  return Join({site.text(), "joined", agent.text(), conversation.text()});
}
Range JoinedConversations(const wire::SiteId& site, const wire::AgentId& agent) {
  return Below({site.text(), "joined", agent.text()});
}

std::string Lane(const wire::SiteId& site, std::string_view lane, int64_t place,
                 const wire::ConversationId& conversation) {
  return Join({site.text(), "lane", lane, Number(place), conversation.text()});
}
Range LaneOf(const wire::SiteId& site, std::string_view lane) { return Below({site.text(), "lane", lane}); }
Range AllLanes(const wire::SiteId& site) { return Below({site.text(), "lane"}); }

std::string Queue(const wire::SiteId& site, int64_t queued_at_ms, const wire::ConversationId& conversation) {
  return Join({site.text(), "queue", Number(queued_at_ms), conversation.text()});
}
Range AllQueued(const wire::SiteId& site) { return Below({site.text(), "queue"}); }
Range QueuedBefore(const wire::SiteId& site, int64_t queued_at_ms, const wire::ConversationId& conversation) {
  return {AllQueued(site).begin, Queue(site, queued_at_ms < 0 ? 0 : queued_at_ms, conversation)};
}

std::string QueueState(const wire::SiteId& site) { return Join({site.text(), "queue_state"}); }

std::string Open(const wire::SiteId& site, int64_t created_at_ms, const wire::ConversationId& conversation) {
  return Join({site.text(), "open", Number(created_at_ms), conversation.text()});
}
Range AllOpen(const wire::SiteId& site) { return Below({site.text(), "open"}); }

std::string WithBot(const wire::SiteId& site, int64_t created_at_ms, const wire::ConversationId& conversation) {
  return Join({site.text(), "with_bot", Number(created_at_ms), conversation.text()});
}
Range AllWithBot(const wire::SiteId& site) { return Below({site.text(), "with_bot"}); }

std::string Closed(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation) {
  return Join({site.text(), "closed", Number(closed_at_ms), conversation.text()});
}
Range AllClosed(const wire::SiteId& site) { return Below({site.text(), "closed"}); }
Range ClosedBefore(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation) {
  return {AllClosed(site).begin, Closed(site, closed_at_ms < 0 ? 0 : closed_at_ms, conversation)};
}

std::string Archived(const wire::SiteId& site, int64_t closed_at_ms, const wire::ConversationId& conversation) {
  return Join({site.text(), "archived", Number(closed_at_ms), conversation.text()});
}
Range AllArchived(const wire::SiteId& site) { return Below({site.text(), "archived"}); }

std::string Ending(const wire::SiteId& site, int64_t day) { return Join({site.text(), "ending", Number(day)}); }
Range EndingsOf(const wire::SiteId& site, int64_t first_day, int64_t last_day) {
  Range range = NumbersAbove({site.text(), "ending"}, first_day - 1);
  if (last_day < kNumberMax) range.end = Ending(site, last_day < 0 ? 0 : last_day + 1);
  return range;
}

std::string FeedEntry(const wire::SiteId& site, const FeedOwner& owner, int64_t position) {
  return FeedEntryOf(site, owner.text(), position);
}
std::string FeedEntryOf(const wire::SiteId& site, std::string_view owner, int64_t position) {
  return Join({site.text(), "feed", owner, Number(position)});
}
Range FeedEntries(const wire::SiteId& site, const FeedOwner& owner, int64_t after) {
  return NumbersAbove({site.text(), "feed", owner.text()}, after);
}
bool IsNews(std::string_view key) {
  const std::string_view rest = key.substr(std::min(key.find('/'), key.size()));
  return rest.starts_with("/event/") || rest.starts_with("/feed/");
}
std::string FeedHead(const wire::SiteId& site, const FeedOwner& owner) { return FeedHeadOf(site, owner.text()); }
std::string FeedHeadOf(const wire::SiteId& site, std::string_view owner) {
  return Join({site.text(), "feed_head", owner});
}
std::string Topic(const wire::SiteId& site, const FeedOwner& owner) {
  return Join({site.text(), "feed", owner.text()});
}
std::string LaterTopic(std::string_view topic) { return std::string("~").append(topic); }
std::optional<std::string_view> TopicOfLater(std::string_view topic) {
  if (!topic.starts_with('~')) return std::nullopt;
  return topic.substr(1);
}
std::string PositionsTopic(const wire::SiteId& site) { return Join({site.text(), "positions"}); }
std::string ViewersTopic(const wire::SiteId& site, const wire::ConversationId& conversation) {
  return Join({site.text(), "viewers", conversation.text()});
}
std::string ViewedTopic(const wire::SiteId& site, std::string_view digest) {
  return Join({site.text(), "viewed", digest});
}
std::string TeamTopic(const wire::SiteId& site) { return Join({site.text(), "team"}); }
std::string ConfigurationTopic(const wire::SiteId& site) { return Join({site.text(), "configuration"}); }
std::string SeenTopic(const wire::SiteId& site, const wire::AgentId& agent) {
  return Join({site.text(), "seen", agent.text()});
}
std::string SeenTopic(const wire::SiteId& site, const wire::CustomerId& customer) {
  return Join({site.text(), "seen", customer.text()});
}

std::optional<Parts> DecodeParts(std::string_view key) {
  const size_t site_end = key.find('/');
  if (site_end == 0 || site_end == std::string_view::npos) return std::nullopt;
  Parts decoded;
  decoded.site = key.substr(0, site_end);
  std::string_view rest = key.substr(site_end + 1);
  const size_t family_end = std::min(rest.find('/'), rest.size());
  decoded.family = rest.substr(0, family_end);
  if (decoded.family.empty()) return std::nullopt;
  if (family_end == rest.size()) {
    decoded.parts.emplace_back(decoded.family);
    return decoded;
  }
  rest.remove_prefix(family_end + 1);
  const bool takes_the_rest = decoded.family == "canned";
  while (!takes_the_rest) {
    const size_t end = rest.find('/');
    if (end == std::string_view::npos) break;
    decoded.parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end + 1);
  }
  decoded.parts.emplace_back(rest);
  return decoded;
}

absl::StatusOr<wire::AgentId> DecodeAgent(std::string_view key) {
  const auto parts =
      Split(key, {{"agent", 1}, {"agent_state", 1}, {"online", 1}, {"available", 3}, {"free", 4}, {"of_team", 2}});
  const auto agent = parts.empty() ? std::nullopt : wire::AgentId::Parse(parts.back());
  if (!agent) return Damaged(key);
  return *agent;
}

absl::StatusOr<wire::ConversationId> DecodeConversation(std::string_view key) {
  const auto parts = Split(key, {{"conversation", 1},
                                 {"of_customer", 2},
                                 {"of_agent", 2},
                                 {"joined", 2},
                                 {"queue", 2},
                                 {"lane", 3},
                                 {"open", 2},
                                 {"with_bot", 2},
                                 {"closed", 2},
                                 {"archived", 2}});
  const auto conversation = parts.empty() ? std::nullopt : wire::ConversationId::Parse(parts.back());
  if (!conversation) return Damaged(key);
  return *conversation;
}

absl::StatusOr<wire::DeferredId> DecodeDeferred(std::string_view key) {
  const auto parts = Split(key, {{"defer", 2}, {"defer_dead", 2}});
  const auto call = parts.empty() ? std::nullopt : wire::DeferredId::Parse(parts.back());
  if (!call) return Damaged(key);
  return *call;
}

absl::StatusOr<int64_t> DecodeNumber(std::string_view key) {
  const auto parts = Split(key, {{"event", 2}, {"feed", 2}, {"ending", 1}});
  const auto number = parts.empty() ? std::nullopt : DecodeDigits(parts.back());
  if (!number) return Damaged(key);
  return *number;
}

absl::StatusOr<std::string> DecodeTokenDigest(std::string_view key) {
  const auto parts = Split(key, {{"token_expiry", 2}, {"agent_session", 3}});
  if (parts.empty() || parts.back().empty()) return Damaged(key);
  return std::string(parts.back());
}

absl::StatusOr<int64_t> DecodeTime(std::string_view key) {
  const auto parts = Split(key, {{"queue", 2},
                                 {"lane", 3},
                                 {"open", 2},
                                 {"with_bot", 2},
                                 {"closed", 2},
                                 {"archived", 2},
                                 {"audit", 2},
                                 {"token_expiry", 2},
                                 {"defer", 2},
                                 {"defer_dead", 2}});
  const auto time = parts.size() < 2 ? std::nullopt : DecodeDigits(parts[parts.size() - 2]);
  if (!time) return Damaged(key);
  return *time;
}

absl::StatusOr<std::string> DecodeId(std::string_view key) {
  const auto parts = Split(key, {{"team", 1},
                                 {"skill", 1},
                                 {"hours", 1},
                                 {"rule", 1},
                                 {"macro", 1},
                                 {"bot", 1},
                                 {"tag", 1},
                                 {"attribute", 1},
                                 {"key", 1},
                                 {"identity_secret", 1},
                                 {"agent", 1},
                                 {"canned", 1},
                                 {"sent", 2},
                                 {"audit", 2}});
  if (parts.empty() || parts.back().empty()) return Damaged(key);
  return std::string(parts.back());
}

absl::StatusOr<std::string> DecodeLane(std::string_view key) {
  const auto parts = Split(key, {{"lane", 3}});
  if (parts.empty() || parts.front().empty()) return Damaged(key);
  return std::string(parts.front());
}

}  // namespace alcove::store::keys
