#include "runtime/http_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "functions/problem.h"
#include "functions/wire/limits.h"
#include "runtime/framer.h"

namespace alcove::runtime {
namespace {

using functions::Method;
using functions::Response;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;
using testing::UnorderedElementsAre;

// As it comes from the framer, or "" if it was refused.
std::string Canonical(const std::string& request) {
  const FramerLimits limits;
  Framer framer(limits);
  framer.Consume(request);
  return framer.state() == Framer::State::kComplete ? framer.Take().bytes : "";
}

Call Parsed(const std::string& request) {
  const HttpEngine engine;
  Call parsed;
  const auto answer = engine.Answer(Canonical(request), Persistence::kKeep, [&](Call& call) {
    parsed = call;
    return Response{};
  });
  EXPECT_THAT(answer.value_or(""), StartsWith("HTTP/1.1 200 "));
  return parsed;
}

Response Make(int status, const std::string& body, const std::string& content_type = "application/json") {
  Response response;
  response.status = status;
  response.content_type = content_type;
  response.body = body;
  return response;
}

std::string Answered(const Response& response, Persistence persistence = Persistence::kKeep,
                     const std::string& request = "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip, br\r\n\r\n") {
  const HttpEngine engine;
  return engine.Answer(Canonical(request), persistence, [&](Call&) { return response; }).value_or("");
}

TEST(HttpEngine, DecodesTheTarget) {
  const Call call = Parsed("GET /a%20b/%C3%A4+c?q=x%26y+z&empty=&flag&%C3%A4=%25 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(call.request.method, Method::kGet);
  EXPECT_EQ(call.request.path, "/a b/\xC3\xA4+c");
  EXPECT_THAT(call.request.query,
              UnorderedElementsAre(Pair("q", "x&y z"), Pair("empty", ""), Pair("flag", ""), Pair("\xC3\xA4", "%")));
}

// What is parsed without cpp-httplib means what it would have meant with it.
TEST(HttpEngine, ReadsPlainLinesAsCppHttplibDoes) {
  const HttpEngine engine;
  std::minstd_rand random(20261130);
  const auto pick = [&](std::string_view from) { return from[random() % from.size()]; };
  constexpr std::string_view kMeansItself = "abcXYZ0189-._~!$'()*,;:@/";
  constexpr std::string_view kAny = "ab/09-._~!$'()*,;:@=&?+%41%20%2B";
  for (int i = 0; i < 20'000; ++i) {
    std::string target = "/";
    const std::string_view from = i % 2 == 0 ? kMeansItself : kAny;
    for (size_t size = random() % 12; size > 0; --size) target += pick(from);
    for (size_t pairs = random() % 4; pairs > 0; --pairs) {
      target += target.find('?') == target.npos ? '?' : '&';
      target += absl::StrCat("k", pairs, "=");
      for (size_t size = random() % 8; size > 0; --size) target += pick(from);
    }
    const std::string method(std::array<std::string_view, 4>{"GET", "PUT", "HEAD", "OPTIONS"}[random() % 4]);
    const std::string canonical = Canonical(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
    if (canonical.empty()) continue;
    Call ours, theirs;
    ASSERT_TRUE(engine.Parse(canonical, ours)) << target;
    ASSERT_TRUE(engine.Parse(canonical, theirs, HttpEngine::Lines::kByHttplib)) << target;
    EXPECT_EQ(ours.request.method, theirs.request.method);
    EXPECT_EQ(ours.verb, theirs.verb);
    EXPECT_EQ(ours.is_options, theirs.is_options);
    EXPECT_EQ(ours.request.path, theirs.request.path) << target;
    EXPECT_THAT(ours.request.query, testing::UnorderedElementsAreArray(theirs.request.query)) << target;
  }
}

TEST(HttpEngine, OfAHeaderThatComesTwiceTheFirstCounts) {
  const Call call = Parsed(
      "POST / HTTP/1.1\r\nHost: chat.example\r\nOrigin: https://shop.example\r\nSec-Fetch-Site: cross-site\r\n"
      "Sec-Fetch-Site: same-origin\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nContent-Type: a/b\r\nContent-Type: "
      "c/d\r\n\r\n");
  EXPECT_EQ(call.request.foreign_origin, "https://shop.example");
  EXPECT_EQ(call.request.id, "a");
  EXPECT_EQ(call.request.content_type, "a/b");
}

TEST(HttpEngine, AQueryMayHaveQuestionMarksOfItsOwn) {
  const Call call = Parsed("GET /a?q=why?&r=a?? HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(call.request.path, "/a");
  EXPECT_THAT(call.request.query, UnorderedElementsAre(Pair("q", "why?"), Pair("r", "a??")));
}

// Each character that a query may hold (RFC 3986 3.4), but for `&`, which ends a value, and `+`, which is a space.
TEST(HttpEngine, AValueOfTheQueryMayHoldWhateverAQueryMay) {
  for (const char c : std::string_view("!$'()*,-./0123456789:;=?@ABCXYZ_abcxyz~")) {
    SCOPED_TRACE(c);
    const std::string value = std::string("a") + c + "b" + c + c;
    const Call call = Parsed("GET /a?first=" + value + "&" + c + "=x&last=" + c + " HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(call.request.path, "/a");
    EXPECT_EQ(call.request.Query("first"), value);
    EXPECT_EQ(call.request.Query("last"), std::string(1, c));
  }
}

TEST(HttpEngine, AQueryOfSuchCharactersIsNotTooLongForTheEngineOrIsRefused) {
  const auto ask = [](size_t marks) { return "GET /a?q=" + std::string(marks, '=') + " HTTP/1.1\r\nHost: a\r\n\r\n"; };
  // `GET /a?q=` and ` HTTP/1.1` with its line end have 20 bytes.
  constexpr size_t kMarks = (wire::kHttplibLineBytesMax - 20) / 3;
  EXPECT_EQ(Parsed(ask(kMarks)).request.Query("q"), std::string(kMarks, '='));
  const FramerLimits limits;
  Framer framer(limits);
  framer.Consume(ask(kMarks + 1));
  EXPECT_EQ(framer.refusal(), 414);
}

TEST(HttpEngine, KnowsTheMethods) {
  const std::vector<std::tuple<std::string, Method, Call::Verb>> cases = {
      {"GET", Method::kGet, Call::Verb::kPlain},     {"POST", Method::kPost, Call::Verb::kPlain},
      {"PUT", Method::kPut, Call::Verb::kPlain},     {"DELETE", Method::kDelete, Call::Verb::kPlain},
      {"HEAD", Method::kGet, Call::Verb::kHead},     {"PATCH", Method::kPatch, Call::Verb::kPlain},
      {"OPTIONS", Method::kGet, Call::Verb::kOther},
  };
  for (const auto& [name, method, verb] : cases) {
    SCOPED_TRACE(name);
    const Call call = Parsed(name + " / HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(call.request.method, method);
    EXPECT_EQ(call.verb, verb);
  }
}

TEST(HttpEngine, GivesHeaderValuesAsTheClientWroteThem) {
  // Each character that a token may hold, and what percent decoding would change.
  const std::string token = "at_az09-._~+/=%41%0d%0a%25%";
  const Call call = Parsed("PUT /p HTTP/1.1\r\nHost: a\r\nAuthorization: bearer  " + token +
                           "\r\nContent-Type: Application/JSON; charset=\"utf-8\"\r\nIf-None-Match: W/\"%22\", *\r\n"
                           "Accept-Encoding: br;q=0.5\r\nX-Request-Id: r%31\r\nX-Forwarded-For: 1.2.3.4, ::1\r\n"
                           "Content-Length: 9\r\n\r\n{\"%41\":1}");
  EXPECT_EQ(call.request.token, token);
  EXPECT_EQ(call.request.content_type, "application/json");
  EXPECT_EQ(call.request.if_none_match, "W/\"%22\", *");
  EXPECT_EQ(call.request.accept_encoding, "br;q=0.5");
  EXPECT_EQ(call.request.id, "r%31");
  EXPECT_EQ(call.forwarded_for, "1.2.3.4, ::1");
  EXPECT_EQ(call.request.body, "{\"%41\":1}");
}

TEST(HttpEngine, GivesABodyOfAnyMethodAndKind) {
  const std::string form = "a=1&b=2";
  for (const std::string method : {"GET", "POST", "PUT", "DELETE"}) {
    SCOPED_TRACE(method);
    const Call call = Parsed(method +
                             " /p HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                             "Transfer-Encoding: chunked\r\n\r\n7\r\n" +
                             form + "\r\n0\r\n\r\n");
    EXPECT_EQ(call.request.body, method == "GET" ? "" : form) << "a GET would be parked with it";
    EXPECT_TRUE(call.request.query.empty()) << "a form is not a query";
  }
}

TEST(HttpEngine, GivesABodyOfPartsAsItCame) {
  const std::string parts = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename*=UTF-8''" +
                            std::string(2000, 'x') + "\r\n\r\n%31\r\n--b--\r\n";
  const Call call =
      Parsed("POST /p HTTP/1.1\r\nHost: a\r\nContent-Type: Multipart/Form-Data; boundary=b\r\nContent-Length: " +
             std::to_string(parts.size()) + "\r\n\r\n" + parts);
  EXPECT_EQ(call.request.body, parts);
  EXPECT_EQ(call.request.content_type, "multipart/form-data");
  EXPECT_TRUE(call.request.query.empty()) << "a part is not a query";
}

TEST(HttpEngine, SeesEveryLineOfXForwardedForInOrder) {
  const Call call = Parsed(
      "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6\r\nX-Request-Id: r\r\nx-forwarded-for:\r\n"
      "X-FORWARDED-FOR: 1.2.3.4, 10.0.0.1\r\n\r\n");
  EXPECT_EQ(call.forwarded_for, "6.6.6.6,1.2.3.4, 10.0.0.1");
  EXPECT_EQ(call.request.id, "r");
}

TEST(HttpEngine, SeesEveryLineOfForwardedInOrder) {
  const Call call = Parsed(
      "GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=6.6.6.6;x=%41\r\nX-Forwarded-For: 7.7.7.7\r\n"
      "forwarded: for=\"[::1]:1\", for=1.2.3.4\r\n\r\n");
  EXPECT_EQ(call.forwarded, "for=6.6.6.6;x=%41,for=\"[::1]:1\", for=1.2.3.4");
  EXPECT_EQ(call.forwarded_for, "7.7.7.7");
}

TEST(HttpEngine, TellsAForeignOriginFromOurs) {
  const struct {
    std::string headers;
    std::string foreign;
  } kCases[] = {
      {"", ""},
      {"Origin: https://shop.example\r\n", "https://shop.example"},
      {"Origin: https://chat.example\r\n", ""},
      {"Origin: https://CHAT.example\r\n", ""},
      {"Origin: https://chat.example:444\r\n", "https://chat.example:444"},
      {"Origin: https://chat.example.evil.example\r\n", "https://chat.example.evil.example"},
      {"Origin: null\r\n", "null"},
      // A proxy that tells us another host than the browser asked.
      {"Origin: https://chat.public.example\r\nSec-Fetch-Site: same-origin\r\n", ""},
      {"Origin: https://shop.example\r\nSec-Fetch-Site: cross-site\r\n", "https://shop.example"},
      {"Origin: https://a%0d%0ab\r\n", "https://a%0d%0ab"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(Parsed("POST / HTTP/1.1\r\nHost: chat.example\r\n" + c.headers + "\r\n").request.foreign_origin,
              c.foreign)
        << c.headers;
  }
}

TEST(HttpEngine, TakesNoTokenFromOtherSchemes) {
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic YTpi\r\n\r\n").request.token, "");
  EXPECT_EQ(Parsed("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer\r\n\r\n").request.token, "");
}

TEST(HttpEngine, WritesTheAnswer) {
  Response response = Make(201, "{\"text\":\"" + std::string(3000, 'x') + "\"}");
  response.headers = {{"X-Request-Id", "r1"}, {"Cache-Control", "no-store"}};
  const std::string answer = Answered(response);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 201 "), HasSubstr("\r\nContent-Type: application/json\r\n"),
                            HasSubstr("\r\nX-Request-Id: r1\r\n"), HasSubstr("\r\nCache-Control: no-store\r\n"),
                            HasSubstr("\r\nContent-Length: " + std::to_string(response.body.size()) + "\r\n"),
                            EndsWith("\r\n\r\n" + response.body)));
  // It says nothing that is not true: we neither compress nor serve ranges, and count no requests.
  EXPECT_THAT(answer, AllOf(Not(HasSubstr("Content-Encoding")), Not(HasSubstr("Accept-Ranges")),
                            Not(HasSubstr("Keep-Alive")), Not(HasSubstr("Connection"))));
}

TEST(HttpEngine, WritesNoHeaderThatWouldBeTwo) {
  Response response = Make(200, "x");
  response.headers = {{"A", "b\r\nC: d"}, {"E\nF", "g"}, {"H", "\r"}, {"I", "j"}};
  const std::string answer = Answered(response);
  EXPECT_THAT(answer,
              AllOf(HasSubstr("\r\nI: j\r\n"), Not(HasSubstr("C: d")), Not(HasSubstr("F: g")), Not(HasSubstr("H:"))));
}

TEST(HttpEngine, SaysThatItCloses) {
  EXPECT_THAT(Answered(Make(200, "x"), Persistence::kClose), HasSubstr("\r\nConnection: close\r\n"));
}

TEST(HttpEngine, AnswersHeadWithTheLengthAndWithoutTheBody) {
  const std::string answer =
      Answered(Make(200, "twelve bytes"), Persistence::kKeep, "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("\r\nContent-Length: 12\r\n"), EndsWith("\r\n\r\n")));
}

TEST(HttpEngine, GivesNoLengthWhereNoneIsAllowed) {
  for (const int status : {204, 304}) {
    SCOPED_TRACE(status);
    EXPECT_THAT(Answered(Make(status, "", "")),
                AllOf(Not(HasSubstr("Content-Length")), Not(HasSubstr("Content-Type")), EndsWith("\r\n\r\n")));
  }
}

TEST(HttpEngine, WritesEveryStatusOfTheProtocol) {
  for (const int status : {200, 201, 302, 400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 501, 503}) {
    EXPECT_THAT(Answered(Make(status, "x")), StartsWith("HTTP/1.1 " + std::to_string(status) + " "));
  }
  for (const functions::ProblemText& text : functions::ProblemTexts()) {
    EXPECT_THAT(Answered(Make(text.status, "x")),
                testing::MatchesRegex("HTTP/1.1 [0-9]+ [A-Z][A-Za-z ]+\r\n(.|\r|\n)*"))
        << "a status without a phrase";
  }
}

TEST(HttpEngine, WritesNothingForAWait) {
  const HttpEngine engine;
  const auto answer = engine.Answer(Canonical("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Persistence::kKeep,
                                    [](Call&) { return std::optional<Response>(); });
  EXPECT_FALSE(answer.has_value());
}

TEST(HttpEngine, TellsTheClientNothingOfAnException) {
  const HttpEngine engine;
  const auto answer = engine.Answer(Canonical("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Persistence::kKeep,
                                    [](Call&) -> std::optional<Response> { throw std::runtime_error("secret"); });
  EXPECT_THAT(answer.value_or(""), AllOf(StartsWith("HTTP/1.1 500 "), Not(HasSubstr("secret"))));
}

TEST(HttpEngine, ServesThreadsAtOnce) {
  const HttpEngine engine;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&engine, thread] {
      const std::string text = "t" + std::to_string(thread);
      const std::string request = Canonical("GET /" + text + " HTTP/1.1\r\nHost: a\r\n\r\n");
      for (int i = 0; i < 200; ++i) {
        const auto answer =
            engine.Answer(request, Persistence::kKeep, [](Call& call) { return Make(200, call.request.path); });
        ASSERT_THAT(answer.value_or(""), EndsWith("\r\n\r\n/" + text));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace alcove::runtime
