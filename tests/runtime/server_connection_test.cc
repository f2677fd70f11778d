// One connection: its requests, their order, what is refused, and how long it may take.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/runtime/server_fixture.h"

namespace alcove::runtime {
namespace {

class ServerConnection : public ServerTest {};

TEST_F(ServerConnection, KeepsTheConnection) {
  Start();
  RawClient client = Connect();
  for (int i = 0; i < 20; ++i) {
    const auto answer = client.Ask(Get(absl::StrCat("/", i)));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, absl::StrCat("hello /", i));
    EXPECT_EQ(answer->Header("Connection"), "");
    EXPECT_EQ(answer->Header("Cache-Control"), "no-store");
    EXPECT_EQ(answer->Header("X-Content-Type-Options"), "nosniff");
    EXPECT_NE(answer->Header("X-Request-Id"), "");
    // RFC 9110: Sun, 06 Nov 1994 08:49:37 GMT
    absl::Time date;
    std::string error;
    EXPECT_TRUE(absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", answer->Header("Date"), &date, &error)) << error;
    EXPECT_EQ(answer->Header("Date").size(), 29U);
    EXPECT_LT(absl::AbsDuration(absl::Now() - date), absl::Minutes(1));
  }
  EXPECT_EQ(server_->open_connections(), 1U);
}

TEST_F(ServerConnection, GivesTheRequestIdBack) {
  Start();
  EXPECT_EQ(Connect().Ask(Get("/", "X-Request-Id: abc-1\r\n"))->Header("X-Request-Id"), "abc-1");
  EXPECT_NE(Connect().Ask(Get("/", "X-Request-Id: a b\r\n"))->Header("X-Request-Id"), "a b");
}

TEST_F(ServerConnection, ClosesWhenTheClientAsksForIt) {
  Start();
  for (const std::string& request : {Get("/", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n")}) {
    RawClient client = Connect();
    const auto answer = client.Ask(request);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->Header("Connection"), "close");
    EXPECT_TRUE(client.AtEnd());
  }
}

TEST_F(ServerConnection, AnswersPipelinedRequestsInOrder) {
  Start();
  RawClient client = Connect();
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n" + std::to_string(1000 + i);
  }
  std::thread sender([&] { EXPECT_TRUE(client.Send(requests)); });
  for (int i = 0; i < 500; ++i) {
    const auto answer = client.Read();
    ASSERT_TRUE(answer.has_value());
    ASSERT_EQ(answer->body, std::to_string(1000 + i));
  }
  sender.join();
}

TEST_F(ServerConnection, TakesARequestByteByByte) {
  Start();
  RawClient client = Connect();
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
  for (const char byte : request) ASSERT_TRUE(client.Send(std::string(1, byte)));
  EXPECT_EQ(client.Read()->body, "hello world");
}

TEST_F(ServerConnection, TellsTheClientToContinueOnce) {
  Start();
  RawClient client = Connect();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(client.Ask(head)->status, 100);
    ASSERT_TRUE(client.Send("ab"));
    EXPECT_EQ(client.Ask("cd")->body, "abcd");
  }
  EXPECT_EQ(client.Ask(head + "efgh")->body, "efgh") << "the client did not wait to be told";
}

TEST_F(ServerConnection, TellsNobodyToSendWhatIsRefused) {
  Start();
  const std::vector<std::pair<int, std::string>> cases = {
      {413, "Content-Length: 131073\r\n"},
      {400, "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"},
      {415, "Content-Length: 4\r\nContent-Encoding: gzip\r\n"},
      {417, "Content-Length: 4\r\nExpect: more\r\n"},
      {501, "Transfer-Encoding: gzip\r\n"},
  };
  for (const auto& [status, headers] : cases) {
    SCOPED_TRACE(headers);
    RawClient client = Connect();
    const auto answer =
        client.Ask(absl::StrCat("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n", headers, "\r\n"));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, status);
  }
  EXPECT_EQ(application_.runs, 0);
}

