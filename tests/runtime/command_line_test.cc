#include "runtime/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "functions/wire/ids.h"
#include "functions/wire/limits.h"
#include "runtime/admin_call.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

TEST(CommandLine, ServesWithWhatWasTyped) {
  const auto least = ParseServe(Words{"--data", "d"});
  ASSERT_TRUE(least.ok()) << least.status();
  EXPECT_EQ(least->store.data, "d");
  EXPECT_EQ(least->listen, "127.0.0.1:8080");
  EXPECT_EQ(least->ops, "");
  EXPECT_EQ(least->limits, LimitsSwitch::kOn);
  EXPECT_FALSE(least->trusted_proxies.Trusts("10.0.0.1"));

  const auto all =
      ParseServe(Words{"--data=d=e", "--listen", "[::1]:0", "--ops", "127.0.0.1:1", "--web", "w", "--trust-proxy",
                       "10.0.0.0/8", "--fetch-allow", "10.1.0.0/16", "--limits", "off", "--log", "requests"});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->store.data, "d=e");
  EXPECT_EQ(all->listen, "[::1]:0");
  EXPECT_EQ(all->ops, "127.0.0.1:1");
  EXPECT_EQ(all->web, "w");
  EXPECT_EQ(all->limits, LimitsSwitch::kOff);
  EXPECT_EQ(all->log, RequestLog::kOn);
  EXPECT_TRUE(all->trusted_proxies.Trusts("10.0.0.1"));
  EXPECT_TRUE(all->fetch_allowed.Contain("10.1.2.3"));
  EXPECT_FALSE(all->fetch_allowed.Contain("10.2.0.1"));
}

TEST(CommandLine, SaysInASentenceWhatIsWrong) {
  struct Case {
    Words words;
    std::string sentence;
  };
  const std::vector<Case> cases = {
      {{}, "--data is missing"},
      {{"--data"}, "--data needs a value"},
      {{"--data", "d", "--data", "e"}, "--data is given twice"},
      {{"--data", "d", "--port", "80"}, "--port is not a flag of this command"},
      {{"--data", "d", "extra"}, "\"extra\" is not understood"},
      {{"--data", "d", "--json"}, "--json is not a flag"},
      {{"--data", "d", "--listen", "8080"}, "\"8080\" is not an address and a port"},
      {{"--data", "d", "--ops", "localhost:1"}, "\"localhost:1\" is not an address and a port"},
      {{"--data", "d", "--trust-proxy", "10.0.0.0/33"}, "\"10.0.0.0/33\" is not a network"},
      {{"--data", "d", "--fetch-allow", "a.example"}, "--fetch-allow: \"a.example\" is not a network"},
      {{"--data", "d", "--limits", "no"}, "--limits is on or off"},
      {{"--data", "d", "--limits", "off", "--listen", "0.0.0.0:80"}, "for load tests on this machine only"},
      {{"--data", "d", "--limits", "off", "--ops", "0.0.0.0:80"}, "for load tests on this machine only"},
      {{"--data", "d", "--log", "all"}, "--log knows only"},
      {{"--postgres", "url", "--data", "d"}, "name one"},
      {{"--data", "d", "--config", "/nothing/there"}, "cannot read the configuration"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.sentence);
    const auto command = ParseServe(c.words);
    EXPECT_EQ(command.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(command.status().message()), HasSubstr(c.sentence));
  }
}

TEST(CommandLine, ReadsTheConfigurationBelowTheFlags) {
  const std::string folder = store::MakeTemporaryFolder();
  const std::string path = folder + "/alcove.conf";
  const auto with = [&](const std::string& text) {
    std::ofstream(path) << text;
    return ParseServe(Words{"--config", path, "--listen", "127.0.0.1:1"});
  };
  const auto command = with("# Alcove\n\n data = /var/lib/alcove  # here\nlisten=127.0.0.1:2\nlog = requests\n");
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->store.data, "/var/lib/alcove");
  EXPECT_EQ(command->listen, "127.0.0.1:1");
  EXPECT_EQ(command->log, RequestLog::kOn);

  const std::vector<std::pair<std::string, std::string>> refused = {
      {"data", "alcove.conf, line 1: expected name = value"},
      {"data = d\nport = 1\n", "line 2: \"port\" is not a setting"},
      {"config = d\n", "line 1: \"config\" is not a setting"},
      {"data = d\ndata = e\n", "line 2: data is set twice"},
      {"data = d\nlimits = maybe\n", "alcove.conf, line 2: limits is on or off, not \"maybe\""},
      {"data = d\nlog = all\n", "alcove.conf, line 2: log knows only: requests"},
      {"data = d\nops = 8081\n", "alcove.conf, line 2: ops: \"8081\" is not an address and a port"},
      {"trust-proxy = x\ndata = d", "alcove.conf, line 1: trust-proxy: \"x\" is not a network"},
  };
  for (const auto& [text, sentence] : refused) {
    EXPECT_THAT(std::string(with(text).status().message()), HasSubstr(sentence));
  }
  std::filesystem::remove_all(folder);
}

