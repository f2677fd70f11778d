// A world for sessions: a transport that keeps what was sent until a test
// answers it, a clock that a test moves, storage that survives a session.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "functions/json_codec.h"
#include "functions/wire/requests.h"
#include "wasm-widget/client/platform.h"
#include "wasm-widget/client/session.h"

namespace alcove::client {

class FakeTransport final : public Transport {
 public:
  void Send(const HttpRequest& request) override { open.push_back(request); }
  void Abort(int64_t id) override {
    std::erase_if(open, [&](const HttpRequest& request) { return request.id == id; });
    ++aborts;
  }
  std::vector<HttpRequest> open;  // sent, neither answered nor aborted
  int aborts = 0;
};

class FakeClock final : public Clock {
 public:
  int64_t WallMs() override { return 1'700'000'000'000 + now; }
  int64_t MonotonicMs() override { return now; }
  int64_t now = 1'000'000;
};

class FakeRandom final : public Random {
 public:
  explicit FakeRandom(uint64_t seed) : engine_(seed) {}
  uint64_t Next() override { return engine_(); }

 private:
  std::mt19937_64 engine_;
};

class FakeStorage final : public Storage {
 public:
  std::optional<std::string> Get(std::string_view key) override {
    const auto found = values.find(std::string(key));
    return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
  }
  void Set(std::string_view key, std::string_view value) override { values[std::string(key)] = value; }
  void Remove(std::string_view key) override { values.erase(std::string(key)); }
  std::map<std::string, std::string> values;
};

struct FakeWorld {
  FakeTransport transport;
  FakeClock clock;
  FakeRandom random{1};
  FakeStorage storage;
  Platform platform{transport, clock, random, storage};

  // The open request whose path begins so; fails the test where there is none.
  HttpRequest Take(std::string_view path) {
    for (size_t i = 0; i < transport.open.size(); ++i) {
      if (transport.open[i].path.substr(0, path.size()) != path) continue;
      HttpRequest request = transport.open[i];
      transport.open.erase(transport.open.begin() + static_cast<std::ptrdiff_t>(i));
      return request;
    }
    ADD_FAILURE() << "no open request to " << path;
    return {};
  }
  bool Has(std::string_view path) const {
    for (const HttpRequest& request : transport.open) {
      if (request.path.substr(0, path.size()) == path) return true;
    }
    return false;
  }

  // Runs the session's timers until `ms` are over.
  void Pass(Session& session, int64_t ms) {
    const int64_t end = clock.now + ms;
    for (int64_t due = session.NextDueAt(); due <= end; due = session.NextDueAt()) {
      clock.now = std::max(clock.now, due);
      session.Tick();
      ASSERT_GT(session.NextDueAt(), due) << "something stays due for ever";
    }
    clock.now = end;
  }
};

inline HttpAnswer Json(int status, std::string body) {
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = status < 400 ? "application/json" : "application/problem+json";
  answer.body = std::move(body);
  return answer;
}
template <class T>
HttpAnswer Ok(const T& value) {
  return Json(200, functions::ToJson(value));
}
inline HttpAnswer Problem(int status, std::string code) {
  wire::Problem problem;
  problem.status = status;
  problem.code = std::move(code);
  return Json(status, functions::ToJson(problem));
}
inline HttpAnswer NoNetwork() { return {}; }
inline HttpAnswer CameSecond() {
  HttpAnswer answer;
  answer.came_second = true;
  return answer;
}
inline HttpAnswer TimedOut() {
  HttpAnswer answer;
  answer.timed_out = true;
  return answer;
}

inline const std::string kConversation = "cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV";
inline const std::string kOther = "cnv_01ARZ3NDEKTSV4RRFFQ69G5FAW";
inline const wire::Actor kPriya{wire::ActorKind::kCustomer, "cus_01ARZ3NDEKTSV4RRFFQ69G5FAV", "Priya"};
inline const wire::Actor kMara{wire::ActorKind::kAgent, "agt_01ARZ3NDEKTSV4RRFFQ69G5FAV", "Mara"};

inline const wire::Actor kAlva{wire::ActorKind::kBot, "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV", "Alva"};

inline wire::Event Message(const std::string& conversation, int64_t seq, const wire::Actor& by, std::string text,
                           std::string id = "") {
  wire::Event event;
  event.conversation = conversation;
  event.seq = seq;
  event.type = wire::EventType::kMessage;
  event.id = id.empty() ? "msg_" + std::to_string(seq) : std::move(id);
  event.at = 1'700'000'000'000 + seq;
  event.actor = by;
  event.text = std::move(text);
  return event;
}
inline wire::Event News(const std::string& conversation, int64_t seq, wire::EventType type) {
  wire::Event event;
  event.conversation = conversation;
  event.seq = seq;
  event.type = type;
  event.at = 1'700'000'000'000 + seq;
  event.actor.kind = wire::ActorKind::kSystem;
  if (type == wire::EventType::kAssigned) event.agent = kMara;
  return event;
}

// A conversation of Priya and Mara with these messages, odd ones by Priya.
inline wire::ConversationWithEvents Talk(const std::string& id, int64_t messages, int64_t from = 1) {
  wire::ConversationWithEvents talk;
  talk.conversation.id = id;
  talk.conversation.state = wire::ConversationState::kOpen;
  talk.conversation.customer = kPriya;
  talk.conversation.agent = kMara;
  talk.conversation.last_seq = messages;
  talk.conversation.updated_at = 1'700'000'000'000 + messages;
  for (int64_t seq = from; seq <= messages; ++seq) {
    talk.events.push_back(Message(id, seq, seq % 2 == 1 ? kPriya : kMara, "text " + std::to_string(seq)));
  }
  return talk;
}

// What is on screen, a word a row: `text`, with the delivery of one's own.
inline std::string Screen(const Session& session) {
  static constexpr const char* kDelivery[] = {"", "~", "+", "++", "!"};
  std::string screen;
  const auto view = session.conversation();
  if (!view) return "nothing";
  for (const Row& row : view->rows) {
    if (!screen.empty()) screen += '|';
    screen +=
        row.type == wire::EventType::kMessage ? std::string(row.text) : "(" + std::string(wire::NameOf(row.type)) + ")";
    screen += kDelivery[static_cast<int>(row.delivery)];
  }
  return screen;
}

}  // namespace alcove::client
