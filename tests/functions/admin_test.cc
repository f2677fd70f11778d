// The administration API: what it puts, shows, refuses and writes down.
#include <map>
#include <string>
#include <vector>

#include "functions/agent_sessions.h"
#include "functions/json_codec.h"
#include "functions/secrets.h"
#include "functions/totp.h"
#include "store/memory_store.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/invariants.h"

namespace alcove::functions {
namespace {

using testing::HasSubstr;
using testing::Not;

struct AuditPage {
  std::vector<wire::Resource<wire::AuditFields>> audit;
  bool more = false;
};
template <class V>
void Describe(V& visit, AuditPage& page) {
  visit("audit", page.audit);
  visit("more", page.more);
}

struct Sessions {
  std::vector<wire::SessionShown> sessions;
};
template <class V>
void Describe(V& visit, Sessions& all) {
  visit("sessions", all.sessions);
}

class AdminTest : public testing::Test {
 protected:
  // Each at a time of its own, so that the audit has an order.
  Result Put(const std::string& path, const std::string& body) {
    world_.clock.Advance(absl::Milliseconds(1));
    return world_.Put(path, owner_, body);
  }
  Result Get(const std::string& path) { return world_.Get(path, owner_); }
  Result Delete(const std::string& path) {
    world_.clock.Advance(absl::Milliseconds(1));
    return world_.Call(Method::kDelete, path, owner_.token);
  }
  std::vector<wire::Resource<wire::AuditFields>> Audit() { return Get("/v1/admin/audit").As<AuditPage>().audit; }
  std::string PathOf(const Person& agent) { return "/v1/admin/agents/" + agent.id; }
  // What a put of the agent says who changes nothing but this.
  std::string BodyOf(const Person& agent, const std::string& more) {
    return R"({"name":")" + agent.name + R"(","email":")" + agent.name + R"(@example.org")" + more + "}";
  }

  AdminWorld world_;
  Person& owner_ = world_.owner;
};

TEST_F(AdminTest, PutsShowsListsAndDeletesEachResource) {
  std::vector<Sample> samples = world_.Samples();
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.path);
    const std::string id = AdminWorld::IdOf(sample.path);
    EXPECT_EQ(Get(sample.path).status, 404);
    const Result created = Put(sample.path, sample.body);
    ASSERT_EQ(created.status, 201) << created.body;
    EXPECT_THAT(created.body, HasSubstr("\"id\":\"" + id + "\""));
    const std::string shown = Get(sample.path).body;
    EXPECT_THAT(Get(sample.list).body, HasSubstr(shown));
    const size_t audited = Audit().size();
    // A repeat is no change.
    const Result again = Put(sample.path, sample.body);
    EXPECT_EQ(again.status, 200);
    EXPECT_EQ(again.body, shown);
    EXPECT_EQ(Audit().size(), audited);
    const Result changed = Put(sample.path, sample.other);
    EXPECT_EQ(changed.status, 200) << changed.body;
    EXPECT_NE(changed.body, shown);
    EXPECT_EQ(Get(sample.path).body, changed.body);
    EXPECT_EQ(Put(sample.path, sample.body).status, 200);
    CheckInvariants(world_);
  }
  std::reverse(samples.begin(), samples.end());
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.path);
    const Result deleted = Delete(sample.path);
    EXPECT_EQ(deleted.status, 200) << deleted.body;
    EXPECT_EQ(Get(sample.path).status, 404);
    EXPECT_EQ(Delete(sample.path).status, 404);
    CheckInvariants(world_);
  }
}

TEST_F(AdminTest, OfWhatIsNamedNothingIsDeleted) {
  const std::vector<Sample> samples = world_.Samples();
  for (const Sample& sample : samples) ASSERT_EQ(Put(sample.path, sample.body).status, 201) << sample.path;
  std::map<std::string, const Sample*> by_list;
  for (const Sample& sample : samples) by_list[sample.list] = &sample;
  const std::string settings = R"({"hours":")" + AdminWorld::IdOf(by_list["/v1/admin/hours"]->path) + R"(","bot":")" +
                               AdminWorld::IdOf(by_list["/v1/admin/bots"]->path) + "\"}";
  // Whoever needs it is said, one after another.
  const struct {
    const char* list;
    std::vector<const char*> needed_by;
  } kCases[] = {
      {"/v1/admin/bots", {"/v1/admin/settings", "/v1/admin/rules"}},
      {"/v1/admin/hours", {"/v1/admin/settings", "/v1/admin/teams", "/v1/admin/rules"}},
      {"/v1/admin/teams", {"/v1/admin/agents", "/v1/admin/rules", "/v1/admin/canned", "/v1/admin/macros"}},
      {"/v1/admin/skills", {"/v1/admin/agents", "/v1/admin/rules"}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.list);
    ASSERT_EQ(Put("/v1/admin/settings", settings).status, 200);
    for (const char* const user : c.needed_by) {
      const Result refused = Delete(by_list[c.list]->path);
      EXPECT_EQ(refused.status, 422) << refused.body;
      const bool is_settings = std::string(user) == "/v1/admin/settings";
      EXPECT_THAT(refused.body, HasSubstr(is_settings ? "settings" : AdminWorld::IdOf(by_list[user]->path)));
      ASSERT_EQ(is_settings ? Put(user, "{}").status : Put(by_list[user]->path, by_list[user]->other).status, 200);
    }
    EXPECT_EQ(Delete(by_list[c.list]->path).status, 200);
    CheckInvariants(world_);
    for (const char* const user : c.needed_by) {
      if (!by_list.contains(user)) continue;
      EXPECT_EQ(Put(by_list[user]->path, by_list[user]->body).status, 422) << "it names what is not there";
    }
    ASSERT_EQ(Put(by_list[c.list]->path, by_list[c.list]->body).status, 201);
    for (const char* const user : c.needed_by) {
      if (by_list.contains(user)) {
        ASSERT_EQ(Put(by_list[user]->path, by_list[user]->body).status, 200) << user;
      }
    }
  }
}

// Who waits for it would wait for ever; who had been given to it goes to anybody.
TEST_F(AdminTest, ATeamThatSomebodyWaitsForIsNotDeleted) {
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(Put(team, R"({"name":"Sales"})").status, 201);
  const Person customer = world_.AddCustomer();
  const Person mara = world_.AddAgent("Mara");
  const std::string id = world_.NewId<wire::ConversationId>().text();
  const auto head = [&] {
    return *world_.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
  };
  ASSERT_EQ(
      world_.Put("/v1/customer/conversations/" + id, customer, R"({"team":")" + AdminWorld::IdOf(team) + "\"}").status,
      201);
  const Result refused = Delete(team);
  EXPECT_EQ(refused.code(), "unprocessable");
  EXPECT_THAT(refused.body, HasSubstr("is what conversations wait for, 1 of them"));
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", mara).status, 200);
  EXPECT_EQ(Delete(team).status, 200);
  CheckInvariants(world_);
  // It comes back, and is anybody's.
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/reopen", mara).status, 200);
  EXPECT_FALSE(head().team);
  CheckInvariants(world_);
}

