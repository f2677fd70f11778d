#include <set>
#include <string>

#include "tests/functions/two_who_talk.h"

namespace alcove::functions {
namespace {

class MessageOf : public TwoWhoTalk {};
INSTANTIATE_TEST_SUITE_P(BothSides, MessageOf, OfBothSides(), NameOfSide);

TEST_P(MessageOf, ReachesTheOtherSideOnce) {
  const Result parked = world_.Poll(other_side(), other());
  ASSERT_TRUE(parked.hangs()) << parked.body;
  world_.ForgetWakes();
  const Result put = world_.Say(side(), who(), conversation_, "are you there?");
  ASSERT_EQ(put.status, 201) << put.body;
  EXPECT_TRUE(world_.Wakes(parked));
  const auto event = put.As<wire::EventAnswer>().event;
  EXPECT_EQ(event.seq, 3);
  EXPECT_EQ(event.actor.id, who().id);
  EXPECT_EQ(event.actor.name, who().name);
  EXPECT_EQ(event.text, "are you there?");
  const auto heard = world_.Hear(other_side(), other());
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0], event);
  EXPECT_TRUE(world_.Hear(other_side(), other()).events.empty());
}

TEST_P(MessageOf, IsToldItsAuthorLater) {
  const Result own = world_.Poll(side(), who());
  const Result others = world_.Poll(other_side(), other());
  ASSERT_TRUE(own.hangs() && others.hangs());
  world_.TakeToldLater();
  ASSERT_EQ(world_.Say(side(), who(), conversation_, "are you there?").status, 201);
  const std::set<std::string> later = world_.TakeToldLater();
  EXPECT_TRUE(own.WokenBy(later));
  EXPECT_FALSE(others.WokenBy(later));
  ASSERT_EQ(world_.Say(other_side(), other(), conversation_, "I am").status, 201);
  EXPECT_FALSE(own.WokenBy(world_.TakeToldLater()));
  EXPECT_EQ(world_.Hear(side(), who()).events.size(), 2U);
}

TEST_P(MessageOf, RetryReturnsTheFirstResult) {
  const std::string id = world_.NewId<wire::MessageId>().text();
  const Result first = world_.Say(side(), who(), conversation_, "once", id);
  world_.Post(World::PathOf(side(), conversation_) + "/close", who());
  const auto before = world_.Everything();
  world_.clock.Advance(absl::Hours(1));
  const Result again = world_.Say(side(), who(), conversation_, "once", id);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(MessageOf, AnIdIsForOneTextAndOneAuthor) {
  const std::string id = world_.NewId<wire::MessageId>().text();
  world_.Say(side(), who(), conversation_, "once", id);
  const Result reused = world_.Say(side(), who(), conversation_, "twice", id);
  EXPECT_EQ(reused.code(), "id_reused");
  EXPECT_EQ(reused.As<wire::Problem>().event->text, "once") << "what the id was used for";
  EXPECT_EQ(world_.Say(other_side(), other(), conversation_, "once", id).code(), "id_reused");
}

TEST_P(MessageOf, IsRefusedWhereTheConversationIsClosed) {
  world_.Post(World::PathOf(other_side(), conversation_) + "/close", other());
  const auto before = world_.Everything();
  const Result result = world_.Say(side(), who(), conversation_, "too late");
  EXPECT_EQ(result.status, 409);
  EXPECT_EQ(result.code(), "closed");
  EXPECT_EQ(result.As<wire::Problem>().conversation->state, wire::ConversationState::kClosed);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(MessageOf, BadOnesAreRefusedAndWriteNothing) {
  const std::string good = world_.NewId<wire::MessageId>().text();
  const struct {
    const char* name;
    std::string id;
    std::string body;
    int status;
  } kCases[] = {
      {"no body", good, "", 400},
      {"no text", good, "{}", 400},
      {"a number for a text", good, R"({"text":7})", 400},
      {"cut JSON", good, R"({"text":"a)", 400},
      {"an empty text", good, R"({"text":""})", 422},
      {"white space", good, R"({"text":" \t\n"})", 422},
      {"a NUL", good, R"({"text":"pay\u0000 nothing"})", 422},
      {"a NUL alone", good, R"({"text":"\u0000"})", 422},
      {"one byte too long", good, ToJson(wire::NewMessage{std::string(wire::kMessageTextBytesMax + 1, 'a')}), 422},
      {"a file, which would be lost", good, R"({"text":"a","file":"fil_01ARZ3NDEKTSV4RRFFQ69G5FAV"})", 422},
      {"an id in lower case", "msg_01arz3ndektsv4rrffq69g5fav", R"({"text":"a"})", 422},
  };
  const auto before = world_.Everything();
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(world_.Put(World::PathOf(side(), conversation_) + "/messages/" + c.id, who(), c.body).status, c.status);
  }
  EXPECT_EQ(world_.Everything(), before);
  EXPECT_EQ(world_.Say(side(), who(), conversation_, std::string(wire::kMessageTextBytesMax, 'a')).status, 201);
}

TEST_P(MessageOf, MayAnswerAnother) {
  const std::string first = world_.NewId<wire::MessageId>().text();
  const std::string second = world_.NewId<wire::MessageId>().text();
  const std::string path = World::PathOf(side(), conversation_) + "/messages/";
  ASSERT_EQ(world_.Say(other_side(), other(), conversation_, "which one?", first).status, 201);
  const std::string body = R"({"text":"the blue one","reply_to":")" + first + "\"}";
  const Result put = world_.Put(path + second, who(), body);
  ASSERT_EQ(put.status, 201) << put.body;
  EXPECT_EQ(put.As<wire::EventAnswer>().event.reply_to, first);
  EXPECT_EQ(world_.Put(path + second, who(), body).body, put.body);
  EXPECT_EQ(world_.Put(path + second, who(), R"({"text":"the blue one"})").code(), "id_reused");
  EXPECT_EQ(world_.Hear(other_side(), other()).events.back().reply_to, first);
}

