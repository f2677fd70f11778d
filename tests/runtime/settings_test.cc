// Flags over the environment over a file, and who is told what is wrong.
#include "runtime/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using Words = std::vector<std::string>;

constexpr Flag kFlags[] = {{"data", Takes::kValue, "a folder", ""},
                           {"postgres", Takes::kValue, "a URL", ""},
                           {"listen-here", Takes::kValue, "ADDRESS:PORT", "127.0.0.1:1"},
                           {"config", Takes::kValue, "a file", ""},
                           {"quiet", Takes::kNothing}};
constexpr std::string_view kOneOf[] = {"data", "postgres"};

class SettingsTest : public testing::Test {
 protected:
  ~SettingsTest() override { std::filesystem::remove_all(folder_); }

  absl::StatusOr<Settings> Read(const Words& words, const std::string& file = "") {
    std::ofstream(path_) << file;
    const Environment environment = [this](const char* name) -> const char* {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    };
    return ReadSettings(words, kFlags, kOneOf, environment);
  }
  std::string Value(const absl::StatusOr<Settings>& settings, const std::string& name) const {
    if (!settings.ok()) return std::string(settings.status().message());
    const auto found = settings->find(name);
    return found == settings->end() ? "nothing" : found->second.text + " by " + found->second.named;
  }

  const std::string folder_ = store::MakeTemporaryFolder();
  const std::string path_ = folder_ + "/alcove.conf";
  std::map<std::string, std::string> environment_;
};

TEST_F(SettingsTest, TakesTheHighestPlaceThatSpeaks) {
  const std::string file = "# all of it\r\nlisten-here = f\r\n";
  EXPECT_EQ(Value(Read({"--config", path_}, file), "listen-here"), "f by " + path_ + ", line 2: listen-here");
  environment_ = {{"ALCOVE_LISTEN_HERE", "e"}, {"ALCOVE_CONFIG", path_}, {"ALCOVE_QUIET", "1"}};
  EXPECT_EQ(Value(Read({}, file), "listen-here"), "e by ALCOVE_LISTEN_HERE");
  EXPECT_EQ(Value(Read({}, file), "quiet"), "nothing") << "what takes nothing is a flag only";
  EXPECT_EQ(Value(Read({"--listen-here", "a"}, file), "listen-here"), "a by --listen-here");
  environment_["ALCOVE_LISTEN_HERE"] = "";
  EXPECT_EQ(Value(Read({}, file), "listen-here"), "f by " + path_ + ", line 2: listen-here") << "empty is not set";
}

TEST_F(SettingsTest, ChoosesOneOfSeveralWhereTheHighestPlaceDoes) {
  environment_ = {{"ALCOVE_POSTGRES", "url"}};
  EXPECT_EQ(Value(Read({}), "postgres"), "url by ALCOVE_POSTGRES");
  EXPECT_EQ(Value(Read({"--data", "d"}), "postgres"), "nothing");
  EXPECT_EQ(Value(Read({"--data", "d"}), "data"), "d by --data");
  EXPECT_EQ(Value(Read({"--config", path_}, "data = d\n"), "data"), "nothing");
  EXPECT_EQ(Value(Read({"--config", path_}, "data = d\n"), "postgres"), "url by ALCOVE_POSTGRES");
}

TEST_F(SettingsTest, NamesFileLineKeyAndWhatIsAllowed) {
  const std::vector<std::pair<std::string, std::string>> refused = {
      {"data\n", ", line 1: expected name = value"},
      {"\n# x\nport = 1\n", ", line 3: \"port\" is not a setting; these are: data, postgres, listen-here"},
      {"config = x\n", ", line 1: \"config\" is not a setting"},
      {"quiet = 1\n", ", line 1: \"quiet\" is not a setting"},
      {"data = d\nlisten-here =\n", ", line 2: listen-here has no value; it takes ADDRESS:PORT"},
      {"data = d\ndata = e\n", ", line 2: data is set twice"},
  };
  for (const auto& [file, sentence] : refused) {
    SCOPED_TRACE(file);
    const auto settings = Read({"--config", path_}, file);
    ASSERT_FALSE(settings.ok());
    EXPECT_EQ(settings.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(settings.status().message()), HasSubstr(path_ + sentence));
  }
  EXPECT_THAT(Value(Read({"--config", folder_ + "/none"}), ""), HasSubstr("cannot read the configuration"));
}

TEST_F(SettingsTest, WritesWhatCountsAsAFileThatItReads) {
  environment_ = {{"ALCOVE_POSTGRES", "postgresql://u:secret@h/d?password=other"}};
  const Settings settings = *Read({"--quiet"});
  const std::string text = TextOf(settings, kFlags);
  EXPECT_EQ(text,
            "# data is not set\npostgres = postgresql://u:****@h/d?password=****  # ALCOVE_POSTGRES\n"
            "listen-here = 127.0.0.1:1  # unless told\n");
  environment_.clear();
  EXPECT_EQ(Value(Read({"--config", path_}, text), "listen-here"), "127.0.0.1:1 by " + path_ + ", line 3: listen-here");
}

TEST(WithoutPasswords, HidesThemWhereverLibpqReadsThem) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/var/lib/alcove", "/var/lib/alcove"},
      {"postgresql://h/d", "postgresql://h/d"},
      {"postgresql://u@h:5432/d", "postgresql://u@h:5432/d"},
      {"postgresql://u:p@h/d", "postgresql://u:****@h/d"},
      {"postgres://u:p/a@b@h/d", "postgres://u:****@h/d"},
      {"postgresql://h/d?user=u&password=p&sslmode=require", "postgresql://h/d?user=u&password=****&sslmode=require"},
      {"postgresql://h/d?sslpassword=p", "postgresql://h/d?sslpassword=****"},
      {"host=h password=p dbname=d", "host=h password=**** dbname=d"},
      {"host=h password = 'p \\' q' dbname=d", "host=h password = **** dbname=d"},
      {"password=p", "password=****"},
      {"password='p", "password=****"},
      {"password=", "password=****"},
  };
  for (const auto& [value, shown] : cases) EXPECT_EQ(WithoutPasswords(value), shown) << value;
}

}  // namespace
}  // namespace alcove::runtime