// The same of a skill, however it came to be needed.
TEST_F(AdminTest, ASkillThatSomebodyWaitsForIsNotDeleted) {
  const std::string skill = world_.PathOf<wire::SkillId>("skills");
  const std::string other = world_.PathOf<wire::SkillId>("skills");
  const std::string rule = world_.PathOf<wire::RuleId>("rules");
  for (const std::string& path : {skill, other}) ASSERT_EQ(Put(path, R"({"name":"Returns"})").status, 201);
  const std::string needs = R"({"name":"Returns","place":1,"effect":{"skill":")";
  ASSERT_EQ(Put(rule, needs + AdminWorld::IdOf(skill) + "\"}}").status, 201);
  const Person mara = world_.AddOnlineAgent("Mara");
  const std::string id = world_.Start(world_.AddCustomer());
  const auto head = [&] {
    return *world_.Stored<ConversationRecord>(store::keys::Conversation(kSite, wire::ConversationId(id)));
  };
  ASSERT_EQ(head().state, wire::ConversationState::kQueued) << "nobody has the skill";
  ASSERT_EQ(Put(rule, needs + AdminWorld::IdOf(other) + "\"}}").status, 200);
  const Result refused = Delete(skill);
  EXPECT_EQ(refused.code(), "unprocessable");
  EXPECT_THAT(refused.body, HasSubstr("is what conversations wait for, 1 of them"));
  ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", mara).status, 200);
  EXPECT_EQ(Delete(skill).status, 200);
  CheckInvariants(world_);
  // It waits again, and is anybody's: not for what nobody can have any more.
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(Put(team, R"({"name":"Sales"})").status, 201);
  ASSERT_EQ(
      world_.Post(World::PathOf("agent", id) + "/assign", mara, R"({"team":")" + AdminWorld::IdOf(team) + "\"}").status,
      200);
  EXPECT_EQ(head().state, wire::ConversationState::kQueued);
  EXPECT_FALSE(head().skills);
  CheckInvariants(world_);
}

TEST_F(AdminTest, ListsArePaged) {
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(world_.NewId<wire::SkillId>().text());
    world_.clock.Advance(absl::Milliseconds(1));
    ASSERT_EQ(Put("/v1/admin/skills/" + ids.back(), R"({"name":"s"})").status, 201);
  }
  const auto page = [&](const std::string& query) { return Get("/v1/admin/skills" + query).body; };
  EXPECT_THAT(page("?limit=2"), testing::AllOf(HasSubstr(ids[1]), Not(HasSubstr(ids[2])), HasSubstr("\"more\":true")));
  const std::string second = page("?limit=3&after=" + ids[1]);
  EXPECT_THAT(second, testing::AllOf(Not(HasSubstr(ids[1])), HasSubstr(ids[2]), HasSubstr(ids[4]),
                                     HasSubstr("\"more\":false")));
  EXPECT_EQ(Get("/v1/admin/skills?after=x").status, 400);
  EXPECT_EQ(Get("/v1/admin/skills?limit=0").status, 400);
  EXPECT_EQ(Get("/v1/admin/agents?after=x").status, 400);
  EXPECT_EQ(Get("/v1/admin/agents?team=x").status, 400);
  EXPECT_EQ(Get("/v1/admin/audit?before=x").status, 400);
  // The audit goes backward.
  const auto newest = Get("/v1/admin/audit?limit=2").As<AuditPage>();
  ASSERT_EQ(newest.audit.size(), 2U);
  EXPECT_TRUE(newest.more);
  EXPECT_EQ(newest.audit[0].fields.target, ids[4]);
  const auto rest = Get("/v1/admin/audit?limit=3&before=" + newest.audit[1].id).As<AuditPage>();
  ASSERT_EQ(rest.audit.size(), 3U);
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(rest.audit[2].fields.target, ids[0]);
}

TEST_F(AdminTest, AgentsOfATeamAreListed) {
  const std::string team = world_.PathOf<wire::TeamId>("teams");
  ASSERT_EQ(Put(team, R"({"name":"Sales"})").status, 201);
  std::vector<Person> members;
  for (const std::string name : {"a", "b", "c"}) {
    members.push_back(world_.AddAgent(name));
    world_.clock.Advance(absl::Milliseconds(1));
    ASSERT_EQ(
        Put(PathOf(members.back()), BodyOf(members.back(), R"(,"teams":[")" + AdminWorld::IdOf(team) + "\"]")).status,
        200);
  }
  world_.AddAgent("of no team");
  const std::string query = "/v1/admin/agents?team=" + AdminWorld::IdOf(team);
  const std::string all = Get(query).body;
  for (const Person& member : members) EXPECT_THAT(all, HasSubstr(member.id));
  EXPECT_THAT(all, Not(HasSubstr("of no team")));
  EXPECT_THAT(Get(query + "&limit=1&after=" + members[0].id).body,
              testing::AllOf(HasSubstr(members[1].id), Not(HasSubstr(members[2].id)), HasSubstr("\"more\":true")));
  CheckInvariants(world_);
}

// --- What is refused ------------------------------------------------------------

std::string Repeat(const std::string& item, size_t count) {
  std::string list;
  for (size_t i = 0; i < count; ++i) list += (i > 0 ? "," : "") + item;
  return "[" + list + "]";
}
// Each with its number in it.
std::string Numbered(size_t count, size_t bytes) {
  std::string list;
  for (size_t i = 0; i < count; ++i) {
    std::string text = std::to_string(i);
    text.resize(std::max(bytes, text.size()), 'x');
    list += (i > 0 ? ",\"" : "\"") + text + "\"";
  }
  return "[" + list + "]";
}
std::string Text(size_t bytes) { return "\"" + std::string(bytes, 'x') + "\""; }