TEST_P(MessageOf, AnswersOnlyAMessageOfItsConversation) {
  const std::string note = world_.NewId<wire::MessageId>().text();
  ASSERT_EQ(world_.Put(World::PathOf("agent", conversation_) + "/notes/" + note, agent_, R"({"text":"a"})").status,
            201);
  const std::string elsewhere = world_.NewId<wire::MessageId>().text();
  const std::string other_conversation = world_.Start(customer_);
  ASSERT_EQ(world_.Say("customer", customer_, other_conversation, "a", elsewhere).status, 201);
  const auto before = world_.Everything();
  for (const std::string& id : {note, elsewhere, world_.NewId<wire::MessageId>().text(), std::string("none")}) {
    const Result put =
        world_.Put(World::PathOf(side(), conversation_) + "/messages/" + world_.NewId<wire::MessageId>().text(), who(),
                   R"({"text":"a","reply_to":")" + id + "\"}");
    EXPECT_EQ(put.status, 422) << put.body;
    EXPECT_EQ(put.As<wire::Problem>().detail, "reply_to is no message of this conversation");
  }
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(MessageOf, HasQuickRepliesOfAgentsAlone) {
  const auto put = [&](const std::vector<std::string>& replies) {
    return world_.Put(World::PathOf(side(), conversation_) + "/messages/" + world_.NewId<wire::MessageId>().text(),
                      who(), ToJson(wire::NewMessage{.text = "which?", .quick_replies = replies}));
  };
  std::vector<std::string> most;
  for (size_t i = 0; i < wire::kQuickRepliesMax; ++i) {
    most.push_back(std::string(wire::kQuickReplyBytesMax - 1, 'a') + static_cast<char>('a' + i));
  }
  if (side() == "customer") {
    EXPECT_EQ(put({"a"}).status, 422);
    return;
  }
  const Result kept = put(most);
  ASSERT_EQ(kept.status, 201) << kept.body;
  EXPECT_EQ(kept.As<wire::EventAnswer>().event.quick_replies, most);
  EXPECT_EQ(world_.Hear(other_side(), other()).events.back().quick_replies, most);
  EXPECT_EQ(put({}).As<wire::EventAnswer>().event.quick_replies, std::nullopt);
  const auto before = world_.Everything();
  most.push_back("one more");
  EXPECT_EQ(put(most).status, 422);
  EXPECT_EQ(put({std::string(wire::kQuickReplyBytesMax + 1, 'a')}).status, 422);
  EXPECT_EQ(put({" "}).status, 422);
  EXPECT_EQ(put({"a", "b", "a"}).status, 422);
  EXPECT_EQ(world_.Everything(), before);
}

TEST_P(MessageOf, EndsTheTypingOfItsAuthor) {
  world_.Post(World::PathOf(side(), conversation_) + "/typing", who(), R"({"text":"are y"})");
  EXPECT_EQ(world_.Hear(other_side(), other()).signals.back().for_ms, wire::kTypingTtlMs);
  world_.Say(side(), who(), conversation_, "are you there?");
  EXPECT_EQ(world_.Hear(other_side(), other()).signals.back().for_ms, 0);
  // Who did not type wakes nobody for it.
  const int published = world_.ephemera.published();
  world_.Say(side(), who(), conversation_, "hello?");
  EXPECT_EQ(world_.ephemera.published(), published);
}

TEST(Message, AnyAgentOfTheSiteMayWrite) {
  World world;
  const Person mara = world.AddOnlineAgent("Mara");
  const Person jonas = world.AddAgent("Jonas");
  const Person elsewhere = [&] {
    world.AddSite("sit_other");
    return world.AddAgent("Eve", 5, "sit_other");
  }();
  const std::string id = world.Start(world.AddCustomer());
  EXPECT_EQ(world.Say("agent", jonas, id, "let me help").status, 201);
  EXPECT_EQ(world.Say("agent", elsewhere, id, "let me in").code(), "not_found");
}

// The time of a conversation never goes back, whatever the clock does.
TEST(Message, TimesDoNotGoBack) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  const int64_t first = world.Say("customer", customer, id, "a").As<wire::EventAnswer>().event.at;
  world.clock.Advance(-absl::Minutes(5));
  EXPECT_EQ(world.Say("customer", customer, id, "b").As<wire::EventAnswer>().event.at, first);
}

TEST(Message, PreviewIsCutBetweenCharacters) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  std::string text = "x";
  while (text.size() < 2 * wire::kPreviewBytesMax) text += "ж";
  world.Say("customer", customer, id, text);
  const auto head = world.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
  EXPECT_EQ(head->preview->text, text.substr(0, wire::kPreviewBytesMax - 1));
}

}  // namespace
}  // namespace alcove::functions
