// A World with the people who administer it, and one of each resource.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "functions/admin_records.h"
#include "store/memory_store.h"
#include "tests/functions/world.h"

namespace alcove::functions {

// One resource: where it is, and two bodies that are accepted there.
struct Sample {
  std::string list;  // `/v1/admin/teams`
  std::string path;  // `/v1/admin/teams/tea_...`
  std::string body;
  std::string other;
};

class AdminWorld : public World {
 public:
  AdminWorld() : AdminWorld(store::MakeMemoryStore()) {}
  explicit AdminWorld(std::unique_ptr<store::Store> store_in) : World(std::move(store_in)) {}

  template <class Id>
  std::string PathOf(const std::string& list) {
    return "/v1/admin/" + list + "/" + NewId<Id>().text();
  }

  // In an order in which each may be put: what they name is put before them. Two
  // of a call have ids of their own.
  std::vector<Sample> Samples() {
    const std::string team = PathOf<wire::TeamId>("teams");
    const std::string skill = PathOf<wire::SkillId>("skills");
    const std::string hours = PathOf<wire::HoursId>("hours");
    const std::string bot = PathOf<wire::BotId>("bots");
    const auto id = [](const std::string& path) { return "\"" + path.substr(path.rfind('/') + 1) + "\""; };
    const std::string mail = NewId<wire::TeamId>().text() + "@shop.example";
    return {
        {"/v1/admin/hours", hours,
         R"({"name":"Week","time_zone":"UTC","weekly":[{"day":1,"from_minute":540,"to_minute":1020}],)"
         R"("holidays":[{"date":"2026-12-25","name":"Christmas","yearly":true}],)"
         R"("exceptions":[{"date":"2026-12-24","open":[{"from_minute":540,"to_minute":720}]}]})",
         R"({"name":"Week","time_zone":"UTC"})"},
        {"/v1/admin/teams", team,
         R"({"name":"Sales","strategy":"round_robin","capacity":10,"languages":["de","pt-BR"],"hours":)" + id(hours) +
             "}",
         R"({"name":"Sales and more"})"},
        {"/v1/admin/skills", skill, R"({"name":"Returns"})", R"({"name":"Refunds"})"},
        {"/v1/admin/bots", bot,
         R"({"name":"Alva","greeting":"Hello, I am Alva.","answers":[{"phrases":["returns","send back"],)"
         R"("text":"Within 30 days."}],"hand_over":["person"],"hand_over_text":"One moment.",)"
         R"("fallback":"Say it otherwise?","hand_over_after":3,"language":"en"})",
         R"({"name":"Alva","url":"https://bot.example/","timeout_ms":2000})"},
        {"/v1/admin/rules", PathOf<wire::RuleId>("rules"),
         R"({"name":"Returns","place":1,"matching":"any","conditions":[{"field":"page","test":"contains",)"
         R"("values":["/returns"]},{"field":"hours","test":"is","values":["open"],"name":)" +
             id(hours) + R"(}],"effect":{"team":)" + id(team) + R"(,"skill":)" + id(skill) +
             R"(,"skill_level":2,"priority":3,"tags":["return"],"bot":)" + id(bot) + "}}",
         R"({"name":"Returns","place":2,"effect":{"tags":["return"]}})"},
        {"/v1/admin/canned", "/v1/admin/canned/hi-" + NewId<wire::TeamId>().text(),
         R"({"text":"Hello {{customer.name}}","folder":"Greetings","team":)" + id(team) + "}", R"({"text":"Hello"})"},
        {"/v1/admin/macros", PathOf<wire::MacroId>("macros"),
         R"({"name":"Hand over","folder":"Sales","actions":[{"act":"tags","add":["sales"]},)"
         R"({"act":"note","text":"for {{agent.name}}"},{"act":"assign","comment":"please","team":)" +
             id(team) + R"(}],"team":)" + id(team) + "}",
         R"({"name":"Tag","actions":[{"act":"tags","add":["a"]},{"act":"note","text":"b"}]})"},
        {"/v1/admin/tags", PathOf<wire::TagId>("tags"),
         R"({"colour":"#2f5bea","name":)" + id(PathOf<wire::TagId>("tags")) + "}",
         R"({"colour":"#ffffff","name":)" + id(PathOf<wire::TagId>("tags")) + "}"},
        {"/v1/admin/attributes", PathOf<wire::AttributeId>("attributes"),
         R"({"label":"Plan","of":"customer","type":"choice","choices":["free","paid"],"name":)" +
             id(PathOf<wire::AttributeId>("attributes")) + "}",
         R"({"label":"Plan","of":"customer","type":"text","name":)" + id(PathOf<wire::AttributeId>("attributes")) +
             "}"},
        {"/v1/admin/agents", PathOf<wire::AgentId>("agents"),
         R"({"name":"Ada","email":")" + mail + R"(","role":"supervisor","capacity":3,"teams":[)" + id(team) +
             R"(],"skills":[{"level":4,"skill":)" + id(skill) + R"(}],"languages":["en"]})",
         R"({"name":"Ada","email":"of.)" + mail + R"(","disabled":true})"},
        {"/v1/admin/identity", PathOf<wire::IdentitySecretId>("identity"),
         R"({"name":"Shop","secret":"0123456789abcdef0123456789abcdef"})",
         R"({"name":"Shop, new","secret":"fedcba9876543210fedcba9876543210"})"},
        {"/v1/admin/keys", PathOf<wire::KeyId>("keys"), R"({"name":"CRM","role":"supervisor"})",
         R"({"name":"CRM","role":"read_only","expires_at":1900000000000})"},
    };
  }

  void PutSettings(const std::string& body) {
    const Result put = Put("/v1/admin/settings", owner, body);
    EXPECT_EQ(put.status, 200) << put.body;
  }

  static std::string IdOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

  Person owner = AddWithRole("Olga", wire::Role::kOwner);
};

}  // namespace alcove::functions