TEST_F(AdminTest, FieldsAreBounded) {
  const std::string condition = R"({"field":"page","test":"is","values":["a"]})";
  const auto conditions = [&](const std::string& all) {
    return R"({"name":"r","place":0,"conditions":)" + all + R"(,"effect":{"priority":1}})";
  };
  const auto value = [&](const std::string& all) {
    return conditions(R"([{"field":"page","test":"is","values":)" + all + "}]");
  };
  const auto hours = [](const std::string& more) { return R"({"name":"h","time_zone":"UTC")" + more + "}"; };
  const auto weekly = [&](size_t n) {
    return hours(R"(,"weekly":)" + Repeat(R"({"day":7,"from_minute":0,"to_minute":1440})", n));
  };
  const auto holidays = [&](size_t n) { return hours(R"(,"holidays":)" + Repeat(R"({"date":"2028-02-29"})", n)); };
  const auto open = [&](size_t n) {
    return hours(R"(,"exceptions":[{"date":"2026-01-01","open":)" + Repeat(R"({"from_minute":1,"to_minute":2})", n) +
                 "}]");
  };
  const auto named = [](const std::string& name) { return R"({"name":)" + name + "}"; };
  const auto agent = [](const std::string& more) { return R"({"name":"a","email":"a@b.example")" + more + "}"; };
  const auto site = [](const std::string& greeting, const std::string& origins) {
    return R"({"name":"n","greeting":)" + greeting + R"(,"allowed_origins":)" + origins +
           R"(,"appearance":{"accent":"#2f5bea","position":"left"}})";
  };
  const auto settings = [](const std::string& field, int64_t number) {
    return "{\"" + field + "\":" + std::to_string(number) + "}";
  };
  const auto number = [](int64_t n) { return std::to_string(n); };
  const std::string teams = world_.PathOf<wire::TeamId>("teams");
  const std::string rules = world_.PathOf<wire::RuleId>("rules");
  const std::string hours_path = world_.PathOf<wire::HoursId>("hours");
  const std::string skills = world_.PathOf<wire::SkillId>("skills");
  const std::string canned = "/v1/admin/canned/a";
  const std::string bots = world_.PathOf<wire::BotId>("bots");
  const auto bot = [](const std::string& more) { return R"({"name":"b")" + more + "}"; };
  const auto answer = [&](const std::string& phrases, const std::string& text) {
    return bot(R"(,"answers":[{"phrases":)" + phrases + R"(,"text":)" + text + "}]");
  };
  const std::string url = R"(,"url":"https://x.example/")";
  const std::string tags = world_.PathOf<wire::TagId>("tags");
  const std::string attributes = world_.PathOf<wire::AttributeId>("attributes");
  const std::string agents = world_.PathOf<wire::AgentId>("agents");
  const std::string keys = world_.PathOf<wire::KeyId>("keys");
  const std::string identity = world_.PathOf<wire::IdentitySecretId>("identity");
  const std::string set = "/v1/admin/settings";
  const std::string sites = "/v1/admin/sites/sit_demo";
  const auto timer_max = wire::kTimerMsMax;
  const std::string too_long = std::string(wire::kLanguageBytesMax + 1, 'x');
  const struct {
    std::string path;
    std::string accepted;  // "": only the other is tried
    std::string refused;
  } kCases[] = {
      {skills, named(Text(wire::kNameBytesMax)), named(Text(wire::kNameBytesMax + 1))},
      {skills, "", named("\" \"")},
      {skills, "", "{}"},
      {teams, R"({"name":"t","capacity":1})", R"({"name":"t","capacity":0})"},
      {teams, R"({"name":"t","capacity":100000})", R"({"name":"t","capacity":100001})"},
      {teams, "", R"({"name":"t","strategy":"best"})"},
      {teams, "", R"({"name":"t","strategy":"external"})"},
      {teams, R"({"name":"t","strategy":"external","external":{"url":"https://x.example/","timeout_ms":5000}})",
       R"({"name":"t","strategy":"external","external":{"url":"https://x.example/","timeout_ms":5001}})"},
      {teams, "", R"({"name":"t","external":{"url":"ftp://x.example/","timeout_ms":1}})"},
      {teams, "", R"({"name":"t","external":{"url":"https://x.example/ y","timeout_ms":1}})"},
      {teams, "", R"({"name":"t","external":{"url":"https://me:secret@x.example/","timeout_ms":1}})"},
      {teams, "", R"({"name":"t","external":{"url":"https:///","timeout_ms":1}})"},
      {teams, "", R"({"name":"t","overflow":{"team":")" + AdminWorld::IdOf(teams) + R"(","after_ms":1}})"},
      {teams, "", R"({"name":"t","overflow":{"team":"tea_00000000000000000000000000","after_ms":1}})"},
      {teams, R"({"name":"t","languages":)" + Numbered(wire::kLanguagesMax, 2) + "}",
       R"({"name":"t","languages":)" + Numbered(wire::kLanguagesMax + 1, 2) + "}"},
      {teams, R"({"name":"t","languages":[")" + too_long.substr(1) + "\"]}",
       R"({"name":"t","languages":[")" + too_long + "\"]}"},
      {teams, "", R"({"name":"t","languages":["d"]})"},
      {teams, "", R"({"name":"t","languages":["de","de"]})"},
      {teams, "", R"({"name":"t","hours":"hrs_00000000000000000000000000"})"},
      {hours_path, weekly(wire::kWeeklySpansMax), weekly(wire::kWeeklySpansMax + 1)},
      {hours_path, holidays(wire::kHolidaysMax), holidays(wire::kHolidaysMax + 1)},
      {hours_path, open(wire::kDaySpansMax), open(wire::kDaySpansMax + 1)},
      {hours_path, "", hours(R"(,"weekly":[{"day":0,"from_minute":0,"to_minute":1}])")},
      {hours_path, "", hours(R"(,"weekly":[{"day":8,"from_minute":0,"to_minute":1}])")},
      {hours_path, "", hours(R"(,"weekly":[{"day":1,"from_minute":5,"to_minute":5}])")},
      {hours_path, "", hours(R"(,"weekly":[{"day":1,"from_minute":0,"to_minute":1441}])")},
      {hours_path, "", hours(R"(,"holidays":[{"date":"2026-02-29"}])")},
      {hours_path, "", hours(R"(,"holidays":[{"date":"26-02-01"}])")},
      {hours_path, "", hours(R"(,"exceptions":[{"date":"2026-01-01"},{"date":"2026-01-01"}])")},
      {hours_path, "", R"({"name":"h","time_zone":"Mars/Olympus"})"},
      {hours_path, "", R"({"name":"h","time_zone":"/etc/localtime"})"},
      {hours_path, "", R"({"name":"h","time_zone":"Europe/../UTC"})"},
      {hours_path, "", R"({"name":"h","time_zone":"localtime"})"},
      {rules, conditions(Repeat(condition, wire::kConditionsMax)),
       conditions(Repeat(condition, wire::kConditionsMax + 1))},
      {rules, value(Numbered(wire::kConditionValuesMax, 2)), value(Numbered(wire::kConditionValuesMax + 1, 2))},
      {rules, value(Numbered(1, wire::kConditionValueBytesMax)), value(Numbered(1, wire::kConditionValueBytesMax + 1))},
      {rules, "", value("[]")},
      {rules, conditions(R"([{"field":"tier","test":"is_set"}])"),
       conditions(R"([{"field":"tier","test":"is_set","values":["a"]}])")},
      {rules, "", conditions(R"([{"field":"moon","test":"is_set"}])")},
      {rules, "", conditions(R"([{"field":"tier","test":"likes","values":["a"]}])")},
      {rules, "", conditions(R"([{"field":"tier","test":"is_set","name":"a"}])")},
      {rules, conditions(R"([{"field":"customer","test":"is_set","name":"a_1"}])"),
       conditions(R"([{"field":"customer","test":"is_set","name":"a 1"}])")},
      {rules, "", conditions(R"([{"field":"form","test":"is_set"}])")},
      {rules, conditions(R"([{"field":"hours","test":"is","values":["open"]}])"),
       conditions(R"([{"field":"hours","test":"is","values":["late"]}])")},
      {rules, "", conditions(R"([{"field":"hours","test":"contains","values":["open"]}])")},
      {rules, R"({"name":"r","place":1000000,"effect":{"priority":9}})",
       R"({"name":"r","place":1000001,"effect":{"priority":9}})"},
      {rules, "", R"({"name":"r","place":-1,"effect":{"priority":9}})"},
      {rules, "", R"({"name":"r","place":0,"effect":{"priority":10}})"},
      {rules, "", R"({"name":"r","place":0,"effect":{}})"},
      {rules, "", R"({"name":"r","place":0,"effect":{"priority":1,"skill_level":1}})"},
      {rules, "", R"({"name":"r","place":0,"matching":"none","effect":{"priority":1}})"},
      {canned, R"({"text":)" + Text(wire::kCannedTextBytesMax) + "}",
       R"({"text":)" + Text(wire::kCannedTextBytesMax + 1) + "}"},
      {canned, R"({"text":"a","folder":)" + Text(wire::kFolderBytesMax) + "}",
       R"({"text":"a","folder":)" + Text(wire::kFolderBytesMax + 1) + "}"},
      {canned, "", R"({"text":"Hello {{name}}"})"},
      {canned, "", R"({"text":"Hello {{customer.name"})"},
      {"/v1/admin/canned/" + std::string(wire::kShortcutBytesMax, 'a'), R"({"text":"a"})", ""},
      {"/v1/admin/canned/" + std::string(wire::kShortcutBytesMax + 1, 'a'), "", R"({"text":"a"})"},
      {"/v1/admin/canned/a.b", "", R"({"text":"a"})"},
      {bots, R"({"name":)" + Text(wire::kNameBytesMax) + "}", R"({"name":)" + Text(wire::kNameBytesMax + 1) + "}"},
      {bots, bot(R"(,"greeting":)" + Text(wire::kCannedTextBytesMax)),
       bot(R"(,"greeting":)" + Text(wire::kCannedTextBytesMax + 1))},
      {bots, bot(R"(,"answers":)" + Repeat(R"({"phrases":["a"],"text":"b"})", wire::kBotAnswersMax)),
       bot(R"(,"answers":)" + Repeat(R"({"phrases":["a"],"text":"b"})", wire::kBotAnswersMax + 1))},
      {bots, answer(Numbered(wire::kBotPhrasesMax, 2), "\"b\""),
       answer(Numbered(wire::kBotPhrasesMax + 1, 2), "\"b\"")},
      {bots, answer(Numbered(1, wire::kBotPhraseBytesMax), "\"b\""),
       answer(Numbered(1, wire::kBotPhraseBytesMax + 1), "\"b\"")},
      {bots, answer(R"(["a"])", Text(wire::kCannedTextBytesMax)),
       answer(R"(["a"])", Text(wire::kCannedTextBytesMax + 1))},
      {bots, "", answer("[]", "\"b\"")},
      {bots, "", answer(R"(["?!"])", "\"b\"")},
      {bots, "", answer(R"(["a","a"])", "\"b\"")},
      {bots, bot(R"(,"hand_over":)" + Numbered(wire::kBotPhrasesMax, 2)),
       bot(R"(,"hand_over":)" + Numbered(wire::kBotPhrasesMax + 1, 2))},
      {bots, bot(R"(,"hand_over_after":5,"fallback":"what?")"), bot(R"(,"hand_over_after":6,"fallback":"what?")")},
      {bots, bot(R"(,"hand_over_after":1)"), bot(R"(,"hand_over_after":0)")},
      {bots, "", bot(R"(,"hand_over_after":2)")},
      {bots, "", bot(R"(,"fallback":"what?")")},
      {bots, bot(R"(,"language":"pt-BR")"), bot(R"(,"language":"p")")},
      {bots, bot(url + R"(,"timeout_ms":20000,"hand_over":["person"])"), bot(url + R"(,"timeout_ms":20001)")},
      {bots, bot(url + R"(,"timeout_ms":1)"), bot(url + R"(,"timeout_ms":0)")},
      {bots, "", bot(R"(,"timeout_ms":1)")},
      {bots, "", bot(R"(,"url":"file:///etc/passwd")")},
      {bots, "", bot(R"(,"url":"https://me:secret@x.example/")")},
      {bots, "", bot(url + R"(,"answers":[{"phrases":["a"],"text":"b"}])")},
      {bots, "", bot(url + R"(,"fallback":"what?")")},
      {bots, "", bot(url + R"(,"hand_over_after":1)")},
      {set, "", R"({"bot":"bot_00000000000000000000000000"})"},
      {set, "", R"({"bot":"none"})"},
      {rules, R"({"name":"r","place":0,"effect":{"bot":"none"}})",
       R"({"name":"r","place":0,"effect":{"bot":"bot_00000000000000000000000000"}})"},
      {tags, R"({"colour":"#AAbb00","name":)" + Text(wire::kTagBytesMax) + "}",
       R"({"colour":"#AAbb00","name":)" + Text(wire::kTagBytesMax + 1) + "}"},
      {tags, "", R"({"colour":"red","name":"a"})"},
      {attributes, R"({"label":"l","of":"customer","type":"text","name":)" + Text(wire::kAttributeNameBytesMax) + "}",
       R"({"label":"l","of":"customer","type":"text","name":)" + Text(wire::kAttributeNameBytesMax + 1) + "}"},
      {attributes, "", R"({"label":"l","of":"site","type":"text","name":"a"})"},
      {attributes, R"({"label":"l","of":"customer","type":"date","name":"a"})",
       R"({"label":"l","of":"customer","type":"moon","name":"a"})"},
      {attributes, R"({"label":"l","of":"customer","type":"text","name":"a","written_by":"agents"})",
       R"({"label":"l","of":"customer","type":"text","name":"a","written_by":"owls"})"},
      {attributes, "", R"({"label":"l","of":"customer","type":"choice","name":"a"})"},
      {attributes, "", R"({"label":"l","of":"customer","type":"text","choices":["a"],"name":"a"})"},
      {attributes,
       R"({"label":"l","of":"customer","type":"choice","name":"a","choices":)" + Numbered(wire::kChoicesMax, 2) + "}",
       R"({"label":"l","of":"customer","type":"choice","name":"a","choices":)" + Numbered(wire::kChoicesMax + 1, 2) +
           "}"},
      {agents, agent(R"(,"capacity":100)"), agent(R"(,"capacity":101)")},
      {agents, agent(R"(,"capacity":0)"), agent(R"(,"capacity":-1)")},
      {agents, "", agent(R"(,"role":"king")")},
      {agents, "", agent(R"(,"teams":["tea_00000000000000000000000000"])")},
      {agents, "", agent(R"(,"teams":["x"])")},
      {agents, "", agent(R"(,"skills":[{"skill":"skl_00000000000000000000000000","level":1}])")},
      {agents, "", R"({"name":"a","email":"nobody"})"},
      {agents, "", R"({"name":"a","email":"a b@c"})"},
      {agents, "", R"({"name":"a","email":"a@b@c"})"},
      {"/v1/admin/agents/agt_x", "", agent("")},
      {set, settings("close_after_ms", timer_max), settings("close_after_ms", timer_max + 1)},
      {set, settings("accept_timeout_ms", 1), settings("accept_timeout_ms", 0)},
      {set, settings("queue_limit", 5000), settings("queue_limit", 5001)},
      {set, R"({"warn_after_ms":1,"close_after_ms":2})", R"({"warn_after_ms":2,"close_after_ms":2})"},
      {set, "", R"({"warn_after_ms":2})"},
      {set, "", R"({"away":"sleep"})"},
      {set, "", R"({"overload":"cry"})"},
      {set, "", R"({"reopening":"never"})"},
      {set, R"({"outside_hours":"queue"})", R"({"outside_hours":"shout"})"},
      {set, R"({"nobody_online":"offline_form"})", R"({"nobody_online":"refuse"})"},
      {set, settings("archive_after_ms", wire::kArchiveAfterMsMax),
       settings("archive_after_ms", wire::kArchiveAfterMsMax + 1)},
      {set, settings("archive_after_ms", 1), settings("archive_after_ms", 0)},
      {set, settings("edit_window_ms", wire::kEditWindowMsMax), settings("edit_window_ms", wire::kEditWindowMsMax + 1)},
      {set, settings("edit_window_ms", 0), settings("edit_window_ms", -1)},
      {set, R"({"languages":)" + Numbered(wire::kLanguagesMax, 2) + "}",
       R"({"languages":)" + Numbered(wire::kLanguagesMax + 1, 2) + "}"},
      {set, "", R"({"strategy":"external"})"},
      {set, "", R"({"hours":"hrs_00000000000000000000000000"})"},
      {set, R"({"close_reasons":)" + Numbered(wire::kCloseReasonsMax, 3) + "}",
       R"({"close_reasons":)" + Numbered(wire::kCloseReasonsMax + 1, 3) + "}"},
      {sites, site(Text(wire::kGreetingBytesMax), "[]"), site(Text(wire::kGreetingBytesMax + 1), "[]")},
      {sites, site("\"\"", Numbered(wire::kAllowedOriginsMax, 2)),
       site("\"\"", Numbered(wire::kAllowedOriginsMax + 1, 2))},
      {sites, "", site("\"\"", R"(["https://a.example; script-src *"])")},
      {identity, R"({"name":"s","secret":)" + Text(wire::kIdentitySecretBytesMin) + "}",
       R"({"name":"s","secret":)" + Text(wire::kIdentitySecretBytesMin - 1) + "}"},
      {identity, R"({"name":"s","secret":)" + Text(wire::kIdentitySecretBytesMax) + "}",
       R"({"name":"s","secret":)" + Text(wire::kIdentitySecretBytesMax + 1) + "}"},
      {identity, "", R"({"name":"","secret":)" + Text(wire::kIdentitySecretBytesMin) + "}"},
      {keys, R"({"name":"k","role":"admin"})", R"({"name":"k","role":"owner"})"},
      {keys, "", R"({"name":"k","role":"boss"})"},
      {keys, R"({"name":"k","role":"agent","expires_at":1})", R"({"name":"k","role":"agent","expires_at":0})"},
      {keys, "", R"({"name":)" + Text(wire::kNameBytesMax + 1) + R"(,"role":"admin"})"},
      {rules, R"({"name":"r","place":0,"effect":{"tags":)" + Numbered(wire::kTagsMax, 2) + "}}",
       R"({"name":"r","place":0,"effect":{"tags":)" + Numbered(wire::kTagsMax + 1, 2) + "}}"},
      {skills, R"({"name":"s"})", R"({"name":")" + number(1) + R"(\u0000"})"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.path + " " + c.refused.substr(0, 200));
    const auto before = world_.Everything();
    if (!c.refused.empty()) {
      const Result refused = Put(c.path, c.refused);
      EXPECT_TRUE(refused.status == 422 || (c.refused == "{}" && refused.status == 400))
          << refused.status << refused.body;
      EXPECT_EQ(world_.Everything(), before);
    }
    if (!c.accepted.empty()) {
      const Result accepted = Put(c.path, c.accepted);
      EXPECT_LT(accepted.status, 300) << accepted.body;
    }
  }
  CheckInvariants(world_);
}

TEST_F(AdminTest, NamesOfTagsAndAttributesAreTakenOnce) {
  const std::string tag = R"({"name":"vip","colour":"#000000"})";
  const std::string first = world_.PathOf<wire::TagId>("tags");
  EXPECT_EQ(Put(first, tag).status, 201);
  EXPECT_EQ(Put(first, R"({"name":"vip","colour":"#000001"})").status, 200);
  EXPECT_EQ(Put(world_.PathOf<wire::TagId>("tags"), tag).status, 422);
  const auto attribute = [](const std::string& of) {
    return R"({"name":"plan","label":"Plan","type":"text","of":")" + of + "\"}";
  };
  EXPECT_EQ(Put(world_.PathOf<wire::AttributeId>("attributes"), attribute("customer")).status, 201);
  EXPECT_EQ(Put(world_.PathOf<wire::AttributeId>("attributes"), attribute("conversation")).status, 201);
  EXPECT_EQ(Put(world_.PathOf<wire::AttributeId>("attributes"), attribute("customer")).status, 422);
}

TEST_F(AdminTest, ASiteHasNoMoreThanItMay) {
  for (size_t i = 0; i < wire::kKeysMax; ++i) {
    ASSERT_EQ(Put(world_.PathOf<wire::KeyId>("keys"), R"({"name":"k","role":"agent"})").status, 201);
  }
  EXPECT_EQ(Put(world_.PathOf<wire::KeyId>("keys"), R"({"name":"k","role":"agent"})").status, 422);
  std::string last;
  for (size_t i = 0; i < wire::kHoursMax; ++i) {
    last = world_.PathOf<wire::HoursId>("hours");
    ASSERT_EQ(Put(last, R"({"name":"k","time_zone":"UTC"})").status, 201);
  }
  EXPECT_EQ(Put(world_.PathOf<wire::HoursId>("hours"), R"({"name":"k","time_zone":"UTC"})").status, 422);
  EXPECT_EQ(Put(last, R"({"name":"other","time_zone":"UTC"})").status, 200) << "one that is there may still be changed";
  for (size_t i = 0; i < wire::kBotsMax; ++i) {
    ASSERT_EQ(Put(world_.PathOf<wire::BotId>("bots"), R"({"name":"b"})").status, 201);
  }
  EXPECT_EQ(Put(world_.PathOf<wire::BotId>("bots"), R"({"name":"b"})").status, 422);
}

// --- Owners and agents ------------------------------------------------------------

TEST_F(AdminTest, TheLastOwnerStays) {
  const Person admin = world_.AddWithRole("Adam", wire::Role::kAdmin);
  const std::string path = PathOf(owner_);
  EXPECT_EQ(Put(path, BodyOf(owner_, R"(,"role":"admin")")).status, 422);
  EXPECT_EQ(Put(path, BodyOf(owner_, R"(,"role":"owner","disabled":true)")).status, 422);
  EXPECT_EQ(Delete(path).status, 422);
  // Who is none makes none, and does nothing to one.
  const std::string make = BodyOf(admin, R"(,"role":"owner")");
  EXPECT_EQ(world_.Put(PathOf(admin), admin, make).code(), "role_required");
  EXPECT_EQ(world_.Put(path, admin, BodyOf(owner_, R"(,"role":"agent")")).code(), "role_required");
  EXPECT_EQ(world_.Call(Method::kDelete, path, admin.token).code(), "role_required");
  EXPECT_EQ(world_.Put(path + "/password", admin, R"({"password":"a long one"})").code(), "role_required");
  EXPECT_EQ(world_.Call(Method::kDelete, path + "/totp", admin.token).code(), "role_required");
  EXPECT_EQ(world_.Call(Method::kDelete, path + "/sessions/ses_x", admin.token).code(), "role_required");
  // With a second one who is not disabled the first may go.
  EXPECT_EQ(Put(PathOf(admin), BodyOf(admin, R"(,"role":"owner","disabled":true)")).status, 200);
  EXPECT_EQ(Delete(path).status, 422);
  EXPECT_EQ(Put(PathOf(admin), make).status, 200);
  EXPECT_EQ(Delete(path).status, 200);
  EXPECT_EQ(Get("/v1/admin/agents").code(), "token_invalid");
  CheckInvariants(world_);
}

TEST_F(AdminTest, AnAddressIsOfOneAgent) {
  const Person mara = world_.AddAgent("Mara");
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, "")).status, 200);
  const Person jonas = world_.AddAgent("Jonas");
  EXPECT_EQ(Put(PathOf(jonas), R"({"name":"Jonas","email":"MARA@example.org"})").status, 422);
  EXPECT_EQ(Put(PathOf(mara), R"({"name":"Mara","email":"mara@other.example"})").status, 200);
  EXPECT_EQ(Put(PathOf(jonas), R"({"name":"Jonas","email":"MARA@example.org"})").status, 200);
  CheckInvariants(world_);
}

TEST_F(AdminTest, ADisabledAgentIsOutAtOnce) {
  Person mara = world_.AddOnlineAgent("Mara");
  world_.Snapshot(mara);
  const Result parked = world_.Poll("agent", mara);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"disabled":true)")).status, 200);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Poll("agent", mara, "25", Wake::kSignalled).code(), "token_invalid");
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOffline);
  CheckInvariants(world_);
}

// Neither a colleague to hand over to, nor a face for customers.
TEST_F(AdminTest, ADisabledAgentIsShownToNobody) {
  const Person mara = world_.AddAgent("Mara");
  const Person reader = world_.AddWithRole("Rita", wire::Role::kReadOnly);
  Person jonas = world_.AddAgent("Jonas");
  const auto colleagues = [&] {
    std::vector<std::string> names;
    for (const wire::AgentSummary& agent : world_.Snapshot(jonas).agents) names.push_back(agent.name);
    return names;
  };
  const auto faces = [&] {
    std::vector<std::string> names;
    const Result session = world_.Call(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo"})");
    for (const wire::AgentSummary& agent : session.As<wire::CustomerSession>().site.agents) names.push_back(agent.name);
    return names;
  };
  EXPECT_THAT(colleagues(), testing::UnorderedElementsAre("Olga", "Mara", "Rita", "Jonas"));
  EXPECT_THAT(faces(), testing::UnorderedElementsAre("Olga", "Mara", "Jonas"));
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"disabled":true)")).status, 200);
  EXPECT_THAT(colleagues(), testing::UnorderedElementsAre("Olga", "Rita", "Jonas"));
  EXPECT_THAT(faces(), testing::UnorderedElementsAre("Olga", "Jonas"));
  const auto told = world_.Hear("agent", jonas);
  EXPECT_TRUE(told.signals.empty()) << "the snapshot knew it: nothing brings her back";
}

TEST_F(AdminTest, CapacityCountsAtOnce) {
  const Person mara = world_.AddOnlineAgent("Mara", 1);
  const Person customer = world_.AddCustomer();
  const std::string first = world_.Start(customer);
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"capacity":2)")).status, 200);
  CheckInvariants(world_);
  const std::string second = world_.Start(customer);
  EXPECT_EQ(world_.StateOf(mara).load, 2);
  const std::string third = world_.Start(customer);
  EXPECT_EQ(world_.StateOf(mara).load, 2);
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"capacity":3)")).status, 200);
  EXPECT_EQ(world_.StateOf(mara).load, 3) << "what waited is given to whoever has room now";
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"capacity":1)")).status, 200);
  CheckInvariants(world_);
  EXPECT_EQ(Delete(PathOf(mara)).status, 422) << "with open conversations";
  for (const std::string& id : {first, second, third}) {
    ASSERT_EQ(world_.Post(World::PathOf("agent", id) + "/close", mara).status, 200);
  }
  EXPECT_EQ(Delete(PathOf(mara)).status, 200);
  CheckInvariants(world_);
  EXPECT_EQ(world_.Get("/v1/agent/snapshot", mara).code(), "token_invalid");
}

// More than one transaction hands out.
TEST_F(AdminTest, SettingsThatLetPeopleInLetAllOfThemIn) {
  ASSERT_EQ(Put("/v1/admin/settings", R"({"strategy":"manual"})").status, 200);
  Person agent = world_.AddOnlineAgent("Mara", wire::kAgentCapacityMax);
  for (int i = 0; i <= wire::kDispatchBatchMax; ++i) world_.Start(world_.AddCustomer());
  ASSERT_EQ(world_.Snapshot(agent).queue.size(), static_cast<size_t>(wire::kDispatchBatchMax) + 1);
  ASSERT_EQ(Put("/v1/admin/settings", "{}").status, 200);
  EXPECT_TRUE(world_.Snapshot(agent).queue.empty());
  CheckInvariants(world_);
}

TEST_F(AdminTest, WhoMayOnlyReadWritesNothing) {
  const Person reader = world_.AddWithRole("Rita", wire::Role::kReadOnly);
  const Person customer = world_.AddCustomer();
  const std::string id = world_.Start(customer);
  EXPECT_EQ(world_.Get(World::PathOf("agent", id), reader).status, 200);
  EXPECT_EQ(world_.Get("/v1/agent/snapshot", reader).status, 200);
  EXPECT_EQ(world_.SetPresence(reader, "online").code(), "role_required");
  EXPECT_EQ(world_.Say("agent", reader, id, "hi").code(), "role_required");
  EXPECT_EQ(world_.Post(World::PathOf("agent", id) + "/claim", reader).code(), "role_required");
  // Who becomes one while online is offline.
  const Person mara = world_.AddOnlineAgent("Mara");
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"role":"read_only")")).status, 200);
  EXPECT_EQ(world_.StateOf(mara).presence, wire::Presence::kOffline);
  CheckInvariants(world_);
}

// --- Keys, the audit and the site -------------------------------------------------

TEST_F(AdminTest, AKeyDoesWhatItsRoleMay) {
  const std::string path = world_.PathOf<wire::KeyId>("keys");
  const Result created = Put(path, R"({"name":"CRM","role":"supervisor","expires_at":1790000600000})");
  const auto key = created.As<wire::KeyShown>();
  ASSERT_TRUE(key.token.has_value());
  EXPECT_TRUE(key.token->starts_with("ak_"));
  const auto call = [&](Method method, const std::string& where, const std::string& body = "") {
    world_.clock.Advance(absl::Milliseconds(1));  // The audit is in the order of its times.
    return world_.Call(method, where, *key.token, body);
  };
  EXPECT_EQ(call(Method::kGet, "/v1/admin/agents").status, 200);
  EXPECT_EQ(call(Method::kPut, "/v1/admin/canned/hi", R"({"text":"Hi"})").status, 201);
  EXPECT_EQ(Audit()[0].fields.actor, (wire::AuditActor{wire::AuditActorKind::kKey, key.id, "CRM"}));
  EXPECT_EQ(call(Method::kPut, "/v1/admin/settings", "{}").code(), "role_required");
  EXPECT_EQ(call(Method::kGet, "/v1/admin/keys").code(), "role_required");
  // It is no agent.
  EXPECT_EQ(call(Method::kGet, "/v1/agent/snapshot").code(), "token_invalid");
  EXPECT_EQ(call(Method::kGet, "/v1/customer/poll").code(), "token_invalid");
  // The token is shown once and kept nowhere.
  EXPECT_THAT(Get(path).body, Not(HasSubstr(*key.token)));
  EXPECT_FALSE(Put(path, R"({"name":"CRM","role":"admin","expires_at":1790000600000})").As<wire::KeyShown>().token);
  for (const store::Entry& entry : world_.Everything()) EXPECT_THAT(entry.value, Not(HasSubstr(*key.token)));
  EXPECT_EQ(call(Method::kPut, "/v1/admin/settings", "{}").status, 200) << "it may more now";
  const absl::Time now = world_.clock.Now();
  world_.clock.Advance(absl::FromUnixMillis(1790000600000) - now);
  EXPECT_EQ(call(Method::kGet, "/v1/admin/agents").code(), "token_invalid") << "it is over";
  EXPECT_EQ(Put(path, R"({"name":"CRM","role":"admin"})").status, 200);
  EXPECT_EQ(call(Method::kGet, "/v1/admin/agents").status, 200) << "it is for ever";
  CheckInvariants(world_);
  EXPECT_EQ(Delete(path).status, 200);
  EXPECT_EQ(call(Method::kGet, "/v1/admin/agents").code(), "token_invalid");
  CheckInvariants(world_);
}

TEST_F(AdminTest, TheAuditTellsWhatWasBeforeAndAfterAndNoSecret) {
  const std::string path = "/v1/admin/canned/hi";
  Put(path, R"({"text":"Hi"})");
  Put(path, R"({"text":"Hello"})");
  Delete(path);
  Put(PathOf(owner_) + "/password", R"({"password":"a secret of mine"})");
  const auto audit = Audit();
  ASSERT_EQ(audit.size(), 4U);
  const std::vector<std::string> actions = {"password", "delete", "change", "create"};
  for (size_t i = 0; i < audit.size(); ++i) {
    const wire::AuditFields& fields = audit[i].fields;
    EXPECT_EQ(fields.action, actions[i]);
    EXPECT_EQ(fields.actor, (wire::AuditActor{wire::AuditActorKind::kAgent, owner_.id, "Olga"}));
    EXPECT_EQ(fields.at, absl::ToUnixMillis(world_.clock.Now()) - static_cast<int64_t>(i));
    EXPECT_EQ(fields.resource, i == 0 ? "agents" : "canned");
    EXPECT_EQ(fields.target, i == 0 ? owner_.id : "hi");
  }
  EXPECT_EQ(audit[2].fields.before->text, R"({"id":"hi","text":"Hi"})");
  EXPECT_EQ(audit[2].fields.after->text, R"({"id":"hi","text":"Hello"})");
  EXPECT_FALSE(audit[1].fields.after.has_value());
  EXPECT_FALSE(audit[3].fields.before.has_value());
  EXPECT_THAT(Get("/v1/admin/audit").body, Not(HasSubstr("a secret of mine")));
}

TEST_F(AdminTest, OnlyTheOwnSiteIsSeenAndTheOperatorMakesOthers) {
  world_.AddSite("sit_other");
  const std::string body = R"({"name":"Shop","greeting":"Hi","allowed_origins":["https://*.shop.example:8443"],)"
                           R"("appearance":{"accent":"#000000","position":"left"}})";
  EXPECT_EQ(Get("/v1/admin/sites/sit_other").status, 404);
  EXPECT_EQ(Put("/v1/admin/sites/sit_other", body).status, 404);
  EXPECT_EQ(Put("/v1/admin/sites/sit_new", body).status, 404);
  EXPECT_THAT(Get("/v1/admin/sites").body, Not(HasSubstr("sit_other")));
  EXPECT_EQ(Put("/v1/admin/sites/sit_demo", body).status, 200);
  EXPECT_THAT(Get("/v1/admin/sites/sit_demo").body, HasSubstr("*.shop.example"));
  EXPECT_EQ(Get("/v1/admin/settings").body, R"({"close_reasons":[],"languages":[],"form":[],"offline_form":[]})");

  Request request = world_.MakeRequest(Method::kPut, "/v1/admin/sites/sit_new", "", body);
  EXPECT_EQ(world_.Run(request).code(), "token_invalid");
  request.operated_site = "sit_new";
  EXPECT_EQ(world_.Run(request).status, 201);
  request = world_.MakeRequest(Method::kGet, "/v1/admin/audit");
  request.operated_site = "sit_new";
  EXPECT_EQ(world_.Run(request).As<AuditPage>().audit[0].fields.actor.kind, wire::AuditActorKind::kOperator);
  // He is no agent.
  request = world_.MakeRequest(Method::kGet, "/v1/agent/snapshot");
  request.operated_site = "sit_demo";
  EXPECT_EQ(world_.Run(request).code(), "token_invalid");
  CheckInvariants(world_);
}

// --- Consoles -----------------------------------------------------------------------

TEST_F(AdminTest, ConsolesAreToldOfWhatTheyWereGiven) {
  Person mara = world_.AddAgent("Mara");
  std::vector<Sample> samples = world_.Samples();
  const std::set<std::string> shown = {"/v1/admin/teams", "/v1/admin/canned", "/v1/admin/macros",
                                       "/v1/admin/tags",  "/v1/admin/agents", "/v1/admin/attributes"};
  std::string team;
  for (const Sample& sample : samples) {
    if (sample.list == "/v1/admin/teams") team = AdminWorld::IdOf(sample.path);
    SCOPED_TRACE(sample.path);
    world_.Snapshot(mara);
    const Result parked = world_.Poll("agent", mara);
    ASSERT_TRUE(parked.hangs());
    world_.ForgetWakes();
    ASSERT_EQ(Put(sample.path, sample.body).status, 201);
    EXPECT_EQ(world_.Wakes(parked), shown.contains(sample.list));
    if (!shown.contains(sample.list)) continue;
    const auto told = world_.Hear("agent", mara);
    ASSERT_EQ(told.signals.size(), 1U);
    EXPECT_EQ(told.signals[0].type, wire::SignalType::kConfiguration);
    EXPECT_TRUE(world_.Poll("agent", mara).hangs()) << "it is told once";
  }
  ASSERT_EQ(Put("/v1/admin/settings", R"({"close_reasons":["solved"],"tag_required":true})").status, 200);
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"teams":[")" + team + "\"]")).status, 200);
  const auto configuration = world_.Get("/v1/agent/configuration", mara).As<wire::AgentConfiguration>();
  EXPECT_EQ(configuration, static_cast<const wire::AgentConfiguration&>(world_.Snapshot(mara)));
  EXPECT_EQ(configuration.teams.size(), 1U);
  EXPECT_EQ(configuration.canned.size(), 1U);
  EXPECT_EQ(configuration.canned[0].folder, "Greetings");
  EXPECT_EQ(configuration.tags.size(), 1U);
  EXPECT_EQ(configuration.agents.size(), 3U);
  EXPECT_EQ(configuration.closing->reasons, std::vector<std::string>{"solved"});
  EXPECT_EQ(configuration.closing->tag_required, true);
  EXPECT_FALSE(configuration.supervises);
  ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"role":"supervisor")")).status, 200);
  EXPECT_EQ(world_.Snapshot(mara).supervises, true);
}

