#include "functions/routes.h"

#include <map>
#include <string>
#include <vector>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

TEST(Routes, AreFoundByMethodAndPath) {
  const struct {
    Method method;
    const char* path;
    const char* pattern;  // nullptr: none
    const char* allowed;
  } kCases[] = {
      {Method::kGet, "/v1/customer/poll", "/v1/customer/poll", ""},
      {Method::kPost, "/v1/customer/poll", nullptr, "GET"},
      {Method::kGet, "/v1/customer/session", nullptr, "POST, DELETE"},
      {Method::kPut, "/v1/customer/conversations/a", "/v1/customer/conversations/{conversation}", ""},
      {Method::kPut, "/v1/customer/conversations/a/messages/b",
       "/v1/customer/conversations/{conversation}/messages/{message}", ""},
      {Method::kPost, "/v1/agent/conversations/a/claim", "/v1/agent/conversations/{conversation}/claim", ""},
      {Method::kGet, "/loader.js", "/loader.js", ""},
      {Method::kGet, "", nullptr, ""},
      {Method::kGet, "/", nullptr, ""},
      {Method::kGet, "/v1/customer/poll/", nullptr, ""},
      {Method::kGet, "//v1/customer/poll", nullptr, ""},
      {Method::kPut, "/v1/customer/conversations/", nullptr, ""},
      {Method::kPut, "/v1/customer/conversations//messages/b", nullptr, ""},
      {Method::kPut, "/v1/customer/conversations/a/messages", nullptr, ""},
      {Method::kGet, "/v1/customer/poll?x", nullptr, ""},
      {Method::kGet, "v1/customer/poll", nullptr, ""},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.path);
    const Matched matched = FindRoute(c.method, c.path);
    EXPECT_EQ(matched.match ? matched.match->route->pattern : "none", c.pattern != nullptr ? c.pattern : "none");
    EXPECT_EQ(matched.allowed, c.allowed);
  }
}

TEST(Routes, ParametersAreTakenAsTheyAre) {
  const Matched matched = FindRoute(Method::kPut, "/v1/customer/conversations/a.b c/messages/{x}");
  ASSERT_TRUE(matched.match);
  EXPECT_EQ(matched.match->parameters, (Request::Pairs{{"conversation", "a.b c"}, {"message", "{x}"}}));
}

TEST(Routes, OnlyPollsArePutAsideByToken) {
  for (const Route& route : Routes()) {
    EXPECT_EQ(route.parking == Parking::kOneByToken, route.pattern.ends_with("/poll")) << route.pattern;
  }
}

TEST(Routes, OnlyTheCheckOfAPasswordIsSlow) {
  for (const Route& route : Routes()) {
    const bool checks_password = route.method == Method::kPost && route.pattern == "/v1/agent/session";
    EXPECT_EQ(route.lane == Lane::kSlow, checks_password) << route.pattern;
  }
}

std::string Replace(std::string text, const std::string& what, const std::string& with) {
  const size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

// Every route against every kind of caller: generated from the table, so that a
// new route is in it. A body that would be accepted, where `{}` would not.
class Access : public testing::Test {
 protected:
  Access() { world_.AddSite("sit_other"); }

  Result Call(const Route& route, const std::string& token) {
    const std::map<std::string, std::string> bodies = {{"read", R"({"seq":1})"},
                                                       {"{message}", R"({"text":"a"})"},
                                                       {"presence", R"({"state":"away"})"},
                                                       {"rating", R"({"score":1})"},
                                                       {"snooze", R"({"until":1790000100000})"},
                                                       {"assign", R"({"agent":")" + agent_.id + "\"}"}};
    const std::string pattern(route.pattern);
    const auto body = bodies.find(pattern.substr(pattern.rfind('/') + 1));
    std::string path = Replace(pattern, "{conversation}", conversation_);
    path = Replace(path, "{message}", world_.NewId<wire::MessageId>().text());
    if (pattern.ends_with("/poll"))
      path += "?wait=0&cursor=" + (pattern.starts_with("/v1/agent") ? agent_ : customer_).cursor;
    if (pattern == "/v1/agent/conversations") path += "?view=team";
    const bool has_body = route.method == Method::kPost || route.method == Method::kPut;
    return world_.Call(route.method, path, token, !has_body ? "" : body == bodies.end() ? "{}" : body->second);
  }

  World world_;
  Person agent_ = world_.AddAgent("Mara");
  Person customer_ = world_.AddCustomer();
  std::string conversation_ = world_.Start(customer_);
};

