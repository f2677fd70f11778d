// Customers and agents at a server that is all in memory, on a network that
// loses, repeats and delays, and a machine that dies: one history, drawn from a seed.
//
//   Simulation simulation(seed);
//   for (int i = 0; i < steps; ++i) simulation.Step();   // fails the test where something does not hold
//   simulation.Settle();                                 // the trouble ends; every screen is as a fresh one
//
// Threads: none.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "runtime/hub.h"
#include "tests/functions/world.h"
#include "tests/simulation/faulty_store.h"
#include "tests/simulation/model.h"
#include "tests/simulation/poll_seat.h"

namespace alcove::simulation {

class Simulation {
 public:
  explicit Simulation(uint64_t seed);
  ~Simulation();

  void Step();
  void Settle();

  // What was done, for whoever wonders whether a run shows anything.
  struct Tally {
    int requests = 0;
    int lost = 0;
    int repeated = 0;
    int deaths = 0;
    int polls = 0;
    int events = 0;
    int assignments = 0;
    int let_pass = 0;
    int overflows = 0;
    int silences = 0;
    int reassigned = 0;
    int joined = 0;
    int bot_messages = 0;
    int handed_over = 0;
    int amended = 0;
    int erased = 0;
  };
  const Tally& tally() const { return tally_; }

 private:
  // Something asked of the server, until the answer to it came.
  struct Errand {
    functions::Request request;
    std::function<void(const functions::Result&)> answered;
    std::string raises;  // the agent whose load a person raises with it
  };
  struct Client {
    std::string side;
    functions::Person who;
    Screen screen;
    std::vector<std::string> started;
    std::unique_ptr<PollSeat> seat;
    std::optional<Errand> errand;  // asked and not answered yet
  };

  size_t Below(size_t bound) { return draw_() % bound; }
  bool Chance(size_t percent) { return Below(100) < percent; }
  Client& AnyOf(const std::string& side);

  // Settings, teams, skills, a rule, and who is of which team: another site with each seed.
  void Furnish();
  // What the program of the site's bot says to anything.
  functions::Fetched AnswerAsBot();
  void PassTime();
  void Act(Client& client);
  void ActAsCustomer(Client& client);
  void ActAsAgent(Client& client);
  void Say(Client& client, const std::string& conversation);
  // The id of a message or note that they see there, by whom, or by anybody; "": there is none.
  std::string AnyWritten(const Client& client, const std::string& conversation, const std::string& by);
  // They edit or delete something that they wrote.
  void Amend(Client& client, const std::string& conversation);
  // Has an owner erase something that they see there, or all that its customer wrote.
  void Erase(Client& client, const std::string& conversation);
  void Ask(Client& client, functions::Method method, const std::string& path, const std::string& body,
           std::function<void(const functions::Result&)> answered = {}, const std::string& raises = {});
  // Sends what the client has asked, over the network as it is just now.
  void Send(Client& client);
  functions::Result Deliver(const Errand& errand);
  void DeliverLate();
  void Restart();
  void RunDeferred();

  void Poll(Client& client);
  void EndPolls();
  void WakePolls();
  void Take(Client& client, const functions::Result& answer);
  void Count(const wire::Event& event);
  void Apply(Client& client, const wire::PollAnswer& answer);
  Screen FreshOf(Client& client);
  void CheckScreen(Client& client);
  void CheckMissedWake();
  void Check();

  std::mt19937_64 draw_;
  FaultyStore* store_ = nullptr;
  std::unique_ptr<functions::World> world_;
  runtime::Hub hub_;
  std::unique_ptr<Model> model_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::deque<Errand> late_;  // on their way still, or once more
  std::set<std::string> raised_;
  std::vector<std::string> teams_;
  bool is_calm_ = false;
  functions::Person owner_;
  Tally tally_;
};

}  // namespace alcove::simulation
