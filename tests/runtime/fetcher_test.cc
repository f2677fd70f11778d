// Asking other servers: real ones on loopback, most of them hostile.
#include "runtime/fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tests/runtime/other_server.h"
#include "tests/runtime/test_certificate.h"
#include "tests/store/temporary_folder.h"

namespace alcove::runtime {
namespace {

using functions::Fetch;
using functions::Fetched;
using functions::FetchMethod;
using functions::FetchResult;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kLoopback = "127.0.0.0/8";

FetcherOptions Loopback() { return {.allowed = *Networks::Parse(kLoopback)}; }

std::future<Fetched> Begin(Fetcher& fetcher, Fetch fetch) {
  auto promise = std::make_shared<std::promise<Fetched>>();
  auto future = promise->get_future();
  fetcher.Start(std::move(fetch), "test", [promise](Fetched fetched) { promise->set_value(std::move(fetched)); });
  return future;
}
Fetched Ask(Fetcher& fetcher, Fetch fetch) { return Begin(fetcher, std::move(fetch)).get(); }
Fetched Ask(Fetcher& fetcher, const std::string& url) { return Ask(fetcher, {.name = "test", .url = url}); }

class FetcherTest : public testing::Test {
 protected:
  // The servers of these tests write with OpenSSL, too.
  FetcherTest() { signal(SIGPIPE, SIG_IGN); }

