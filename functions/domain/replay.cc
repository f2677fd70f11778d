#include "functions/domain/replay.h"

#include <algorithm>
#include <cstddef>
#include <queue>
#include <tuple>
#include <utility>

#include "functions/domain/board.h"
#include "store/status_macros.h"

namespace alcove::functions {
namespace {

// What happens at one time happens in this order: who finishes has room for who comes, and who goes is given nothing.
enum class Happening {
  kFinishes,
  kShiftEnds,
  kShiftBegins,
  kAnswers,
  kLetsPass,
  kOverflows,
  kGivesUp,
  kBotEnds,
  kArrives
};

struct Occurrence {
  int64_t at_ms = 0;
  Happening what = Happening::kArrives;
  size_t which = 0;   // of the arrivals, or of the agents
  int64_t offer = 0;  // of the arrival: void where there was another since
};
struct IsLater {
  bool operator()(const Occurrence& a, const Occurrence& b) const {
    return std::tie(a.at_ms, a.what, a.which, a.offer) > std::tie(b.at_ms, b.what, b.which, b.offer);
  }
};

class ReplayedDay {
 public:
  ReplayedDay(const ReplaySite& site, const std::vector<ReplayArrival>& arrivals)
      : site_(site), arrivals_(arrivals), lives_(arrivals.size()) {
    result_.arrivals.resize(arrivals.size());
    for (const auto& [team, of_team] : site.teams) board_.SetPolicy(team, of_team.policy);
    for (size_t i = 0; i < site.agents.size(); ++i) {
      const ReplayAgent& agent = site.agents[i];
      agents_[agent.agent] = i;
      result_.agents[agent.agent];
      board_.SetAgent({agent.agent, wire::Presence::kOffline, 0, agent.capacity, 0, agent.talents});
      for (const ReplayShift& shift : agent.shifts) {
        Expect({shift.from_ms, Happening::kShiftBegins, i});
        Expect({shift.to_ms, Happening::kShiftEnds, i});
      }
    }
    for (size_t i = 0; i < arrivals.size(); ++i) {
      arrivals_by_id_[IdOf(i)] = i;
      lives_[i].need = arrivals[i].need;
      Normalize(lives_[i].need);
      Expect({arrivals[i].at_ms, Happening::kArrives, i});
    }
  }

  absl::StatusOr<ReplayResult> Run() {
    while (!expected_.empty()) {
      const Occurrence next = expected_.top();
      expected_.pop();
      now_ms_ = next.at_ms;
      RETURN_IF_ERROR(Happen(next));
      RETURN_IF_ERROR(HandOut());
    }
    for (size_t i = 0; i < lives_.size(); ++i) {
      if (lives_[i].state == State::kQueued) End(i, EndedBy::kOther);
    }
    return std::move(result_);
  }

 private:
  struct Life {
    State state = State::kBegun;
    Need need;
    int64_t since_ms = 0;  // it waits for a person
    std::optional<wire::AgentId> agent;
    int64_t given_at_ms = 0;
    int64_t offers = 0;
    bool is_answered = false;
  };

  void Expect(const Occurrence& occurrence) { expected_.push(occurrence); }

  absl::Status Happen(const Occurrence& what) {
    switch (what.what) {
      case Happening::kFinishes:
        Finish(what.which);
        break;
      case Happening::kShiftEnds:
      case Happening::kShiftBegins:
        SetPresence(site_.agents[what.which].agent,
                    what.what == Happening::kShiftBegins ? wire::Presence::kOnline : wire::Presence::kOffline);
        break;
      case Happening::kAnswers:
        if (IsOffered(what)) Answer(what.which);
        break;
      case Happening::kLetsPass:
        if (IsOffered(what)) LetPass(what.which);
        break;
      case Happening::kOverflows:
        Overflow(what.which);
        break;
      case Happening::kGivesUp:
        GiveUp(what.which);
        break;
      case Happening::kBotEnds:
        return EndBot(what.which);
      case Happening::kArrives:
        return Arrive(what.which);
    }
    return absl::OkStatus();
  }

  bool IsOffered(const Occurrence& what) const {
    const Life& life = lives_[what.which];
    return life.state == State::kOpen && !life.is_answered && life.offers == what.offer;
  }

  static wire::ConversationId IdOf(size_t which) {
    return wire::ConversationId::Make(static_cast<int64_t>(which), 0, 0);
  }

  void SetPresence(const wire::AgentId& agent, wire::Presence presence) {
    Candidate candidate = board_.AgentOf(agent);
    candidate.presence = presence;
    board_.SetAgent(std::move(candidate));
  }

  void Enqueue(size_t which) {
    Life& life = lives_[which];
    life.state = State::kQueued;
    const ReplayArrival& arrival = arrivals_[which];
    const auto last = last_agents_.find(arrival.customer);
    // What comes back keeps its age.
    board_.Enqueue({IdOf(which), arrival.priority, life.since_ms, life.need,
                    last == last_agents_.end() ? std::nullopt : std::optional(last->second)});
    const auto team = site_.teams.find(life.need.team);
    if (team == site_.teams.end() || !team->second.overflow) return;
    Expect({std::max(now_ms_, life.since_ms + team->second.overflow->after_ms), Happening::kOverflows, which});
  }

  absl::Status Arrive(size_t which) {
    const ReplayArrival& arrival = arrivals_[which];
    if (!arrival.bot) return WaitForPerson(which, Crowded::kIsRefused);
    lives_[which].state = State::kBot;
    Expect({arrival.at_ms + arrival.bot->for_ms, Happening::kBotEnds, which});
    return absl::OkStatus();
  }

