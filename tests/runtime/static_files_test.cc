#include "runtime/static_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string HeaderOf(const functions::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

TEST(StaticEncoding, IsTheBestThatTheClientAccepts) {
  struct Case {
    std::string accept_encoding;
    std::string with_both;
    std::string with_gzip_only;
  };
  const std::vector<Case> cases = {
      {"", "identity", "identity"},
      {"gzip, deflate, br, zstd", "br", "gzip"},
      {"gzip", "gzip", "gzip"},
      {"BR", "br", "identity"},
      {"br;q=1.0, gzip;q=0.8", "br", "gzip"},
      {"br;q=0, gzip", "gzip", "gzip"},
      {"br;q=0.000 ,gzip ; q=0.0", "identity", "identity"},
      {"br ;q=0.001", "br", "identity"},
      {"*", "br", "gzip"},
      {"*;q=0", "identity", "identity"},
      {"br;q=0, *", "gzip", "gzip"},
      {"*;q=0, gzip", "gzip", "gzip"},
      {"identity;q=0", "identity", "identity"},  // nothing else is accepted: better readable than refused
      {",,;, gzip", "gzip", "gzip"},
      {"brotli, xgzip", "identity", "identity"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.accept_encoding);
    EXPECT_EQ(ChooseEncoding(c.accept_encoding, true, true), c.with_both);
    EXPECT_EQ(ChooseEncoding(c.accept_encoding, false, true), c.with_gzip_only);
    EXPECT_EQ(ChooseEncoding(c.accept_encoding, false, false), "identity");
  }
}

TEST(StaticETag, ComparesWeaklyAgainstEachOfTheList) {
  const std::vector<std::pair<std::string, bool>> cases = {
      {"", false},      {"\"a\"", true},         {"W/\"a\"", true}, {"\"b\", \"a\"", true},
      {"\"b\"", false}, {"\"b\",W/\"a\"", true}, {"*", true},       {"a", false},
      {"\"A\"", false},
  };
  for (const auto& [list, matches] : cases) EXPECT_EQ(MatchesETag(list, "\"a\""), matches) << list;
}

class StaticFilesTest : public testing::Test {
 protected:
  StaticFilesTest() : folder_(store::MakeTemporaryFolder()) {
    Write("demo.html", "the demo");
    Write("console.html", "the console");
    Write("loader.js", "loader");
    Write("assets/face.0123abcd.css", "css");
    Write("assets/console.0123abcd.wasm", std::string("\0asm", 4));
    Write("assets/console.0123abcd.wasm.br", "br");
    Write("assets/console.0123abcd.wasm.gz", "gz");
    Write("assets/icon.0123abcd.svg", "icon");
    Write("assets/icon.0123abcd.svg.br", "icon in br");
    Write("assets/plain.css", "css");
    Write("assets/almost.0123abcx.css", "css");
    files_ = *StaticFiles::Load(folder_.string());
  }
  ~StaticFilesTest() override { std::filesystem::remove_all(folder_); }

  void Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }

  const std::filesystem::path folder_;
  std::unique_ptr<StaticFiles> files_;
};

TEST_F(StaticFilesTest, GivesPagesTheirShortNames) {
  EXPECT_EQ(files_->Answer("/console", "", "")->body, "the console");
  EXPECT_EQ(files_->Answer("/demo", "", "")->body, "the demo");
  const auto root = files_->Answer("/", "", "");
  EXPECT_EQ(root->status, 302);
  EXPECT_EQ(HeaderOf(*root, "Location"), "/demo");
}

TEST_F(StaticFilesTest, FindsNothingElse) {
  for (const char* const path :
       {"/nothing", "/assets", "/assets/", "/demo/", "/../static_files_test.cc", "/assets/../demo.html", "//demo.html",
        "/assets/console.0123abcd.wasm.br", "/DEMO.html"}) {
    EXPECT_FALSE(files_->Answer(path, "br", "").has_value()) << path;
  }
  EXPECT_EQ(StaticFiles::Load(folder_.string() + "/none").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StaticFilesTest, LetsBrowsersKeepOnlyWhatIsNamedByItsContent) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"/assets/face.0123abcd.css", "public, max-age=31536000, immutable"},
      {"/assets/plain.css", "no-cache"},
      {"/assets/almost.0123abcx.css", "no-cache"},
      {"/loader.js", "no-cache"},
      {"/demo", "no-cache"},
  };
  for (const auto& [path, cache_control] : cases) {
    SCOPED_TRACE(path);
    EXPECT_EQ(HeaderOf(*files_->Answer(path, "", ""), "Cache-Control"), cache_control);
  }
}

