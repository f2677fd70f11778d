// A customer's session between a test and a server that the test plays.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/wire/limits.h"
#include "tests/wasm-widget/client_fakes.h"
#include "wasm-widget/client/customer_session.h"

namespace alcove::client {

inline constexpr std::string_view kSession = "/v1/customer/session";
inline constexpr std::string_view kPoll = "/v1/customer/poll";
inline const std::string kPath = "/v1/customer/conversations/" + kConversation;

inline wire::CustomerSession Snapshot(std::vector<wire::ConversationWithEvents> talks) {
  wire::CustomerSession session;
  session.token = "ct_1";
  session.customer = {kPriya.id, kPriya.name};
  session.site.id = "sit_demo";
  session.conversations = std::move(talks);
  session.cursor = "c1";
  session.poll.hold_ms = 25'000;
  return session;
}
inline wire::PollAnswer Told(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
  return {std::move(events), std::move(signals), "c2", false, {25'000, 0}};
}
template <class T>
T Read(const HttpRequest& request) {
  auto parsed = functions::ParseJson<T>(request.body);
  EXPECT_TRUE(parsed.ok()) << parsed.status() << request.body;
  return parsed.ok() ? *std::move(parsed) : T{};
}
inline std::string Last(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class CustomerSessionTest : public testing::Test {
 protected:
  void Start() { session_->Start("sit_demo", wire::Page{"https://shop.example/", std::nullopt}, "en"); }
  void Connect(std::vector<wire::ConversationWithEvents> talks) {
    Start();
    Answer(kSession, Ok(Snapshot(std::move(talks))));
    ASSERT_TRUE(session_->ready());
  }
  HttpRequest Answer(std::string_view path, const HttpAnswer& answer) {
    const HttpRequest request = world_.Take(path);
    session_->OnResponse(request.id, answer);
    return request;
  }
  void Poll(std::vector<wire::Event> events, std::vector<wire::Signal> signals = {}) {
    Answer(kPoll, Ok(Told(std::move(events), std::move(signals))));
  }
  // The server stores the message that is under way.
  std::string Store(const std::string& conversation, int64_t seq) {
    const HttpRequest request = world_.Take("/v1/customer/conversations/" + conversation + "/messages/");
    const std::string id = Last(request.path);
    stored_ = Message(conversation, seq, kPriya, Read<wire::NewMessage>(request).text, id);
    session_->OnResponse(request.id, Ok(wire::EventAnswer{stored_}));
    return id;
  }
  void Reload() {
    world_.transport.open.clear();
    session_ = std::make_unique<CustomerSession>(world_.platform);
  }

  FakeWorld world_;
  std::unique_ptr<CustomerSession> session_ = std::make_unique<CustomerSession>(world_.platform);
  wire::Event stored_;
};

}  // namespace alcove::client
