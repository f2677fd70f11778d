#include <brotli/decode.h>

#include <string>

#include "functions/pages/loader.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

Result Load(World& world, const std::string& site, const std::string& encoding = "", const std::string& known = "") {
  Request request = world.MakeRequest(Method::kGet, site.empty() ? "/loader.js" : "/loader.js?site=" + site);
  request.accept_encoding = encoding;
  request.if_none_match = known;
  return world.Run(request);
}

TEST(Loader, CarriesWhatTheOwnerConfigured) {
  World world;
  const Result result = Load(world, "sit_demo");
  ASSERT_EQ(result.status, 200);
  EXPECT_EQ(
      result.body,
      R"((function(){var c={"site":"sit_demo","name":"Northwind","accent":"#2f5bea","position":"right"}||{};})())");
  EXPECT_EQ(result.header("Cache-Control"), "public, max-age=300");
  EXPECT_EQ(Load(world, "").body, "(function(){var c={}||{};})()");
  EXPECT_EQ(Load(world, "sit_none").status, 404);
  EXPECT_EQ(Load(world, "x").status, 404);
}

TEST(Loader, WhatTheOwnerWroteCannotLeaveTheScript) {
  EXPECT_EQ(pages::JsonForScript("a</script><!--\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xA6"),
            "a\\u003c/script>\\u003c!--\\u2028\\u2029\xE2\x80\xA6");
}

TEST(Loader, IsNotSentTwice) {
  World world;
  const std::string tag = Load(world, "sit_demo").header("ETag");
  const Result again = Load(world, "sit_demo", "", tag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.header("ETag"), tag);
  EXPECT_EQ(Load(world, "sit_demo", "", "\"other\", W/" + tag).status, 304);
  EXPECT_EQ(Load(world, "sit_demo", "", "*").status, 304);
  EXPECT_EQ(Load(world, "sit_demo", "", "\"other\"").status, 200);
  EXPECT_EQ(Load(world, "", "", tag).status, 200) << "another configuration is another text";
}

TEST(Loader, IsCompressedForWhoTakesIt) {
  World world;
  const std::string plain = Load(world, "sit_demo").body;
  const struct {
    const char* accepted;
    bool brotli;
  } kCases[] = {
      {"br", true},      {"gzip, deflate, br", true}, {"gzip, br;q=0.5", true}, {"", false}, {"gzip, deflate", false},
      {"br;q=0", false}, {"br; q=0.0", false},        {"brotli", false}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.accepted);
    const Result result = Load(world, "sit_demo", c.accepted);
    EXPECT_EQ(result.header("Vary"), "Accept-Encoding");
    EXPECT_EQ(result.header("Content-Encoding"), c.brotli ? "br" : "");
    if (!c.brotli) {
      EXPECT_EQ(result.body, plain);
      continue;
    }
    std::string text(plain.size(), '\0');
    size_t size = text.size();
    EXPECT_EQ(BrotliDecoderDecompress(result.body.size(), reinterpret_cast<const uint8_t*>(result.body.data()), &size,
                                      reinterpret_cast<uint8_t*>(text.data())),
              BROTLI_DECODER_RESULT_SUCCESS);
    EXPECT_EQ(text, plain);
    EXPECT_NE(result.header("ETag"), Load(world, "sit_demo").header("ETag"));
  }
}

TEST(Frame, MayBeFramedByItsSiteOnly) {
  World world;
  const Result result = world.Call(Method::kGet, "/frame.html?site=sit_demo&origin=https://evil.example");
  ASSERT_EQ(result.status, 200);
  EXPECT_EQ(result.body, world.assets.files["frame.html"]);
  const std::string policy = result.header("Content-Security-Policy");
  EXPECT_TRUE(policy.ends_with("frame-ancestors 'self' https://shop.example")) << policy;
  EXPECT_EQ(world.Call(Method::kGet, "/frame.html").status, 404);
  EXPECT_EQ(world.Call(Method::kGet, "/frame.html?site=sit_none").status, 404);
}

TEST(Frame, AnOriginCannotWriteThePolicy) {
  World world;
  world.Write([&](store::Transaction& txn) {
    SiteRecord site;
    site.name = "Northwind";
    site.allowed_origins = {"https://a.example; script-src *", "https://b.example\r\nX: y", "",
                            "https://*.c.example:8443"};
    Save(txn, store::keys::Site(kSite), site);
  });
  const std::string policy = world.Call(Method::kGet, "/frame.html?site=sit_demo").header("Content-Security-Policy");
  EXPECT_TRUE(policy.ends_with("frame-ancestors 'self' https://*.c.example:8443")) << policy;
}

TEST(Pages, SayWhereThereAreNoWebFiles) {
  World world;
  world.assets.files.clear();
  for (const char* const page : {"/loader.js?site=sit_demo", "/frame.html?site=sit_demo"}) {
    const Result result = world.Call(Method::kGet, page);
    EXPECT_EQ(result.status, 404) << page;
    EXPECT_EQ(result.code(), "not_found") << page;
    EXPECT_THAT(result.body, testing::HasSubstr("without its web files")) << page;
  }
}

}  // namespace
}  // namespace alcove::functions