TEST_F(AdminTest, WhatIsATeamsIsForThoseWhoAreInIt) {
  const std::string sales = world_.PathOf<wire::TeamId>("teams");
  const std::string care = world_.PathOf<wire::TeamId>("teams");
  for (const std::string& team : {sales, care}) ASSERT_EQ(Put(team, R"({"name":"T"})").status, 201);
  const auto of = [](const std::string& team) { return R"(,"team":")" + AdminWorld::IdOf(team) + "\"}"; };
  const auto put_macro = [&](const std::string& name, const std::string& end) {
    const std::string path = world_.PathOf<wire::MacroId>("macros");
    const std::string body = R"({"name":")" + name + R"(","actions":[{"act":"note","text":"n"}])";
    ASSERT_EQ(Put(path, body + end).status, 201);
    EXPECT_EQ(Put(path, body + R"(,"team":"tea_)" + AdminWorld::IdOf(path).substr(4) + "\"}").status, 422)
        << "there is no such team";
  };
  for (const auto& [name, end] :
       {std::pair{std::string("all"), std::string("}")}, {"sales", of(sales)}, {"care", of(care)}}) {
    ASSERT_EQ(Put("/v1/admin/canned/" + name, R"({"text":"t")" + end).status, 201);
    put_macro(name, end);
  }
  Person mara = world_.AddAgent("Mara");
  world_.Snapshot(mara);
  const auto shown = [&](const wire::AgentConfiguration& all) {
    std::string names;
    for (const auto& reply : all.canned) names += reply.shortcut + " ";
    names += "|";
    for (const auto& macro : all.macros) names += " " + macro.fields.name;
    return names;
  };
  const struct {
    const char* name;
    std::string teams;
    const char* shown;
  } kCases[] = {
      {"in none", "", "all | all"},
      {"in one", "\"" + AdminWorld::IdOf(sales) + "\"", "all sales | all sales"},
      {"in another", "\"" + AdminWorld::IdOf(care) + "\"", "all care | all care"},
      {"in both", "\"" + AdminWorld::IdOf(care) + "\",\"" + AdminWorld::IdOf(sales) + "\"",
       "all care sales | all sales care"},
      {"in none any more", "", "all | all"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    world_.Hear("agent", mara);
    const Result parked = world_.Poll("agent", mara);
    ASSERT_TRUE(parked.hangs());
    world_.ForgetWakes();
    ASSERT_EQ(Put(PathOf(mara), BodyOf(mara, R"(,"teams":[)" + c.teams + "]")).status, 200);
    EXPECT_TRUE(world_.Wakes(parked)) << "an open console is told";
    const auto told = world_.Hear("agent", mara);
    ASSERT_EQ(told.signals.size(), 1U);
    EXPECT_EQ(told.signals[0].type, wire::SignalType::kConfiguration);
    EXPECT_EQ(shown(world_.Get("/v1/agent/configuration", mara).As<wire::AgentConfiguration>()), c.shown);
    EXPECT_EQ(shown(world_.Snapshot(mara)), c.shown);
  }
  EXPECT_THAT(Delete(sales).body, HasSubstr("is used by sales")) << "of a canned reply";
  ASSERT_EQ(Delete("/v1/admin/canned/sales").status, 200);
  EXPECT_THAT(Delete(sales).body, HasSubstr("is used by mac_"));
}

