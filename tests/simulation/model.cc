#include "tests/simulation/model.h"

#include <algorithm>

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
      if (event->type == wire::EventType::kMessage && event->actor.kind != wire::ActorKind::kSystem) {
        CheckMessage(id, log, *event);
      }
      log.entries.push_back(entry.value);
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
    for (size_t i = 0; i < log.entries.size(); ++i) EXPECT_EQ((*events)[i].value, log.entries[i]) << id;
  }
}

void Model::CheckAssignments(std::set<std::string> by_hand) {
  std::map<std::string, Seat> seats;
  std::map<std::string, int64_t> loads;
  std::set<std::string> given;
  std::vector<std::string> waiting;
  std::map<std::string, functions::AgentRecord> agents;
  std::map<std::string, functions::AgentState> states;
  const auto read = world_.store->Read([&](store::Reader& reader) -> absl::Status {
    for (const std::string& id : conversations_) {
      const auto head =
          functions::Find<functions::ConversationRecord>(reader, keys::Conversation(kSite, wire::ConversationId(id)));
      if (!head.ok()) return head.status();
      // It may have been lost on its way.
      if (!*head) continue;
      if ((*head)->state == wire::ConversationState::kQueued) waiting.push_back(id);
      if ((*head)->state != wire::ConversationState::kOpen) continue;
      EXPECT_TRUE((*head)->agent.has_value()) << id << " is open and nobody's";
      if (!(*head)->agent) continue;
      const Seat seat{(*head)->agent->id, (*head)->snoozed_until.has_value()};
      if (!seat.is_snoozed) ++loads[seat.agent];
      const auto before = seats_.find(id);
      if (before == seats_.end() || before->second.agent != seat.agent) {
        given.insert(seat.agent);
      } else if (before->second.is_snoozed && !seat.is_snoozed) {
        by_hand.insert(seat.agent);
      }
      seats[id] = seat;
    }
    const auto records = reader.Scan(keys::AllAgents(kSite));
    if (!records.ok()) return records.status();
    for (const store::Entry& entry : *records) {
      const wire::AgentId id = *keys::DecodeAgent(entry.key);
      agents[id.text()] = *functions::DecodeRecord<functions::AgentRecord>(entry.value);
      const auto state = functions::LoadOrDefault<functions::AgentState>(reader, keys::AgentState(kSite, id));
      if (!state.ok()) return state.status();
      states[id.text()] = *state;
    }
    return absl::OkStatus();
  });
  ASSERT_TRUE(read.ok()) << read;
  for (const auto& [id, agent] : agents) {
    const int64_t load = loads[id];
    EXPECT_EQ(states[id].load, load) << agent.name << " has another number of conversations than is said";
    if (given.contains(id) && !by_hand.contains(id)) {
      EXPECT_LE(load, agent.capacity) << agent.name << " was given more than they can take";
    }
    const bool has_room = states[id].presence == wire::Presence::kOnline && load < agent.capacity;
    EXPECT_FALSE(has_room && !waiting.empty()) << agent.name << " has room, and " << waiting.front() << " waits";
  }
  seats_ = std::move(seats);
}

}  // namespace alcove::simulation
