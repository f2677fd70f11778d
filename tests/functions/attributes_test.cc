// Attributes of customers and conversations: what a page and an agent say of
// them, who is told, and what rules make of it.
#include "functions/domain/attributes.h"

#include <string>
#include <vector>

#include "functions/admin_records.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

namespace keys = store::keys;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(Attributes, AValueIsOneOfItsType) {
  using T = wire::AttributeType;
  const struct {
    T type;
    std::string value;
    bool is_one;
  } kCases[] = {
      {T::kText, "gold", true},
      {T::kText, "", true},
      {T::kText, std::string(wire::kAttributeValueBytesMax, 'x'), true},
      {T::kText, std::string(wire::kAttributeValueBytesMax + 1, 'x'), false},
      {T::kText, std::string("a\0b", 3), false},
      {T::kNumber, "42", true},
      {T::kNumber, "-4.5", true},
      {T::kNumber, "4,5", false},
      {T::kNumber, "1e9", false},
      {T::kNumber, "inf", false},
      {T::kNumber, "", true},
      {T::kBoolean, "true", true},
      {T::kBoolean, "false", true},
      {T::kBoolean, "yes", false},
      {T::kChoice, "paid", true},
      {T::kChoice, "Paid", false},
      {T::kDate, "2028-02-29", true},
      {T::kDate, "2026-02-29", false},
      {T::kDate, "2026-2-9", false},
      {T::kDate, "-026-02-09", false},
      {T::kList, "red mug", true},
      {T::kList, "red mug\nblue plate", true},
      {T::kList, "", true},
      {T::kList, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10", true},
      {T::kList, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11", false},
      {T::kList, std::string(wire::kListItemBytesMax, 'x'), true},
      {T::kList, std::string(wire::kListItemBytesMax + 1, 'x'), false},
      {T::kList, "red mug\n", false},
      {T::kList, "\n", false},
      {T::kList, "red mug\n\nblue plate", false},
      {T::kList, "red mug\r\nblue plate", false},
      {T::kList, "red mug\nblue plate\nred mug", false},
      {T::kList, std::string("a\0b", 3), false},
      {T::kUnknown, "of a later version", true},
  };
  for (const auto& c : kCases) {
    wire::AttributeFields attribute;
    attribute.type = c.type;
    attribute.choices = {"free", "paid"};
    EXPECT_EQ(WhyNoValue(attribute, c.value).value_or(""), c.is_one ? "" : WhyNoValue(attribute, c.value).value_or("?"))
        << c.value.substr(0, 40);
    EXPECT_EQ(!WhyNoValue(attribute, c.value), c.is_one) << c.value.substr(0, 40);
  }
}

TEST(Attributes, AreSetOnceAndTakenAwayByAnEmptyValue) {
  std::vector<wire::Attribute> attributes;
  EXPECT_FALSE(SetAttribute(attributes, {"plan", ""}));
  EXPECT_TRUE(SetAttribute(attributes, {"plan", "free"}));
  EXPECT_FALSE(SetAttribute(attributes, {"plan", "free"}));
  EXPECT_TRUE(SetAttribute(attributes, {"plan", "free", true})) << "now somebody vouches for it";
  EXPECT_FALSE(SetAttribute(attributes, {"plan", "free"})) << "and the page that says the same takes nothing away";
  EXPECT_TRUE(SetAttribute(attributes, {"plan", "paid"}));
  EXPECT_THAT(attributes, ElementsAre(wire::Attribute{"plan", "paid"}));
  EXPECT_TRUE(SetAttribute(attributes, {"plan", ""}));
  EXPECT_TRUE(attributes.empty());
}

class AttributesOfPeople : public testing::Test {
 protected:
  ~AttributesOfPeople() override { CheckInvariants(world_); }

  std::string Define(const std::string& body) {
    const std::string path = world_.PathOf<wire::AttributeId>("attributes");
    const Result result = world_.Put(path, world_.owner, body);
    EXPECT_EQ(result.status, 201) << result.body;
    return AdminWorld::IdOf(path);
  }
  wire::CustomerSession Session(Person& customer, const std::string& fields) {
    const std::string token = customer.token.empty() ? "" : R"(,"token":")" + customer.token + "\"";
    const Result result =
        world_.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo")" + token + "," + fields + "}");
    EXPECT_EQ(result.status, 200) << result.body;
    const auto session = result.As<wire::CustomerSession>();
    customer = {session.customer.id, session.customer.name, session.token, session.cursor};
    return session;
  }
  Result StartWith(const Person& customer, const std::string& id, const std::string& body) {
    return world_.Put("/v1/customer/conversations/" + id, customer, body);
  }
  Result SetBy(const Person& agent, const std::string& conversation, const std::string& attribute,
               const std::string& value) {
    return world_.Put(World::PathOf("agent", conversation) + "/attributes/" + attribute, agent,
                      R"({"value":")" + value + "\"}");
  }
  std::string NewConversation() { return world_.NewId<wire::ConversationId>().text(); }

  AdminWorld world_;
  std::string plan_ =
      Define(R"({"name":"plan","label":"Plan","of":"customer","type":"choice","choices":["free","paid"]})");
  std::string order_ = Define(R"({"name":"order","label":"Order","of":"conversation","type":"text","visible":true})");
  std::string tier_ = Define(R"({"name":"tier","label":"Tier","of":"customer","type":"text","written_by":"agents"})");
};

