// What agents do with a conversation beside talking: notes, handing over, reopening, tags.
#include "functions/wire/collaboration.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "functions/lifecycle.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using wire::EventType;

class Collaboration : public testing::Test {
 protected:
  ~Collaboration() override { CheckInvariants(world_); }

  std::string NewMessageId() { return world_.NewId<wire::MessageId>().text(); }
  Result PutNote(const Person& agent, const wire::NewNote& note, const std::string& id) {
    return world_.Put(path_ + "/notes/" + id, agent, ToJson(note));
  }
  Result AssignTo(const Person& agent, const std::string& body) { return world_.Post(path_ + "/assign", agent, body); }
  static std::string To(const Person& agent, const std::string& comment = "") {
    wire::Assignment assignment;
    assignment.agent = agent.id;
    if (!comment.empty()) assignment.comment = comment;
    return ToJson(assignment);
  }
  Result Tag(const std::string& body) { return world_.Post(path_ + "/tags", mara_, body); }
  // Of the conversation, as each side is shown it.
  std::vector<wire::Event> EventsFor(const std::string& side) {
    const Person& who = side == "agent" ? mara_ : customer_;
    return world_.Get(World::PathOf(side, id_) + "/events", who).As<wire::EventPage>().events;
  }
  static std::vector<EventType> TypesOf(const std::vector<wire::Event>& events) {
    std::vector<EventType> types;
    for (const wire::Event& event : events) types.push_back(event.type);
    return types;
  }

  World world_;
  const Person mara_ = world_.AddAgent("Mara", 2);
  Person jonas_ = world_.AddAgent("Jonas", 2);
  Person customer_ = world_.AddCustomer();
  const std::string id_ = world_.Start(customer_);
  const std::string path_ = World::PathOf("agent", id_);
};

TEST_F(Collaboration, ANoteIsForAgentsAlone) {
  const Result put = PutNote(mara_, {.text = "secret \"type\":\"message\"", .mentions = {}}, NewMessageId());
  ASSERT_EQ(put.status, 201) << put.body;
  EXPECT_EQ(put.As<wire::EventAnswer>().event.type, EventType::kNote);
  EXPECT_EQ(EventsFor("agent").back().text, "secret \"type\":\"message\"");

  // Wherever a customer is told of it, it is hidden; its seq is there.
  const wire::Event paged = EventsFor("customer").back();
  const auto session = world_.Call(Method::kPost, "/v1/customer/session", "",
                                   R"({"site":"sit_demo","token":")" + customer_.token + "\"}");
  const Result polled = world_.Poll("customer", customer_, "0");
  for (const Result& result : {session, polled}) EXPECT_THAT(result.body, Not(HasSubstr("secret")));
  const wire::Event of_session = session.As<wire::CustomerSession>().conversations.front().events.back();
  const wire::Event of_poll = polled.As<wire::PollAnswer>().events.back();
  for (const wire::Event& event : {paged, of_session, of_poll}) {
    EXPECT_EQ(event.type, EventType::kHidden);
    EXPECT_EQ(event.seq, 3);
    EXPECT_EQ(event.conversation, id_);
    EXPECT_EQ(event.text, std::nullopt);
    EXPECT_EQ(event.actor, wire::Actor());
  }
  // It is no message: nobody has it to read, and no list shows it.
  const auto session_summary = session.As<wire::CustomerSession>().conversations.front().conversation;
  EXPECT_EQ(session_summary.unread, 0);
  EXPECT_EQ(session_summary.preview->text, "hello");
}

