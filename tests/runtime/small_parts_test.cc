// The parts of the runtime that are a page each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "runtime/answer.h"
#include "runtime/descriptor_limit.h"
#include "runtime/ephemera.h"
#include "runtime/log.h"
#include "runtime/memory_budget.h"
#include "runtime/socket_address.h"
#include "runtime/superseder.h"
#include "runtime/trusted_proxies.h"

namespace alcove::runtime {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(SocketAddress, ReadsWhatItWrites) {
  for (const char* const text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:80"}) {
    SCOPED_TRACE(text);
    const auto address = SocketAddress::Parse(text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->Text(), std::string(text));
  }
  EXPECT_EQ(SocketAddress::Parse("[::ffff:10.0.0.1]:80")->Host(), "10.0.0.1");
}

TEST(SocketAddress, KnowsLoopback) {
  for (const char* const text : {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1"}) {
    EXPECT_TRUE(SocketAddress::Parse(text)->IsLoopback()) << text;
  }
  for (const char* const text : {"0.0.0.0:1", "12.7.0.0:1", "[::]:1", "[::2]:1"}) {
    EXPECT_FALSE(SocketAddress::Parse(text)->IsLoopback()) << text;
  }
}

TEST(SocketAddress, RefusesWhatIsNoAddress) {
  for (const char* const text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                                 "127.0.0.1:8x", "localhost:80", "::1:80", "[]:80", "1.2.3:4"}) {
    EXPECT_FALSE(SocketAddress::Parse(text).ok()) << text;
  }
}

TEST(RequestId, TakesTheClientsOrMakesANewOne) {
  EXPECT_EQ(RequestIdFor("a-B_9."), "a-B_9.");
  EXPECT_EQ(RequestIdFor(std::string(64, 'x')), std::string(64, 'x'));
  for (const std::string& bad : {std::string(), std::string(65, 'x'), std::string("a b"), std::string("a\r\nb")}) {
    EXPECT_NE(RequestIdFor(bad), bad);
    EXPECT_FALSE(RequestIdFor(bad).empty());
  }
  EXPECT_NE(RequestIdFor(""), RequestIdFor(""));
}

TEST(Refusal, IsAProblemDocumentThatClosesTheConnection) {
  for (const int status : {400, 408, 413, 414, 417, 431, 501, 505}) {
    SCOPED_TRACE(status);
    const std::string bytes = RefusalBytes(status);
    EXPECT_THAT(bytes, AllOf(StartsWith("HTTP/1.1 " + std::to_string(status) + " "),
                             HasSubstr("\r\nContent-Type: application/problem+json\r\n"),
                             HasSubstr("\r\nConnection: close\r\n"), HasSubstr("\r\nCache-Control: no-store\r\n"),
                             HasSubstr("\r\nX-Content-Type-Options: nosniff\r\n"), HasSubstr("\r\nX-Request-Id: "),
                             HasSubstr("\"status\":" + std::to_string(status))));
    const std::string body = bytes.substr(bytes.find("\r\n\r\n") + 4);
    EXPECT_THAT(bytes, HasSubstr("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
  }
  EXPECT_THAT(RefusalBytes(functions::ProblemCode::kOverloaded),
              AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\nRetry-After: "), HasSubstr("\"overloaded\"")));
}

TEST(MemoryBudget, BoundsAllAndEachAddress) {
  MemoryBudget budget({.all_bytes = 100, .address_bytes = 60});
  using Peer = MemoryBudget::Peer;
  using Verdict = MemoryBudget::Verdict;
  EXPECT_EQ(budget.Charge("a", Peer::kOne, 0, 60), Verdict::kGranted);
  EXPECT_EQ(budget.Charge("a", Peer::kOne, 0, 1), Verdict::kAddressIsFull);
  EXPECT_EQ(budget.Charge("b", Peer::kOne, 0, 40), Verdict::kGranted);
  EXPECT_EQ(budget.Charge("c", Peer::kOne, 0, 1), Verdict::kAllIsFull);
  EXPECT_EQ(budget.Charge("a", Peer::kOne, 60, 10), Verdict::kGranted);
  EXPECT_EQ(budget.Charge("proxy", Peer::kMany, 0, 50), Verdict::kGranted) << "it stands for many";
  EXPECT_EQ(budget.charged(), 100U);
  EXPECT_EQ(budget.Charge("a", Peer::kOne, 10, 0), Verdict::kGranted);
  EXPECT_EQ(budget.Charge("b", Peer::kOne, 40, 0), Verdict::kGranted);
  EXPECT_EQ(budget.Charge("proxy", Peer::kMany, 50, 0), Verdict::kGranted);
  EXPECT_EQ(budget.charged(), 0U);
}

TEST(MemoryBudget, IsSharedByTheReactors) {
  const MemoryBudgetLimits limits{.all_bytes = 100, .address_bytes = 60};
  EXPECT_EQ(limits.Share(2).all_bytes, 50U);
  EXPECT_EQ(limits.Share(2).address_bytes, 30U);
}

TEST(DescriptorLimit, KeepsAReserveForTheStore) {
  EXPECT_EQ(ConnectionsMax(65'536), 65'536U - wire::kReservedDescriptorsMax);
  EXPECT_EQ(ConnectionsMax(4 * wire::kReservedDescriptorsMax), 3 * wire::kReservedDescriptorsMax);
  EXPECT_EQ(ConnectionsMax(1024), 768U) << "of a small one a quarter";
  EXPECT_EQ(ConnectionsMax(64), 48U);
}

TEST(Superseder, TellsTheOneBefore) {
  class Holder final : public Superseder::Holder {
   public:
    void Superseded() override { ++told; }
    int told = 0;
  };
  Superseder superseder;
  Holder first;
  Holder second;
  Holder other;
  superseder.Enter("k", 1, first);
  superseder.Enter("other", 2, other);
  superseder.Enter("k", 3, second);
  EXPECT_EQ(first.told, 1);
  EXPECT_EQ(other.told, 0);
  superseder.Leave("k", first);  // which has lost it
  superseder.Enter("k", 4, first);
  EXPECT_EQ(second.told, 1);
  superseder.Leave("k", first);
  superseder.Enter("k", 5, second);
  EXPECT_EQ(first.told, 1) << "who has left is not told";
  superseder.Leave("k", second);
  superseder.Leave("other", other);
}

TEST(Superseder, TellsTheOlderWhicheverIsEnteredFirst) {
  class Holder final : public Superseder::Holder {
   public:
    void Superseded() override { ++told; }
    int told = 0;
  };
  Superseder superseder;
  Holder older;
  Holder newer;
  const uint64_t older_arrival = superseder.NextArrival();
  const uint64_t newer_arrival = superseder.NextArrival();
  superseder.Enter("k", newer_arrival, newer);
  superseder.Enter("k", older_arrival, older);
  EXPECT_EQ(older.told, 1);
  EXPECT_EQ(newer.told, 0);
  superseder.Leave("k", older);  // which never had it
  Holder newest;
  superseder.Enter("k", superseder.NextArrival(), newest);
  EXPECT_EQ(newer.told, 1);
  superseder.Leave("k", newest);
}

TEST(TrustedProxies, BelievesTheRightMostThatIsNoProxy) {
  const TrustedProxies proxies = *TrustedProxies::Parse("10.0.0.0/8, 192.168.1.1,fd00::/16");
  struct Case {
    std::string peer;
    std::string forwarded_for;
    std::string client;
  };
  const std::vector<Case> cases = {
      {"1.2.3.4", "5.6.7.8", "1.2.3.4"},  // no proxy of ours
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "5.6.7.8", "5.6.7.8"},
      {"10.0.0.1", "6.6.6.6, 5.6.7.8", "5.6.7.8"},  // the left one anybody may have written
      {"10.0.0.1", "6.6.6.6, 5.6.7.8 , 10.9.9.9", "5.6.7.8"},
      {"10.0.0.1", "10.1.1.1,192.168.1.1", "10.1.1.1"},
      {"192.168.1.2", "5.6.7.8", "192.168.1.2"},
      {"fd00::1", "2001:db8::1", "2001:db8::1"},
      {"fd01::1", "2001:db8::1", "fd01::1"},
      {"10.0.0.1", "5.6.7.8, unknown", "10.0.0.1"},
      {"10.0.0.1", "5.6.7.8, ", "10.0.0.1"},
      {"::ffff:10.0.0.1", "5.6.7.8", "5.6.7.8"},
      // Some proxies add the port.
      {"10.0.0.1", "5.6.7.8:1234", "5.6.7.8"},
      {"10.0.0.1", "[2001:db8::1]:1234", "2001:db8::1"},
      {"10.0.0.1", "[2001:db8::1], 10.0.0.2:80", "2001:db8::1"},
      {"10.0.0.1", "[2001:db8::1", "10.0.0.1"},
      {"10.0.0.1", "5.6.7.8:1:2", "10.0.0.1"},
  };
  for (const Case& c : cases) EXPECT_EQ(proxies.ClientOf(c.peer, c.forwarded_for, ""), c.client) << c.forwarded_for;
  EXPECT_EQ(TrustedProxies().ClientOf("10.0.0.1", "5.6.7.8", ""), "10.0.0.1");
  for (const char* const bad : {"", "10.0.0.0/33", "::1/129", "10.0.0.0/-1", "a/8", "10.0.0.0/", "10.0.0.0/8,,"}) {
    EXPECT_FALSE(TrustedProxies::Parse(bad).ok()) << bad;
  }
}

TEST(TrustedProxies, UnderstandsForwarded) {
  const TrustedProxies proxies = *TrustedProxies::Parse("10.0.0.0/8,fd00::/16");
  struct Case {
    std::string peer;
    std::string forwarded;
    std::string client;
  };
  const std::vector<Case> cases = {
      {"1.2.3.4", "for=5.6.7.8", "1.2.3.4"},  // no proxy of ours
      {"10.0.0.1", "", "10.0.0.1"},
      {"10.0.0.1", "for=5.6.7.8", "5.6.7.8"},
      {"10.0.0.1", "FOR=5.6.7.8;proto=https ;by=10.0.0.1", "5.6.7.8"},
      {"10.0.0.1", "proto=https;host=\"a,b;c\";for=\"5.6.7.8:80\"", "5.6.7.8"},
      {"10.0.0.1", "for=\"[2001:db8::1]:4711\"", "2001:db8::1"},
      {"10.0.0.1", "for=\"[2001:db8::1]\"", "2001:db8::1"},
      // The right-most that is no proxy; the left one anybody may have written.
      {"10.0.0.1", "for=6.6.6.6, for=5.6.7.8", "5.6.7.8"},
      {"10.0.0.1", "for=6.6.6.6,for=5.6.7.8;by=x, for=10.0.0.9 , for=\"[fd00::2]:1\"", "5.6.7.8"},
      {"10.0.0.1", "for=10.1.1.1, for=10.0.0.2", "10.1.1.1"},
      // A client that opens a quote does not swallow what our proxy writes behind it.
      {"10.0.0.1", "for=\"6.6.6.6, for=5.6.7.8", "5.6.7.8"},
      {"10.0.0.1", "for=\"6.6.6.6\\\", for=10.0.0.2, for=5.6.7.8", "5.6.7.8"},
      {"10.0.0.1", "for=\", for=5.6.7.8", "5.6.7.8"},
      // What says no address is the end of what is believed.
      {"10.0.0.1", "for=unknown", "10.0.0.1"},
      {"10.0.0.1", "for=_hidden, for=10.0.0.2", "10.0.0.2"},
      {"10.0.0.1", "for=5.6.7.8, by=10.0.0.2", "10.0.0.1"},
      {"10.0.0.1", "for=5.6.7.8, ", "10.0.0.1"},
      {"10.0.0.1", "for=5.6.7.8;for=6.6.6.6", "10.0.0.1"},
      {"10.0.0.1", "for =5.6.7.8", "10.0.0.1"},
      {"10.0.0.1", "for=2001:db8::1:x", "10.0.0.1"},
      {"10.0.0.1", "5.6.7.8", "10.0.0.1"},
  };
  for (const Case& c : cases) EXPECT_EQ(proxies.ClientOf(c.peer, "", c.forwarded), c.client) << c.forwarded;
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", "5.6.7.8", "for=6.6.6.6"), "5.6.7.8") << "one is read, never both";
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", "unknown", "for=6.6.6.6"), "10.0.0.1");
  EXPECT_EQ(TrustedProxies().ClientOf("10.0.0.1", "", "for=5.6.7.8"), "10.0.0.1");
}

TEST(Ephemera, KeepsTheLatestOfEachKeyUntilItExpires) {
  Hub hub;
  HubEphemera ephemera(hub, "incarnation");
  const absl::Time now = absl::Now();
  const auto keys = [&](uint64_t after, absl::Time at) {
    std::string found;
    for (const auto& item : ephemera.Since("t", after, at)) found += item.key + item.value + " ";
    return found;
  };
  ephemera.Publish("t", "a", "1", now + absl::Seconds(10));
  ephemera.Publish("t", "b", "1", now + absl::Seconds(20));
  const uint64_t seen = ephemera.Version();
  ephemera.Publish("other", "c", "1", now + absl::Seconds(20));
  ephemera.Publish("t", "a", "2", now + absl::Seconds(30));
  EXPECT_EQ(keys(0, now), "b1 a2 ");
  EXPECT_EQ(keys(seen, now), "a2 ");
  EXPECT_EQ(keys(ephemera.Version(), now), "");
  EXPECT_EQ(keys(0, now + absl::Seconds(20)), "a2 ") << "gone when its time is up";
  EXPECT_EQ(ephemera.size(), 3U);
  ephemera.Sweep(now + absl::Seconds(25));
  EXPECT_EQ(ephemera.size(), 1U);
  ephemera.Sweep(now + absl::Seconds(30));
  EXPECT_EQ(ephemera.size(), 0U);
}

TEST(Ephemera, AreToldToOtherNodes) {
  Hub hub;
  HubEphemera other(hub, "b");
  std::vector<std::string> told;
  HubEphemera here(hub, "a", {}, [&](std::string_view message) { told.emplace_back(message); });
  const absl::Time now = absl::FromUnixSeconds(1000);
  here.Publish("t", "k", "{\"v\":1}", now + absl::Seconds(10));
  ASSERT_EQ(told.size(), 1U);
  other.TakeIn(told.front());
  const auto items = other.Since("t", 0, now);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items.front().key, "k");
  EXPECT_EQ(items.front().value, "{\"v\":1}");
  EXPECT_EQ(items.front().expires_at, now + absl::Seconds(10));
  here.TakeIn(told.front());
  EXPECT_EQ(told.size(), 1U) << "what was heard is not told on";
  other.TakeIn("of a later version");
  EXPECT_EQ(other.size(), 1U);
}

