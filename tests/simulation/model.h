// What must be true of the log, by what people sent and were told: kept beside
// the server, and compared with its store.
//
// Threads: none.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "tests/functions/world.h"

namespace alcove::simulation {

// What a client that follows the protocol shows.
struct Screen {
  std::map<std::string, wire::Conversation> conversations;
  std::map<std::string, std::vector<wire::Event>> events;
};

class Model {
 public:
  explicit Model(functions::World& world) : world_(world) {}

  // Somebody begins to send it: it may arrive from now on. Of one author in one conversation, one after another.
  void Sends(const std::string& conversation, const std::string& author, const std::string& message);
  // They were answered that it is kept.
  void Kept(const std::string& conversation, const std::string& message);

  // They were refused and have given it up. What the network has of it still may come whenever it likes.
  void GivenUp(const std::string& conversation, const std::string& message);

  // Reads what has been added to each conversation since the last time, and fails the test where a seq is missing, a
  // message is there twice, was sent by nobody or is before one that its author sent earlier; or where one that is
  // kept is not there.
  void CheckLogs();
  // That nothing of what was read has changed since, but by what the log tells of it.
  void CheckLogsAnew();

  // Who has what and who waits, by the heads alone: no conversation that is open without an agent, nobody who takes
  // part in one but who joined and has not left, had it or seen it closed since; nobody given more than they can take
  // but by a person's doing, or because a snooze is over, no team neither, nobody waiting while somebody who suits them
  // has room, and nobody given to an agent before somebody else whom that agent suits, who is more urgent or has waited
  // longer. `by_hand`: the agents whose load a person raised since the last time. REQUIRES: CheckLogs() was called
  // since anything was done.
  void CheckAssignments(std::set<std::string> by_hand);

  const std::vector<std::string>& conversations() const { return conversations_; }
  void Knows(const std::string& conversation);

 private:
  struct Log {
    std::vector<wire::Event> entries;                      // as stored, by seq, with what became of each
    size_t seen = 0;                                       // of them, when assignments were checked last
    std::map<std::string, size_t> places;                  // of messages, in `entries`
    std::map<std::string, std::vector<std::string>> sent;  // by author, in order
    std::set<std::string> kept;
    std::set<std::string> given_up;
    std::vector<std::string> participants;  // as people were told
  };
  void CheckMessage(const std::string& conversation, Log& log, const wire::Event& event);

  // What the store says just now of who waits, who has what, and who there is.
  struct Site {
    std::map<std::string, functions::ConversationRecord> heads;
    std::map<std::string, functions::AgentRecord> agents;
    std::map<std::string, functions::AgentState> states;
    std::map<std::string, functions::TeamRecord> teams;
    std::map<std::string, int64_t> team_loads;
  };
  Site ReadSite();
  void CheckParticipants(const Site& site);
  void CheckLoads(const Site& site, std::set<std::string> by_hand);
  void CheckNobodyWaitsInVain(const Site& site);
  void CheckOrder(const Site& site);

  functions::World& world_;
  std::map<std::string, Log> logs_;
  std::vector<std::string> conversations_;
  struct Seat {
    std::string agent;
    bool is_snoozed = false;
    friend bool operator==(const Seat&, const Seat&) = default;
  };
  std::map<std::string, Seat> seats_;       // of each conversation that is open, as it was seen last
  std::map<std::string, int64_t> waiting_;  // the last seq of each that waited when it was seen last
};

}  // namespace alcove::simulation
