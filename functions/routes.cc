#include "functions/routes.h"

#include <algorithm>
#include <array>

#include "functions/agent/assign.h"
#include "functions/agent/claim.h"
#include "functions/agent/close.h"
#include "functions/agent/conversations.h"
#include "functions/agent/events.h"
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
#include "functions/customer/close.h"
#include "functions/customer/events.h"
#include "functions/customer/poll.h"
#include "functions/customer/put_message.h"
#include "functions/customer/rate.h"
#include "functions/customer/read.h"
#include "functions/customer/session.h"
#include "functions/customer/start.h"
#include "functions/customer/typing.h"
#include "functions/pages/frame.h"
#include "functions/pages/loader.h"

namespace alcove::functions {
namespace {

using enum Method;
using enum Caller;
using enum Parking;
using enum Lane;
using enum Work;

// clang-format off
constexpr Route kRoutes[] = {
    {kPost,   "/v1/customer/session",                                         kAnyone,   customer::MakeSession, kSession},
    {kDelete, "/v1/customer/session",                                         kCustomer, customer::EndSession, kSend},
    {kPut,    "/v1/customer/conversations/{conversation}",                    kCustomer, customer::Start, kConversation},
    {kPut,    "/v1/customer/conversations/{conversation}/messages/{message}", kCustomer, customer::PutMessage, kSend},
    {kGet,    "/v1/customer/conversations/{conversation}/events",             kCustomer, customer::Events, kHistory},
    {kPost,   "/v1/customer/conversations/{conversation}/read",               kCustomer, customer::Read, kPresence},
    {kPost,   "/v1/customer/conversations/{conversation}/typing",             kCustomer, customer::Typing, kTyping},
    {kPost,   "/v1/customer/conversations/{conversation}/close",              kCustomer, customer::Close, kSend},
    {kPut,    "/v1/customer/conversations/{conversation}/rating",             kCustomer, customer::Rate, kSend},
    {kGet,    "/v1/customer/poll",                                            kCustomer, customer::Poll, kPoll, kOneByToken},

    {kPost,   "/v1/agent/session",                                            kAnyone,   agent::MakeSession, kSession, kNever, kSlow},
    {kDelete, "/v1/agent/session",                                            kAgent,    agent::EndSession, kSend},
    {kGet,    "/v1/agent/snapshot",                                           kAgent,    agent::Snapshot, kSession},
    {kPut,    "/v1/agent/presence",                                           kAgent,    agent::SetPresence, kPresence},
    {kGet,    "/v1/agent/conversations",                                      kAgent,    agent::Conversations, kHistory},
    {kGet,    "/v1/agent/conversations/{conversation}",                       kAgent,    agent::OneConversation, kHistory},
    {kPut,    "/v1/agent/conversations/{conversation}/messages/{message}",    kAgent,    agent::PutMessage, kSend},
    {kPut,    "/v1/agent/conversations/{conversation}/notes/{message}",       kAgent,    agent::PutNote, kSend},
    {kGet,    "/v1/agent/conversations/{conversation}/events",                kAgent,    agent::Events, kHistory},
    {kPost,   "/v1/agent/conversations/{conversation}/claim",                 kAgent,    agent::Claim, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/assign",                kAgent,    agent::AssignTo, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/reopen",                kAgent,    agent::ReopenFor, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/tags",                  kAgent,    agent::ChangeTags, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/snooze",                kAgent,    agent::SnoozeIt, kSend},
    {kPost,   "/v1/agent/conversations/{conversation}/read",                  kAgent,    agent::Read, kPresence},
    {kPost,   "/v1/agent/conversations/{conversation}/typing",                kAgent,    agent::Typing, kTyping},
    {kPost,   "/v1/agent/conversations/{conversation}/close",                 kAgent,    agent::Close, kSend},
    {kGet,    "/v1/agent/poll",                                               kAgent,    agent::Poll, kPoll, kOneByToken},

    {kGet,    "/loader.js",                                                   kAnyone,   pages::Loader, kPage},
    {kGet,    "/frame.html",                                                  kAnyone,   pages::Frame, kPage},
};
// clang-format on

constexpr std::array<std::string_view, 4> kMethodNames = {"GET", "POST", "PUT", "DELETE"};

// Takes the first segment off, slash included. "" when nothing is left.
std::string_view TakeSegment(std::string_view& path) {
  const size_t end = std::min(path.find('/', 1), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool IsParameter(std::string_view segment) { return segment.starts_with("/{"); }

// Whether the path is of the pattern; `parameter` is told each name and value.
template <class Visit>
bool MatchesPattern(std::string_view pattern, std::string_view path, const Visit& parameter) {
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
std::optional<Request::Pairs> MatchPattern(std::string_view pattern, std::string_view path) {
  Request::Pairs parameters;
  const auto add = [&](std::string_view name, std::string_view value) { parameters.emplace_back(name, value); };
  if (!MatchesPattern(pattern, path, add)) return std::nullopt;
  return parameters;
}

}  // namespace

std::span<const Route> Routes() { return kRoutes; }

Matched FindRoute(Method method, std::string_view path) {
  Matched matched;
  for (const Route& route : kRoutes) {
    std::optional<Request::Pairs> parameters = MatchPattern(route.pattern, path);
    if (!parameters) continue;
    if (route.method == method) {
      matched.match = Match{&route, *std::move(parameters)};
      matched.allowed.clear();
      return matched;
    }
    if (!matched.allowed.empty()) matched.allowed += ", ";
    matched.allowed += kMethodNames[static_cast<size_t>(route.method)];
  }
  return matched;
}

Work WorkOf(Method method, std::string_view path) {
  const auto ignored = [](std::string_view, std::string_view) {};
  for (const Route& route : kRoutes) {
    if (route.method == method && MatchesPattern(route.pattern, path, ignored)) return route.work;
  }
  return Work::kPage;
}

}  // namespace alcove::functions