TEST(CommandLine, ReadsTheEnvironmentBetweenFlagsAndFile) {
  const auto environment = [](const char* name) -> const char* {
    const std::string_view wanted = name;
    if (wanted == "ALCOVE_POSTGRES") return "postgresql://u:secret@h/d";
    if (wanted == "ALCOVE_LIMITS") return "perhaps";
    return nullptr;
  };
  const auto refused = ParseServe({}, environment);
  EXPECT_EQ(refused.status().message(), "ALCOVE_LIMITS is on or off, not \"perhaps\"");
  const auto command = ParseServe(Words{"--limits", "on", "--check-config"}, environment);
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->store.postgres, "postgresql://u:secret@h/d");
  EXPECT_EQ(command->mode, ServeMode::kCheckConfig);
  EXPECT_EQ(command->effective,
            "# data is not set\n"
            "postgres = postgresql://u:****@h/d  # ALCOVE_POSTGRES\n"
            "listen = 127.0.0.1:8080  # unless told\n"
            "# ops is not set\n"
            "# web is not set\n"
            "# trust-proxy is not set\n"
            "# fetch-allow is not set\n"
            "limits = on  # --limits\n"
            "# log is not set\n");
  EXPECT_EQ(ParseHosted({}, environment)->store.postgres, "postgresql://u:secret@h/d");
  EXPECT_EQ(ParseHosted(Words{"--data", "d"}, environment)->store.postgres, "");
}

TEST(CommandLine, Seeds) {
  EXPECT_EQ(ParseSeed(Words{"--data", "d"})->agents, 3);
  EXPECT_EQ(ParseSeed(Words{"--data", "d"})->output, SeedOutput::kText);
  const auto command = ParseSeed(Words{"--agents", "9999", "--json", "--data", "d"});
  ASSERT_TRUE(command.ok()) << command.status();
  EXPECT_EQ(command->agents, 9999);
  EXPECT_EQ(command->output, SeedOutput::kJson);
  for (const std::string agents : {"0", "-1", "10000", "many", ""}) {
    EXPECT_FALSE(ParseSeed(Words{"--data", "d", "--agents", agents}).ok()) << agents;
  }
  EXPECT_FALSE(ParseSeed(Words{"--data", "d", "--json=yes"}).ok());
  EXPECT_EQ(ParseSeed(Words{"--postgres", "url"})->store.postgres, "url");
}

TEST(CommandLine, TakesAFolderOrADatabaseToCopy) {
  const auto copy = ParseCopy(Words{"--from", "folder", "--to", "postgresql://u@h/d"});
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(copy->from.data, "folder");
  EXPECT_EQ(copy->from.postgres, "");
  EXPECT_EQ(copy->to.data, "");
  EXPECT_EQ(copy->to.postgres, "postgresql://u@h/d");
  EXPECT_EQ(ParseCopy(Words{"--from", "postgres://h/d", "--to", "x"})->from.postgres, "postgres://h/d");
  EXPECT_EQ(ParseBackup(Words{"--postgres", "url", "--to", "f"})->store.postgres, "url");
  EXPECT_EQ(ParseRestore(Words{"--data", "d", "--from", "f"})->from, "f");
  EXPECT_EQ(ParseVerify(Words{"--data", "d"})->store.data, "d");
}

TEST(CommandLine, KnowsWhatToDoWithDeferredCalls) {
  const std::string id = "dfr_01J00000000000000000000000";
  const auto list = ParseAdmin(Words{"deferred", "--data", "d", "--json"});
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ(list->request, "deferred");
  EXPECT_EQ(list->store.data, "d");
  EXPECT_EQ(list->output, AdminOutput::kJson);
  EXPECT_EQ(ParseAdmin(Words{"deferred", "retry", id, "--postgres", "url"})->request, "deferred retry " + id);
  EXPECT_EQ(ParseAdmin(Words{"deferred", "drop", id, "--data", "d"})->request, "deferred drop " + id);
  const struct {
    Words words;
    std::string sentence;
  } kCases[] = {{{}, "admin of what?"},
                {{"--data", "d"}, "admin of what?"},
                {{"users", "--data", "d"}, "\"users\" is nothing that admin knows"},
                {{"deferred"}, "--data is missing"},
                {{"deferred", "keep", id, "--data", "d"}, "deferred knows retry and drop"},
                {{"deferred", "retry", "--data", "d"}, "retry takes one id"},
                {{"deferred", "drop", "agt_1", "--data", "d"}, "drop takes one id"},
                {{"deferred", "drop", id, id, "--data", "d"}, "drop takes one id"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.sentence);
    const auto command = ParseAdmin(c.words);
    EXPECT_TRUE(absl::IsInvalidArgument(command.status()));
    EXPECT_THAT(std::string(command.status().message()), HasSubstr(c.sentence));
  }
}