TEST_F(AttributesOfPeople, APageSaysThemOfItsCustomer) {
  const Person mara = world_.AddOnlineAgent("Mara");
  Person customer;
  const auto session =
      Session(customer, R"("attributes":[{"name":"plan","value":"paid"},{"name":"plan","value":"gold"},)"
                        R"({"name":"tier","value":"gold"},{"name":"hat","value":"red"}])");
  ASSERT_TRUE(session.ignored);
  EXPECT_THAT(*session.ignored, ElementsAre("plan is none of its choices", "tier is set by agents alone",
                                            "hat is none that the site has"));
  const std::string id = NewConversation();
  const Result started =
      StartWith(customer, id, R"({"attributes":[{"name":"order","value":"NW17"},{"name":"plan","value":"free"}]})");
  EXPECT_EQ(started.status, 201) << started.body;
  const auto answer = started.As<wire::ConversationAnswer>();
  EXPECT_THAT(*answer.ignored, ElementsAre("plan is none that the site has"));
  EXPECT_FALSE(answer.conversation.conversation.attributes) << "for agents' eyes";
  EXPECT_FALSE(answer.conversation.conversation.customer_attributes);
  EXPECT_EQ(StartWith(customer, id, R"({"attributes":[{"name":"order","value":"NW18"}]})").code(), "id_reused");

  const auto seen =
      world_.Get(World::PathOf("agent", id), mara).As<wire::ConversationAnswer>().conversation.conversation;
  EXPECT_THAT(*seen.attributes, ElementsAre(wire::Attribute{"order", "NW17"}));
  EXPECT_THAT(*seen.customer_attributes, ElementsAre(wire::Attribute{"plan", "paid"}));
}

TEST_F(AttributesOfPeople, AreTheSameWithoutAWrite) {
  Person customer;
  Session(customer, R"("locale":"pt-BR","attributes":[{"name":"plan","value":"paid"}])");
  const auto before = world_.Everything();
  Session(customer, R"("locale":"pt-BR","attributes":[{"name":"plan","value":"paid"}])");
  EXPECT_EQ(world_.Everything(), before);
  const auto session = Session(customer, R"("locale":"Português!")");
  EXPECT_THAT(*session.ignored, ElementsAre(HasSubstr("locale is no tag of BCP 47")));
  EXPECT_EQ(world_.Everything(), before);
}

