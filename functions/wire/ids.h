// Ids: a type prefix and a ULID, each a type of its own.
//
// A value of an Id type is always well formed: it was parsed, made here, or
// read back from our own store. The empty id means "none" and is only made by
// the default constructor.
//
// Standard library only: compiled natively and to WebAssembly.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace alcove::wire {

// 26 characters of Crockford's base 32, upper case.
bool IsUlid(std::string_view text);

// The ULID of `milliseconds` since 1970 and 80 random bits. Ids made later
// sort later, to the millisecond.
std::string MakeUlid(int64_t milliseconds, uint16_t random_high, uint64_t random_low);

template <class Kind>
class Id {
 public:
  Id() = default;
  // REQUIRES: Parse(text) would succeed.
  explicit Id(std::string text) : text_(std::move(text)) {}

  static std::optional<Id> Parse(std::string_view text) {
    if (!Kind::IsValid(text)) return std::nullopt;
    return Id(std::string(text));
  }
  static Id Make(int64_t milliseconds, uint16_t random_high, uint64_t random_low) {
    return Id(std::string(Kind::kPrefix) + MakeUlid(milliseconds, random_high, random_low));
  }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::string text_;
};

// Validity that most kinds share: exactly prefix + ULID.
bool IsPrefixedUlid(std::string_view prefix, std::string_view text);
// Site ids are also public keys and may be named by hand: `sit_demo`.
// Prefix and 1 to 32 letters, digits or underscores.
bool IsSiteId(std::string_view text);

struct SiteKind {
  static constexpr std::string_view kPrefix = "sit_";
  static bool IsValid(std::string_view text) { return IsSiteId(text); }
};
struct AgentKind {
  static constexpr std::string_view kPrefix = "agt_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct TeamKind {
  static constexpr std::string_view kPrefix = "tea_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct CustomerKind {
  static constexpr std::string_view kPrefix = "cus_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct ConversationKind {
  static constexpr std::string_view kPrefix = "cnv_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct MessageKind {
  static constexpr std::string_view kPrefix = "msg_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
// What administration makes.
struct SkillKind {
  static constexpr std::string_view kPrefix = "skl_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct HoursKind {
  static constexpr std::string_view kPrefix = "hrs_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct RuleKind {
  static constexpr std::string_view kPrefix = "rul_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct TagKind {
  static constexpr std::string_view kPrefix = "tag_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct MacroKind {
  static constexpr std::string_view kPrefix = "mac_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct BotKind {
  static constexpr std::string_view kPrefix = "bot_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct AttributeKind {
  static constexpr std::string_view kPrefix = "att_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct KeyKind {
  static constexpr std::string_view kPrefix = "key_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct IdentitySecretKind {
  static constexpr std::string_view kPrefix = "isk_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
struct AuditKind {
  static constexpr std::string_view kPrefix = "aud_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};
// Of a session, of which its token tells nobody.
struct SessionKind {
  static constexpr std::string_view kPrefix = "ses_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};

// Of a canned reply: what an agent types to get it, 1 to 64 letters, digits, `-` and `_`, so that it is a part of a
// path.
bool IsShortcut(std::string_view text);
struct ShortcutKind {
  static constexpr std::string_view kPrefix = "";
  static bool IsValid(std::string_view text) { return IsShortcut(text); }
};

// Of a deferred call: crosses the network nowhere, but operators type it.
struct DeferredKind {
  static constexpr std::string_view kPrefix = "dfr_";
  static bool IsValid(std::string_view text) { return IsPrefixedUlid(kPrefix, text); }
};

using SiteId = Id<SiteKind>;
using AgentId = Id<AgentKind>;
using TeamId = Id<TeamKind>;
using CustomerId = Id<CustomerKind>;
using ConversationId = Id<ConversationKind>;
using MessageId = Id<MessageKind>;
using SkillId = Id<SkillKind>;
using HoursId = Id<HoursKind>;
using RuleId = Id<RuleKind>;
using TagId = Id<TagKind>;
using MacroId = Id<MacroKind>;
using BotId = Id<BotKind>;
using AttributeId = Id<AttributeKind>;
using KeyId = Id<KeyKind>;
using IdentitySecretId = Id<IdentitySecretKind>;
using AuditId = Id<AuditKind>;
using SessionId = Id<SessionKind>;
using Shortcut = Id<ShortcutKind>;
using DeferredId = Id<DeferredKind>;

}  // namespace alcove::wire
