// Good and hostile requests, each fed whole and byte by byte. The hostile ones
// are those with which cpp-httplib, proxies and other servers were smuggled
// past: `reference` names are in the comments where a class has one.
#include "runtime/framer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kMore = 0;
constexpr int kGood = 1;

struct Case {
  std::string name;
  std::string input;
  int expected;           // kMore, kGood or the refusing status
  std::string canonical;  // of a good one
};

struct Verdict {
  int status = kMore;
  std::string canonical;
  size_t used = 0;
};

Verdict Feed(const std::string& input, size_t piece, const FramerLimits& limits) {
  Framer framer(limits);
  Verdict verdict;
  while (verdict.used < input.size()) {
    const size_t used = framer.Consume(std::string_view(input).substr(verdict.used, piece));
    verdict.used += used;
    if (framer.state() == Framer::State::kComplete) {
      verdict.status = kGood;
      verdict.canonical = framer.Take().bytes;
      break;
    }
    if (framer.state() == Framer::State::kRefused) {
      verdict.status = framer.refusal();
      break;
    }
  }
  return verdict;
}

// For tests/deploy, which sends the same requests through proxies: with ALCOVE_ROWS in the environment each row is a
// line of that file, `expected name input`, the last two in hexadecimal.
void Record(const Case& c) {
  const char* const path = std::getenv("ALCOVE_ROWS");
  if (path == nullptr) return;
  std::ofstream(path, std::ios::app) << c.expected << ' ' << absl::BytesToHexString(c.name) << ' '
                                     << absl::BytesToHexString(c.input) << '\n';
}

void Check(const Case& c, const FramerLimits& limits = {}) {
  SCOPED_TRACE(c.name);
  if (limits.head_bytes == FramerLimits{}.head_bytes) Record(c);
  for (const size_t piece : {c.input.size(), size_t{1}, size_t{3}}) {
    SCOPED_TRACE(piece);
    const Verdict verdict = Feed(c.input, piece, limits);
    EXPECT_EQ(verdict.status, c.expected);
    EXPECT_EQ(verdict.canonical, c.canonical);
  }
}

std::string Get(std::string_view headers) { return "GET / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n"; }
std::string Post(std::string_view headers, std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + std::string(headers) + "\r\n" + std::string(body);
}
const std::string kGetCanonical = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
std::string PostCanonical(std::string_view body) {
  const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return "POST /p HTTP/1.1\r\nHost: a\r\n" + length + "\r\n" + std::string(body);
}

