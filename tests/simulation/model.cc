#include "tests/simulation/model.h"

#include <algorithm>
#include <utility>

#include "functions/wire/amend.h"

namespace alcove::simulation {

namespace keys = store::keys;
using functions::kSite;

void Model::Knows(const std::string& conversation) {
  if (logs_.try_emplace(conversation).second) conversations_.push_back(conversation);
}

void Model::Sends(const std::string& conversation, const std::string& author, const std::string& message) {
  Knows(conversation);
  logs_.at(conversation).sent[author].push_back(message);
}

void Model::Kept(const std::string& conversation, const std::string& message) {
  logs_.at(conversation).kept.insert(message);
}

void Model::GivenUp(const std::string& conversation, const std::string& message) {
  logs_.at(conversation).given_up.insert(message);
}

void Model::CheckMessage(const std::string& conversation, Log& log, const wire::Event& event) {
  const std::string& message = *event.id;
  EXPECT_FALSE(log.places.contains(message)) << message << " is in " << conversation << " twice";
  const std::vector<std::string>& sent = log.sent[event.actor.id];
  const auto place = std::find(sent.begin(), sent.end(), message);
  ASSERT_NE(place, sent.end()) << message << " in " << conversation << " was not sent by " << event.actor.id;
  // Whoever sends waits for the answer to the one before, or gives it up.
  for (auto later = place + 1; later != sent.end() && !log.given_up.contains(message); ++later) {
    EXPECT_FALSE(log.places.contains(*later)) << message << " is behind " << *later << ", which was sent after it";
  }
  log.places[message] = log.entries.size();
}

namespace {

// Who joined and has not left since; who is given it has it instead, and what is closed ends it for all.
void Follow(const wire::Event& event, std::vector<std::string>& participants) {
  // Of a bot the two have no agent.
  const bool of_agent = event.agent.has_value();
  if (event.type == wire::EventType::kJoined && of_agent) participants.push_back(event.agent->id);
  if ((event.type == wire::EventType::kLeft && of_agent) || event.type == wire::EventType::kAssigned) {
    std::erase(participants, event.agent->id);
  }
  if (event.type == wire::EventType::kTransferred) std::erase(participants, event.to->id);
  if (event.type == wire::EventType::kClosed) participants.clear();
}

}  // namespace

void Model::CheckLogs() {
  for (auto& [id, log] : logs_) {
    const wire::ConversationId conversation(id);
    const auto events = world_.store->Read([&](store::Reader& reader) {
      return reader.Scan(keys::Events(kSite, conversation, static_cast<int64_t>(log.entries.size())));
    });
    ASSERT_TRUE(events.ok()) << events.status();
    for (const store::Entry& entry : *events) {
      const auto event = functions::ParseJson<wire::Event>(entry.value);
      ASSERT_TRUE(event.ok());
      ASSERT_EQ(event->seq, static_cast<int64_t>(log.entries.size()) + 1) << "a gap in " << id;
      const bool by_person =
          event->actor.kind != wire::ActorKind::kSystem && event->actor.kind != wire::ActorKind::kBot;
      if (event->type == wire::EventType::kMessage && by_person) {
        CheckMessage(id, log, *event);
      }
      Follow(*event, log.participants);
      for (wire::Event& earlier : log.entries) wire::Amend(*event, earlier);
      log.entries.push_back(*event);
    }
    for (const std::string& message : log.kept) {
      EXPECT_TRUE(log.places.contains(message)) << message << " was kept in " << id << " and is lost";
    }
    log.kept.clear();
  }
}

void Model::CheckLogsAnew() {
  for (const auto& [id, log] : logs_) {
    const auto events = world_.store->Read(
        [&](store::Reader& reader) { return reader.Scan(keys::Events(kSite, wire::ConversationId(id))); });
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_EQ(events->size(), log.entries.size());
    for (size_t i = 0; i < log.entries.size(); ++i) {
      EXPECT_EQ((*events)[i].value, functions::ToJson(log.entries[i])) << id;
    }
  }
}

namespace {

bool IsLoad(const functions::ConversationRecord& head) {
  return head.state == wire::ConversationState::kOpen && !head.snoozed_until;
}

// Whether the agent has all that the conversation needs, and has not let it pass: as the documents say it, not as the
// server decides it.
bool Suits(const std::string& id, const functions::AgentRecord& agent, const functions::ConversationRecord& head) {
  const auto holds = [](const auto& list, const auto& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  };
  if (head.team && !holds(agent.teams, *head.team)) return false;
  if (head.passed && holds(*head.passed, id)) return false;
  for (const wire::SkillLevel& needed : head.skills.value_or(std::vector<wire::SkillLevel>())) {
    const bool knows = std::any_of(agent.skills.begin(), agent.skills.end(), [&](const wire::SkillLevel& skill) {
      return skill.skill == needed.skill && skill.level >= needed.level;
    });
    if (!knows) return false;
  }
  return true;
}

// How urgent and since when: the smaller comes first.
std::pair<int64_t, int64_t> TurnOf(const functions::ConversationRecord& head) {
  return {-head.priority.value_or(0), head.waits_since.value_or(head.created_at)};
}

}  // namespace

Model::Site Model::ReadSite() {
  Site site;
  const auto read = world_.store->Read([&](store::Reader& reader) -> absl::Status {
    for (const std::string& id : conversations_) {
      const auto head =
          functions::Find<functions::ConversationRecord>(reader, keys::Conversation(kSite, wire::ConversationId(id)));
      if (!head.ok()) return head.status();
      // It may have been lost on its way.
      if (*head) site.heads[id] = **head;
    }
    const auto agents = reader.Scan(keys::AllAgents(kSite));
    if (!agents.ok()) return agents.status();
    for (const store::Entry& entry : *agents) {
      const wire::AgentId id = *keys::DecodeAgent(entry.key);
      site.agents[id.text()] = *functions::DecodeRecord<functions::AgentRecord>(entry.value);
      const auto state = functions::LoadOrDefault<functions::AgentState>(reader, keys::AgentState(kSite, id));
      if (!state.ok()) return state.status();
      site.states[id.text()] = *state;
    }
    const auto teams = reader.Scan(keys::AllTeams(kSite));
    if (!teams.ok()) return teams.status();
    for (const store::Entry& entry : *teams) {
      site.teams[*keys::DecodeId(entry.key)] = *functions::DecodeRecord<functions::TeamRecord>(entry.value);
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  for (const auto& [id, head] : site.heads) {
    if (head.team && IsLoad(head)) ++site.team_loads[*head.team];
  }
  return site;
}

void Model::CheckAssignments(std::set<std::string> by_hand) {
  const Site site = ReadSite();
  CheckParticipants(site);
  CheckLoads(site, std::move(by_hand));
  CheckNobodyWaitsInVain(site);
  CheckOrder(site);
}

void Model::CheckParticipants(const Site& site) {
  for (const auto& [id, head] : site.heads) {
    std::vector<std::string> said;
    for (const wire::Actor& agent : head.participants.value_or(std::vector<wire::Actor>())) said.push_back(agent.id);
    EXPECT_EQ(said, logs_.at(id).participants) << "others take part in " << id << " than people were told";
  }
}

void Model::CheckLoads(const Site& site, std::set<std::string> by_hand) {
  std::map<std::string, Seat> seats;
  std::map<std::string, int64_t> loads;
  std::set<std::string> given;
  for (const auto& [id, head] : site.heads) {
    if (head.state != wire::ConversationState::kOpen) continue;
    EXPECT_TRUE(head.agent.has_value()) << id << " is open and nobody's";
    if (!head.agent) continue;
    const Seat seat{head.agent->id, head.snoozed_until.has_value()};
    if (!seat.is_snoozed) ++loads[seat.agent];
    const auto before = seats_.find(id);
    if (before == seats_.end() || before->second.agent != seat.agent) {
      given.insert(seat.agent);
    } else if (before->second.is_snoozed && !seat.is_snoozed) {
      by_hand.insert(seat.agent);
    }
    seats[id] = seat;
  }
  for (const auto& [id, agent] : site.agents) {
    const int64_t load = loads[id];
    EXPECT_EQ(site.states.at(id).load, load) << agent.name << " has another number of conversations than is said";
    if (given.contains(id) && !by_hand.contains(id)) {
      EXPECT_LE(load, agent.capacity) << agent.name << " was given more than they can take";
    }
  }
  seats_ = std::move(seats);
}

void Model::CheckNobodyWaitsInVain(const Site& site) {
  for (const auto& [id, head] : site.heads) {
    if (head.state != wire::ConversationState::kQueued) continue;
    if (head.team) {
      const auto& capacity = site.teams.at(*head.team).capacity;
      const auto load = site.team_loads.find(*head.team);
      if (capacity && load != site.team_loads.end() && load->second >= *capacity) continue;
    }
    for (const auto& [agent_id, agent] : site.agents) {
      const functions::AgentState& state = site.states.at(agent_id);
      const bool has_room = state.presence == wire::Presence::kOnline && state.load < agent.capacity;
      EXPECT_FALSE(has_room && Suits(agent_id, agent, head)) << agent.name << " has room, and " << id << " waits";
    }
  }
}

void Model::CheckOrder(const Site& site) {
  // Who waited all the time since the last look.
  std::vector<std::string> patient;
  std::map<std::string, int64_t> waiting;
  for (const auto& [id, head] : site.heads) {
    if (head.state != wire::ConversationState::kQueued) continue;
    waiting[id] = head.last_seq;
    const auto before = waiting_.find(id);
    if (before != waiting_.end() && before->second == head.last_seq) patient.push_back(id);
  }
  waiting_ = std::move(waiting);
  for (auto& [id, log] : logs_) {
    for (; log.seen < log.entries.size(); ++log.seen) {
      const wire::Event* const event = &log.entries[log.seen];
      const bool by_queue = event->type == wire::EventType::kAssigned && event->actor.kind == wire::ActorKind::kSystem;
      // Who comes back to their own agent was never in the queue.
      if (!by_queue || event->why == "had it before") continue;
      const functions::ConversationRecord& taken = site.heads.at(id);
      for (const std::string& other : patient) {
        const functions::ConversationRecord& head = site.heads.at(other);
        // A team that has as many as it can take waits for one of its own.
        if (head.team && head.team != taken.team && site.teams.at(*head.team).capacity) continue;
        const bool suits = Suits(event->agent->id, site.agents.at(event->agent->id), head);
        EXPECT_FALSE(suits && TurnOf(head) < TurnOf(taken))
            << id << " was given to " << event->agent->name << " before " << other << ", whose turn it was";
      }
    }
  }
}

}  // namespace alcove::simulation
