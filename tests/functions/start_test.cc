#include <string>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::ElementsAre;

std::vector<std::string> TypesOf(const std::vector<wire::Event>& events) {
  std::vector<std::string> types;
  for (const wire::Event& event : events) types.emplace_back(wire::NameOf(event.type));
  return types;
}

TEST(Start, GoesToAnAgentWhoIsOnline) {
  World world;
  Person agent = world.AddOnlineAgent("Mara");
  world.Snapshot(agent);
  Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const Result result = world.StartAs(customer, id, world.NewId<wire::MessageId>().text(), "hello");
  ASSERT_EQ(result.status, 201) << result.body;
  const auto answer = result.As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(answer.conversation.state, wire::ConversationState::kOpen);
  EXPECT_EQ(answer.conversation.agent->id, agent.id);
  EXPECT_THAT(TypesOf(answer.events), ElementsAre("message", "assigned"));
  EXPECT_EQ(answer.events[1].why, "least loaded");

  const wire::PollAnswer heard = world.Hear("agent", agent);
  // An agent is told the numbers, too.
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[0], answer.events[0]);
  EXPECT_EQ(heard.events[1].why, "least loaded [load 0 of 5]");
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].summary->unread, 1);
  EXPECT_EQ(heard.signals[0].summary->preview->text, "hello");
}

TEST(Start, WaitsInTheQueueWhereNobodyHasRoom) {
  World world;
  const Person full = world.AddOnlineAgent("Mara", 1);
  Person watching = world.AddAgent("Jonas");
  world.Start(world.AddCustomer());
  world.Snapshot(watching);
  for (int64_t position = 1; position <= 3; ++position) {
    Person customer = world.AddCustomer();
    const std::string id = world.NewId<wire::ConversationId>().text();
    const Result result = world.StartAs(customer, id, world.NewId<wire::MessageId>().text(), "anyone?");
    const auto answer = result.As<wire::ConversationAnswer>().conversation;
    EXPECT_EQ(answer.conversation.state, wire::ConversationState::kQueued);
    EXPECT_EQ(answer.conversation.position, position);
    ASSERT_THAT(TypesOf(answer.events), ElementsAre("message", "queued"));
    EXPECT_EQ(answer.events[1].position, position);
    // Every console shows it, whoever is signed in.
    const wire::PollAnswer heard = world.Hear("agent", watching);
    EXPECT_EQ(heard.events, answer.events);
    EXPECT_EQ(heard.signals.back().length, position);
  }
}

TEST(Start, MayComeWithoutAMessage) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const Result result = world.Put(World::PathOf("customer", id), customer);
  ASSERT_EQ(result.status, 201);
  EXPECT_THAT(TypesOf(result.As<wire::ConversationAnswer>().conversation.events), ElementsAre("queued"));
  EXPECT_EQ(world.Put(World::PathOf("customer", id), customer, "{}").body, result.body);
}

// A client repeats a put after any failure, whatever has happened meanwhile.
TEST(Start, RepeatReturnsTheFirstAnswer) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const std::string message = world.NewId<wire::MessageId>().text();
  const Result first = world.StartAs(customer, id, message, "hello");
  const Person agent = world.AddOnlineAgent("Mara");
  world.Say("agent", agent, id, "hi");
  world.Post(World::PathOf("customer", id) + "/close", customer);
  const auto before = world.Everything();
  const Result again = world.StartAs(customer, id, message, "hello");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(world.Everything(), before);
}

TEST(Start, AnIdIsForOneBodyAndOneCustomer) {
  World world;
  Person customer = world.AddCustomer();
  Person other = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const std::string message = world.NewId<wire::MessageId>().text();
  ASSERT_EQ(world.StartAs(customer, id, message, "hello").status, 201);
  const auto before = world.Everything();
  EXPECT_EQ(world.StartAs(customer, id, message, "bye").code(), "id_reused");
  EXPECT_EQ(world.StartAs(customer, id, world.NewId<wire::MessageId>().text(), "hello").code(), "id_reused");
  EXPECT_EQ(world.Put(World::PathOf("customer", id), customer).code(), "id_reused");
  EXPECT_EQ(world.StartAs(other, id, message, "hello").code(), "not_found");
  EXPECT_EQ(world.Everything(), before);
  // The same JSON spelled otherwise is the same body.
  const Result spelled = world.Put(World::PathOf("customer", id), customer,
                                   R"({ "later": 1, "message": {"text": "h\u0065llo", "id": ")" + message + R"("} })");
  EXPECT_EQ(spelled.status, 200);
}