TEST(Ephemera, StaysWithinItsBound) {
  Hub hub;
  HubEphemera ephemera(hub, "incarnation", {.items_max = 10});
  const absl::Time now = absl::Now();
  for (int i = 0; i < 10; ++i) ephemera.Publish("old", std::to_string(i), "", now - absl::Seconds(1));
  for (int i = 0; i < 10; ++i) ephemera.Publish("new", std::to_string(i), "", now + absl::Hours(1));
  EXPECT_EQ(ephemera.size(), 10U) << "what had expired made room";
  ephemera.Publish("new", "one more", "", now + absl::Hours(1));
  EXPECT_LE(ephemera.size(), 10U);
  EXPECT_EQ(ephemera.Since("new", 0, now).back().key, "one more");
}

TEST(Ephemera, StaysWithinItsBoundInBytes) {
  Hub hub;
  HubEphemera ephemera(hub, "incarnation", {.bytes_max = 100});
  const absl::Time now = absl::Now();
  const std::string value(9, 'v');
  for (int i = 0; i < 10; ++i) ephemera.Publish("old", std::to_string(i), value, now - absl::Seconds(1));
  EXPECT_EQ(ephemera.size(), 10U);
  for (int i = 0; i < 10; ++i) ephemera.Publish("new", std::to_string(i), value, now + absl::Hours(1));
  EXPECT_EQ(ephemera.size(), 10U) << "what had expired made room";
  ephemera.Publish("new", "a", value, now + absl::Hours(1));
  EXPECT_EQ(ephemera.size(), 1U);
  EXPECT_EQ(ephemera.Since("new", 0, now).back().key, "a");
  for (int i = 0; i < 20; ++i) ephemera.Publish("new", "a", value, now + absl::Hours(1));
  ephemera.Publish("new", "b", value, now + absl::Hours(1));
  EXPECT_EQ(ephemera.size(), 2U) << "what is replaced counts once";
}

TEST(Ephemera, WakesWhoWaits) {
  class CountingWaiter final : public Waiter {
   public:
    void Signalled() override { ++count; }
    int count = 0;
  };
  Hub hub;
  HubEphemera ephemera(hub, "incarnation");
  CountingWaiter waiter;
  const uint64_t since = hub.Sequence();
  ASSERT_TRUE(hub.Park(waiter, {"t"}, since));
  ephemera.Publish("t", "k", "v", absl::Now() + absl::Hours(1));
  EXPECT_EQ(waiter.count, 1);
  hub.Unpark(waiter);
  EXPECT_FALSE(hub.Park(waiter, {"t"}, since));
}

TEST(Log, IsOneJsonObjectALine) {
  EXPECT_EQ(LogLine("T", "warning", "a \"b\"\n", {{"route", "/x\\y"}, {"n", "\x1b[31m\xff"}}),
            R"({"time":"T","level":"warning","text":"a \"b\"\u000a","route":"/x\\y","n":"\u001b[31m\u00ff"})");
}

}  // namespace
}  // namespace alcove::runtime