  Metrics metrics_;
};

TEST_F(FetcherTest, BringsTheAnswerAndKeepsTheConnection) {
  std::vector<std::string> requests;
  OtherServer server([&](OtherEnd& end) {
    while (true) {
      std::string request = end.Read();
      if (request.empty()) return;
      requests.push_back(std::move(request));
      end.Send(
          "HTTP/1.1 201 Created\r\nX-Answer: A\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
    }
  });
  Fetcher fetcher(Loopback(), metrics_);
  for (int i = 0; i < 3; ++i) {
    const Fetched fetched = Ask(fetcher, {.name = "decide",
                                          .method = FetchMethod::kPost,
                                          .url = server.Url("/a%2fb?q=1&r=%20"),
                                          .headers = {{"Content-Type", "application/json"}, {"X-Mine", "yes"}},
                                          .body = "{\"who\":1}"});
    EXPECT_EQ(fetched.name, "decide");
    ASSERT_EQ(fetched.result, FetchResult::kAnswered);
    EXPECT_EQ(fetched.status, 201);
    EXPECT_EQ(fetched.Header("x-answer"), "A");
    EXPECT_EQ(fetched.body, "hello");
  }
  EXPECT_EQ(server.connections(), 1);
  fetcher.Stop();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_THAT(requests[0],
              AllOf(StartsWith("POST /a%2fb?q=1&r=%20 HTTP/1.1\r\n"),
                    HasSubstr(absl::StrCat("Host: 127.0.0.1:", server.port(), "\r\n")), HasSubstr("X-Mine: yes\r\n"),
                    HasSubstr("Content-Type: application/json\r\n"), HasSubstr("Content-Length: 9\r\n"),
                    HasSubstr("User-Agent: Alcove/"), HasSubstr("\r\n\r\n{\"who\":1}"), Not(HasSubstr("httplib")),
                    Not(HasSubstr("Connection: close"))));
  EXPECT_EQ(requests[0], requests[2]);
  EXPECT_THAT(metrics_.Text({}), AllOf(HasSubstr("alcove_fetches_total{result=\"answered\"} 3\n"),
                                       HasSubstr("alcove_fetch_seconds_count 3\n")));
}

TEST_F(FetcherTest, UsesEachMethod) {
  std::string heads;
  OtherServer server([&](OtherEnd& end) {
    for (std::string request = end.Read(); !request.empty(); request = end.Read()) {
      heads += request.substr(0, request.find(' ') + 1);
      end.Send(AnswerOf("x"));
    }
  });
  Fetcher fetcher(Loopback(), metrics_);
  for (const auto method : {FetchMethod::kGet, FetchMethod::kPut, FetchMethod::kPost, FetchMethod::kDelete}) {
    EXPECT_EQ(Ask(fetcher, {.name = "m", .method = method, .url = server.Url()}).body, "x");
  }
  fetcher.Stop();
  EXPECT_EQ(heads, "GET PUT POST DELETE ");
}

TEST_F(FetcherTest, DoesNotUseAConnectionAgainThatMayNotBe) {
  const std::pair<std::string, std::string> cases[] = {
      {"it says so", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"},
      {"it is of the old kind", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx"},
      {"more came than was asked for", AnswerOf("x") + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny"},
  };
  for (const auto& [name, bytes] : cases) {
    SCOPED_TRACE(name);
    OtherServer server([&, answer = bytes](OtherEnd& end) {
      end.Read();
      end.Send(answer);
      end.AwaitEnd();
    });
    Fetcher fetcher(Loopback(), metrics_);
    EXPECT_EQ(Ask(fetcher, server.Url()).body, "x");
    EXPECT_EQ(Ask(fetcher, server.Url()).body, "x");
    EXPECT_EQ(server.connections(), 2);
  }
}

TEST_F(FetcherTest, HoldsOutAgainstWhateverIsAnswered) {
  constexpr size_t kBytesMax = 1000;
  const std::string head = "HTTP/1.1 200 OK\r\n";
  struct Case {
    std::string name;
    std::string begin;
    std::string again;  // sent without end
    FetchResult expected;
    int status = 0;
  };
  const Case cases[] = {
      // As it should be, to the edge of the limit.
      {"length", head + "Content-Length: 1000\r\n\r\n" + std::string(kBytesMax, 'x'), "", FetchResult::kAnswered, 200},
      {"until the end", head + "\r\n" + std::string(kBytesMax, 'x'), "", FetchResult::kAnswered, 200},
      {"nothing", "HTTP/1.1 204 No Content\r\n\r\n", "", FetchResult::kAnswered, 204},
      {"continue first", "HTTP/1.1 100 Continue\r\n\r\n" + AnswerOf("x"), "", FetchResult::kAnswered, 200},
      {"packed", head + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx", "", FetchResult::kAnswered, 200},
      // One more.
      {"length too large", head + "Content-Length: 1001\r\n\r\n" + std::string(kBytesMax + 1, 'x'), "",
       FetchResult::kTooLarge},
      {"more than until the end", head + "\r\n" + std::string(kBytesMax + 1, 'x'), "", FetchResult::kTooLarge},
      {"chunks too large",
       head + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + std::string(kBytesMax + 1, 'x') + "\r\n0\r\n\r\n", "",
       FetchResult::kTooLarge},
      // Without end.
      {"endless body", head + "\r\n", "x", FetchResult::kTooLarge},
      {"endless chunks", head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", FetchResult::kTooLarge},
      {"endless promise", head + "Content-Length: 99999999999999\r\n\r\n", "x", FetchResult::kTooLarge},
      {"endless header", head + "X: ", "x", FetchResult::kTooLarge},
      {"endless headers", head, "X: y\r\n", FetchResult::kTooLarge},
      {"endless status", "HTTP/1.1 200 ", "x", FetchResult::kTooLarge},
      {"endless continues", "", "HTTP/1.1 100 Continue\r\n\r\n", FetchResult::kTooLarge},
      // No answers, or half of one.
      {"nothing at all", "", "", FetchResult::kBroken},
      {"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", "", FetchResult::kBroken},
      {"half a head", "HTTP/1.1 200 OK\r\nContent-", "", FetchResult::kBroken},
      {"half a body", head + "Content-Length: 10\r\n\r\nhalf", "", FetchResult::kBroken},
      {"half a chunk", head + "Transfer-Encoding: chunked\r\n\r\na\r\nhalf", "", FetchResult::kBroken},
      {"no last chunk", head + "Transfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n", "", FetchResult::kBroken},
      {"early hints only", "HTTP/1.1 103 Early Hints\r\n\r\n", "", FetchResult::kBroken},
      {"a status of its own", "HTTP/1.1 999 Why\r\nContent-Length: 0\r\n\r\n", "", FetchResult::kBroken},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    OtherServer server([&](OtherEnd& end) {
      end.Read();
      if (!end.Send(c.begin)) return;
      const std::string many = absl::StrReplaceAll(std::string(1000, '.'), {{".", c.again}});
      while (!c.again.empty() && end.Send(many)) {
      }
    });
    Fetcher fetcher(Loopback(), metrics_);
    const Fetched fetched =
        Ask(fetcher, {.name = "t", .url = server.Url(), .timeout = absl::Seconds(20), .answer_bytes_max = kBytesMax});
    EXPECT_EQ(NameOf(fetched.result), NameOf(c.expected));
    EXPECT_EQ(fetched.status, c.status);
    EXPECT_LE(fetched.body.size(), kBytesMax);
  }
}

TEST_F(FetcherTest, EndsInTimeHoweverSlowlyItIsAnswered) {
  const auto serve_slowly = [](std::string_view begin, std::string_view piece) {
    return [=](OtherEnd& end) {
      end.Read();
      end.Send(begin);
      while (end.Send(piece)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    };
  };
  OtherServer silent([](OtherEnd& end) { end.AwaitEnd(); });
  OtherServer slow_head(serve_slowly("HTTP/1.1 200 OK\r\n", "X"));
  OtherServer slow_body(serve_slowly("HTTP/1.1 200 OK\r\n\r\n", "x"));
  for (const OtherServer* const server : {&silent, &slow_head, &slow_body}) {
    Fetcher fetcher(Loopback(), metrics_);
    const Fetched fetched = Ask(fetcher, {.name = "t", .url = server->Url(), .timeout = absl::Milliseconds(100)});
    EXPECT_EQ(NameOf(fetched.result), "timed_out");
  }
}

TEST_F(FetcherTest, FollowsNoRedirect) {
  OtherServer inside([](OtherEnd& end) { end.Read(); });
  OtherServer server([&](OtherEnd& end) {
    end.Read();
    end.Send(absl::StrCat("HTTP/1.1 302 Found\r\nLocation: ", inside.Url("/secret"), "\r\nContent-Length: 0\r\n\r\n"));
  });
  Fetcher fetcher(Loopback(), metrics_);
  const Fetched fetched = Ask(fetcher, server.Url());
  EXPECT_EQ(fetched.status, 302);
  EXPECT_EQ(fetched.Header("location"), inside.Url("/secret"));
  EXPECT_EQ(inside.connections(), 0);
}

TEST_F(FetcherTest, AsksNoneWhoseAddressIsForbidden) {
  OtherServer server([](OtherEnd& end) { end.Read(); });
  std::vector<std::string> found;
  FetcherOptions options;
  options.look_up = [&](const std::string&) { return found; };
  Fetcher fetcher(std::move(options), metrics_);
  for (const char* const host : {"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "169.254.169.254"}) {
    EXPECT_EQ(NameOf(Ask(fetcher, server.Url("/", host)).result), "forbidden") << host;
  }
  for (const std::vector<std::string>& addresses : {std::vector<std::string>{"127.0.0.1"},
                                                    {"::1"},
                                                    {"::ffff:127.0.0.1"},
                                                    {"8.8.8.8", "127.0.0.1"},
                                                    {"fd00::1"},
                                                    {"nonsense"}}) {
    found = addresses;
    EXPECT_EQ(NameOf(Ask(fetcher, server.Url("/", "a.example")).result), "forbidden") << addresses.front();
  }
  found.clear();
  EXPECT_EQ(NameOf(Ask(fetcher, server.Url("/", "a.example")).result), "unreachable");
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(FetcherTest, GoesToTheAddressThatItHasChecked) {
  OtherServer server([](OtherEnd& end) {
    end.Read();
    end.Send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
  });
  // At first it is one that is allowed, and as soon as somebody has looked, another.
  std::atomic<int> looked_up = 0;
  FetcherOptions options;
  options.allowed = *Networks::Parse("127.0.0.1");
  options.look_up = [&](const std::string& name) {
    EXPECT_EQ(name, "a.example");
    return std::vector<std::string>{++looked_up == 1 ? "127.0.0.1" : "127.0.0.2"};
  };
  Fetcher fetcher(std::move(options), metrics_);
  EXPECT_EQ(Ask(fetcher, server.Url("/", "a.example")).body, "x");
  EXPECT_EQ(looked_up, 1);
  EXPECT_EQ(NameOf(Ask(fetcher, server.Url("/", "a.example")).result), "forbidden");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(FetcherTest, TriesTheNextAddressWhereNobodyIs) {
  OtherServer server([](OtherEnd& end) {
    end.Read();
    end.Send(AnswerOf("x"));
  });
  FetcherOptions options = Loopback();
  // The server listens at the second alone.
  options.look_up = [](const std::string&) { return std::vector<std::string>{"127.0.0.9", "127.0.0.1"}; };
  Fetcher fetcher(std::move(options), metrics_);
  EXPECT_EQ(Ask(fetcher, server.Url("/", "a.example")).body, "x");
}

TEST_F(FetcherTest, DoesNotWaitForASlowLookUp) {
  std::promise<void> let_go;
  std::atomic<bool> over = false;
  FetcherOptions options = Loopback();
  options.out_max = 1;
  options.look_up = [&, waits = let_go.get_future().share()](const std::string&) {
    waits.wait();
    over = true;
    return std::vector<std::string>();
  };
  {
    Fetcher fetcher(std::move(options), metrics_);
    EXPECT_EQ(NameOf(Ask(fetcher, {.name = "a", .url = "http://a.example/", .timeout = absl::Milliseconds(20)}).result),
              "timed_out");
    EXPECT_EQ(NameOf(Ask(fetcher, "http://a.example/").result), "busy") << "the first still runs";
  }
  let_go.set_value();
  Until([&] { return over.load(); });
}

TEST_F(FetcherTest, RefusesWhatIsNoGoodRequest) {
  OtherServer server([](OtherEnd& end) { end.Read(); });
  Fetcher fetcher(Loopback(), metrics_);
  const Fetch cases[] = {
      {.name = "url", .url = "gopher://127.0.0.1/"},
      {.name = "smuggled", .url = server.Url("/ HTTP/1.1\r\nX: y")},
      {.name = "header", .url = server.Url(), .headers = {{"X", "y\r\nHost: b"}}},
      {.name = "name", .url = server.Url(), .headers = {{"X: y\r\nZ", "y"}}},
      {.name = "no name", .url = server.Url(), .headers = {{"", "y"}}},
      {.name = "host", .url = server.Url(), .headers = {{"host", "b.example"}}},
      {.name = "length", .url = server.Url(), .headers = {{"Content-Length", "5"}}},
      {.name = "framing", .url = server.Url(), .headers = {{"Transfer-Encoding", "chunked"}}},
      {.name = "body",
       .method = FetchMethod::kPost,
       .url = server.Url(),
       .body = std::string(wire::kFetchRequestBytesMax + 1, 'x')},
  };
  for (const Fetch& fetch : cases) EXPECT_EQ(NameOf(Ask(fetcher, fetch).result), "forbidden") << fetch.name;
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(FetcherTest, AsksNoMoreAtOnceThanItMay) {
  std::promise<void> let_go;
  const auto waits = let_go.get_future().share();
  const auto serve = [&](OtherEnd& end) {
    while (!end.Read().empty()) {
      waits.wait();
      end.Send(AnswerOf("x"));
    }
  };
  OtherServer first(serve);
  OtherServer second(serve);
  FetcherOptions options = Loopback();
  options.to_host_max = 2;
  options.out_max = 3;
  options.queued_max = 4;
  Fetcher fetcher(std::move(options), metrics_);
  std::vector<std::future<Fetched>> asked;
  for (int i = 0; i < 4; ++i)
    asked.push_back(Begin(fetcher, {.name = "a", .url = first.Url(), .timeout = absl::Seconds(20)}));
  Until([&] { return fetcher.out() == 2; });
  asked.push_back(Begin(fetcher, {.name = "b", .url = second.Url(), .timeout = absl::Seconds(20)}));
  Until([&] { return fetcher.out() == 3 && fetcher.queued() == 2; });
  // There is a place at its host, but none in all; so it waits, and not for longer than it may.
  EXPECT_EQ(NameOf(Ask(fetcher, {.name = "c", .url = second.Url(), .timeout = absl::Milliseconds(20)}).result),
            "timed_out");
  asked.push_back(Begin(fetcher, {.name = "d", .url = second.Url(), .timeout = absl::Seconds(20)}));
  asked.push_back(Begin(fetcher, {.name = "d", .url = second.Url(), .timeout = absl::Seconds(20)}));
  EXPECT_EQ(fetcher.queued(), 4U);
  EXPECT_EQ(NameOf(Ask(fetcher, second.Url()).result), "busy");
  Until([&] { return first.connections() == 2; });
  let_go.set_value();
  for (auto& future : asked) EXPECT_EQ(future.get().body, "x");
  Until([&] { return fetcher.out() == 0; });
  EXPECT_EQ(fetcher.queued(), 0U);
}

TEST_F(FetcherTest, EndsAtOnceWhenItIsStopped) {
  OtherServer silent([](OtherEnd& end) { end.AwaitEnd(); });
  FetcherOptions options = Loopback();
  options.to_host_max = 1;
  Fetcher fetcher(std::move(options), metrics_);
  auto out = Begin(fetcher, {.name = "a", .url = silent.Url(), .timeout = absl::Seconds(20)});
  Until([&] { return silent.connections() == 1; });
  auto queued = Begin(fetcher, {.name = "a", .url = silent.Url(), .timeout = absl::Seconds(20)});
  fetcher.Stop();
  EXPECT_EQ(NameOf(out.get().result), "stopped");
  EXPECT_EQ(NameOf(queued.get().result), "stopped");
  EXPECT_EQ(NameOf(Ask(fetcher, silent.Url()).result), "stopped");
}

TEST_F(FetcherTest, SaysWhereNobodyIs) {
  int port = 0;
  {
    OtherServer gone([](OtherEnd&) {});
    port = gone.port();
  }
  Fetcher fetcher(Loopback(), metrics_);
  EXPECT_EQ(NameOf(Ask(fetcher, absl::StrCat("http://127.0.0.1:", port, "/")).result), "unreachable");
}

// Of what is asked and answered the host, the result and sizes: paths, queries, heads and bodies hold secrets.
TEST_F(FetcherTest, LogsWhomItAskedAndNothingThatIsSecret) {
  OtherServer server([](OtherEnd& end) {
    if (!end.Read().empty()) {
      end.Send("HTTP/1.1 202 Accepted\r\nX-Marked: marked\r\nContent-Length: 6\r\n\r\nmarked");
    }
  });
  const Fetch marked = {.name = "marked",
                        .method = FetchMethod::kPost,
                        .url = server.Url("/marked?token=marked"),
                        .headers = {{"Authorization", "Bearer marked"}},
                        .body = "marked"};
  for (const RequestLog log : {RequestLog::kOn, RequestLog::kOff}) {
    SCOPED_TRACE(static_cast<int>(log));
    // Another test may have made the same warning, and one text is written once a second.
    if (log == RequestLog::kOff) absl::SleepFor(absl::Seconds(1));
    FetcherOptions options = Loopback();
    options.log = log;
    testing::internal::CaptureStderr();
    {
      Fetcher fetcher(std::move(options), metrics_);
      EXPECT_EQ(Ask(fetcher, marked).status, 202);
      Fetch forbidden = marked;
      forbidden.url = "http://10.0.0.1/marked?token=marked";
      EXPECT_EQ(Ask(fetcher, forbidden).result, FetchResult::kForbidden);
      fetcher.Stop();
    }
    const std::string lines = testing::internal::GetCapturedStderr();
    EXPECT_THAT(lines, Not(HasSubstr("marked")));
    const auto answered = AllOf(HasSubstr(R"("level":"info","text":"fetch","id":"test","host":"127.0.0.1")"),
                                HasSubstr(R"("result":"answered","status":"202")"), HasSubstr(R"("bytes":"6"})"));
    if (log == RequestLog::kOn) {
      EXPECT_THAT(lines,
                  AllOf(answered, HasSubstr(R"("text":"fetch","id":"test","host":"10.0.0.1","result":"forbidden")")));
    } else {
      // What went well is told only to who asked for it, what did not always.
      EXPECT_THAT(lines,
                  AllOf(Not(HasSubstr("\"fetch\"")), StartsWith("{\"time\":"),
                        HasSubstr(R"("level":"warning","text":"another server could not be asked","id":"test",)"),
                        HasSubstr(R"("host":"10.0.0.1","result":"forbidden")")));
    }
  }
}

TEST_F(FetcherTest, BelievesGoodCertificatesOnly) {
  const std::string folder = store::MakeTemporaryFolder();
  const TestCertificate good("DNS:a.example,IP:127.0.0.1", folder + "/good.pem");
  const TestCertificate other("DNS:a.example", folder + "/other.pem");
  const auto serve = [](OtherEnd& end) {
    while (!end.Read().empty()) end.Send(AnswerOf("secret"));
  };
  OtherServer server(serve, good.server());
  FetcherOptions options = Loopback();
  options.look_up = [](const std::string&) { return std::vector<std::string>{"127.0.0.1"}; };
  options.certificates = good.file();
  Fetcher fetcher(options, metrics_);
  for (const char* const host : {"a.example", "127.0.0.1", "a.example"}) {
    EXPECT_EQ(Ask(fetcher, server.Url("/", host)).body, "secret") << host;
  }
  EXPECT_EQ(server.connections(), 2) << "kept";
  EXPECT_EQ(NameOf(Ask(fetcher, server.Url("/", "b.example")).result), "unreachable") << "it is for another host";
  OtherServer plain([](OtherEnd& end) { end.Send(AnswerOf("this is no TLS")); });
  EXPECT_EQ(NameOf(Ask(fetcher, absl::StrReplaceAll(plain.Url(), {{"http:", "https:"}})).result), "unreachable");

  options.certificates = other.file();
  Fetcher distrusting(options, metrics_);
  EXPECT_EQ(NameOf(Ask(distrusting, server.Url("/", "a.example")).result), "unreachable");
  options.certificates = folder + "/none.pem";
  Fetcher without(options, metrics_);
  EXPECT_EQ(NameOf(Ask(without, server.Url("/", "a.example")).result), "unreachable");
}

TEST(OutboundGuard, KnowsWhatIsPublic) {
  for (const char* const address :
       {"1.1.1.1",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0",       "169.253.255.255", "172.15.255.255", "172.32.0.0",
        "192.0.1.0",       "192.167.255.255", "192.169.0.0",     "198.17.255.255", "198.20.0.0",
        "223.255.255.255", "2606:4700::1111", "2001:200::1",     "2a00::1",        "2003::1"}) {
    EXPECT_TRUE(IsPublicAddress(address)) << address;
  }
  for (const char* const address :
       {// This machine and its networks.
        "0.0.0.0", "0.1.2.3", "127.0.0.1", "127.255.255.255", "10.0.0.1", "10.255.255.255", "172.16.0.1",
        "172.31.255.255", "192.168.0.1", "192.168.255.255", "100.64.0.1", "100.127.255.255", "169.254.0.1",
        // What clouds tell their machines.
        "169.254.169.254", "100.100.100.200", "192.0.0.192", "fd00:ec2::254",
        // Examples, measurements, many at once, and the rest.
        "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "192.88.99.1", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        // IPv6: this machine, its link, its site, many at once, examples.
        "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "2001:db8::1", "3fff::1",
        // IPv6 that stands for IPv4: mapped, compatible, NAT64, 6to4, Teredo.
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1",
        "2001:0:7f00:1::1",
        // No address.
        "", "a", "127.1", "1.1.1.1 ", "1.1.1.1%eth0"}) {
    EXPECT_FALSE(IsPublicAddress(address)) << address;
  }
}

TEST(OutboundGuard, AllowsPortsOfTheWebAndWhatTheOperatorSays) {
  const OutboundGuard nothing{Networks()};
  EXPECT_TRUE(nothing.Allows("1.1.1.1", 80));
  EXPECT_TRUE(nothing.Allows("1.1.1.1", 443));
  EXPECT_FALSE(nothing.Allows("1.1.1.1", 25));
  EXPECT_FALSE(nothing.Allows("1.1.1.1", 8080));
  EXPECT_FALSE(nothing.Allows("127.0.0.1", 80));
  const OutboundGuard some{*Networks::Parse("10.1.0.0/16,1.1.1.1,fd00::/8")};
  EXPECT_TRUE(some.Allows("10.1.2.3", 5432));
  EXPECT_TRUE(some.Allows("1.1.1.1", 25));
  EXPECT_TRUE(some.Allows("fd12::1", 80));
  EXPECT_FALSE(some.Allows("10.2.0.1", 80));
  EXPECT_FALSE(some.Allows("", 80));
}

}  // namespace
}  // namespace alcove::runtime