TEST_F(Collaboration, ARepeatedNoteIsAnsweredAsTheFirst) {
  const std::string id = NewMessageId();
  const wire::NewNote note{.text = "look", .mentions = {{jonas_.id, jonas_.id}}};
  const Result first = PutNote(mara_, note, id);
  const Result again = PutNote(mara_, note, id);
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(PutNote(mara_, {.text = "look", .mentions = {}}, id).code(), "id_reused");
  EXPECT_EQ(PutNote(jonas_, note, id).code(), "id_reused");
  EXPECT_EQ(world_.Say("agent", mara_, id_, "look", id).code(), "id_reused");

  const Result others = world_.Say("customer", customer_, id_, "look", id);
  EXPECT_EQ(others.code(), "id_reused");
  EXPECT_EQ(others.As<wire::Problem>().event->type, EventType::kHidden) << "a note is not for customers";
  EXPECT_EQ(others.As<wire::Problem>().event->text, std::nullopt);
}

TEST_F(Collaboration, WhoIsMentionedIsToldWhoeverHasTheConversation) {
  ASSERT_EQ(world_.Post(path_ + "/claim", mara_).status, 200);
  world_.Snapshot(jonas_);
  const Result parked = world_.Poll("agent", jonas_);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  ASSERT_EQ(PutNote(mara_, {.text = "to nobody", .mentions = {}}, NewMessageId()).status, 201);
  EXPECT_FALSE(world_.Wakes(parked));
  ASSERT_EQ(PutNote(mara_, {.text = "look", .mentions = {{jonas_.id}}}, NewMessageId()).status, 201);
  EXPECT_TRUE(world_.Wakes(parked));
  const auto heard = world_.Hear("agent", jonas_);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events.front().text, "look");
  EXPECT_THAT(*heard.events.front().mentions, ElementsAre(jonas_.id));
}

TEST_F(Collaboration, ANoteMayBePutOnWhatIsClosed) {
  ASSERT_EQ(world_.Post(path_ + "/close", mara_).status, 200);
  EXPECT_EQ(PutNote(mara_, {.text = "done", .mentions = {}}, NewMessageId()).status, 201);
}

TEST_F(Collaboration, RefusesBadNotes) {
  const auto mention = [&](size_t count) {
    wire::NewNote note{.text = "look", .mentions = std::vector<std::string>()};
    for (size_t i = 0; i < count; ++i) note.mentions->push_back(world_.AddAgent("Agent").id);
    return note;
  };
  const std::string id = NewMessageId();
  EXPECT_EQ(PutNote(mara_, {.text = " \n", .mentions = {}}, id).status, 422);
  EXPECT_EQ(PutNote(mara_, {.text = std::string(wire::kMessageTextBytesMax + 1, 'x'), .mentions = {}}, id).status, 422);
  EXPECT_EQ(PutNote(mara_, {.text = "look", .mentions = {{"jonas"}}}, id).status, 422);
  EXPECT_EQ(PutNote(mara_, {.text = "look", .mentions = {{world_.NewId<wire::AgentId>().text()}}}, id).status, 422);
  EXPECT_EQ(PutNote(mara_, mention(wire::kMentionsMax + 1), id).status, 422);
  EXPECT_EQ(PutNote(mara_, {.text = "look", .mentions = {}}, "msg_no").status, 422);
  EXPECT_EQ(world_.Put(path_ + "/notes/" + id, mara_, R"({"text":5})").status, 400);
  EXPECT_EQ(PutNote(mara_, mention(wire::kMentionsMax), id).status, 201) << "none of these was kept";
}

TEST_F(Collaboration, HandsOverToAColleague) {
  ASSERT_EQ(world_.Post(path_ + "/claim", mara_).status, 200);
  const Result given = AssignTo(mara_, To(jonas_, "knows mugs"));
  ASSERT_EQ(given.status, 200) << given.body;
  EXPECT_EQ(given.As<wire::ConversationAnswer>().conversation.conversation.agent->id, jonas_.id);
  EXPECT_EQ(world_.StateOf(mara_).load, 0);
  EXPECT_EQ(world_.StateOf(jonas_).load, 1);
  const wire::Event told = EventsFor("agent").back();
  EXPECT_EQ(told.type, EventType::kTransferred);
  EXPECT_EQ(told.actor.id, mara_.id);
  EXPECT_EQ(told.from->id, mara_.id);
  EXPECT_EQ(told.to->name, "Jonas");
  EXPECT_EQ(told.comment, "knows mugs");
  const wire::Event seen = EventsFor("customer").back();
  EXPECT_EQ(seen.to->name, "Jonas");
  EXPECT_EQ(seen.comment, std::nullopt) << "that is between agents";

  const auto before = world_.Everything();
  EXPECT_EQ(AssignTo(mara_, To(jonas_, "again")).status, 200);
  EXPECT_EQ(world_.Everything(), before) << "he has it";
}