TEST_F(ServerConnection, RefusesAndLetsTheClientReadWhy) {
  Start();
  const std::vector<std::pair<int, std::string>> cases = {
      {400, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {411, "POST / HTTP/1.0\r\n\r\nabc"},
      {415, "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"},
      {421, "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n"},
      {413, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 131073\r\n\r\n" + std::string(131'073, 'x')},
      {414, "GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n"},
      {417, Get("/", "Expect: more\r\n")},
      {431, Get("/", "X: " + std::string(9000, 'x') + "\r\n")},
      {501, "BREW / HTTP/1.1\r\n\r\n"},
      {505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
  };
  for (const auto& [status, request] : cases) {
    SCOPED_TRACE(status);
    RawClient client = Connect();
    const auto answer = client.Ask(request + Get("/smuggled"));
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->Header("Connection"), "close");
    EXPECT_EQ(answer->Header("Content-Type"), "application/problem+json");
    EXPECT_NE(answer->Header("Date"), "");
    client.HalfClose();
    EXPECT_TRUE(client.AtEnd()) << "not reset, and nothing behind the refusal was answered";
  }
  EXPECT_EQ(application_.runs, 0);
  EXPECT_EQ(application_.refused, static_cast<int>(cases.size()));
}

TEST_F(ServerConnection, GivesUpOnASlowRequestAndOnASilentClient) {
  HttpServerOptions options;
  options.deadlines.head = std::chrono::milliseconds(150);
  options.deadlines.body = std::chrono::milliseconds(150);
  options.deadlines.idle = std::chrono::milliseconds(300);
  Start(options);
  for (const std::string begun : {"G", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"}) {
    SCOPED_TRACE(begun);
    RawClient client = Connect();
    const auto answer = client.Ask(begun);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(answer->status, 408);
    EXPECT_TRUE(client.AtEnd());
  }
  EXPECT_TRUE(Connect().AtEnd()) << "who never says a word gets none";
  RawClient kept = Connect();
  EXPECT_EQ(kept.Ask(Get("/"))->status, 200);
  EXPECT_TRUE(kept.AtEnd()) << "a kept connection is not kept for ever";
}

TEST_F(ServerConnection, DoesNotExtendTheDeadlineOfAHeadByteByByte) {
  HttpServerOptions options;
  options.deadlines.head = std::chrono::milliseconds(200);
  Start(options);
  RawClient client = Connect();
  // Ends when the server has answered, which it does although bytes keep coming.
  for (int i = 0; i < RawClient::kPatienceMs / 10 && !client.HasInput(); ++i) {
    client.Send(i == 0 ? "GET /" : "a");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ASSERT_TRUE(client.HasInput()) << "bytes that keep coming keep the head open";
  EXPECT_EQ(client.Read()->status, 408);
}

TEST_F(ServerConnection, AnswersAClientThatHasOnlyClosedItsSide) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/a") + Get("/b")));
  client.HalfClose();
  EXPECT_EQ(client.Read()->body, "hello /a");
  EXPECT_EQ(client.Read()->body, "hello /b");
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(ServerConnection, CutsOffAClientThatDoesNotRead) {
  HttpServerOptions options;
  options.deadlines.write = std::chrono::milliseconds(200);
  options.deadlines.write_bytes_per_second = 1'000'000'000;
  Start(options);
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large")));
  Await([&] { return application_.runs == 1 && server_->open_connections() == 0; }, "cut off");
}

// That a little of it goes on its way again and again is no reason to wait longer.
TEST_F(ServerConnection, CutsOffAClientThatReadsTooSlowly) {
  HttpServerOptions options;
  options.deadlines.write = std::chrono::seconds(1);
  options.deadlines.write_bytes_per_second = 1'000'000'000;
  Start(options);
  RawClient client = Connect();
  client.ReadLittleAhead();
  ASSERT_TRUE(client.Send(Get("/huge")));
  Await([&] { return application_.runs == 1; }, "run");
  // 4 MB a second at most; of what the kernel has taken, something is left when the server ends it.
  bool is_there = true;
  while (server_->open_connections() > 0 && is_there) {
    is_there = client.ReadSome();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  EXPECT_TRUE(is_there) << "it was written whole";
}

TEST_F(ServerConnection, WritesALargeAnswerToAClientThatReadsLate) {
  Start();
  RawClient client = Connect();
  ASSERT_TRUE(client.Send(Get("/large") + Get("/next")));
  Await([&] { return application_.runs == 1; }, "run");
  EXPECT_EQ(client.Read()->body.size(), 4'000'000U);
  EXPECT_EQ(client.Read()->body, "hello /next");
}

}  // namespace
}  // namespace alcove::runtime