TEST(Framer, AcceptsAndRebuildsGoodRequests) {
  const std::vector<Case> cases = {
      {"plain", Get(""), kGood, kGetCanonical},
      {"one leading CRLF", "\r\n" + Get(""), kGood, kGetCanonical},
      {"a slash in the query", "GET /a?b=c%2Fd/e HTTP/1.1\r\nHost: a\r\n\r\n", kGood,
       "GET /a?b=c%2Fd/e HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a body that says that it is as it is", Post("Content-Encoding: Identity\r\nContent-Length: 3\r\n", "abc"),
       kGood, PostCanonical("abc")},
      {"query", "GET /a%20b?c=%0A&d=e+f HTTP/1.1\r\nHost: a\r\n\r\n", kGood,
       "GET /a%20b?c=%0A&d=e+f HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n", kGood, "GET / HTTP/1.1\r\n\r\n"},
      {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", kGood, "GET / HTTP/1.1\r\n\r\n"},
      {"IPv6 Host", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", kGood, "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"},
      {"white space around a value", Get("If-None-Match: \t \"x y\" \t\r\n"), kGood,
       "GET / HTTP/1.1\r\nHost: a\r\nIf-None-Match: \"x y\"\r\n\r\n"},
      {"names in any case, written one way", "GET / HTTP/1.1\r\nhOST: a\r\nAUTHORIZATION: Bearer t\r\n\r\n", kGood,
       "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n"},
      {"latin-1 and UTF-8 in a value", Get("User-Agent: \xe4\xc3\xa4\r\n"), kGood, kGetCanonical},
      {"body", Post("Content-Length: 3\r\n", "abc"), kGood, PostCanonical("abc")},
      {"empty body", Post("Content-Length: 0\r\n", ""), kGood, PostCanonical("")},
      {"no length is no body", Post("", ""), kGood, PostCanonical("")},
      {"zeros before a length", Post("Content-Length: 003\r\n", "abc"), kGood, PostCanonical("abc")},
      {"chunks", Post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n00A\r\n0123456789\r\n0\r\n\r\n"), kGood,
       PostCanonical("a0123456789")},
      {"chunked in any case", Post("Transfer-Encoding: CHUNKED\r\n", "0\r\n\r\n"), kGood, PostCanonical("")},
      {"a body with line ends", Post("Content-Length: 4\r\n", "\r\n\r\n"), kGood, PostCanonical("\r\n\r\n")},
      // GET with a body: cpp-httplib reads the body as the next request.
      {"GET with a body", Get("Content-Length: 5\r\n") + "GET /", kGood, kGetCanonical},
      {"HEAD with chunks", "HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
       kGood, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"DELETE with a body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", kGood,
       "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"},
      {"OPTIONS with a body", "OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", kGood,
       "OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"},
      {"DELETE with chunks", "DELETE / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
       kGood, "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"},
      {"POST of HTTP/1.0", "POST /p HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", kGood, PostCanonical("abc")},
      {"a hundred headers",
       [] {
         std::string headers;
         for (int i = 0; i < wire::kRequestHeadersMax - 1; ++i) headers += "X: y\r\n";
         return Get(headers);
       }(),
       kGood, kGetCanonical},
      // Whether the body has come already or waits to be told, it is the same request.
      {"a body that was to be waited for", Post("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc"), kGood,
       PostCanonical("abc")},
      {"chunks that were to be waited for",
       Post("Expect: 100-Continue\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), kGood,
       PostCanonical("abc")},
      {"waiting for nothing", Post("Expect: 100-continue\r\nContent-Length: 0\r\n", ""), kGood, PostCanonical("")},
      {"waiting without a length", Post("Expect: 100-continue\r\n", ""), kGood, PostCanonical("")},
      {"waiting said twice", Post("Expect: 100-continue\r\nexpect: 100-continue\r\nContent-Length: 3\r\n", "abc"),
       kGood, PostCanonical("abc")},
      {"waiting in HTTP/1.0", "POST /p HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
       kGood, PostCanonical("abc")},
      {"white space around a length", Post("Content-Length: \t3 \t\r\n", "abc"), kGood, PostCanonical("abc")},
      {"white space around chunked", Post("Transfer-Encoding:\tchunked \r\n", "0\r\n\r\n"), kGood, PostCanonical("")},
      {"zeros for the last chunk", Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n000\r\n\r\n"), kGood,
       PostCanonical("abc")},
      {"dots in the path", "GET /a/../b/. HTTP/1.1\r\nHost: a\r\n\r\n", kGood,
       "GET /a/../b/. HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"HTTP/1.0 that would keep the connection", "GET / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", kGood,
       kGetCanonical},
      // What another name than the header's own says of the body is nothing.
      {"underscore in the encoding", Post("Transfer_Encoding: chunked\r\nContent-Length: 3\r\n", "abc"), kGood,
       PostCanonical("abc")},
      {"underscore in the length", Post("Content_Length: 30\r\nContent-Length: 3\r\n", "abc"), kGood,
       PostCanonical("abc")},
      {"another's encoding", Post("X-Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "abc"), kGood,
       PostCanonical("abc")},
      {"OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n", kGood, "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n"},
  };
  for (const Case& c : cases) Check(c);
}

// The parts of a body are nobody's business here: its length alone ends it. cpp-httplib, which would look for them by a
// regular expression (CVE-2026-29076), never sees it.
TEST(Framer, TakesABodyOfPartsAsBytes) {
  const auto form = [](std::string_view type, std::string_view body) {
    return absl::StrCat("POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: ", std::string(type),
                        "\r\nContent-Length: ", body.size(), "\r\n\r\n", std::string(body));
  };
  const std::string kParts = "multipart/form-data; boundary=b";
  const auto part = [](std::string_view headers, std::string_view content) {
    return absl::StrCat("--b\r\n", std::string(headers), "\r\n\r\n", std::string(content), "\r\n--b--\r\n");
  };
  const std::string field = "Content-Disposition: form-data; name=\"f\"";
  const std::string plain = form(kParts, part(field, "abc"));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"parts", plain},
      {"a part that is a request", form(kParts, part(field, "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"))},
      {"a part that says another length", form(kParts, part(field + "\r\nContent-Length: 9000", "abc"))},
      {"a part that would be chunks", form(kParts, part(field + "\r\nTransfer-Encoding: chunked", "0\r\n\r\n"))},
      {"a part's name without end", form(kParts, part(field + "; filename*=UTF-8''" + std::string(4000, 'a'), "abc"))},
      {"a part's name with line ends", form(kParts, part(field + "; filename=\"a\r\nb\"", "abc"))},
      {"parts without their end", form(kParts, "--b\r\n" + field + "\r\n\r\nabc")},
      {"parts with an end too soon", form(kParts, "--b--\r\n" + part(field, "abc"))},
      {"no parts where some are promised", form(kParts, "")},
      {"parts without a boundary", form("multipart/form-data", part(field, "abc"))},
      {"a boundary that is empty", form("multipart/form-data; boundary=\"\"", part(field, "abc"))},
      {"a boundary without end", form("multipart/form-data; boundary=\"b", part(field, "abc"))},
      {"a boundary longer than allowed", form("multipart/form-data; boundary=" + std::string(1000, 'b'), "abc")},
      {"byte ranges", form("multipart/byteranges; boundary=b", part("Content-Range: bytes 0-1/2", "ab"))},
  };
  for (const auto& [name, input] : cases) {
    // Of an empty body no length is said.
    const size_t none = input.find("Content-Length: 0\r\n");
    Check({name, input, kGood, none == input.npos ? input : std::string(input).erase(none, 19)});
  }
  const size_t type = plain.find("Content-Length");
  const std::string body = plain.substr(plain.find("\r\n\r\n") + 4);
  Check({"parts in chunks",
         absl::StrCat(plain.substr(0, type), "Transfer-Encoding: chunked\r\n\r\n", absl::Hex(body.size()), "\r\n", body,
                      "\r\n0\r\n\r\n"),
         kGood, plain});
  Check({"parts packed", "POST /p HTTP/1.1\r\nHost: a\r\nContent-Encoding: deflate\r\n" + plain.substr(27), 415, ""});
}

TEST(Framer, CarriesNothingThatCouldMisleadTheParserBehindIt) {
  const std::vector<Case> cases = {
      // cpp-httplib decodes percent signs in values: `%35` would be 5, `%63hunked` chunked, `%0d%0a` a new header.
      {"percent signs", Get("Authorization: Bearer a%0d%0aX: y%25\r\n"), kGood,
       "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a%250d%250aX: y%2525\r\n\r\n"},
      {"hop by hop",
       Get("Connection: keep-alive, TE\r\nTE: trailers\r\nTrailer: X\r\nKeep-Alive: 1\r\nUpgrade: h2c\r\n"
           "HTTP2-Settings: x\r\nProxy-Connection: close\r\n"),
       kGood, kGetCanonical},
      {"the parser's own names", Get("REMOTE_ADDR: 1.2.3.4\r\nREMOTE_PORT: 1\r\nLOCAL_ADDR: x\r\n"), kGood,
       kGetCanonical},
      {"what makes it answer otherwise", Get("Range: bytes=0-1\r\nExpect: 100-continue\r\nCookie: a=b\r\n"), kGood,
       kGetCanonical},
      // Of 1,500 ranges of a file cpp-httplib makes as many parts.
      {"many ranges",
       [] {
         std::string ranges = "0-";
         for (int i = 1; i < 1500; ++i) ranges += ",0-";
         return Get("Range: bytes=" + ranges + "\r\n");
       }(),
       kGood, kGetCanonical},
      // A proxy that obeys it would take away what frames the body.
      {"a length that is said to be hop by hop", Post("Connection: Content-Length\r\nContent-Length: 3\r\n", "abc"),
       kGood, PostCanonical("abc")},
      {"an encoding that is said to be hop by hop",
       Post("Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"), kGood,
       PostCanonical("abc")},
  };
  for (const Case& c : cases) Check(c);
}

TEST(Framer, RefusesBrokenRequestLines) {
  const auto line = [](std::string_view text) { return std::string(text) + "\r\nHost: a\r\n\r\n"; };
  const std::vector<Case> cases = {
      {"nothing but a word", line("GET"), 400, ""},
      {"HTTP/0.9", line("GET /"), 400, ""},
      {"two spaces", line("GET  / HTTP/1.1"), 400, ""},
      {"space behind", line("GET / HTTP/1.1 "), 400, ""},
      {"space before", line(" GET / HTTP/1.1"), 400, ""},
      {"tab", line("GET\t/ HTTP/1.1"), 400, ""},
      {"space in the target", line("GET /a b HTTP/1.1"), 400, ""},
      {"lower case method", line("get / HTTP/1.1"), 400, ""},
      {"unknown method", line("BREW / HTTP/1.1"), 501, ""},
      {"TRACE", line("TRACE / HTTP/1.1"), 501, ""},
      {"CONNECT", line("CONNECT a:80 HTTP/1.1"), 421, ""},
      {"absolute form", line("GET http://a/ HTTP/1.1"), 421, ""},
      {"absolute form of another server", line("GET HTTPS://b/ HTTP/1.1"), 421, ""},
      {"absolute form of another protocol", line("GET ftp://a/ HTTP/1.1"), 400, ""},
      {"two slashes", line("GET //b/ HTTP/1.1"), kGood, "GET //b/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"backslash", line("GET \\ HTTP/1.1"), 400, ""},
      {"asterisk form", line("OPTIONS * HTTP/1.1"), 400, ""},
      {"no slash", line("GET a HTTP/1.1"), 400, ""},
      {"fragment", line("GET /#a HTTP/1.1"), 400, ""},
      {"byte above ASCII", line("GET /\xc3\xa4 HTTP/1.1"), 400, ""},
      {"HTTP/2.0", line("GET / HTTP/2.0"), 505, ""},
      {"HTTP/1.2", line("GET / HTTP/1.2"), 505, ""},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, ""},
      {"lower case version", line("GET / http/1.1"), 400, ""},
      {"HTTP/1.10", line("GET / HTTP/1.10"), 400, ""},
      {"HTTP/1,1", line("GET / HTTP/1,1"), 400, ""},
      {"HTTP/1. without a minor", line("GET / HTTP/1."), 400, ""},
      {"HTTP/01.1", line("GET / HTTP/01.1"), 400, ""},
      {"letters behind the version", line("GET / HTTP/1.1x"), 400, ""},
      {"another protocol", line("GET / HTTPS/1.1"), 400, ""},
      {"no version but a second target", line("GET / /"), 400, ""},
      {"authority form", line("GET a:80 HTTP/1.1"), 400, ""},
      {"NUL in the target", line(std::string_view("GET /a\0b HTTP/1.1", 17)), 400, ""},
      {"DEL in the target", line("GET /\x7f HTTP/1.1"), 400, ""},
      {"bare CR in the target", line("GET /a\rb HTTP/1.1"), 400, ""},
      {"form feed for a space", line("GET\x0c/ HTTP/1.1"), 400, ""},
      {"a method with a sign", line("GET! / HTTP/1.1"), 400, ""},
      {"a method without end", std::string(wire::kRequestHeadBytesMax + 1, 'A'), 431, ""},
      {"TLS", std::string("\x16\x03\x01\x02\x00\x01", 6), 400, ""},
      // MAL-URL-PERCENT-CRLF and what decoders disagree about.
      {"percent CRLF in the path", line("GET /%0d%0aX HTTP/1.1"), 400, ""},
      {"percent NUL in the path", line("GET /%00 HTTP/1.1"), 400, ""},
      {"percent slash in the path", line("GET /a%2Fb HTTP/1.1"), 400, ""},
      {"percent slash in the path, lower case", line("GET /a%2fb HTTP/1.1"), 400, ""},
      {"percent DEL in the path", line("GET /%7f HTTP/1.1"), 400, ""},
      {"a percent sign at the end", line("GET /% HTTP/1.1"), 400, ""},
      {"half a percent escape in the query", line("GET /?a=%4 HTTP/1.1"), 400, ""},
      {"half a percent escape", line("GET /%4 HTTP/1.1"), 400, ""},
      {"percent without hex", line("GET /%zz HTTP/1.1"), 400, ""},
      {"percent u in the query", line("GET /?a=%u0041 HTTP/1.1"), 400, ""},
      {"two leading CRLF", "\r\n\r\n" + Get(""), 400, ""},
      {"leading bare LF", "\n" + Get(""), 400, ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(Framer, RefusesBrokenHeaders) {
  const std::vector<Case> cases = {
      {"space before the colon", Get("X : y\r\n"), 400, ""},
      {"Content-Length with a space", Post("Content-Length : 3\r\n", "abc"), 400, ""},
      {"no colon", Get("X\r\n"), 400, ""},
      {"no name", Get(": y\r\n"), 400, ""},
      {"name with a slash", Get("a/b: y\r\n"), 400, ""},
      {"name with a byte above ASCII", Get("\xc3\xa4: y\r\n"), 400, ""},
      {"folded", Get("X: y\r\n z\r\n"), 400, ""},
      {"folded by a tab", Get("X: y\r\n\tz\r\n"), 400, ""},
      {"folded first header", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, ""},
      {"a line of spaces", Get("  \r\n"), 400, ""},
      {"NUL", Get(std::string("X: a\0b\r\n", 8)), 400, ""},
      {"control character", Get("X: a\x01\r\n"), 400, ""},
      {"DEL", Get("X: a\x7f\r\n"), 400, ""},
      {"bare CR", Get("X: a\rb\r\n"), 400, ""},
      {"bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400, ""},
      {"bare LF at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400, ""},
      {"CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400, ""},
      {"three hundred headers",
       [] {
         std::string headers;
         for (int i = 0; i < 300; ++i) headers += "X: y\r\n";
         return Get(headers);
       }(),
       431, ""},
      {"vertical tab", Get("X: a\x0b\r\n"), 400, ""},
      {"escape", Get("X: a\x1b[31m\r\n"), 400, ""},
      {"NUL in a name", Get(std::string("X\0: a\r\n", 7)), 400, ""},
      {"name with a comma", Get("X,Content-Length: 5\r\n"), 400, ""},
      {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, ""},
      {"tab before the colon", Get("X\t: y\r\n"), 400, ""},
      {"name in brackets", Get("(X): y\r\n"), 400, ""},
      {"name with an equals sign", Get("X=y: z\r\n"), 400, ""},
      {"name with a semicolon", Get("X;a: y\r\n"), 400, ""},
      {"form feed in a value", Get("X: a\x0c\r\n"), 400, ""},
      {"backspace in a value", Get("X: a\x08\r\n"), 400, ""},
      {"bare CR at the end of a value", Get("X: a\r\r\n"), 400, ""},
      {"bare LF between headers", Get("X: a\nContent-Length: 5\r\n"), 400, ""},
      {"Host with a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, ""},
      {"Host with a tab", "GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n", 400, ""},
      {"Host with a backslash", "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n", 400, ""},
      {"Host with a query", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", 400, ""},
      {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400, ""},
      {"two Hosts that differ in case", "GET / HTTP/1.1\r\nhost: a\r\nHOST: b\r\n\r\n", 400, ""},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, ""},
      {"two Hosts", Get("Host: a\r\n"), 400, ""},
      {"two Authorizations", Get("Authorization: Bearer a\r\nauthorization: Bearer a\r\n"), 400, ""},
      {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, ""},
      {"Host with a user", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", 400, ""},
      {"Host as a list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400, ""},
      {"another Expect", Get("Expect: 200-ok\r\n"), 417, ""},
      {"Expect as a list", Get("Expect: 100-continue, x\r\n"), 417, ""},
      {"empty Expect", Get("Expect:\r\n"), 417, ""},
      {"a second Expect of another kind", Post("Expect: 100-continue\r\nExpect: x\r\nContent-Length: 3\r\n", "abc"),
       417, ""},
      {"Expect with a parameter", Post("Expect: 100-continue;q=1\r\nContent-Length: 3\r\n", "abc"), 417, ""},
      // Refused before anybody is told to send it.
      {"waiting with too much",
       Post("Expect: 100-continue\r\nContent-Length: " + std::to_string(wire::kRequestBodyBytesMax + 1) + "\r\n", ""),
       413, ""},
      {"waiting with both lengths",
       Post("Expect: 100-continue\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n", ""), 400, ""},
      {"a head without end", "GET / HTTP/1.1\r\nX: " + std::string(wire::kRequestHeadBytesMax, 'x'), 431, ""},
      {"a target without end", "GET /" + std::string(wire::kRequestTargetBytesMax, 'a'), 414, ""},
      {"a packed body", Post("Content-Encoding: gzip\r\nContent-Length: 3\r\n", "abc"), 415, ""},
      {"a body packed twice", Post("content-encoding: identity, br\r\nContent-Length: 3\r\n", "abc"), 415, ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(Framer, RefusesEveryDoubtAboutTheBody) {
  const std::vector<Case> cases = {
      {"CL.TE", Post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, ""},
      {"TE.CL", Post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400, ""},
      {"CL.0 TE", Post("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, ""},
      {"two lengths", Post("Content-Length: 3\r\nContent-Length: 5\r\n", "abcde"), 400, ""},
      {"the same length twice", Post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"), 400, ""},
      {"list of lengths", Post("Content-Length: 3, 3\r\n", "abc"), 400, ""},
      {"plus", Post("Content-Length: +3\r\n", "abc"), 400, ""},
      {"minus", Post("Content-Length: -3\r\n", "abc"), 400, ""},
      {"hexadecimal", Post("Content-Length: 0x3\r\n", "abc"), 400, ""},
      {"digits and a letter", Post("Content-Length: 3a\r\n", "abc"), 400, ""},
      {"percent digit", Post("Content-Length: %33\r\n", "abc"), 400, ""},
      {"empty length", Post("Content-Length:\r\n", "abc"), 400, ""},
      {"length that overflows", Post("Content-Length: 18446744073709551619\r\n", "abc"), 400, ""},
      {"percent chunked", Post("Transfer-Encoding: %63hunked\r\n", "0\r\n\r\n"), 501, ""},
      {"xchunked", Post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501, ""},
      {"gzip, chunked", Post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501, ""},
      {"chunked, identity", Post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), 501, ""},
      {"quoted chunked", Post("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501, ""},
      {"empty encoding", Post("Transfer-Encoding:\r\n", "0\r\n\r\n"), 501, ""},
      {"chunked twice", Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, ""},
      {"chunked, nothing", Post("Transfer-Encoding: chunked,\r\n", "0\r\n\r\n"), 501, ""},
      {"chunked with a parameter", Post("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n"), 501, ""},
      {"identity", Post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc"), 501, ""},
      {"chunked behind a vertical tab",
       Post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       400, ""},
      {"space before the colon of the encoding", Post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400, ""},
      {"folded encoding", Post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), 501, ""},
      {"digits with a space between", Post("Content-Length: 1 2\r\n", "abc"), 400, ""},
      {"length in exponents", Post("Content-Length: 3e0\r\n", "abc"), 400, ""},
      {"length of a GET that is none", Get("Content-Length: x\r\n"), 400, ""},
      {"tab before the colon of the length", Post("Content-Length\t: 3\r\n", "abc"), 400, ""},
      {"folded length", Post("Content-Length:\r\n 3\r\n", "abc"), 400, ""},
      {"length with a fraction", Post("Content-Length: 3.0\r\n", "abc"), 400, ""},
      {"length with a semicolon", Post("Content-Length: 3;\r\n", "abc"), 400, ""},
      {"quoted length", Post("Content-Length: \"3\"\r\n", "abc"), 400, ""},
      {"plus nothing", Post("Content-Length: +0\r\n", ""), 400, ""},
      {"minus nothing", Post("Content-Length: -0\r\n", ""), 400, ""},
      {"binary length", Post("Content-Length: 0b11\r\n", "abc"), 400, ""},
      {"octal length", Post("Content-Length: 0o3\r\n", "abc"), 400, ""},
      {"digits of another script", Post("Content-Length: \xd9\xa3\r\n", "abc"), 400, ""},
      {"length with NUL", Post(std::string_view("Content-Length: 3\0\r\n", 20), "abc"), 400, ""},
      {"length with a vertical tab", Post("Content-Length: \x0b\x33\r\n", "abc"), 400, ""},
      {"two lengths that differ in case", Post("content-length: 3\r\nCONTENT-LENGTH: 5\r\n", "abcde"), 400, ""},
      {"length above the limit", Post("Content-Length: " + std::to_string(wire::kRequestBodyBytesMax + 1) + "\r\n", ""),
       413, ""},
      {"GET with both", Get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400, ""},
      {"GET with an encoding that is none", Get("Transfer-Encoding: gzip\r\n"), 501, ""},
      {"space in chunked", Post("Transfer-Encoding: chun ked\r\n", "0\r\n\r\n"), 501, ""},
      {"chunked with NUL", Post(std::string_view("Transfer-Encoding: chunked\0\r\n", 29), "0\r\n\r\n"), 400, ""},
      {"comma before chunked", Post("Transfer-Encoding: ,chunked\r\n", "0\r\n\r\n"), 501, ""},
      {"identity, then chunked in a line of its own",
       Post("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 501, ""},
      {"POST of HTTP/1.0 without a length", "POST /p HTTP/1.0\r\n\r\nabc", 411, ""},
      {"PUT of HTTP/1.0 without a length", "PUT /p HTTP/1.0\r\n\r\n", 411, ""},
      {"chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(Framer, RefusesBrokenChunks) {
  const auto chunks = [](std::string_view body) { return Post("Transfer-Encoding: chunked\r\n", body); };
  const std::vector<Case> cases = {
      {"no size", chunks("\r\n"), 400, ""},
      {"0x", chunks("0x3\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"plus and 0x", chunks("+0x5\r\nabcde\r\n0\r\n\r\n"), 400, ""},
      {"a size below nothing", chunks("-ffffffffffffff5\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"tab behind", chunks("3\t\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"extension without a value", chunks("3;\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"extension of the last chunk", chunks("0;a\r\n\r\n"), 400, ""},
      {"CR CR LF behind the size", chunks("3\r\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"data too short", chunks("4\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"a trailer that would be a header", chunks("0\r\nContent-Length: 5\r\n\r\nabcde"), 400, ""},
      {"plus", chunks("+3\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"minus", chunks("-f\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"space before", chunks(" 3\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"space behind", chunks("3 \r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"bare LF behind the size", chunks("3\nabc\r\n0\r\n\r\n"), 400, ""},
      {"bare CR behind the size", chunks("3\rXabc\r\n0\r\n\r\n"), 400, ""},
      {"extension", chunks("3;a=b\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"data too long", chunks("3\r\nabcd\r\n0\r\n\r\n"), 400, ""},
      {"bad end of data", chunks("3\r\nabcXX0\r\n\r\n"), 400, ""},
      {"bare LF behind the data", chunks("3\r\nabc\n0\r\n\r\n"), 400, ""},
      {"trailer", chunks("0\r\nX: y\r\n\r\n"), 400, ""},
      {"bare LF at the end", chunks("0\r\n\n"), 400, ""},
      {"nine digits", chunks("000000003\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"size that overflows", chunks("ffffffffffffffff3\r\n"), 400, ""},
      {"no digits but a line", chunks("abcg\r\n"), 400, ""},
      {"underscore in the size", chunks("1_0\r\n"), 400, ""},
      {"NUL behind the size", chunks(std::string_view("3\0\r\nabc\r\n0\r\n\r\n", 14)), 400, ""},
      {"data without its end", chunks("3\r\nabc0\r\n\r\n"), 400, ""},
      {"extension with a quoted line end", chunks("3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"extension behind a space", chunks("3 ;a\r\nabc\r\n0\r\n\r\n"), 400, ""},
      {"bare LF behind the last size", chunks("0\n\r\n"), 400, ""},
      {"bare CR behind the last size", chunks("0\rX\r\n"), 400, ""},
      {"a trailer that would change the framing", chunks("0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400, ""},
      {"size above the limit", chunks(std::string(absl::StrCat(absl::Hex(wire::kRequestBodyBytesMax + 1))) + "\r\n"),
       413, ""},
      {"largest size", chunks("ffffffff\r\n"), 413, ""},
  };
  for (const Case& c : cases) Check(c);
}

TEST(Framer, WaitsForTheRest) {
  const std::vector<std::string> whole = {
      Get(""),
      Post("Content-Length: 3\r\n", "abc"),
      Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
  };
  for (const std::string& request : whole) {
    for (size_t cut = 0; cut < request.size(); ++cut)
      Check({request.substr(0, cut), request.substr(0, cut), kMore, ""});
  }
}

TEST(Framer, StandsAtTheEdgeOfEachLimit) {
  const FramerLimits limits{.head_bytes = 200, .target_bytes = 40, .headers = 4, .body_bytes = 10};
  const auto target = [](size_t n) { return "GET /" + std::string(n - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
  const auto headers = [](int n) {
    std::string text;
    for (int i = 0; i < n - 1; ++i) text += "X: y\r\n";
    return Get(text);
  };
  const auto head = [](size_t n) { return Get("X: " + std::string(n - Get("X: \r\n").size(), 'x') + "\r\n"); };
  const auto body = [](size_t n) { return Post("Content-Length: " + std::to_string(n) + "\r\n", std::string(n, 'b')); };
  const auto chunked = [](size_t first, size_t second) {
    const auto chunk = [](size_t n) {
      return std::string(1, static_cast<char>(n < 10 ? '0' + n : 'a' + n - 10)) + "\r\n" + std::string(n, 'b') + "\r\n";
    };
    return Post("Transfer-Encoding: chunked\r\n", chunk(first) + chunk(second) + "0\r\n\r\n");
  };
  const std::vector<Case> cases = {
      {"target", target(40), kGood, target(40)},
      {"target + 1", target(41), 414, ""},
      {"target without end", "GET /" + std::string(60, 'a'), 414, ""},
      {"headers", headers(4), kGood, kGetCanonical},
      {"headers + 1", headers(5), 431, ""},
      {"head", head(200), kGood, kGetCanonical},
      {"head behind a CRLF", "\r\n" + head(200), kGood, kGetCanonical},
      {"head + 1", head(201), 431, ""},
      {"head without end", Get("").substr(0, 20) + std::string(300, 'x'), 431, ""},
      {"body", body(10), kGood, PostCanonical(std::string(10, 'b'))},
      {"body + 1", body(11), 413, ""},
      {"chunks", chunked(4, 6), kGood, PostCanonical(std::string(10, 'b'))},
      {"chunks + 1", chunked(4, 7), 413, ""},
      {"one chunk + 1", chunked(11, 1), 413, ""},
  };
  for (const Case& c : cases) Check(c, limits);
}

TEST(Framer, BoundsTheBodyByWhatIsAsked) {
  const FramerLimits limits{.body_bytes = 10, .small_body_bytes = 4, .is_small = [](std::string_view head) {
                              return head.starts_with("POST /small HTTP/1.1\r\nHost: a\r\n");
                            }};
  const auto sized = [](const std::string& path, size_t n) {
    return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: a\r\nContent-Length: ", n, "\r\n\r\n", std::string(n, 'b'));
  };
  const auto chunked = [](const std::string& path, size_t n) {
    return absl::StrCat("POST ", path, " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", absl::Hex(n),
                        "\r\n", std::string(n, 'b'), "\r\n0\r\n\r\n");
  };
  const std::vector<std::pair<std::string, int>> cases = {
      {sized("/small", 4), kGood},    {sized("/small", 5), 413},    {chunked("/small", 4), kGood},
      {chunked("/small", 5), 413},    {sized("/other", 10), kGood}, {sized("/other", 11), 413},
      {chunked("/other", 10), kGood}, {chunked("/other", 11), 413},
  };
  for (const auto& [input, expected] : cases) {
    SCOPED_TRACE(input);
    for (const size_t piece : {input.size(), size_t{1}}) EXPECT_EQ(Feed(input, piece, limits).status, expected);
  }
}

TEST(Framer, RefusesAHeaderThatEscapingMakesTooLong) {
  // "Authorization: " and CRLF are 17 bytes; each `%` becomes three.
  const std::string at_the_edge = Get("Authorization: " + std::string((8192 - 17) / 3, '%') + "\r\n");
  const std::string above = Get("Authorization: " + std::string((8192 - 17) / 3 + 1, '%') + "\r\n");
  EXPECT_EQ(Feed(at_the_edge, 64, {}).status, kGood);
  EXPECT_EQ(Feed(above, 64, {}).status, 431);
}

TEST(Framer, LeavesTheNextRequestUntouched) {
  const std::string first = Post("Content-Length: 3\r\n", "abc");
  const std::string second = Get("");
  const FramerLimits limits;
  Framer framer(limits);
  const std::string both = first + second;
  const size_t used = framer.Consume(both);
  EXPECT_EQ(used, first.size());
  EXPECT_EQ(framer.Consume(second), 0U) << "nothing is consumed before Take()";
  EXPECT_EQ(framer.Take().bytes, PostCanonical("abc"));
  EXPECT_FALSE(framer.begun());
  EXPECT_EQ(framer.Consume(std::string_view(both).substr(used)), second.size());
  EXPECT_EQ(framer.Take().bytes, kGetCanonical);
}

// What cpp-httplib takes for the next request, or swallows with this one, whatever its version.
TEST(Framer, EndsEachRequestWhereItEnds) {
  const std::string next = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"GET with a body", Get("Content-Length: 5\r\n") + "GET /"},
      {"GET with a request for a body", Get("Content-Length: " + std::to_string(next.size()) + "\r\n") + next},
      {"HEAD with a body", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /"},
      {"OPTIONS with a body", "OPTIONS / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /"},
      {"POST without a length", Post("", "")},
      {"POST with an empty body", Post("Content-Length: 0\r\n", "")},
      {"chunks", Post("Transfer-Encoding: chunked\r\n", "5\r\nGET /\r\n0\r\n\r\n")},
      {"no chunk", Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"a length that is not of this request", Get("X-Content-Length: 1000\r\n")},
      {"an upgrade", Get("Connection: Upgrade\r\nUpgrade: websocket\r\n")},
  };
  const FramerLimits limits;
  for (const auto& [name, first] : cases) {
    SCOPED_TRACE(name);
    Record({name + ", and what is behind it", first, kGood, ""});
    Framer framer(limits);
    ASSERT_EQ(framer.Consume(first + next), first.size());
    ASSERT_EQ(framer.state(), Framer::State::kComplete);
    framer.Take();
    ASSERT_EQ(framer.Consume(next), next.size());
    EXPECT_EQ(framer.Take().bytes, next);
  }
}

TEST(Framer, KeepsTheConnectionUnlessToldOtherwise) {
  const std::vector<std::pair<std::string, bool>> cases = {
      {Get(""), true},
      {Get("Connection: keep-alive\r\n"), true},
      {Get("Connection: close\r\n"), false},
      {Get("Connection: Close\r\n"), false},
      {Get("Connection: x, CLOSE ,y\r\n"), false},
      {Get("Connection: closed\r\n"), true},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", false},
  };
  const FramerLimits limits;
  for (const auto& [input, keep_alive] : cases) {
    SCOPED_TRACE(input);
    Framer framer(limits);
    framer.Consume(input);
    ASSERT_EQ(framer.state(), Framer::State::kComplete);
    EXPECT_EQ(framer.Take().keep_alive, keep_alive);
  }
}

TEST(Framer, SaysWhenTheClientWaitsToBeToldToContinue) {
  const FramerLimits limits;
  Framer framer(limits);
  framer.Consume(Post("Content-Length: 3\r\nExpect: 100-Continue\r\n", ""));
  EXPECT_TRUE(framer.awaits_continue());
  framer.Consume("a");
  EXPECT_FALSE(framer.awaits_continue()) << "it did not wait";
  framer.Consume("bc");
  const std::string canonical = framer.Take().bytes;
  EXPECT_THAT(canonical, Not(HasSubstr("Expect")));
  EXPECT_EQ(BodyOfCanonical(canonical), "abc");

  framer.Consume("POST / HTTP/1.0\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_FALSE(framer.awaits_continue()) << "HTTP/1.0 has no 100";
}

TEST(Framer, CountsWhatItHolds) {
  const FramerLimits limits;
  Framer framer(limits);
  EXPECT_EQ(framer.buffered_bytes(), 0U);
  framer.Consume(Post("Content-Length: 1000\r\n", std::string(999, 'b')));
  EXPECT_GT(framer.buffered_bytes(), 999U);
  EXPECT_LT(framer.buffered_bytes(), 1100U);
}

}  // namespace
}  // namespace alcove::runtime