TEST_F(Collaboration, AssignsOutOfTheQueueAndTakesOver) {
  ASSERT_EQ(AssignTo(mara_, To(jonas_, "yours")).status, 200);
  wire::Event told = EventsFor("agent").back();
  EXPECT_EQ(told.type, EventType::kAssigned);
  EXPECT_EQ(told.why, "assigned by Mara");
  EXPECT_EQ(told.comment, "yours");
  EXPECT_EQ(EventsFor("customer").back().comment, std::nullopt);
  ASSERT_EQ(AssignTo(mara_, To(mara_)).status, 200);
  told = EventsFor("agent").back();
  EXPECT_EQ(told.from->id, jonas_.id);
  EXPECT_EQ(told.to->id, mara_.id);
  EXPECT_EQ(world_.StateOf(jonas_).load, 0);
}

TEST_F(Collaboration, WhoHandsOverGetsTheNextInTheQueue) {
  const Person ana = world_.AddOnlineAgent("Ana", 1);  // gets the first at once
  const std::string second = world_.Start(world_.AddCustomer());
  ASSERT_EQ(AssignTo(ana, To(jonas_)).status, 200);
  const auto next = world_.Get(World::PathOf("agent", second), ana).As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(next.conversation.agent->id, ana.id);
}

TEST_F(Collaboration, RefusesBadAssignments) {
  const std::string nobody = world_.NewId<wire::AgentId>().text();
  for (const std::string& body :
       {std::string("{}"), std::string(R"({"agent":"jonas"})"), R"({"agent":")" + nobody + "\"}",
        std::string(R"({"team":"tea_01J00000000000000000000000"})"),
        R"({"agent":")" + jonas_.id + R"(","team":"tea_01J00000000000000000000000"})",
        To(jonas_, std::string(wire::kCommentBytesMax + 1, 'x'))}) {
    EXPECT_EQ(AssignTo(mara_, body).status, 422) << body.substr(0, 60);
  }
  EXPECT_EQ(AssignTo(mara_, R"({"agent":5})").status, 400);
  const Person reader = world_.AddWithRole("Rita", wire::Role::kReadOnly);
  EXPECT_THAT(AssignTo(mara_, To(reader)).body, testing::HasSubstr("agent: may only read"));
  const Person former = world_.AddAgent("Finn");
  world_.Write([&](store::Transaction& txn) {
    const auto change = [](AgentRecord& record) { record.disabled = true; };
    EXPECT_TRUE(UpdateAgent(txn, kSite, wire::AgentId(former.id), change).ok());
  });
  EXPECT_THAT(AssignTo(mara_, To(former)).body, testing::HasSubstr("agent: is disabled"));
  EXPECT_EQ(AssignTo(mara_, To(jonas_, std::string(wire::kCommentBytesMax, 'x'))).status, 200);
  world_.Post(path_ + "/close", mara_);
  const Result closed = AssignTo(mara_, To(mara_));
  EXPECT_EQ(closed.code(), "closed");
  EXPECT_EQ(closed.As<wire::Problem>().conversation->state, wire::ConversationState::kClosed);
}

