#include "functions/routes.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "functions/admin/agents.h"
#include "functions/admin/audit.h"
#include "functions/admin/endings.h"
#include "functions/admin/erase.h"
#include "functions/admin/explain.h"
#include "functions/admin/keys.h"
#include "functions/admin/kinds.h"
#include "functions/admin/sites.h"
#include "functions/agent/account.h"
#include "functions/agent/amend.h"
#include "functions/agent/assign.h"
#include "functions/agent/attributes.h"
#include "functions/agent/bulk.h"
#include "functions/agent/claim.h"
#include "functions/agent/close.h"
#include "functions/agent/conversations.h"
#include "functions/agent/events.h"
#include "functions/agent/macro.h"
#include "functions/agent/participate.h"
#include "functions/agent/poll.h"
#include "functions/agent/presence.h"
#include "functions/agent/put_message.h"
#include "functions/agent/put_note.h"
#include "functions/agent/read.h"
#include "functions/agent/reopen.h"
#include "functions/agent/session.h"
#include "functions/agent/snapshot.h"
#include "functions/agent/snooze.h"
#include "functions/agent/tags.h"
#include "functions/agent/typing.h"
#include "functions/agent/viewing.h"
#include "functions/customer/amend.h"
#include "functions/customer/close.h"
#include "functions/customer/events.h"
#include "functions/customer/hand_over.h"
#include "functions/customer/page.h"
#include "functions/customer/poll.h"
#include "functions/customer/put_message.h"
#include "functions/customer/rate.h"
#include "functions/customer/read.h"
#include "functions/customer/session.h"
#include "functions/customer/start.h"
#include "functions/customer/typing.h"
#include "functions/method.h"
#include "functions/pages/frame.h"
#include "functions/pages/loader.h"

