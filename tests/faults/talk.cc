#include "tests/faults/talk.h"

#include <map>
#include <utility>

#include "store/each_entry.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {

Talk::Talk(World& world, uint64_t seed, size_t text_bytes_max)
    : rng_(seed),
      text_bytes_max_(text_bytes_max),
      agent_(world.AddOnlineAgent("Mara", 3)),
      customer_(world.AddCustomer()) {}

Talk::Put Talk::Draw(World& world) {
  // By chance, so that LevelDB cannot press it into nothing.
  std::string text(1 + rng_() % text_bytes_max_, '\0');
  for (char& letter : text) letter = static_cast<char>('0' + rng_() % 64);
  const uint64_t kind = rng_() % 16;
  if (conversations_.empty() || kind == 0) {
    Put put{Method::kPut,
            "",
            customer_.token,
            "",
            world.NewId<wire::MessageId>().text(),
            world.NewId<wire::ConversationId>().text()};
    put.target = "/v1/customer/conversations/" + put.conversation;
    put.body = ToJson(wire::NewConversation{.message = wire::FirstMessage{put.message, text}, .page = std::nullopt});
    return put;
  }
  const std::string& conversation = conversations_[rng_() % conversations_.size()];
  const bool by_agent = rng_() % 2 == 0;
  const std::string path = World::PathOf(by_agent ? "agent" : "customer", conversation);
  const std::string& token = by_agent ? agent_.token : customer_.token;
  if (kind == 1) return {Method::kPost, path + "/close", token, "", "", ""};
  if (kind == 2) return {Method::kPost, path + "/read", token, R"({"seq":2})", "", ""};
  if (kind == 3) {
    const std::string state = rng_() % 2 == 0 ? "online" : "away";
    return {Method::kPut, "/v1/agent/presence", agent_.token, R"({"state":")" + state + R"("})", "", ""};
  }
  Put put{Method::kPut, "", token, ToJson(wire::NewMessage{text}), world.NewId<wire::MessageId>().text(), ""};
  put.target = path + "/messages/" + put.message;
  return put;
}

bool Talk::Step(World& world) {
  if (!pending_) pending_ = Draw(world);
  const Result result = world.Call(pending_->method, pending_->target, pending_->token, pending_->body);
  if (result.status == 503) return false;
  const Put put = *std::exchange(pending_, std::nullopt);
  // A conversation may be closed, or another agent's.
  EXPECT_TRUE(result.status / 100 == 2 || result.status == 409 || result.status == 422 || result.status == 404)
      << put.target << " " << result.status << " " << result.body;
  if (result.status / 100 != 2) return true;
  if (!put.conversation.empty()) conversations_.push_back(put.conversation);
  if (!put.message.empty()) acknowledged_.insert(put.message);
  return true;
}

void ExpectWhole(store::Store& store, const std::set<std::string>& acknowledged) {
  std::map<std::string, int> times;
  const absl::Status read = store.Read([&](store::Reader& reader) -> absl::Status {
    return store::EachEntry(reader, store::keys::Everything(), [&](const store::Entry& entry) {
      const auto parts = store::keys::DecodeParts(entry.key);
      if (!parts || parts->family != "event") return absl::OkStatus();
      const auto event = ParseJson<wire::Event>(entry.value);
      if (event.ok() && event->type == wire::EventType::kMessage) ++times[event->id.value_or("")];
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(read.ok()) << read;
  for (const std::string& message : acknowledged) {
    EXPECT_EQ(times[message], 1) << message << " was acknowledged";
  }
  for (const auto& [message, count] : times) EXPECT_LE(count, 1) << message;
  for (const Finding& finding : FindingsOf(store)) ADD_FAILURE() << finding.key << " " << finding.what;
}

}  // namespace alcove::functions