TEST_F(AttributesOfPeople, AnotherValueIsToldInEachConversationThatIsNotOver) {
  Person mara = world_.AddOnlineAgent("Mara");
  Person customer;
  Session(customer, R"("attributes":[{"name":"plan","value":"free"}])");
  const std::string over = world_.Start(customer);
  EXPECT_EQ(world_.Post(World::PathOf("agent", over) + "/close", mara).status, 200);
  const std::string open = world_.Start(customer);
  world_.Snapshot(mara);
  Session(customer, R"("attributes":[{"name":"plan","value":"paid"}])");
  const auto heard = world_.Hear("agent", mara);
  ASSERT_EQ(heard.events.size(), 1U);
  EXPECT_EQ(heard.events[0].type, wire::EventType::kField);
  EXPECT_EQ(heard.events[0].conversation, open);
  EXPECT_EQ(heard.events[0].of, wire::AttributeOwner::kCustomer);
  EXPECT_EQ(heard.events[0].name, "plan");
  EXPECT_EQ(heard.events[0].value, "paid");
  EXPECT_FALSE(heard.events[0].verified);
  EXPECT_EQ(heard.events[0].actor.kind, wire::ActorKind::kCustomer);
  // To the customer it is hidden: it is not visible.
  const auto theirs = world_.Hear("customer", customer);
  EXPECT_TRUE(theirs.events.empty()) << "the session told of it already";
  const auto page = world_.Get(World::PathOf("customer", open) + "/events", customer).As<wire::EventPage>();
  EXPECT_EQ(page.events.back().type, wire::EventType::kHidden);
  EXPECT_FALSE(page.events.back().value);
}

TEST_F(AttributesOfPeople, AnAgentSaysThemAndVouchesForThem) {
  Person mara = world_.AddOnlineAgent("Mara");
  Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  const std::string other = world_.Start(customer);
  world_.Hear("customer", customer);
  EXPECT_EQ(SetBy(mara, id, plan_, "gold").code(), "unprocessable");
  EXPECT_THAT(SetBy(mara, id, plan_, "gold").body, HasSubstr("value is none of its choices"));
  EXPECT_EQ(SetBy(mara, id, "att_x", "gold").status, 404);
  EXPECT_EQ(SetBy(mara, id, world_.NewId<wire::AttributeId>().text(), "gold").status, 404);

  const Result set = SetBy(mara, id, tier_, "gold");
  EXPECT_EQ(set.status, 200) << set.body;
  const auto answer = set.As<wire::ConversationAnswer>().conversation;
  EXPECT_THAT(*answer.conversation.customer_attributes, ElementsAre(wire::Attribute{"tier", "gold", true}));
  EXPECT_EQ(answer.events.back().type, wire::EventType::kField);
  EXPECT_EQ(answer.events.back().verified, true);
  const auto elsewhere = world_.Get(World::PathOf("agent", other), mara).As<wire::ConversationAnswer>().conversation;
  EXPECT_EQ(elsewhere.events.back().value, "gold") << "it is the customer's";
  EXPECT_EQ(elsewhere.conversation.customer_attributes, answer.conversation.customer_attributes);

  EXPECT_EQ(SetBy(mara, id, order_, "NW17").status, 200);
  const auto heard = world_.Hear("customer", customer);
  ASSERT_EQ(heard.events.size(), 3U);
  EXPECT_EQ(heard.events[0].type, wire::EventType::kHidden);
  EXPECT_EQ(heard.events[2].type, wire::EventType::kField) << "the order's number is visible to customers";
  EXPECT_EQ(heard.events[2].value, "NW17");

  const auto before = world_.Everything();
  EXPECT_EQ(SetBy(mara, id, order_, "NW17").status, 200);
  EXPECT_EQ(world_.Everything(), before) << "it is so already";
  EXPECT_EQ(SetBy(mara, id, order_, "").status, 200);
  EXPECT_FALSE(world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)))->attributes);
}