  absl::Status EndBot(size_t which) {
    if (arrivals_[which].bot->hands_over) return WaitForPerson(which, Crowded::kWaits);
    lives_[which].since_ms = now_ms_;
    result_.arrivals[which].by_bot = true;
    End(which, EndedBy::kOther);
    return absl::OkStatus();
  }

  // What becomes of one for which the queue has no place.
  enum class Crowded { kIsRefused, kWaits };

  absl::Status WaitForPerson(size_t which, Crowded crowded) {
    lives_[which].since_ms = now_ms_;
    Enqueue(which);
    RETURN_IF_ERROR(HandOut());
    Life& life = lives_[which];
    const bool may_be_refused = life.state == State::kQueued && crowded == Crowded::kIsRefused;
    if (may_be_refused && site_.queue_limit && static_cast<int64_t>(board_.waiting()) > *site_.queue_limit) {
      board_.TakeOut(IdOf(which));
      life.state = State::kClosed;
      result_.arrivals[which].refused = true;
    } else if (const ReplayArrival& arrival = arrivals_[which]; arrival.patience_ms && !life.is_answered) {
      Expect({life.since_ms + *arrival.patience_ms, Happening::kGivesUp, which});
    }
    return absl::OkStatus();
  }

  absl::Status HandOut() {
    while (true) {
      ASSIGN_OR_RETURN(const auto next, NextPairing(board_, board_));
      if (!next) return absl::OkStatus();
      Give(next->waiting, *next->decision.agent);
    }
  }

  void Give(const Waiting& waiting, const wire::AgentId& agent) {
    const size_t which = arrivals_by_id_.at(waiting.conversation);
    Life& life = lives_[which];
    board_.TakeOut(waiting.conversation);
    board_.Give(agent, life.need.team, now_ms_);
    life.state = State::kOpen;
    life.agent = agent;
    life.given_at_ms = now_ms_;
    ++life.offers;
    ReplayedAgent& told = result_.agents[agent];
    told.load_max = std::max(told.load_max, board_.AgentOf(agent).load);
    if (!arrivals_[which].customer.empty()) last_agents_.insert_or_assign(arrivals_[which].customer, agent);
    const int64_t after_ms = site_.agents[agents_.at(agent)].answers_after_ms;
    if (site_.accept_timeout_ms && after_ms > *site_.accept_timeout_ms) {
      Expect({now_ms_ + *site_.accept_timeout_ms, Happening::kLetsPass, which, life.offers});
    } else if (after_ms > 0) {
      Expect({now_ms_ + after_ms, Happening::kAnswers, which, life.offers});
    } else {
      Answer(which);
    }
  }

  void Answer(size_t which) {
    Life& life = lives_[which];
    life.is_answered = true;
    Replayed& told = result_.arrivals[which];
    told.agent = life.agent;
    told.waited_ms = now_ms_ - life.since_ms;
    ++result_.agents[*life.agent].answered;
    Expect({now_ms_ + arrivals_[which].handling_ms, Happening::kFinishes, which});
  }

  void TakeBack(size_t which) {
    Life& life = lives_[which];
    board_.TakeBack(*life.agent, life.need.team);
    result_.agents[*life.agent].handled_ms += now_ms_ - life.given_at_ms;
  }

  void LetPass(size_t which) {
    Life& life = lives_[which];
    TakeBack(which);
    ++result_.agents[*life.agent].let_pass;
    life.need.passed.push_back(*life.agent);
    Normalize(life.need);
    life.agent.reset();
    Enqueue(which);
  }

  void Overflow(size_t which) {
    Life& life = lives_[which];
    if (life.state != State::kQueued) return;
    const auto team = site_.teams.find(life.need.team);
    if (team == site_.teams.end() || !team->second.overflow) return;
    if (now_ms_ < life.since_ms + team->second.overflow->after_ms) return;
    Waiting waiting = *board_.TakeOut(IdOf(which));
    // Once: what overflows waits where it has come to.
    waiting.need.team = life.need.team = team->second.overflow->team;
    board_.Enqueue(waiting);
  }

  void GiveUp(size_t which) {
    const Life& life = lives_[which];
    if (life.is_answered || IsOver(life.state)) return;
    if (life.state == State::kQueued) {
      board_.TakeOut(IdOf(which));
    } else {
      TakeBack(which);
    }
    End(which, EndedBy::kCustomer);
  }

  void Finish(size_t which) {
    TakeBack(which);
    End(which, EndedBy::kOther);
  }

  void End(size_t which, EndedBy by) {
    Life& life = lives_[which];
    Replayed& told = result_.arrivals[which];
    told.ending = EndingOf(life.state, by, life.is_answered ? Answered::kByAgent : Answered::kByNobody);
    if (!life.is_answered) told.waited_ms = now_ms_ - life.since_ms;
    life.state = State::kClosed;
  }

  const ReplaySite& site_;
  const std::vector<ReplayArrival>& arrivals_;
  Board board_;
  std::vector<Life> lives_;
  std::map<wire::ConversationId, size_t> arrivals_by_id_;
  std::map<wire::AgentId, size_t> agents_;
  std::map<std::string, wire::AgentId> last_agents_;  // by customer
  std::priority_queue<Occurrence, std::vector<Occurrence>, IsLater> expected_;
  int64_t now_ms_ = 0;
  ReplayResult result_;
};

}  // namespace

absl::StatusOr<ReplayResult> Replay(const ReplaySite& site, const std::vector<ReplayArrival>& arrivals) {
  return ReplayedDay(site, arrivals).Run();
}

}  // namespace alcove::functions