// --- Signing in -----------------------------------------------------------------------

class SignInTest : public AdminTest {
 protected:
  SignInTest() {
    mara_ = world_.AddAgent("Mara");
    EXPECT_EQ(Put(PathOf(mara_), BodyOf(mara_, "")).status, 200);
    EXPECT_EQ(Put(PathOf(mara_) + "/password", R"({"password":"correct horse"})").status, 200);
  }

  Result SignIn(const std::string& password, const std::string& more = "") {
    return world_.Call(Method::kPost, "/v1/agent/session", "",
                       R"({"email":"Mara@example.org","password":")" + password + "\"" + more + "}");
  }
  Person SignedIn(const std::string& password, const std::string& more = "") {
    const Result result = SignIn(password, more);
    EXPECT_EQ(result.status, 200) << result.body;
    const auto session = result.As<wire::AgentSession>();
    return {session.agent.id, session.agent.name, session.token, ""};
  }
  std::string CodeOf(const std::string& secret) {
    return TotpCodeOf(DecodeBase32(secret), absl::ToUnixMillis(world_.clock.Now()) / wire::kTotpStepMs);
  }
  static std::string With(const std::string& code) { return R"(,"totp":")" + code + "\""; }

  Person mara_;
};

TEST_F(SignInTest, APasswordThatIsChangedEndsTheOtherSessions) {
  EXPECT_EQ(world_.Get("/v1/agent/snapshot", mara_).status, 401) << "by the one that the owner gave";
  Person here = SignedIn("correct horse");
  Person there = SignedIn("correct horse");
  world_.Snapshot(there);
  const Result parked = world_.Poll("agent", there);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  EXPECT_EQ(world_.Put("/v1/agent/password", here, R"({"current":"wrong","password":"battery staple"})").status, 422);
  EXPECT_EQ(world_.Put("/v1/agent/password", here, R"({"password":"battery staple"})").status, 422);
  EXPECT_EQ(world_.Put("/v1/agent/password", here, R"({"current":"correct horse","password":"short"})").status, 422);
  EXPECT_EQ(world_.Put("/v1/agent/password", here, R"({"current":"correct horse","password":"battery staple"})").status,
            200);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Poll("agent", there, "25", Wake::kSignalled).code(), "token_invalid");
  EXPECT_EQ(world_.Get("/v1/agent/snapshot", here).status, 200);
  EXPECT_EQ(SignIn("correct horse").code(), "token_invalid");
  EXPECT_EQ(SignIn("battery staple").status, 200);
  CheckInvariants(world_);
}