// What is over has its customer's attributes as they were; one that is asked for there is another at once.
TEST_F(AttributesOfPeople, OfWhatIsOverAreToldThereAlone) {
  const Person mara = world_.AddOnlineAgent("Mara");
  const Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  const auto answer = SetBy(mara, id, tier_, "gold").As<wire::ConversationAnswer>().conversation;
  EXPECT_THAT(*answer.conversation.customer_attributes, ElementsAre(wire::Attribute{"tier", "gold", true}));
}

TEST_F(AttributesOfPeople, ConsolesAreToldWhatThereIs) {
  Person mara = world_.AddAgent("Mara");
  const auto snapshot = world_.Snapshot(mara);
  EXPECT_EQ(snapshot.attributes.size(), 3U);
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/admin/attributes/" + plan_, world_.owner.token).status, 200);
  const auto heard = world_.Hear("agent", mara);
  ASSERT_EQ(heard.signals.size(), 1U);
  EXPECT_EQ(heard.signals[0].type, wire::SignalType::kConfiguration);
}

TEST_F(AttributesOfPeople, RulesSeeThem) {
  world_.PutSettings(R"({"form":[{"name":"topic","label":"Topic"}]})");
  const auto rule = [&](const std::string& name, const std::string& condition, int place) {
    const Result result =
        world_.Put(world_.PathOf<wire::RuleId>("rules"), world_.owner,
                   R"({"name":")" + name + R"(","place":)" + std::to_string(place) + R"(,"conditions":[)" + condition +
                       R"(],"effect":{"tags":[")" + name + "\"]}}");
    EXPECT_EQ(result.status, 201) << result.body;
  };
  rule("page", R"({"field":"page","test":"contains","values":["/cart"]})", 1);
  rule("form", R"({"field":"form","name":"topic","test":"is","values":["returns"]})", 2);
  rule("customer", R"({"field":"customer","name":"plan","test":"is","values":["paid"]})", 3);
  rule("conversation", R"({"field":"conversation","name":"order","test":"begins_with","values":["NW"]})", 4);
  rule("tier", R"({"field":"tier","test":"is","values":["gold"]})", 5);
  rule("language", R"({"field":"language","test":"is","values":["pt"]})", 6);
  rule("hours", R"({"field":"hours","test":"is","values":["open"]})", 7);
  rule("never", R"({"field":"language","test":"is","values":["de"]})", 8);
  const Person mara = world_.AddOnlineAgent("Mara");
  Person customer;
  Session(customer, R"("locale":"pt-BR","attributes":[{"name":"plan","value":"paid"}])");
  EXPECT_EQ(SetBy(mara, world_.Start(customer), tier_, "gold").status, 200);
  const std::string id = NewConversation();
  const Result started = StartWith(customer, id,
                                   R"({"page":{"url":"https://shop.example/cart"},"form":[{"name":"topic",)"
                                   R"("value":"Returns"}],"attributes":[{"name":"order","value":"NW17"}]})");
  EXPECT_EQ(started.status, 201) << started.body;
  const auto seen =
      world_.Get(World::PathOf("agent", id), mara).As<wire::ConversationAnswer>().conversation.conversation;
  EXPECT_THAT(*seen.tags, ElementsAre("page", "form", "customer", "conversation", "tier", "language", "hours"));
  EXPECT_EQ(seen.language, "pt-BR");
  EXPECT_THAT(*seen.form, ElementsAre(wire::Field{"topic", "Returns"}));
}

