// What is an address of another server, and what is not.
#include "functions/url.h"

#include <string>

#include "functions/wire/limits.h"
#include "gtest/gtest.h"

namespace alcove::functions {
namespace {

TEST(ParseUrl, ReadsWhatIsOne) {
  struct Case {
    std::string text;
    Scheme scheme;
    std::string host;
    int port;
    std::string target;
    std::string host_header;
    bool is_address = false;
  };
  const Case cases[] = {
      {"https://a.example", Scheme::kHttps, "a.example", 443, "/", "a.example"},
      {"HTTPS://A.Example/Path?Q=1", Scheme::kHttps, "a.example", 443, "/Path?Q=1", "a.example"},
      {"http://a.example:80/", Scheme::kHttp, "a.example", 80, "/", "a.example"},
      {"http://a.example:443/", Scheme::kHttp, "a.example", 443, "/", "a.example:443"},
      {"https://a.example?q", Scheme::kHttps, "a.example", 443, "/?q", "a.example"},
      {"https://xn--bcher-kva.example:8443/x//y/../z", Scheme::kHttps, "xn--bcher-kva.example", 8443, "/x//y/../z",
       "xn--bcher-kva.example:8443"},
      {"http://127.0.0.1:8080/a:b@c", Scheme::kHttp, "127.0.0.1", 8080, "/a:b@c", "127.0.0.1:8080", true},
      {"http://[2001:DB8::1]:81/", Scheme::kHttp, "2001:db8::1", 81, "/", "[2001:db8::1]:81", true},
      {"http://[::ffff:127.0.0.1]/", Scheme::kHttp, "::ffff:127.0.0.1", 80, "/", "[::ffff:127.0.0.1]", true},
      {"http://localhost/", Scheme::kHttp, "localhost", 80, "/", "localhost"},
      {"http://1.2.3.4.example/", Scheme::kHttp, "1.2.3.4.example", 80, "/", "1.2.3.4.example"},
      {"http://4a.face/", Scheme::kHttp, "4a.face", 80, "/", "4a.face"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto url = ParseUrl(c.text);
    ASSERT_TRUE(url.ok()) << url.status();
    EXPECT_EQ(url->scheme, c.scheme);
    EXPECT_EQ(url->host, c.host);
    EXPECT_EQ(url->port, c.port);
    EXPECT_EQ(url->target, c.target);
    EXPECT_EQ(url->HostHeader(), c.host_header);
    EXPECT_EQ(url->IsAddress(), c.is_address);
  }
}

TEST(ParseUrl, RefusesWhatTwoCouldReadDifferently) {
  const std::string cases[] = {
      // Not an address of a server.
      "",
      "https://",
      "https:///a",
      "a.example",
      "//a.example",
      "ftp://a.example",
      "file:///etc/passwd",
      "https:a.example",
      "https://a.example#f",
      "https://a.example/#",
      // A user, which some take for the host.
      "https://a@b.example",
      "https://a:b@b.example/",
      "https://@b.example",
      "https://a.example\\@b.example",
      // Bytes that some drop and others do not.
      "https://a.example/a b",
      " https://a.example",
      "https://a.example\n",
      "https://a.ex\tample/",
      "https://a.example/\r\nX: y",
      "https://b\xc3\xbc"
      "cher.example",
      "https://a.example/\x7f",
      std::string("https://a\0b/", 12),
      // Numbers that some take for an address.
      "http://127.1",
      "http://2130706433",
      "http://0x7f000001",
      "http://0177.0.0.1",
      "http://127.0.0.01",
      "http://256.0.0.1",
      "http://1.2.3",
      "http://1.2.3.4.5",
      "http://1.2.3.4.",
      "http://a.0x7f",
      "http://a.1",
      // No names.
      "https://a..example",
      "https://.example",
      "https://a.example.",
      "https://a%2eexample",
      "https://a,b",
      "https://" + std::string(64, 'a') + ".example",
      "https://" + std::string(254, 'a'),
      // No ports.
      "https://a.example:",
      "https://a.example:0",
      "https://a.example:65536",
      "https://a.example:+80",
      "https://a.example:80a",
      "https://a.example:8 0",
      "https://a:b:80",
      // No IPv6 address.
      "http://[::1",
      "http://::1",
      "http://[::1]80",
      "http://[::1%25eth0]",
      "http://[a.example]",
      "http://[]",
      // Too long by one.
      "https://a.example/" + std::string(wire::kPageUrlBytesMax - 17, 'a'),
  };
  for (const std::string& text : cases) {
    SCOPED_TRACE(text);
    const auto url = ParseUrl(text);
    EXPECT_EQ(url.status().code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_TRUE(ParseUrl("https://a.example/" + std::string(wire::kPageUrlBytesMax - 18, 'a')).ok());
}

}  // namespace
}  // namespace alcove::functions