TEST_F(Access, NeedsASessionOfTheRightSide) {
  world_.Snapshot(agent_);
  world_.AddToken("ct_over", TokenKind::kCustomer, "sit_demo", customer_.id);
  world_.AddToken("at_over", TokenKind::kAgent, "sit_demo", agent_.id);
  world_.clock.Advance(absl::Milliseconds(wire::kAgentSessionMs));
  world_.AddToken(agent_.token, TokenKind::kAgent, "sit_demo", agent_.id);
  world_.AddToken(customer_.token, TokenKind::kCustomer, "sit_demo", customer_.id);
  for (const Route& route : Routes()) {
    SCOPED_TRACE(route.pattern);
    if (route.caller == Caller::kAnyone) {
      EXPECT_NE(Call(route, "").code(), "token_invalid");
      continue;
    }
    const bool of_agents = route.caller == Caller::kAgent;
    for (const std::string& token : {std::string(), std::string("ct_unknown"), std::string("ct_over"),
                                     std::string("at_over"), of_agents ? customer_.token : agent_.token}) {
      const Result result = Call(route, token);
      EXPECT_EQ(result.status, 401) << token << " " << result.body;
      EXPECT_EQ(result.code(), "token_invalid");
    }
  }
}

// Who may not call learns nothing else: not even that the request is none.
TEST_F(Access, IsCheckedBeforeTheRequestIsFoundBad) {
  for (const Route& route : Routes()) {
    if (route.caller == Caller::kAnyone) continue;
    SCOPED_TRACE(route.pattern);
    const std::string& wrong_side = route.caller == Caller::kAgent ? customer_.token : agent_.token;
    for (const std::string& token : {std::string(), std::string("ct_unknown"), wrong_side}) {
      Request request = world_.MakeRequest(
          route.method, std::string(route.pattern) + "?cursor=garbage&wait=soon&view=none&limit=0", token, "{");
      EXPECT_EQ(world_.Run(request).status, 401) << token;
      request.content_type = "text/plain";
      EXPECT_EQ(world_.Run(request).status, 401) << token;
    }
  }
  EXPECT_EQ(world_.Get("/v1/customer/poll?cursor=garbage", customer_).code(), "bad_cursor");
  EXPECT_EQ(world_.Get("/v1/agent/poll?cursor=garbage", agent_).code(), "bad_cursor");
  EXPECT_EQ(world_.Put("/v1/agent/presence", agent_, "{").code(), "bad_request");
}

TEST_F(Access, OfOthersConversationsIsNotFound) {
  const Person stranger = world_.AddCustomer();
  const Person colleague = world_.AddAgent("Jonas");
  const Person foreign_agent = world_.AddAgent("Eve", 5, "sit_other");
  const Person foreign_customer = world_.AddCustomer("sit_other");
  for (const Route& route : Routes()) {
    if (route.pattern.find("{conversation}") == std::string_view::npos) continue;
    SCOPED_TRACE(route.pattern);
    const bool of_agents = route.caller == Caller::kAgent;
    const Result refused = Call(route, of_agents ? foreign_agent.token : stranger.token);
    EXPECT_EQ(refused.status, 404) << refused.body;
    // "Not there" and "not yours" are the same words.
    const std::string there = std::exchange(conversation_, world_.NewId<wire::ConversationId>().text());
    const bool creates = route.pattern == "/v1/customer/conversations/{conversation}";
    if (!creates) {
      EXPECT_EQ(Call(route, of_agents ? agent_.token : customer_.token).body, refused.body);
      EXPECT_EQ(Call(route, foreign_customer.token).status, of_agents ? 401 : 404);
    }
    conversation_ = there;
    if (!of_agents) continue;
    EXPECT_NE(Call(route, colleague.token).status, 404) << "agents see all of their site";
  }
}

}  // namespace
}  // namespace alcove::functions