TEST_F(SignInTest, SessionsAreListedAndEnded) {
  Person here = SignedIn("correct horse");
  world_.clock.Advance(absl::Seconds(1));
  Person there = SignedIn("correct horse");
  const auto own = world_.Get("/v1/agent/sessions", here).As<Sessions>().sessions;
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].current, true);
  EXPECT_FALSE(own[1].current);
  EXPECT_EQ(*own[1].created_at, absl::ToUnixMillis(world_.clock.Now()));
  EXPECT_NE(own[0].id, own[1].id);
  const Person other = world_.AddAgent("Jonas");
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/agent/sessions/" + own[1].id, other.token).status, 404);
  world_.Snapshot(there);
  ASSERT_EQ(world_.SetPresence(there, "online").status, 200);
  world_.Snapshot(there);
  const Result parked = world_.Poll("agent", there);
  ASSERT_TRUE(parked.hangs());
  world_.ForgetWakes();
  EXPECT_EQ(world_.Call(Method::kDelete, "/v1/agent/sessions/" + own[1].id, here.token).status, 200);
  EXPECT_TRUE(world_.Wakes(parked));
  EXPECT_EQ(world_.Poll("agent", there, "25", Wake::kSignalled).code(), "token_invalid");
  EXPECT_EQ(world_.StateOf(mara_).presence, wire::Presence::kOnline) << "the other session is there";
  // The owner sees the one that is left, and ends it: nobody is there any more.
  const std::string path = PathOf(mara_) + "/sessions";
  const auto left = Get(path).As<Sessions>().sessions;
  ASSERT_EQ(left.size(), 1U);
  EXPECT_FALSE(left[0].current);
  EXPECT_EQ(Delete(path + "/" + left[0].id).status, 200);
  EXPECT_EQ(Delete(path + "/" + left[0].id).status, 404);
  EXPECT_EQ(world_.Get("/v1/agent/snapshot", here).code(), "token_invalid");
  EXPECT_EQ(world_.StateOf(mara_).presence, wire::Presence::kOffline);
  CheckInvariants(world_);
}

