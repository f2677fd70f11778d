#include <string>

#include "functions/secrets.h"
#include "tests/functions/invariants.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

Result Session(World& world, const std::string& body) {
  return world.Call(Method::kPost, "/v1/customer/session", "", body);
}
Result Resume(World& world, const std::string& token, const std::string& site = "sit_demo") {
  return Session(world, R"({"site":")" + site + R"(","token":")" + token + "\"}");
}

TEST(CustomerSession, MakesACustomerWithANameAndAToken) {
  World world;
  const auto session = Session(world, R"({"site":"sit_demo"})").As<wire::CustomerSession>();
  EXPECT_TRUE(session.token.starts_with("ct_"));
  EXPECT_TRUE(wire::CustomerId::Parse(session.customer.id));
  EXPECT_THAT(session.customer.name, testing::MatchesRegex("Visitor [0-9][0-9][0-9][0-9]"));
  EXPECT_EQ(session.site.name, "Northwind");
  EXPECT_FALSE(session.site.online);
  EXPECT_TRUE(session.conversations.empty());
  EXPECT_EQ(session.poll.hold_ms, 25'000);
  // Only the token's digest is stored.
  for (const auto& [key, value] : world.Everything()) {
    EXPECT_EQ(key.find(session.token), std::string::npos);
    EXPECT_EQ(value.find(session.token), std::string::npos);
  }
}

TEST(CustomerSession, ResumesWithTheSameTokenAndWhatWasSaid) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string older = world.Start(customer, "first");
  world.clock.Advance(absl::Seconds(1));
  const std::string newer = world.Start(customer, "second");
  world.Say("agent", agent, older, "hi");
  const auto before = world.Everything();
  const auto session = Resume(world, customer.token).As<wire::CustomerSession>();
  EXPECT_EQ(world.Everything(), before) << "coming back costs no write";
  EXPECT_EQ(session.token, customer.token);
  EXPECT_EQ(session.customer.id, customer.id);
  ASSERT_EQ(session.conversations.size(), 2U);
  EXPECT_EQ(session.conversations[0].conversation.id, newer);
  EXPECT_EQ(session.conversations[1].conversation.id, older);
  EXPECT_EQ(session.conversations[1].conversation.unread, 1);
  EXPECT_EQ(session.conversations[1].events.size(), 3U);
  EXPECT_TRUE(session.site.online);
  ASSERT_EQ(session.site.agents.size(), 1U);
  EXPECT_EQ(session.site.agents[0].name, "Mara");
  EXPECT_EQ(session.site.agents[0].load, 0) << "what they have to do is not a customer's business";
  customer.cursor = session.cursor;
  EXPECT_TRUE(world.Poll("customer", customer).hangs());
}

TEST(CustomerSession, ShowsSoManyConversationsAndEvents) {
  World world;
  const Person agent = world.AddAgent("Mara");
  Person customer = world.AddCustomer();
  std::string id;
  for (size_t i = 0; i <= wire::kSnapshotConversationsMax; ++i) {
    id = world.Start(customer);
    if (i < wire::kSnapshotConversationsMax) world.Post(World::PathOf("customer", id) + "/close", customer);
    world.clock.Advance(absl::Milliseconds(1));
  }
  for (size_t i = 0; i < wire::kSnapshotEventsMax; ++i) world.Say("agent", agent, id, "m");
  const auto session = Resume(world, customer.token).As<wire::CustomerSession>();
  ASSERT_EQ(session.conversations.size(), wire::kSnapshotConversationsMax);
  ASSERT_EQ(session.conversations[0].events.size(), wire::kSnapshotEventsMax);
  EXPECT_EQ(session.conversations[0].events.front().seq, 3);
  EXPECT_EQ(session.conversations[0].events.back().seq, session.conversations[0].conversation.last_seq);
}

TEST(CustomerSession, ATokenThatDoesNotCountMakesANewCustomer) {
  World world;
  world.AddSite("sit_other");
  const Person agent = world.AddAgent("Mara");
  const Person customer = world.AddCustomer();
  const Person signed_out = world.AddCustomer();
  world.Call(Method::kDelete, "/v1/customer/session", signed_out.token);
  const struct {
    const char* name;
    std::string token, site;
  } kCases[] = {{"unknown", "ct_unknown", "sit_demo"},
                {"empty", "", "sit_demo"},
                {"an agent's", agent.token, "sit_demo"},
                {"of another site", customer.token, "sit_other"},
                {"signed out", signed_out.token, "sit_demo"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    const Result result = Resume(world, c.token, c.site);
    ASSERT_EQ(result.status, 200);
    const auto session = result.As<wire::CustomerSession>();
    EXPECT_NE(session.token, c.token);
    EXPECT_NE(session.customer.id, customer.id);
    EXPECT_EQ(session.site.id, c.site);
  }
}

TEST(CustomerSession, LivesLongerWhenItIsUsedLate) {
  World world;
  const Person customer = world.AddCustomer();
  const auto expires_at = [&] {
    return world.Stored<TokenRecord>(store::keys::Token(Sha256Hex(customer.token)))->expires_at;
  };
  const int64_t first = expires_at();
  world.clock.Advance(absl::Milliseconds(wire::kCustomerSessionMs / 2));
  Resume(world, customer.token);
  EXPECT_EQ(expires_at(), first) << "in the first half of its life";
  world.clock.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Resume(world, customer.token).As<wire::CustomerSession>().customer.id, customer.id);
  EXPECT_GT(expires_at(), first);
  CheckInvariants(world);  // the old place in the order of expiry is free
  world.clock.Advance(absl::Milliseconds(wire::kCustomerSessionMs));
  EXPECT_NE(Resume(world, customer.token).As<wire::CustomerSession>().customer.id, customer.id) << "over";
}

TEST(CustomerSession, BadRequestsAreRefused) {
  World world;
  const std::string long_url(wire::kPageUrlBytesMax + 1, 'u');
  const struct {
    const char* name;
    std::string body;
    int status;
  } kCases[] = {{"nothing", "", 400},
                {"no site", "{}", 400},
                {"a number", R"({"site":1})", 400},
                {"no such site", R"({"site":"sit_none"})", 404},
                {"no id of a site", R"({"site":"x/y"})", 404},
                {"an identity that nobody can check", R"({"site":"sit_demo","identity":"x"})", 422},
                {"a long page", R"({"site":"sit_demo","page":{"url":")" + long_url + "\"}}", 422}};
  const auto before = world.Everything();
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Session(world, c.body).status, c.status);
  }
  EXPECT_EQ(world.Everything(), before);
  EXPECT_EQ(Session(world, R"({"site":"sit_demo","page":{"url":")" + long_url.substr(1) + R"("},"locale":"de",)" +
                               R"("consent":true})")
                .status,
            200);
}

// Overlap is harmless, a gap is impossible: cursor and state are of one snapshot.
TEST(CustomerSession, PollingFromItsCursorMissesNothing) {
  World world;
  const Person agent = world.AddOnlineAgent("Mara");
  Person customer = world.AddCustomer();
  const std::string id = world.Start(customer);
  customer.cursor = Resume(world, customer.token).As<wire::CustomerSession>().cursor;
  world.Say("agent", agent, id, "a");
  world.Say("agent", agent, id, "b");
  const auto heard = world.Hear("customer", customer);
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[0].seq, 3);
}

}  // namespace
}  // namespace alcove::functions
