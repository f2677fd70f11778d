// After the server was restored: nothing is shown as sent that it does not have, and what it lost is sent again.
#include "tests/wasm-widget/client_customer_fixture.h"
#include "wasm-widget/client/agent_session.h"

namespace alcove::client {
namespace {

class ResyncTest : public CustomerSessionTest {
 protected:
  void Restore(std::vector<wire::ConversationWithEvents> talks) {
    Answer(kPoll, Problem(410, "resync"));
    Answer(kSession, Ok(Snapshot(std::move(talks))));
  }
};

TEST_F(ResyncTest, AConversationThatTheStoreLostIsBegunAgainUnderItsId) {
  wire::ConversationWithEvents talk = Talk(kConversation, 3);
  talk.conversation.page = "https://shop.example/mug";
  Connect({talk});
  session_->Select(kConversation);
  session_->SendMessage("unsent");
  world_.Take(kPath + "/messages/");
  Restore({});
  EXPECT_EQ(session_->selected(), kConversation);
  EXPECT_EQ(Screen(*session_), "text 1~|text 3~|unsent~");
  const HttpRequest start = world_.Take(kPath);
  EXPECT_EQ(start.path, kPath);
  const auto body = Read<wire::NewConversation>(start);
  EXPECT_EQ(body.message->id, "msg_1");
  // With the body that it was begun with, so that it is a repeat where it is there after all.
  EXPECT_EQ(body.page->url, "https://shop.example/mug");
  // Kept, should the page go meanwhile, in the order in which it goes.
  const std::string& kept = world_.storage.values["alcove.outbox.sit_demo"];
  EXPECT_LT(kept.find("msg_1"), kept.find("msg_3"));
  EXPECT_LT(kept.find("msg_3"), kept.find("unsent"));
}

TEST_F(ResyncTest, WhatIsThereOrTooOldIsNotSentAgain) {
  const struct {
    const char* name;
    wire::ConversationWithEvents told;
    int64_t later_ms;
    const char* screen;
  } cases[] = {
      {"all is there", Talk(kConversation, 4), 0, "text 1+|text 2|text 3+|text 4"},
      {"only the newest were told", Talk(kConversation, 4, 4), 0, "text 4"},
      {"after a day", Talk(kConversation, 2), wire::kOutboxAgeMsMax, "text 1+|text 2"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.name);
    Reload();
    Connect({Talk(kConversation, 3, 3)});
    session_->Select(kConversation);
    world_.clock.now += each.later_ms;
    Restore({each.told});
    EXPECT_EQ(Screen(*session_), each.screen);
    EXPECT_FALSE(world_.Has(kPath + "/messages/"));
  }
}

TEST_F(ResyncTest, AnOrdinarySnapshotSendsNothingAgain) {
  Connect({Talk(kConversation, 3)});
  session_->Select(kConversation);
  Answer(kPoll, Problem(401, "token_invalid"));
  Answer(kSession, Ok(Snapshot({Talk(kConversation, 2)})));
  EXPECT_EQ(Screen(*session_), "text 1+|text 2");
  EXPECT_FALSE(world_.Has(kPath));
}

TEST(AgentResync, AnAgentSeesWhatThereIsAndSendsAgainWhatIsNot) {
  FakeWorld world;
  world.storage.values["alcove.agent.token"] = "at_1";
  AgentSession session(world.platform);
  const auto answer = [&](std::string_view path, const HttpAnswer& what) {
    session.OnResponse(world.Take(path).id, what);
  };
  wire::AgentSnapshot snapshot;
  snapshot.agent.id = kMara.id;
  snapshot.conversations = {Talk(kConversation, 2), Talk(kOther, 2)};
  wire::Event note = Message(kConversation, 3, kMara, "a note");
  note.type = wire::EventType::kNote;
  note.mentions = {{kPriya.id}};
  snapshot.conversations[0].events.push_back(note);
  snapshot.conversations[0].conversation.last_seq = 3;
  snapshot.cursor = "c1";
  session.Start();
  answer("/v1/agent/snapshot", Ok(snapshot));
  session.Select(kOther);
  world.Take("/v1/agent/conversations/" + kOther + "/viewing");
  answer("/v1/agent/poll", Problem(410, "resync"));
  snapshot.conversations = {Talk(kConversation, 1)};
  answer("/v1/agent/snapshot", Ok(snapshot));
  // The one on screen is asked for, and until then shows nothing that may be untrue.
  EXPECT_EQ(Screen(session), "");
  answer("/v1/agent/conversations/" + kOther, Problem(404, "not_found"));
  EXPECT_EQ(session.selected(), "");
  EXPECT_EQ(session.Mine().size(), 1u);
  session.Select(kConversation);
  EXPECT_EQ(Screen(session), "text 1|text 2~|(note)~");
  const std::string path = "/v1/agent/conversations/" + kConversation;
  wire::Event stored = Message(kConversation, 2, kMara, "text 2");
  session.OnResponse(world.Take(path + "/messages/msg_2").id, Json(201, functions::ToJson(wire::EventAnswer{stored})));
  EXPECT_EQ(world.Take(path + "/notes/msg_3").body, R"({"text":"a note","mentions":[")" + kPriya.id + "\"]}")
      << "what was for colleagues alone stays so";
}

}  // namespace
}  // namespace alcove::client