TEST(CommandLine, KnowsWhatToDoWithAdministration) {
  const auto get = ParseAdmin(Words{"get", "agents?team=tea_1", "--data", "d", "--site", "sit_a"});
  ASSERT_TRUE(get.ok()) << get.status();
  EXPECT_EQ(get->request, "");
  EXPECT_EQ(get->call.method, functions::Method::kGet);
  EXPECT_EQ(get->call.resource, "agents?team=tea_1");
  EXPECT_EQ(get->call.site, "sit_a");
  EXPECT_FALSE(get->reads_body);
  const auto put = ParseAdmin(Words{"put", "settings", "{}", "--postgres", "url"});
  ASSERT_TRUE(put.ok()) << put.status();
  EXPECT_EQ(put->call.method, functions::Method::kPut);
  EXPECT_EQ(put->call.body, "{}");
  EXPECT_FALSE(put->reads_body);
  EXPECT_TRUE(ParseAdmin(Words{"put", "settings", "--data", "d"})->reads_body);
  EXPECT_EQ(ParseAdmin(Words{"delete", "keys/key_1", "--data", "d"})->call.method, functions::Method::kDelete);
  const std::string conversation = wire::ConversationId::Make(1, 1, 1).text();
  const auto explain = ParseAdmin(Words{"explain", conversation, "--data", "d", "--json"});
  ASSERT_TRUE(explain.ok()) << explain.status();
  EXPECT_TRUE(explain->explains);
  EXPECT_EQ(explain->output, AdminOutput::kJson);
  EXPECT_EQ(explain->call.method, functions::Method::kGet);
  EXPECT_EQ(explain->call.resource, "conversations/" + conversation + "/explain");
  const struct {
    Words words;
    std::string sentence;
  } kCases[] = {{{"get", "--data", "d"}, "get takes a resource"},
                {{"explain", "--data", "d"}, "explain takes the id of one conversation"},
                {{"explain", "agt_1", "--data", "d"}, "explain takes the id of one conversation"},
                {{"explain", conversation, conversation, "--data", "d"}, "explain takes the id of one conversation"},
                {{"get", "a", "{}", "--data", "d"}, "\"{}\" is one word too many"},
                {{"delete", "a", "b", "--data", "d"}, "one word too many"},
                {{"put", "a", "b", "c", "--data", "d"}, "one word too many"},
                {{"get", "", "--data", "d"}, "is no resource"},
                {{"get", "a b", "--data", "d"}, "is no resource"},
                {{"get", "a\n", "--data", "d"}, "is no resource"},
                {{"get", std::string(wire::kRequestTargetBytesMax, 'a'), "--data", "d"}, "is no resource"},
                {{"get", "agents", "--data", "d", "--site", "demo"}, "--site is an id"},
                {{"get", "agents"}, "--data is missing"}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.sentence);
    const auto command = ParseAdmin(c.words);
    EXPECT_TRUE(absl::IsInvalidArgument(command.status()));
    EXPECT_THAT(std::string(command.status().message()), HasSubstr(c.sentence));
  }
}

TEST(AdminCall, ComesBackFromItsLine) {
  functions::admin::OperatorCall call;
  call.method = functions::Method::kPut;
  call.resource = "teams/tea_1";
  call.body = "{\n}";
  EXPECT_EQ(AdminCallText(call), "call PUT 3 teams/tea_1\n{\n}");
  call.site = "sit_a";
  const std::string text = AdminCallText(call);
  const auto parsed = ParseAdminCall(text.substr(0, text.find('\n')));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(parsed->call.method, call.method);
  EXPECT_EQ(parsed->call.resource, call.resource);
  EXPECT_EQ(parsed->call.site, "sit_a");
  EXPECT_EQ(parsed->body_bytes, 3U);
  const std::string most = std::to_string(wire::kRequestBodyBytesMax);
  EXPECT_TRUE(ParseAdminCall("call PUT " + most + " a"));
  for (const std::string none : {"", "call", "backup", "call GET 0", "call POST 0 a", "call GET x a", "call GET -1 a",
                                 "call GET 0 a b c", "calls GET 0 a"}) {
    EXPECT_FALSE(ParseAdminCall(none)) << none;
  }
  EXPECT_FALSE(ParseAdminCall("call PUT " + std::to_string(wire::kRequestBodyBytesMax + 1) + " a"));
}

TEST(CommandLine, NamesEveryFlagInTheUsage) {
  for (const char* const flag :
       {"--data",         "--listen",      "--ops",    "--trust-proxy", "--web",      "--config",
        "--log requests", "--limits off",  "--agents", "--json",        "--postgres", "--from",
        "--to",           "verify",        "backup",   "restore",       "copy",       "admin deferred",
        "admin put",      "admin explain", "--site",   "simulate"}) {
    EXPECT_THAT(std::string(Usage()), HasSubstr(flag));
  }
}

}  // namespace
}  // namespace alcove::runtime