namespace alcove::functions {
namespace {

using enum Method;
using enum Caller;
using enum Permission;
using enum Parking;
using enum Lane;
using enum Stores;
using enum Work;

// clang-format off
constexpr Route kRoutes[] = {
    {kPost,   "/v1/customer/session",                                                 kAnyone,                customer::MakeSession, kSession},
    {kDelete, "/v1/customer/session",                                                 kCustomer,              customer::EndSession, kSend},
    {kPut,    "/v1/customer/conversations/{conversation}",                            kCustomer,              customer::Start, kConversation},
    {kPut,    "/v1/customer/conversations/{conversation}/messages/{message}",         kCustomer,              customer::PutMessage, kSend, kNever, kFast, kOnce},
    {kPatch,  "/v1/customer/conversations/{conversation}/messages/{message}",         kCustomer,              customer::EditMessage, kSend},
    {kDelete, "/v1/customer/conversations/{conversation}/messages/{message}",         kCustomer,              customer::DeleteMessage, kSend},
    {kPost,   "/v1/customer/conversations/{conversation}/page",                       kCustomer,              customer::TellPage, kPresence},
    {kGet,    "/v1/customer/conversations/{conversation}/events",                     kCustomer,              customer::Events, kHistory},
    {kPost,   "/v1/customer/conversations/{conversation}/read",                       kCustomer,              customer::Read, kPresence},
    {kPost,   "/v1/customer/conversations/{conversation}/typing",                     kCustomer,              customer::Typing, kTyping},
    {kPost,   "/v1/customer/conversations/{conversation}/close",                      kCustomer,              customer::Close, kSend},
    {kPost,   "/v1/customer/conversations/{conversation}/hand_over",                  kCustomer,              customer::HandOver, kSend},
    {kPut,    "/v1/customer/conversations/{conversation}/rating",                     kCustomer,              customer::Rate, kSend},
    {kGet,    "/v1/customer/poll",                                                    kCustomer,              customer::Poll, kPoll, kOneByToken},

    {kPost,   "/v1/agent/session",                                                    kAnyone,                agent::MakeSession, kSession, kNever, kSlow},
    {kDelete, "/v1/agent/session",                                                    kAgent|kFollow,         agent::EndSession, kSend},
    {kGet,    "/v1/agent/snapshot",                                                   kAgent|kFollow,         agent::Snapshot, kSession},
    {kPut,    "/v1/agent/presence",                                                   kAgent|kConverse,       agent::SetPresence, kPresence},
    {kGet,    "/v1/agent/conversations",                                              kAgent|kFollow,         agent::Conversations, kHistory},
    {kGet,    "/v1/agent/conversations/{conversation}",                               kAgent|kFollow,         agent::OneConversation, kHistory},
    {kPut,    "/v1/agent/conversations/{conversation}/messages/{message}",            kAgent|kConverse,       agent::PutMessage, kSend, kNever, kFast, kOnce},
    {kPatch,  "/v1/agent/conversations/{conversation}/messages/{message}",            kAgent|kConverse,       agent::EditMessage, kSend},
    {kDelete, "/v1/agent/conversations/{conversation}/messages/{message}",            kAgent|kConverse,       agent::DeleteMessage, kSend},
    {kPut,    "/v1/agent/conversations/{conversation}/notes/{message}",               kAgent|kConverse,       agent::PutNote, kSend},
    {kPut,    "/v1/agent/conversations/{conversation}/macros/{message}",              kAgent|kConverse,       agent::RunMacro, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/viewing",                       kAgent|kFollow,         agent::Viewing, kTyping},
    {kGet,    "/v1/agent/conversations/{conversation}/events",                        kAgent|kFollow,         agent::Events, kHistory},
    {kPost,   "/v1/agent/conversations/{conversation}/claim",                         kAgent|kConverse,       agent::Claim, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/assign",                        kAgent|kConverse,       agent::AssignTo, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/join",                          kAgent|kConverse,       agent::JoinIt, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/leave",                         kAgent|kConverse,       agent::LeaveIt, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/reopen",                        kAgent|kConverse,       agent::ReopenFor, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/tags",                          kAgent|kConverse,       agent::ChangeTags, kSend},
    {kPut,    "/v1/agent/conversations/{conversation}/attributes/{attribute}",        kAgent|kConverse,       agent::SetAttribute, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/snooze",                        kAgent|kConverse,       agent::SnoozeIt, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/read",                          kAgent|kConverse,       agent::Read, kPresence},
    {kPost,   "/v1/agent/conversations/{conversation}/typing",                        kAgent|kConverse,       agent::Typing, kTyping},
    {kPost,   "/v1/agent/conversations/{conversation}/close",                         kAgent|kConverse,       agent::Close, kSend},
    {kPost,   "/v1/agent/bulk",                                                         kAgent|kConverse,       agent::DoBulk, kSend, kNever, kSlow},
    {kGet,    "/v1/agent/poll",                                                       kAgent|kFollow,         agent::Poll, kPoll, kOneByToken},
    {kPut,    "/v1/agent/password",                                                   kAgent|kFollow,         agent::ChangePassword, kSend, kNever, kSlow},
    {kGet,    "/v1/agent/sessions",                                                   kAgent|kFollow,         agent::OwnSessions, kHistory},
    {kDelete, "/v1/agent/sessions/{session}",                                         kAgent|kFollow,         agent::EndOwnSession, kSend},
    {kPut,    "/v1/agent/totp",                                                       kAgent|kFollow,         agent::EnrolTotp, kSend},
    {kPost,   "/v1/agent/totp/confirm",                                               kAgent|kFollow,         agent::ConfirmOwnTotp, kSend},
    {kPost,   "/v1/agent/totp/remove",                                                kAgent|kFollow,         agent::RemoveOwnTotp, kSend},
    {kGet,    "/v1/agent/configuration",                                              kAgent|kFollow,         agent::Configuration, kSession},

    {kGet,    "/v1/admin/sites",                                                      kAdmin|kFollow,         admin::ListSites, kHistory},
    {kGet,    "/v1/admin/sites/{site}",                                               kAdmin|kFollow,         admin::GetSite, kHistory},
    {kPut,    "/v1/admin/sites/{site}",                                               kAdmin|kChangeRouting,  admin::PutSite, kSend},
    {kGet,    "/v1/admin/settings",                                                   kAdmin|kFollow,         admin::Get<admin::kSettings>, kHistory},
    {kPut,    "/v1/admin/settings",                                                   kAdmin|kChangeRouting,  admin::Put<admin::kSettings>, kSend},
    {kGet,    "/v1/admin/agents",                                                     kAdmin|kSeePeople,      admin::ListAgents, kHistory},
    {kGet,    "/v1/admin/agents/{agent}",                                             kAdmin|kSeePeople,      admin::GetAgent, kHistory},
    {kPut,    "/v1/admin/agents/{agent}",                                             kAdmin|kChangePeople,   admin::PutAgent, kSend},
    {kDelete, "/v1/admin/agents/{agent}",                                             kAdmin|kChangePeople,   admin::DeleteAgent, kSend},
    {kPut,    "/v1/admin/agents/{agent}/password",                                    kAdmin|kChangePeople,   admin::SetPassword, kSend, kNever, kSlow},
    {kDelete, "/v1/admin/agents/{agent}/totp",                                        kAdmin|kChangePeople,   admin::ResetTotp, kSend},
    {kGet,    "/v1/admin/agents/{agent}/sessions",                                    kAdmin|kSeePeople,      admin::ListSessions, kHistory},
    {kDelete, "/v1/admin/agents/{agent}/sessions/{session}",                          kAdmin|kChangePeople,   admin::RevokeSession, kSend},
    {kGet,    "/v1/admin/teams",                                                      kAdmin|kFollow,         admin::List<admin::kTeams>, kHistory},
    {kGet,    "/v1/admin/teams/{team}",                                               kAdmin|kFollow,         admin::Get<admin::kTeams>, kHistory},
    {kPut,    "/v1/admin/teams/{team}",                                               kAdmin|kChangeRouting,  admin::Put<admin::kTeams>, kSend},
    {kDelete, "/v1/admin/teams/{team}",                                               kAdmin|kChangeRouting,  admin::Delete<admin::kTeams>, kSend},
    {kGet,    "/v1/admin/skills",                                                     kAdmin|kFollow,         admin::List<admin::kSkills>, kHistory},
    {kGet,    "/v1/admin/skills/{skill}",                                             kAdmin|kFollow,         admin::Get<admin::kSkills>, kHistory},
    {kPut,    "/v1/admin/skills/{skill}",                                             kAdmin|kChangeRouting,  admin::Put<admin::kSkills>, kSend},
    {kDelete, "/v1/admin/skills/{skill}",                                             kAdmin|kChangeRouting,  admin::Delete<admin::kSkills>, kSend},
    {kGet,    "/v1/admin/hours",                                                      kAdmin|kFollow,         admin::List<admin::kHours>, kHistory},
    {kGet,    "/v1/admin/hours/{hours}",                                              kAdmin|kFollow,         admin::Get<admin::kHours>, kHistory},
    {kPut,    "/v1/admin/hours/{hours}",                                              kAdmin|kChangeHours,    admin::Put<admin::kHours>, kSend},
    {kDelete, "/v1/admin/hours/{hours}",                                              kAdmin|kChangeHours,    admin::Delete<admin::kHours>, kSend},
    {kGet,    "/v1/admin/rules",                                                      kAdmin|kFollow,         admin::List<admin::kRules>, kHistory},
    {kGet,    "/v1/admin/rules/{rule}",                                               kAdmin|kFollow,         admin::Get<admin::kRules>, kHistory},
    {kPut,    "/v1/admin/rules/{rule}",                                               kAdmin|kChangeRouting,  admin::Put<admin::kRules>, kSend},
    {kDelete, "/v1/admin/rules/{rule}",                                               kAdmin|kChangeRouting,  admin::Delete<admin::kRules>, kSend},
    {kGet,    "/v1/admin/canned",                                                     kAdmin|kFollow,         admin::List<admin::kCanned>, kHistory},
    {kGet,    "/v1/admin/canned/{shortcut}",                                          kAdmin|kFollow,         admin::Get<admin::kCanned>, kHistory},
    {kPut,    "/v1/admin/canned/{shortcut}",                                          kAdmin|kChangeReplies,  admin::Put<admin::kCanned>, kSend},
    {kDelete, "/v1/admin/canned/{shortcut}",                                          kAdmin|kChangeReplies,  admin::Delete<admin::kCanned>, kSend},
    {kGet,    "/v1/admin/macros",                                                     kAdmin|kFollow,         admin::List<admin::kMacros>, kHistory},
    {kGet,    "/v1/admin/macros/{macro}",                                             kAdmin|kFollow,         admin::Get<admin::kMacros>, kHistory},
    {kPut,    "/v1/admin/macros/{macro}",                                             kAdmin|kChangeReplies,  admin::Put<admin::kMacros>, kSend},
    {kDelete, "/v1/admin/macros/{macro}",                                             kAdmin|kChangeReplies,  admin::Delete<admin::kMacros>, kSend},
    {kGet,    "/v1/admin/bots",                                                       kAdmin|kFollow,         admin::List<admin::kBots>, kHistory},
    {kGet,    "/v1/admin/bots/{bot}",                                                 kAdmin|kFollow,         admin::Get<admin::kBots>, kHistory},
    {kPut,    "/v1/admin/bots/{bot}",                                                 kAdmin|kChangeRouting,  admin::Put<admin::kBots>, kSend},
    {kDelete, "/v1/admin/bots/{bot}",                                                 kAdmin|kChangeRouting,  admin::Delete<admin::kBots>, kSend},
    {kGet,    "/v1/admin/tags",                                                       kAdmin|kFollow,         admin::List<admin::kTags>, kHistory},
    {kGet,    "/v1/admin/tags/{tag}",                                                 kAdmin|kFollow,         admin::Get<admin::kTags>, kHistory},
    {kPut,    "/v1/admin/tags/{tag}",                                                 kAdmin|kChangeReplies,  admin::Put<admin::kTags>, kSend},
    {kDelete, "/v1/admin/tags/{tag}",                                                 kAdmin|kChangeReplies,  admin::Delete<admin::kTags>, kSend},
    {kGet,    "/v1/admin/attributes",                                                 kAdmin|kFollow,         admin::List<admin::kAttributes>, kHistory},
    {kGet,    "/v1/admin/attributes/{attribute}",                                     kAdmin|kFollow,         admin::Get<admin::kAttributes>, kHistory},
    {kPut,    "/v1/admin/attributes/{attribute}",                                     kAdmin|kChangeRouting,  admin::Put<admin::kAttributes>, kSend},
    {kDelete, "/v1/admin/attributes/{attribute}",                                     kAdmin|kChangeRouting,  admin::Delete<admin::kAttributes>, kSend},
    {kGet,    "/v1/admin/keys",                                                       kAdmin|kChangeKeys,     admin::ListKeys, kHistory},
    {kGet,    "/v1/admin/keys/{key}",                                                 kAdmin|kChangeKeys,     admin::GetKey, kHistory},
    {kPut,    "/v1/admin/keys/{key}",                                                 kAdmin|kChangeKeys,     admin::PutKey, kSend},
    {kDelete, "/v1/admin/keys/{key}",                                                 kAdmin|kChangeKeys,     admin::DeleteKey, kSend},
    {kGet,    "/v1/admin/identity",                                                   kAdmin|kFollow,         admin::List<admin::kIdentitySecrets>, kHistory},
    {kGet,    "/v1/admin/identity/{secret}",                                          kAdmin|kFollow,         admin::Get<admin::kIdentitySecrets>, kHistory},
    {kPut,    "/v1/admin/identity/{secret}",                                          kAdmin|kChangeKeys,     admin::Put<admin::kIdentitySecrets>, kSend},
    {kDelete, "/v1/admin/identity/{secret}",                                          kAdmin|kChangeKeys,     admin::Delete<admin::kIdentitySecrets>, kSend},
    {kGet,    "/v1/admin/conversations/{conversation}/explain",                       kAdmin|kFollow,         admin::ExplainConversation, kHistory},
    {kDelete, "/v1/admin/conversations/{conversation}/messages",                      kAdmin|kErase,          admin::EraseCustomersPart, kSend},
    {kDelete, "/v1/admin/conversations/{conversation}/messages/{message}",            kAdmin|kErase,          admin::EraseMessage, kSend},
    {kGet,    "/v1/admin/endings",                                                    kAdmin|kFollow,         admin::ReportEndings, kHistory},
    {kGet,    "/v1/admin/audit",                                                      kAdmin|kSeeAudit,       admin::ListAudit, kHistory},

    {kGet,    "/loader.js",                                                           kAnyone,                pages::Loader, kPage},
    {kGet,    "/frame.html",                                                          kAnyone,                pages::Frame, kPage},
};
// clang-format on

constexpr bool SaysWho(const Route& route) {
  const bool of_admin = route.pattern.starts_with("/v1/admin/");
  const bool begins_session = route.method == kPost && route.pattern.ends_with("/session");
  Caller caller = kAnyone;
  if (of_admin) caller = kAdmin;
  if (route.pattern.starts_with("/v1/agent/") && !begins_session) caller = kAgent;
  if (route.pattern.starts_with("/v1/customer/") && !begins_session) caller = kCustomer;
  if (route.pattern.starts_with("/v1/") && !begins_session && caller == kAnyone) return false;
  const bool needs_permission = caller == kAgent || caller == kAdmin;
  if (route.who.caller != caller || route.who.permission.has_value() != needs_permission) return false;
  const bool reads = route.who.permission == kFollow || route.who.permission == kSeePeople;
  return !of_admin || route.method == kGet || !reads;
}
static_assert(std::all_of(std::begin(kRoutes), std::end(kRoutes), SaysWho),
              "a route does not say who may call it as its path does");

// Takes the first segment off, slash included. "" when nothing is left.
std::string_view TakeSegment(std::string_view& path) {
  const size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool IsParameter(std::string_view segment) { return segment.starts_with("/{"); }

// By what nearly all paths differ from a pattern: what stands before its first parameter, and its last segment unless
// that is one.
struct Ends {
  std::string_view first;
  std::string_view last;
};
constexpr Ends EndsOf(std::string_view pattern) {
  return {pattern.substr(0, pattern.find('{')), pattern.ends_with('}') ? "" : pattern.substr(pattern.rfind('/'))};
}
// Of each route: every request is looked up more than once.
constexpr auto kEnds = [] {
  std::array<Ends, std::size(kRoutes)> ends;
  for (size_t i = 0; i < ends.size(); ++i) ends[i] = EndsOf(kRoutes[i].pattern);
  return ends;
}();

// Whether the path is of the route's pattern; `parameter` is told each name and value. REQUIRES: one of kRoutes.
template <class Visit>
bool MatchesPattern(const Route& route, std::string_view path, const Visit& parameter) {
  const Ends& ends = kEnds[static_cast<size_t>(&route - kRoutes)];
  if (!path.starts_with(ends.first) || !path.ends_with(ends.last)) return false;
  std::string_view pattern = route.pattern;
  while (!pattern.empty()) {
    const std::string_view expected = TakeSegment(pattern);
    const std::string_view segment = TakeSegment(path);
    if (!IsParameter(expected)) {
      if (segment != expected) return false;
    } else if (segment.size() < 2 || segment.front() != '/') {
      return false;
    } else {
      parameter(expected.substr(2, expected.size() - 3), segment.substr(1));
    }
  }
  return path.empty();
}

// The parameters, where the path is of the pattern.
std::optional<Request::Pairs> MatchPattern(const Route& route, std::string_view path) {
  Request::Pairs parameters;
  const auto add = [&](std::string_view name, std::string_view value) { parameters.emplace_back(name, value); };
  if (!MatchesPattern(route, path, add)) return std::nullopt;
  return parameters;
}

}  // namespace

std::string AdminPath(std::string_view resource) { return "/v1/admin/" + std::string(resource); }

bool SaysWhoMayCall(const Route& route) { return SaysWho(route); }

std::span<const Route> Routes() { return kRoutes; }

Matched FindRoute(Method method, std::string_view path) {
  Matched matched;
  for (const Route& route : kRoutes) {
    if (route.method != method) continue;
    std::optional<Request::Pairs> parameters = MatchPattern(route, path);
    if (!parameters) continue;
    matched.match = Match{&route, *std::move(parameters)};
    return matched;
  }
  for (const Route& route : kRoutes) {
    if (!MatchPattern(route, path)) continue;
    if (!matched.allowed.empty()) matched.allowed += ", ";
    matched.allowed += NameOf(route.method);
  }
  return matched;
}

const Route* LikelyRoute(Method method, std::string_view path) {
  const auto ignored = [](std::string_view, std::string_view) {};
  for (const Route& route : kRoutes) {
    if (route.method == method && MatchesPattern(route, path, ignored)) return &route;
  }
  return nullptr;
}

}  // namespace alcove::functions
