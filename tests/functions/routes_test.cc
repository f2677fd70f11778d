#include "functions/routes.h"

#include <map>
#include <string>
#include <vector>

#include "functions/tokens.h"
#include "tests/functions/admin_world.h"
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
      {Method::kPatch, "/v1/agent/conversations/a/messages/b",
       "/v1/agent/conversations/{conversation}/messages/{message}", ""},
      {Method::kPost, "/v1/agent/conversations/a/messages/b", nullptr, "PUT, PATCH, DELETE"},
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

TEST(Routes, OnlyWhatHashesAPasswordOrDoesManyThingsIsSlow) {
  for (const Route& route : Routes()) {
    const bool signs_in = route.method == Method::kPost && route.pattern == "/v1/agent/session";
    const bool is_slow = signs_in || route.pattern.ends_with("/password") || route.pattern.ends_with("/bulk");
    EXPECT_EQ(route.lane == Lane::kSlow, is_slow) << route.pattern;
  }
}

// What the build asks of each row of the table.
TEST(Routes, ThatDoNotSayWhoMayCallAreRefused) {
  const struct {
    const char* name;
    Route route;
    bool says;
  } kCases[] = {
      {"a customer's", {Method::kPut, "/v1/customer/x", Caller::kCustomer, nullptr}, true},
      {"an agent's", {Method::kPost, "/v1/agent/x", Caller::kAgent | Permission::kConverse, nullptr}, true},
      {"an agent's that reads", {Method::kPut, "/v1/agent/x", Caller::kAgent | Permission::kFollow, nullptr}, true},
      {"administration", {Method::kPut, "/v1/admin/x", Caller::kAdmin | Permission::kChangeKeys, nullptr}, true},
      {"administration that reads", {Method::kGet, "/v1/admin/x", Caller::kAdmin | Permission::kFollow, nullptr}, true},
      {"the beginning of a session", {Method::kPost, "/v1/agent/session", Caller::kAnyone, nullptr}, true},
      {"a page", {Method::kGet, "/x.js", Caller::kAnyone, nullptr}, true},
      {"an agent's without a permission", {Method::kPost, "/v1/agent/x", Caller::kAgent, nullptr}, false},
      {"administration without one", {Method::kGet, "/v1/admin/x", Caller::kAdmin, nullptr}, false},
      {"a customer's for anyone", {Method::kPut, "/v1/customer/x", Caller::kAnyone, nullptr}, false},
      {"an agent's for anyone", {Method::kGet, "/v1/agent/x", Caller::kAnyone, nullptr}, false},
      {"an agent's for customers", {Method::kGet, "/v1/agent/x", Caller::kCustomer, nullptr}, false},
      {"an agent's for keys", {Method::kGet, "/v1/agent/x", Caller::kAdmin | Permission::kFollow, nullptr}, false},
      {"the end of a session for anyone", {Method::kDelete, "/v1/agent/session", Caller::kAnyone, nullptr}, false},
      {"a side that nobody knows", {Method::kGet, "/v1/others/x", Caller::kAnyone, nullptr}, false},
      {"a customer's with a permission",
       {Method::kGet, "/v1/customer/x", Caller::kCustomer | Permission::kFollow, nullptr},
       false},
      {"administration that is changed by who reads",
       {Method::kPut, "/v1/admin/x", Caller::kAdmin | Permission::kFollow, nullptr},
       false},
      {"administration that is changed by who sees people",
       {Method::kDelete, "/v1/admin/x", Caller::kAdmin | Permission::kSeePeople, nullptr},
       false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(SaysWhoMayCall(c.route), c.says);
  }
}

TEST(Permissions, AHigherRoleMayMore) {
  const wire::Role kRoles[] = {wire::Role::kReadOnly, wire::Role::kAgent, wire::Role::kSupervisor, wire::Role::kAdmin,
                               wire::Role::kOwner};
  for (const PermissionRow& row : kPermissions) {
    EXPECT_FALSE(May(wire::Role::kUnknown, row.permission));
    EXPECT_TRUE(May(wire::Role::kOwner, row.permission));
    bool may = false;
    for (const wire::Role role : kRoles) {
      // But that who may only read sees the people, and agents do not.
      if (role == wire::Role::kReadOnly && row.permission == Permission::kSeePeople) continue;
      EXPECT_TRUE(!may || May(role, row.permission)) << static_cast<int>(row.permission);
      may = May(role, row.permission);
    }
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
  Access() {
    world_.AddSite("sit_other");
    for (const Sample& sample : world_.Samples()) {
      EXPECT_EQ(world_.Put(sample.path, world_.owner, sample.body).status, 201) << sample.path;
      samples_[sample.list] = sample;
    }
  }

  Result Call(const Route& route, const std::string& token) {
    const std::map<std::string, std::string> bodies = {{"read", R"({"seq":1})"},
                                                       {"{message}", R"({"text":"a"})"},
                                                       {"presence", R"({"state":"away"})"},
                                                       {"rating", R"({"score":1})"},
                                                       {"page", R"({"url":"https://shop.example/"})"},
                                                       {"snooze", R"({"until":1790000100000})"},
                                                       {"assign", R"({"agent":")" + agent_.id + "\"}"},
                                                       {"password", R"({"password":"a long one"})"},
                                                       {"confirm", R"({"code":"1"})"},
                                                       {"remove", R"({"code":"1"})"},
                                                       {"bulk", R"({"conversations":[],"actions":[]})"},
                                                       {"{site}", kSiteBody}};
    const std::string pattern(route.pattern);
    if (pattern.find("/macros/") != std::string::npos && pattern.starts_with("/v1/agent/")) {
      const std::string run = "/macros/" + world_.NewId<wire::MessageId>().text();
      return world_.Call(route.method, World::PathOf("agent", conversation_) + run, token,
                         R"({"macro":")" + AdminWorld::IdOf(samples_.at("/v1/admin/macros").path) + "\"}");
    }
    if (pattern.starts_with("/v1/admin/")) return CallAdmin(route, token, bodies);
    const auto body = bodies.find(pattern.substr(pattern.rfind('/') + 1));
    std::string path = Replace(pattern, "{conversation}", conversation_);
    if (pattern.ends_with("/{attribute}")) {
      path = Replace(path, "{attribute}", AdminWorld::IdOf(samples_.at("/v1/admin/attributes").path));
      return world_.Call(route.method, path, token, R"({"value":"paid"})");
    }
    path = Replace(path, "{message}", world_.NewId<wire::MessageId>().text());
    if (pattern.ends_with("/poll"))
      path += "?wait=0&cursor=" + (pattern.starts_with("/v1/agent") ? agent_ : customer_).cursor;
    if (pattern == "/v1/agent/conversations") path += "?view=team";
    const bool has_body = route.method != Method::kGet && route.method != Method::kDelete;
    return world_.Call(route.method, path, token, !has_body ? "" : body == bodies.end() ? "{}" : body->second);
  }

  static constexpr const char* kSiteBody =
      R"({"name":"n","greeting":"","allowed_origins":[],"appearance":{"accent":"#000000","position":"left"}})";

  // Of resources that are there.
  Result CallAdmin(const Route& route, const std::string& token, const std::map<std::string, std::string>& bodies) {
    std::string path = Replace(std::string(route.pattern), "{conversation}", conversation_);
    const std::string list = path.substr(0, path.find('/', sizeof("/v1/admin/") - 1));
    const auto sample = samples_.find(list);
    const size_t parameter = path.find('{');
    if (parameter != std::string::npos) {
      const size_t end = path.find('}', parameter) + 1 - parameter;
      path.replace(parameter, end, sample == samples_.end() ? "sit_demo" : AdminWorld::IdOf(sample->second.path));
    }
    path = Replace(path, "{session}", wire::SessionId::Make(1, 1, 1).text());
    const auto body = bodies.find(std::string(route.pattern.substr(route.pattern.rfind('/') + 1)));
    if (route.method != Method::kPut) return world_.Call(route.method, path, token);
    const std::string of_sample = sample == samples_.end() ? "{}" : sample->second.body;
    return world_.Call(route.method, path, token, body == bodies.end() ? of_sample : body->second);
  }

  // A session of its own: some calls end theirs.
  std::string TokenOf(const Person& agent, const std::string& site = "sit_demo") {
    const std::string token = "at_" + world_.NewId<wire::SessionId>().text();
    world_.AddToken(token, TokenKind::kAgent, site, agent.id);
    return token;
  }

  AdminWorld world_;
  std::map<std::string, Sample> samples_;
  Person agent_ = world_.AddAgent("Mara");
  Person customer_ = world_.AddCustomer();
  std::string conversation_ = world_.Start(customer_);
};

TEST_F(Access, NeedsASessionOfTheRightSide) {
  world_.Snapshot(agent_);
  world_.AddToken("ct_over", TokenKind::kCustomer, "sit_demo", customer_.id);
  world_.AddToken("at_over", TokenKind::kAgent, "sit_demo", agent_.id);
  world_.AddToken("ak_over", TokenKind::kKey, "sit_demo", "key_x");
  world_.AddToken("at_revoked", TokenKind::kAgent, "sit_demo", world_.owner.id);
  world_.Write([&](store::Transaction& txn) { EXPECT_TRUE(EraseToken(txn, "at_revoked").ok()); });
  world_.clock.Advance(absl::Milliseconds(wire::kAgentSessionMs));
  world_.AddToken(agent_.token, TokenKind::kAgent, "sit_demo", agent_.id);
  world_.AddToken(customer_.token, TokenKind::kCustomer, "sit_demo", customer_.id);
  for (const Route& route : Routes()) {
    SCOPED_TRACE(route.pattern);
    if (route.who.caller == Caller::kAnyone) {
      EXPECT_NE(Call(route, "").code(), "token_invalid");
      continue;
    }
    const bool of_agents = route.who.caller != Caller::kCustomer;
    for (const std::string& token :
         {std::string(), std::string("ct_unknown"), std::string("ct_over"), std::string("at_over"),
          std::string("ak_over"), std::string("at_revoked"), of_agents ? customer_.token : agent_.token}) {
      const Result result = Call(route, token);
      EXPECT_EQ(result.status, 401) << token << " " << result.body;
      EXPECT_EQ(result.code(), "token_invalid");
    }
  }
}

// Who may not call learns nothing else: not even that the request is none.
TEST_F(Access, IsCheckedBeforeTheRequestIsFoundBad) {
  for (const Route& route : Routes()) {
    if (route.who.caller == Caller::kAnyone) continue;
    SCOPED_TRACE(route.pattern);
    const std::string& wrong_side = route.who.caller == Caller::kCustomer ? agent_.token : customer_.token;
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
  const Person foreign_owner = world_.AddWithRole("Oda", wire::Role::kOwner, "sit_other");
  const Person foreign_customer = world_.AddCustomer("sit_other");
  for (const Route& route : Routes()) {
    if (route.pattern.find("{conversation}") == std::string_view::npos) continue;
    SCOPED_TRACE(route.pattern);
    const bool of_agents = route.who.caller != Caller::kCustomer;
    const bool of_owners = of_agents && !May(wire::Role::kAgent, *route.who.permission);
    const Person& foreigner = of_owners ? foreign_owner : foreign_agent;
    const Person& agent = of_owners ? world_.owner : agent_;
    const Result refused = Call(route, of_agents ? foreigner.token : stranger.token);
    EXPECT_EQ(refused.status, 404) << refused.body;
    // "Not there" and "not yours" are the same words.
    const std::string there = std::exchange(conversation_, world_.NewId<wire::ConversationId>().text());
    const bool creates = route.pattern == "/v1/customer/conversations/{conversation}";
    if (!creates) {
      EXPECT_EQ(Call(route, of_agents ? agent.token : customer_.token).body, refused.body);
      EXPECT_EQ(Call(route, foreign_customer.token).status, of_agents ? 401 : 404);
    }
    conversation_ = there;
    // What another one wrote is theirs to change.
    const bool amends = route.pattern.ends_with("/messages/{message}") && route.method != Method::kPut;
    if (!of_agents || amends) continue;
    EXPECT_NE(Call(route, colleague.token).status, 404) << "agents see all of their site";
  }
}

// An agent whose role does not have the permission is refused, one whose role has
// it is not; a key of that role likewise, where keys may call at all.
TEST_F(Access, NeedsTheRole) {
  const wire::Role kRoles[] = {wire::Role::kReadOnly, wire::Role::kAgent, wire::Role::kSupervisor, wire::Role::kAdmin,
                               wire::Role::kOwner};
  std::map<wire::Role, Person> of_role;
  std::map<wire::Role, std::string> keys;
  for (const wire::Role role : kRoles) {
    const std::string name(wire::NameOf(role));
    of_role[role] = world_.AddWithRole(name, role);
    if (role == wire::Role::kOwner) continue;
    const auto key =
        world_.Put(world_.PathOf<wire::KeyId>("keys"), world_.owner, R"({"name":"k","role":")" + name + "\"}");
    keys[role] = key.As<wire::KeyShown>().token.value_or("");
  }
  world_.Snapshot(agent_);
  int refused = 0;
  for (const Route& route : Routes()) {
    if (!route.who.permission) continue;
    for (const wire::Role role : kRoles) {
      SCOPED_TRACE(std::string(route.pattern) + " " + std::string(wire::NameOf(role)));
      const bool may = May(role, *route.who.permission);
      const Result result = Call(route, TokenOf(of_role[role]));
      EXPECT_EQ(result.code() == "role_required", !may) << result.status << " " << result.body;
      EXPECT_EQ(result.status == 403, !may);
      EXPECT_NE(result.status, 401) << result.body;
      if (!may) ++refused;
      if (role == wire::Role::kOwner) continue;
      const bool of_keys = route.who.caller == Caller::kAdmin;
      const Result by_key = Call(route, keys[role]);
      EXPECT_EQ(by_key.code() == "role_required", of_keys && !may) << by_key.status << " " << by_key.body;
      EXPECT_EQ(by_key.code() == "token_invalid", !of_keys) << by_key.status << " " << by_key.body;
    }
  }
  EXPECT_GT(refused, 50);
}

// What another site's owner does is done to their own site, or not at all.
TEST_F(Access, StaysWithinItsSite) {
  const Person foreign = world_.AddWithRole("Eve", wire::Role::kOwner, "sit_other");
  const auto ours = [&] {
    std::vector<store::Entry> entries = world_.Everything();
    std::erase_if(entries, [](const store::Entry& entry) { return !entry.key.starts_with("sit_demo/"); });
    return entries;
  };
  const auto before = ours();
  for (const Route& route : Routes()) {
    if (route.who.caller != Caller::kAdmin || route.method == Method::kPut) continue;
    SCOPED_TRACE(route.pattern);
    const Result result = Call(route, TokenOf(foreign, "sit_other"));
    EXPECT_EQ(ours(), before);
    if (route.pattern.find('{') != std::string_view::npos) {
      EXPECT_EQ(result.status, 404) << result.body;
    } else {
      EXPECT_EQ(result.status, 200);
      for (const auto& [list, sample] : samples_) {
        EXPECT_EQ(result.body.find(AdminWorld::IdOf(sample.path)), std::string::npos) << "of " << list;
      }
    }
  }
  // A put of what is ours makes something of their own.
  for (const Route& route : Routes()) {
    if (route.who.caller != Caller::kAdmin || route.method != Method::kPut) continue;
    SCOPED_TRACE(route.pattern);
    Call(route, TokenOf(foreign, "sit_other"));
    EXPECT_EQ(ours(), before);
  }
}

}  // namespace
}  // namespace alcove::functions
