// One request from the moment it is framed until it is answered.
//
// It moves between its reactor and a worker and has one owner at a time, so
// its fields need no lock: reactor -> pool -> worker -> mailbox -> reactor,
// where it is parked or answered. Only Signalled() and Superseded() come from
// elsewhere; they leave a note in the reactor's mailbox.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "functions/function.h"
#include "functions/routes.h"
#include "runtime/follow_up.h"
#include "runtime/http_engine.h"
#include "runtime/hub.h"
#include "runtime/mailbox.h"
#include "runtime/superseder.h"
#include "runtime/timer_wheel.h"

namespace alcove::runtime {

class Exchange final : public Waiter, public Superseder::Holder {
 public:
  // It arrives now. `key` names it within the reactor of `mailbox`. All must outlive it.
  Exchange(ExchangeKey key, Mailbox& mailbox, Hub& hub, Superseder& superseder)
      : key_(key), mailbox_(mailbox), hub_(hub), superseder_(superseder), arrival_(superseder.NextArrival()) {}
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

  const ExchangeKey& key() const { return key_; }
  Mailbox& mailbox() const { return mailbox_; }
  SteadyTime arrived_at() const { return arrived_at_; }

  // Ends what holds the key, or is ended by what does and is newer, until this
  // exchange dies. REQUIRES: called once at most.
  void Supersede(std::string supersede_key);
  // A newer one has come: it must answer now. Never becomes false again.
  bool superseded() const { return superseded_.load(); }

  void Signalled() override;
  void Superseded() override;

  // --- Set by the reactor before it is run.
  std::string request;  // as canonical.h says
  std::string peer_address;
  functions::Work work = functions::Work::kSend;
  bool stores_at_once = false;  // as application.h says
  bool keep_alive = true;
  Persistence persistence = Persistence::kKeep;
  functions::Wake wake = functions::Wake::kArrived;
  // What is known of it beforehand, or null.
  std::unique_ptr<FollowUp> follow_up;

  // --- Set by the worker.
  std::string request_id;
  functions::Lane lane = functions::Lane::kFast;
  std::optional<std::string> answer;  // absent: fetch, or park it on `topics` until `deadline`
  // What it wants to know before it is run again, or null. Apart, as most never ask and many wait.
  std::unique_ptr<functions::Fetch> fetch;
  functions::Fetches fetched;                                       // what it knows; whoever fetches adds to it
  store::FatePtr fate;                                              // of what the answer tells
  std::function<void(const functions::Response* instead)> decided;  // as in call.h
  std::vector<std::string> topics;
  std::optional<SteadyTime> deadline;     // the soonest of its Waits: a busy topic must not stretch a poll
  uint64_t since = 0;                     // the hub's number before the function read
  std::unique_ptr<functions::Next> next;  // along with `answer`, of a poll

 private:
  const ExchangeKey key_;
  Mailbox& mailbox_;
  Hub& hub_;
  Superseder& superseder_;
  const uint64_t arrival_;
  const SteadyTime arrived_at_ = std::chrono::steady_clock::now();
  std::string supersede_key_;
  std::atomic<bool> superseded_{false};
};

}  // namespace alcove::runtime