// All of the body counts, what is not kept of it too.
TEST(Start, AnIdIsForOnePage) {
  World world;
  const Person customer = world.AddCustomer();
  const std::string path = World::PathOf("customer", world.NewId<wire::ConversationId>().text());
  const std::string page = R"({"page":{"url":"https://shop.example/","title":"Mugs"}})";
  ASSERT_EQ(world.Put(path, customer, page).status, 201);
  EXPECT_EQ(world.Put(path, customer, page).status, 200);
  for (const char* const other :
       {R"({"page":{"url":"https://shop.example/","title":"Cups"}})",
        R"({"page":{"url":"https://shop.example/","title":""}})", R"({"page":{"url":"https://shop.example/"}})",
        R"({"page":{"url":"https://shop.example/mugs","title":"Mugs"}})", "{}"}) {
    EXPECT_EQ(world.Put(path, customer, other).code(), "id_reused") << other;
  }
}

// The first message is an ordinary one: its own put is a repeat.
TEST(Start, ItsMessageIsSent) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const std::string message = world.NewId<wire::MessageId>().text();
  world.StartAs(customer, id, message, "hello");
  const Result again = world.Say("customer", customer, id, "hello", message);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.As<wire::EventAnswer>().event.seq, 1);
  EXPECT_EQ(world.Say("customer", customer, id, "other", message).code(), "id_reused");
}

TEST(Start, BadBodiesAreRefusedAndWriteNothing) {
  World world;
  Person customer = world.AddCustomer();
  const std::string id = world.NewId<wire::ConversationId>().text();
  const std::string message = world.NewId<wire::MessageId>().text();
  const auto with_text = [&](const std::string& text) {
    wire::NewConversation start;
    start.message = wire::FirstMessage{message, text};
    return ToJson(start);
  };
  const auto with_page = [](size_t bytes) {
    wire::NewConversation start;
    start.page = wire::Page{std::string(bytes, 'u'), {}};
    return ToJson(start);
  };
  const struct {
    const char* name;
    std::string path;
    std::string body;
    int status;
    const char* code;
  } kCases[] = {
      {"not JSON", id, "{", 400, "bad_request"},
      {"a list", id, "[]", 400, "bad_request"},
      {"a message that is a number", id, R"({"message":1})", 400, "bad_request"},
      {"not UTF-8", id, "{\"message\":{\"id\":\"" + message + "\",\"text\":\"\xff\"}}", 400, "bad_request"},
      {"no text", id, R"({"message":{"id":")" + message + "\"}}", 400, "bad_request"},
      {"an empty text", id, with_text(""), 422, "unprocessable"},
      {"only white space", id, with_text(" \n\t"), 422, "unprocessable"},
      {"a text one byte too long", id, with_text(std::string(wire::kMessageTextBytesMax + 1, 'a')), 422,
       "unprocessable"},
      {"a message id of another kind", id, R"({"message":{"id":")" + id + R"(","text":"a"}})", 422, "unprocessable"},
      {"a page one byte too long", id, with_page(wire::kPageUrlBytesMax + 1), 422, "unprocessable"},
      {"no id of a conversation", "cnv_1", "{}", 422, "unprocessable"},
  };
  const auto before = world.Everything();
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Result result = world.Put(World::PathOf("customer", c.path), customer, c.body);
    EXPECT_EQ(result.status, c.status) << result.body;
    EXPECT_EQ(result.code(), c.code);
  }
  Request plain = world.MakeRequest(Method::kPut, World::PathOf("customer", id), customer.token, "{}");
  plain.content_type = "text/plain";
  EXPECT_EQ(world.Run(plain).code(), "unsupported_media_type");
  EXPECT_EQ(world.Everything(), before);

  EXPECT_EQ(world.Put(World::PathOf("customer", id), customer, with_text(std::string(wire::kMessageTextBytesMax, 'a')))
                .status,
            201);
  EXPECT_EQ(world
                .Put(World::PathOf("customer", world.NewId<wire::ConversationId>().text()), customer,
                     with_page(wire::kPageUrlBytesMax))
                .status,
            201);
}

TEST(Start, ACustomerHasOnlySoManyOpen) {
  World world;
  Person customer = world.AddCustomer();
  std::string last;
  for (size_t i = 0; i < wire::kCustomerOpenConversationsMax; ++i) last = world.Start(customer);
  const Result refused = world.Put(World::PathOf("customer", world.NewId<wire::ConversationId>().text()), customer);
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "unprocessable");
  EXPECT_EQ(refused.header("Retry-After"), "") << "a repeat would be refused for ever";
  world.Post(World::PathOf("customer", last) + "/close", customer);
  world.Start(customer);
}

TEST(Start, AFullQueueRefuses) {
  World world;
  Person customer = world.AddCustomer();
  QueueRecord queue;
  queue.length = static_cast<int64_t>(wire::kQueueLengthMax) - 1;
  world.Write([&](store::Transaction& txn) { Save(txn, store::keys::QueueState(kSite), queue); });
  world.Start(customer);
  const Result refused = world.Put(World::PathOf("customer", world.NewId<wire::ConversationId>().text()), customer);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.code(), "overloaded");
  EXPECT_NE(refused.header("Retry-After"), "");
}

}  // namespace
}  // namespace alcove::functions