TEST_F(SignInTest, ASecondFactorIsAskedForOnceItIsConfirmed) {
  const Person here = SignedIn("correct horse");
  EXPECT_EQ(world_.Post("/v1/agent/totp/confirm", here, R"({"code":"000000"})").status, 404);
  const Result begun = world_.Put("/v1/agent/totp", here);
  EXPECT_EQ(begun.status, 201);
  const Result again = world_.Put("/v1/agent/totp", here);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, begun.body);
  const auto enrolment = begun.As<wire::TotpEnrolment>();
  EXPECT_THAT(enrolment.uri, HasSubstr(enrolment.secret));
  EXPECT_EQ(SignIn("correct horse").status, 200) << "not before it is confirmed";
  const auto confirm = [&](const std::string& code) {
    return world_.Post("/v1/agent/totp/confirm", here, R"({"code":")" + code + "\"}");
  };
  EXPECT_EQ(confirm("12").status, 422);
  EXPECT_EQ(confirm(CodeOf(enrolment.secret)).status, 200);
  EXPECT_EQ(confirm(CodeOf(enrolment.secret)).status, 200) << "a repeat";
  EXPECT_EQ(world_.Put("/v1/agent/totp", here).status, 422);

  EXPECT_EQ(SignIn("correct horse").code(), "totp_required");
  EXPECT_EQ(SignIn("wrong").code(), "token_invalid");
  EXPECT_EQ(SignIn("correct horse", With(CodeOf(enrolment.secret))).code(), "totp_required") << "it confirmed already";
  world_.clock.Advance(absl::Seconds(30));
  EXPECT_EQ(SignIn("correct horse", With(CodeOf(enrolment.secret))).status, 200);
  EXPECT_EQ(SignIn("correct horse", With(CodeOf(enrolment.secret))).code(), "totp_required") << "once";
  EXPECT_EQ(SignIn("correct horse", With(enrolment.recovery[0])).status, 200);
  EXPECT_EQ(SignIn("correct horse", With(enrolment.recovery[0])).code(), "totp_required");
  EXPECT_THAT(Get(PathOf(mara_)).body, HasSubstr("\"totp\":true"));
  // Wrong ones are counted, although they are refused.
  for (int64_t i = 1; i < wire::kTotpFailuresMax; ++i) {
    EXPECT_EQ(SignIn("correct horse", With("000000")).code(), "totp_required");
  }
  EXPECT_EQ(SignIn("correct horse", With(enrolment.recovery[1])).code(), "too_many_requests");
  EXPECT_EQ(world_.Post("/v1/agent/totp/remove", here, R"({"code":")" + enrolment.recovery[1] + "\"}").status, 429);
  world_.clock.Advance(absl::Milliseconds(wire::kTotpLockMs));
  EXPECT_EQ(SignIn("correct horse", With(enrolment.recovery[1])).status, 200);
  EXPECT_EQ(world_.Post("/v1/agent/totp/remove", here, R"({"code":"000000"})").status, 422);
  EXPECT_EQ(world_.Post("/v1/agent/totp/remove", here, R"({"code":")" + enrolment.recovery[2] + "\"}").status, 200);
  EXPECT_EQ(SignIn("correct horse").status, 200);
  CheckInvariants(world_);
}

