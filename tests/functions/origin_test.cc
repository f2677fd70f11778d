#include "functions/origin.h"

#include <string>

#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

TEST(Origin, IsAllowedByItsSitesListOnly) {
  const std::vector<std::string> list = {"https://shop.example",       "https://*.shops.example",
                                         "http://localhost:*",         "plain.example",
                                         "https://[2001:db8::1]:8443", "https://port.example:443"};
  const struct {
    const char* origin;
    bool allowed;
  } kCases[] = {
      {"", true},  // a page of ours, or no page at all
      {"https://shop.example", true},
      {"HTTPS://Shop.Example", true},
      {"https://shop.example:443", true},
      {"http://shop.example", false},
      {"https://shop.example:8443", false},
      {"https://shop.example.evil.example", false},
      {"https://evilshop.example", false},
      {"https://www.shop.example", false},
      {"https://shop.example@evil.example", false},
      {"https://evil.example/https://shop.example", false},
      {"https://a.shops.example", true},
      {"https://a.b.shops.example", true},
      {"https://shops.example", false},
      {"https://evilshops.example", false},
      {"https://.shops.example", false},
      {"http://localhost", true},
      {"http://localhost:8080", true},
      {"https://localhost:8080", false},
      {"http://localhost.evil.example", false},
      {"http://plain.example", true},
      {"https://plain.example", true},
      {"ftp://plain.example", false},
      {"https://[2001:db8::1]:8443", true},
      {"https://[2001:db8::1]", false},
      {"https://port.example", true},
      {"null", false},
      {"shop.example", false},
      {"https://", false},
      {"garbage", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(AllowsOrigin(list, c.origin), c.allowed) << c.origin;
    EXPECT_TRUE(AllowsOrigin({}, c.origin)) << "a site without a list says nothing of it";
  }
}

TEST(Origin, OfAForeignPageGetsNoSession) {
  World world;  // whose site allows https://shop.example
  const auto ask = [&](const std::string& origin) {
    Request request = world.MakeRequest(Method::kPost, "/v1/customer/session", "", R"({"site":"sit_demo"})");
    request.foreign_origin = origin;
    return world.Run(request);
  };
  const size_t stored = world.Everything().size();
  const Result refused = ask("https://evil.example");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "origin_denied");
  EXPECT_EQ(ask("null").status, 403);
  EXPECT_EQ(world.Everything().size(), stored) << "no customer was made";
  EXPECT_EQ(ask("https://shop.example").status, 200);
  EXPECT_EQ(ask("").status, 200);
}

}  // namespace
}  // namespace alcove::functions