TEST_F(Collaboration, ReopensForWhoAsks) {
  world_.Post(path_ + "/claim", mara_);
  world_.Post(path_ + "/close", mara_);
  const Result reopened = world_.Post(path_ + "/reopen", jonas_);
  ASSERT_EQ(reopened.status, 200) << reopened.body;
  const auto answer = reopened.As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(answer.conversation.state, wire::ConversationState::kOpen);
  EXPECT_EQ(answer.conversation.agent->id, jonas_.id);
  EXPECT_THAT(TypesOf(EventsFor("customer")),
              ElementsAre(EventType::kMessage, EventType::kQueued, EventType::kAssigned, EventType::kClosed,
                          EventType::kReopened, EventType::kAssigned));
  EXPECT_EQ(EventsFor("customer").back().why, "reopened");
  EXPECT_EQ(world_.Say("customer", customer_, id_, "thanks").status, 201);
  EXPECT_EQ(world_.Get("/v1/agent/conversations?view=closed", mara_).As<wire::ConversationList>().conversations.size(),
            0U);

  const auto before = world_.Everything();
  EXPECT_EQ(world_.Post(path_ + "/reopen", mara_).As<wire::ConversationAnswer>().conversation.conversation.agent->id,
            jonas_.id);
  EXPECT_EQ(world_.Everything(), before) << "it is open";
}

TEST_F(Collaboration, ReopensNoMoreThanACustomerMayHave) {
  world_.Post(path_ + "/close", mara_);
  for (size_t i = 1; i < wire::kCustomerOpenConversationsMax; ++i) world_.Start(customer_);
  const std::string last = world_.Start(customer_);
  EXPECT_EQ(world_.Post(path_ + "/reopen", mara_).status, 422);
  world_.Post(World::PathOf("agent", last) + "/close", mara_);
  EXPECT_EQ(world_.Post(path_ + "/reopen", mara_).status, 200);
}

TEST_F(Collaboration, TagsAreChangedAndToldToAgents) {
  const Result put = Tag(R"({"add":["vip","late parcel","vip"],"remove":["none"]})");
  ASSERT_EQ(put.status, 200) << put.body;
  EXPECT_THAT(*put.As<wire::ConversationAnswer>().conversation.conversation.tags, ElementsAre("vip", "late parcel"));
  EXPECT_THAT(*EventsFor("agent").back().add, ElementsAre("vip", "late parcel"));
  EXPECT_THAT(*EventsFor("agent").back().remove, testing::IsEmpty()) << "both are told, whatever was changed";
  EXPECT_EQ(EventsFor("customer").back().type, EventType::kHidden);
  const auto polled = world_.Poll("customer", customer_, "0");
  EXPECT_THAT(polled.body, Not(HasSubstr("vip"))) << "of no concern to the customer";

  EXPECT_THAT(*Tag(R"({"add":["new"],"remove":["vip"]})").As<wire::ConversationAnswer>().conversation.conversation.tags,
              ElementsAre("late parcel", "new"));
  EXPECT_THAT(*EventsFor("agent").back().remove, ElementsAre("vip"));
  const auto before = world_.Everything();
  for (const char* const nothing : {R"({"add":["new"],"remove":["vip"]})", "{}", R"({"add":[],"remove":[]})", ""}) {
    EXPECT_EQ(Tag(nothing).status, 200) << nothing;
  }
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(Collaboration, TagsAreBounded) {
  const auto one = [](const std::string& tag) { return R"({"add":[")" + tag + "\"]}"; };
  EXPECT_EQ(Tag(one("")).status, 422);
  EXPECT_EQ(Tag(one(" ")).status, 422);
  EXPECT_EQ(Tag(R"({"remove":[""]})").status, 422);
  EXPECT_EQ(Tag(one(std::string(wire::kTagBytesMax + 1, 'x'))).status, 422);
  EXPECT_EQ(Tag(one(std::string(wire::kTagBytesMax, 'x'))).status, 200);
  for (size_t i = 1; i < wire::kTagsMax; ++i) ASSERT_EQ(Tag(one("tag " + std::to_string(i))).status, 200);
  const Result refused = Tag(one("one more"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_THAT(refused.body, HasSubstr("at most 30 tags"));
  EXPECT_EQ(Tag(R"({"add":["one more"],"remove":["tag 1"]})").status, 200) << "its place is free";
}

}  // namespace
}  // namespace alcove::functions