TEST_F(SignInTest, AnAdministratorTakesALostSecondFactorAway) {
  const Person here = SignedIn("correct horse");
  const auto enrolment = world_.Put("/v1/agent/totp", here).As<wire::TotpEnrolment>();
  EXPECT_EQ(world_.Post("/v1/agent/totp/confirm", here, R"({"code":")" + CodeOf(enrolment.secret) + "\"}").status, 200);
  EXPECT_EQ(SignIn("correct horse").code(), "totp_required");
  EXPECT_EQ(Delete(PathOf(mara_) + "/totp").status, 200);
  EXPECT_EQ(Delete(PathOf(mara_) + "/totp").status, 404);
  EXPECT_EQ(SignIn("correct horse").status, 200);
  std::vector<std::string> actions;
  for (const auto& entry : Audit()) actions.push_back(entry.fields.action);
  EXPECT_THAT(actions, testing::IsSupersetOf({"totp", "totp_reset", "password"}));
}

TEST_F(SignInTest, WhoIsDisabledDoesNotSignIn) {
  ASSERT_EQ(Put(PathOf(mara_), BodyOf(mara_, R"(,"disabled":true)")).status, 200);
  EXPECT_EQ(SignIn("correct horse").code(), "token_invalid");
  ASSERT_EQ(Put(PathOf(mara_), BodyOf(mara_, "")).status, 200);
  EXPECT_EQ(SignIn("correct horse").status, 200);
}

}  // namespace
}  // namespace alcove::functions
