// The attack surface on one screen: every path that a function answers.
//
// Threads: the table is constant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "functions/domain/permissions.h"
#include "functions/function.h"

namespace alcove::functions {

// Who calls.
// kAdmin: an agent or a key of the administration API.
enum class Caller { kAnyone, kCustomer, kAgent, kAdmin };

// Whether a newer request with the same token ends an older parked one.
enum class Parking { kNever, kOneByToken };

// Where the runtime runs it: a few slow ones at once, so that they never keep
// the workers from all others. kSlow: takes a core, or a lot of memory, for tens of milliseconds.
enum class Lane { kFast, kSlow };

// kOnce: all that it needs of the store is one transaction, so that a thread that must not wait may run it. It reads
// nothing behind what it wrote, asks no other server and waits for nothing.
enum class Stores { kAsItLikes, kOnce };

// What a request is, where a server has too much to do: in the order in which
// it refuses them, those that go first first. What is last keeps conversations going.
enum class Work {
  kPresence,      // who is here, who has read how far
  kTyping,        // who types
  kHistory,       // lists and pages of what was
  kPage,          // the loader, the frame and the web files
  kPoll,          // a new poll
  kSession,       // signing in and what a face begins with
  kConversation,  // a new conversation
  kSend,          // what people say, take and end
};

// Who may call, and what an agent or a key must be permitted: both checked by
// the function's Access*, and held together with it by a test.
struct Who {
  constexpr Who(Caller caller_in, std::optional<Permission> permission_in = std::nullopt)  // NOLINT: as a caller is
      : caller(caller_in), permission(permission_in) {}
  Caller caller;
  std::optional<Permission> permission;
};
constexpr Who operator|(Caller caller, Permission permission) { return Who(caller, permission); }

struct Route {
  Method method;
  std::string_view pattern;  // `/v1/agent/conversations/{conversation}/claim`
  Who who;
  Function function;
  Work work = Work::kSend;
  Parking parking = Parking::kNever;
  Lane lane = Lane::kFast;
  Stores stores = Stores::kAsItLikes;
};

// Whether a route says who may call it as its path does: who signs in there, with what an agent or a key must be
// permitted, which is no leave to read where administration is changed. Nobody signs in where a session begins, and
// outside of the API. Asked of the whole table while it is compiled: a route that does not say fails the build.
bool SaysWhoMayCall(const Route& route);

std::span<const Route> Routes();

struct Match {
  const Route* route = nullptr;
  Request::Pairs parameters;
};

// The route of a decoded path, without regular expressions, in time
// proportional to its length. No match and `allowed` empty: no such path (404);
// no match and `allowed` set ("GET, PUT"): the path has other methods (405).
struct Matched {
  std::optional<Match> match;
  std::string allowed;
};
Matched FindRoute(Method method, std::string_view path);

// The path of a resource of administration, by what follows `/v1/admin/`.
std::string AdminPath(std::string_view resource);

// The route of a path, without taking that apart; nullptr for what no function
// answers. Of a path that is not decoded yet it may be wrong: to be used for order, not for access.
const Route* LikelyRoute(Method method, std::string_view path);

}  // namespace alcove::functions