TEST_F(StaticFilesTest, ServesTheCompressedFormsWithETagsOfTheirOwn) {
  const std::string path = "/assets/console.0123abcd.wasm";
  const auto brotli = files_->Answer(path, "gzip, br", "");
  const auto gzip = files_->Answer(path, "gzip", "");
  const auto plain = files_->Answer(path, "", "");
  EXPECT_EQ(brotli->body, "br");
  EXPECT_EQ(HeaderOf(*brotli, "Content-Encoding"), "br");
  EXPECT_EQ(gzip->body, "gz");
  EXPECT_EQ(HeaderOf(*gzip, "Content-Encoding"), "gzip");
  EXPECT_EQ(plain->body, std::string("\0asm", 4));
  EXPECT_EQ(HeaderOf(*plain, "Content-Encoding"), "");
  for (const auto* const response : {&*brotli, &*gzip, &*plain}) {
    EXPECT_EQ(response->content_type, "application/wasm");
    EXPECT_EQ(HeaderOf(*response, "Vary"), "Accept-Encoding");
  }
  EXPECT_NE(HeaderOf(*brotli, "ETag"), HeaderOf(*gzip, "ETag"));
  EXPECT_NE(HeaderOf(*plain, "ETag"), HeaderOf(*gzip, "ETag"));

  const auto unchanged = files_->Answer(path, "gzip, br", HeaderOf(*brotli, "ETag"));
  EXPECT_EQ(unchanged->status, 304);
  EXPECT_EQ(unchanged->body, "");
  EXPECT_EQ(HeaderOf(*unchanged, "ETag"), HeaderOf(*brotli, "ETag"));
  EXPECT_EQ(files_->Answer(path, "gzip", HeaderOf(*brotli, "ETag"))->status, 200);
}

TEST_F(StaticFilesTest, ChangesTheETagWithTheContent) {
  const std::string before = HeaderOf(*files_->Answer("/demo", "", ""), "ETag");
  EXPECT_EQ(HeaderOf(*(*StaticFiles::Load(folder_.string()))->Answer("/demo", "", ""), "ETag"), before);
  Write("demo.html", "another demo");
  EXPECT_NE(HeaderOf(*(*StaticFiles::Load(folder_.string()))->Answer("/demo", "", ""), "ETag"), before);
}

TEST_F(StaticFilesTest, LetsPagesRunOnlyOurOwnFiles) {
  for (const char* const path : {"/console", "/console.html", "/demo", "/demo.html"}) {
    SCOPED_TRACE(path);
    const auto page = files_->Answer(path, "", "");
    const std::string policy = HeaderOf(*page, "Content-Security-Policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'; script-src 'self'"));
    EXPECT_THAT(policy, Not(HasSubstr("'unsafe-")));
    EXPECT_THAT(policy, HasSubstr("base-uri 'none'; form-action 'none'"));
    EXPECT_EQ(HeaderOf(*page, "Referrer-Policy"), "no-referrer");
  }
  EXPECT_EQ(HeaderOf(*files_->Answer("/loader.js", "", ""), "Content-Security-Policy"), "");
}

TEST_F(StaticFilesTest, LetsNobodyFrameTheConsole) {
  EXPECT_THAT(HeaderOf(*files_->Answer("/console", "", ""), "Content-Security-Policy"),
              HasSubstr("frame-ancestors 'none'"));
}

TEST_F(StaticFilesTest, HasTheIconThatBrowsersAskForUnasked) {
  const auto icon = files_->Answer("/favicon.ico", "", "");
  ASSERT_TRUE(icon.has_value());
  EXPECT_EQ(icon->body, "icon");
  EXPECT_EQ(icon->content_type, "image/svg+xml");
  EXPECT_EQ(HeaderOf(*icon, "Cache-Control"), "public, max-age=86400") << "its name is not of its content";
  EXPECT_EQ(files_->Answer("/favicon.ico", "br", "")->body, "icon in br");
  EXPECT_EQ(files_->Answer("/favicon.ico", "", HeaderOf(*icon, "ETag"))->status, 304);
  EXPECT_EQ(HeaderOf(*files_->Answer("/assets/icon.0123abcd.svg", "", ""), "Cache-Control"),
            "public, max-age=31536000, immutable");
}

TEST_F(StaticFilesTest, GivesFunctionsTheUncompressedText) {
  EXPECT_EQ(files_->Find("loader.js"), "loader");
  EXPECT_EQ(files_->Find("nothing"), std::nullopt);
}

}  // namespace
}  // namespace alcove::runtime