// Of a list a rule finds the items, whoever it is of.
TEST_F(AttributesOfPeople, RulesSeeTheItemsOfLists) {
  Define(R"({"name":"cart","label":"Cart","of":"conversation","type":"list"})");
  Define(R"({"name":"bought","label":"Bought","of":"customer","type":"list"})");
  const auto rule = [&](const std::string& name, const std::string& of) {
    const Result result =
        world_.Put(world_.PathOf<wire::RuleId>("rules"), world_.owner,
                   R"({"name":")" + name + R"(","place":1,"conditions":[{"field":)" + of +
                       R"(,"test":"contains","values":["mug"]}],"effect":{"tags":[")" + name + "\"]}}");
    EXPECT_EQ(result.status, 201) << result.body;
  };
  rule("in the cart", R"("conversation","name":"cart")");
  rule("bought before", R"("customer","name":"bought")");
  Person customer;
  Session(customer, R"("attributes":[{"name":"bought","value":"plate\nred mug"}])");
  const std::string id = NewConversation();
  const Result started =
      StartWith(customer, id, R"({"attributes":[{"name":"cart","value":"fork\nMug"},{"name":"plan","value":"x"}]})");
  EXPECT_EQ(started.status, 201) << started.body;
  const auto head = world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(id)));
  EXPECT_THAT(*head->tags, ElementsAre("in the cart"));
  EXPECT_THAT(*head->attributes, ElementsAre(wire::Attribute{"cart", "fork\nMug"}));
  const auto session = Session(customer, R"("attributes":[{"name":"bought","value":"plate\nplate"}])");
  EXPECT_THAT(*session.ignored, ElementsAre("bought has an item twice"));
}

TEST_F(AttributesOfPeople, OneOfTheSitesLanguagesIsAnAgentsWhoSpeaksIt) {
  world_.PutSettings(R"({"languages":["de","fr"]})");
  const auto add = [&](const std::string& name, const std::string& languages) {
    const std::string path = world_.PathOf<wire::AgentId>("agents");
    EXPECT_EQ(world_
                  .Put(path, world_.owner,
                       R"({"name":")" + name + R"(","email":")" + name + R"(@shop.example",)" + R"("languages":[)" +
                           languages + "]}")
                  .status,
              201);
    const Person agent{AdminWorld::IdOf(path), name, "at_" + name, ""};
    world_.AddToken(agent.token, TokenKind::kAgent, kSite.text(), agent.id);
    EXPECT_EQ(world_.SetPresence(agent, "online").status, 200);
  };
  add("Mara", R"("en")");
  const auto assignee = [&](const std::string& locale) {
    Person customer;
    Session(customer, R"("locale":")" + locale + "\"");
    const auto head =
        world_.Stored<ConversationRecord>(keys::Conversation(kSite, wire::ConversationId(world_.Start(customer))));
    return head->agent ? head->agent->name : "";
  };
  EXPECT_EQ(assignee("de-AT"), "") << "nobody who is there speaks it";
  EXPECT_EQ(assignee("it"), "Mara") << "the site does not ask for it";
  add("Jonas", R"("de","en")");
  EXPECT_EQ(assignee("de"), "Jonas");
}

TEST_F(AttributesOfPeople, MoreThanThereCanBeIsABug) {
  std::string fields = R"({"name":"a","value":""})";
  for (size_t i = 1; i < wire::kAttributesMax; ++i) fields += R"(,{"name":"a","value":""})";
  const auto ask = [&](const std::string& sent) {
    return world_.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo","attributes":[)" + sent + "]}");
  };
  EXPECT_EQ(ask(fields).status, 200);
  EXPECT_THAT(ask(fields + R"(,{"name":"a","value":""})").body, HasSubstr("attributes has more than 100"));
  const std::string longest(wire::kAttributeNameBytesMax, 'a');
  EXPECT_EQ(ask(R"({"name":")" + longest + R"(","value":""})").status, 200);
  EXPECT_EQ(ask(R"({"name":")" + longest + R"(a","value":""})").code(), "unprocessable");
  EXPECT_EQ(ask(R"({"name":" ","value":""})").code(), "unprocessable");
}

}  // namespace
}  // namespace alcove::functions
