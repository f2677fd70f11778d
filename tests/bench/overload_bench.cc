// overload_bench: what a server does with several times more than it can do:
// how soon it says no, to whom, and how long what it takes on then takes.
//
//   alcove_overload_bench PORT OPS [SENDERS [OTHERS [SECONDS]]]
//
// First 50 senders alone, then SENDERS (4000) who send without a pause, and as
// many as OTHERS (400) of each other kind of work. Who is put off comes again
// after a second, as a face does. A thread of its own tells of presence, one at a
// time, meanwhile: what it waits for is the server and not this bench's loop. It
// also asks /healthz of the operators' listener OPS, which nobody else does: what
// that takes is the machine's.
//
// Exit: 0; 1 where an answer was not as PROTOCOL.md says; 2 where it could not run.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/echo_http.h"
#include "tests/bench/echo_json.h"
#include "tests/bench/echo_measure.h"
#include "tests/bench/echo_people.h"

namespace alcove::bench {
namespace {

[[noreturn]] void Die(const std::string& why, int status) {
  std::fprintf(stderr, "overload_bench: %s\n", why.c_str());
  std::exit(status);
}

struct Customer {
  std::string token;
  std::string cursor;
  std::string path;  // of their conversation
};

struct Call {
  std::string method;
  std::string target;
  std::string body;
};

// In the order in which a server puts them off.
struct Kind {
  const char* name;
  std::function<Call(const Customer&)> make;
};

const std::vector<Kind>& Kinds() {
  static const std::vector<Kind> kinds = {
      {"presence", [](const Customer& c) { return Call{"POST", c.path + "/read", R"({"seq":1})"}; }},
      {"typing", [](const Customer& c) { return Call{"POST", c.path + "/typing", R"({"text":"well"})"}; }},
      {"history", [](const Customer& c) { return Call{"GET", c.path + "/events", {}}; }},
      {"page", [](const Customer&) { return Call{"GET", "/loader.js?site=sit_demo", {}}; }},
      {"poll", [](const Customer& c) { return Call{"GET", "/v1/customer/poll?wait=0&cursor=" + c.cursor, {}}; }},
      {"session",
       [](const Customer& c) {
         return Call{"POST", "/v1/customer/session",
                     R"({"site":"sit_demo","consent":true,"token":")" + c.token + "\"}"};
       }},
      {"conversation", [](const Customer& c) { return Call{"PUT", c.path, "{}"}; }},
      {"send",
       [](const Customer& c) {
         return Call{"PUT", c.path + "/messages/msg_" + MakeUlid(),
                     R"({"text":"a message of the length that people write when they have something to say"})"};
       }},
  };
  return kinds;
}

struct Tally {
  std::vector<uint32_t> answered_us;
  std::vector<uint32_t> put_off_us;
  uint64_t unheard = 0;  // the connection ended before an answer, three times
};

// Whether it was put off. Ends the process at what the protocol does not promise.
bool Count(const char* kind, const Answer& answer, int64_t took_us, Tally& tally) {
  if (answer.status == 503) {
    tally.put_off_us.push_back(static_cast<uint32_t>(took_us));
    return true;
  }
  // 409: a newer poll of the same session.
  const bool good = answer.status / 100 == 2 || answer.status == 409;
  if (answer.status == 0) {
    ++tally.unheard;
  } else if (!good) {
    Die(std::string(kind) + " was answered " + std::to_string(answer.status) + ": " + std::string(answer.body), 1);
  } else {
    tally.answered_us.push_back(static_cast<uint32_t>(took_us));
  }
  return answer.status == 0;
}

// One who asks for one kind of thing, again and again.
class Asker {
 public:
  Asker(Loop& loop, const Kind& kind, const Customer& customer, Tally& tally)
      : kind_(kind), customer_(customer), tally_(tally), connection_(loop) {}

  void Ask() {
    again_us_ = 0;
    const Call call = kind_.make(customer_);
    const int64_t begin = NowUs();
    connection_.Send(call.method, call.target, customer_.token, call.body, [this, begin](const Answer& answer) {
      constexpr int64_t kPauseUs = 1'000'000;
      if (Count(kind_.name, answer, NowUs() - begin, tally_)) {
        again_us_ = NowUs() + kPauseUs;
      } else {
        Ask();
      }
    });
  }
  void Tick(int64_t now_us) {
    if (again_us_ != 0 && again_us_ <= now_us) Ask();
  }

 private:
  const Kind& kind_;
  const Customer& customer_;
  Tally& tally_;
  int64_t again_us_ = 0;
  Connection connection_;
};

std::string AskOne(Loop& loop, Connection& connection, const Call& call, const std::string& token, int status) {
  std::string body;
  bool over = false;
  connection.Send(call.method, call.target, token, call.body, [&](const Answer& answer) {
    if (answer.status != status) Die(call.target + " was answered " + std::to_string(answer.status), 1);
    body = answer.body;
    over = true;
  });
  while (!over) loop.RunOnce(50);
  return body;
}

std::vector<Customer> MakeCustomers(uint16_t port, int count) {
  Loop loop("127.0.0.1", port);
  Connection connection(loop);
  std::vector<Customer> customers;
  for (int i = 0; i < count; ++i) {
    const std::string session =
        AskOne(loop, connection, {"POST", "/v1/customer/session", R"({"site":"sit_demo","consent":true})"}, "", 200);
    customers.push_back({Unquote(Member(session, "token")), Unquote(Member(session, "cursor")),
                         "/v1/customer/conversations/cnv_" + MakeUlid()});
    AskOne(loop, connection,
           {"PUT", customers.back().path, R"({"message":{"id":"msg_)" + MakeUlid() + R"(","text":"hello"}})"},
           customers.back().token, 201);
  }
  return customers;
}

void Print(const char* name, Tally& tally, double seconds) {
  const auto ms = [](std::vector<uint32_t>& values, double share) { return Percentile(values, share) / 1e3; };
  std::printf("%-13s %9.0f %8.1f %8.1f   %9.0f %8.1f %8.1f %8.1f\n", name,
              static_cast<double>(tally.answered_us.size()) / seconds, ms(tally.answered_us, 0.50),
              ms(tally.answered_us, 0.99), static_cast<double>(tally.put_off_us.size()) / seconds,
              ms(tally.put_off_us, 0.50), ms(tally.put_off_us, 0.99), ms(tally.put_off_us, 1.0));
  if (tally.unheard > 0) std::printf("              %llu unheard\n", static_cast<unsigned long long>(tally.unheard));
}

struct Probed {
  Tally presence;
  Tally health;
};

// The kind that is put off first, so that it is not queued where there is too much to do.
void Probe(uint16_t port, uint16_t ops, const Customer& customer, const std::atomic<bool>& over, Probed& probed) {
  Loop loop("127.0.0.1", port);
  Loop ops_loop("127.0.0.1", ops);
  Connection connection(loop);
  Connection ops_connection(ops_loop);
  const auto ask = [](Loop& asked, Connection& on, const Call& call, const std::string& token, Tally& tally) {
    bool done = false;
    const int64_t begin = NowUs();
    on.Send(call.method, call.target, token, call.body, [&](const Answer& answer) {
      (void)Count("a probe", answer, NowUs() - begin, tally);
      done = true;
    });
    while (!done) asked.RunOnce(10);
  };
  const Call call = Kinds().front().make(customer);
  while (!over) {
    ask(loop, connection, call, customer.token, probed.presence);
    ask(ops_loop, ops_connection, {"GET", "/healthz", {}}, "", probed.health);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void Run(uint16_t port, uint16_t ops, const std::vector<Customer>& customers, int senders, int others, double seconds) {
  Loop loop("127.0.0.1", port);
  std::vector<Tally> tallies(Kinds().size());
  Probed probed;
  std::vector<std::unique_ptr<Asker>> askers;
  for (size_t kind = 0; kind < Kinds().size(); ++kind) {
    const int count = kind + 1 == Kinds().size() ? senders : others;
    for (int i = 0; i < count; ++i) {
      const Customer& customer = customers[static_cast<size_t>(i) % (customers.size() - 1)];
      askers.push_back(std::make_unique<Asker>(loop, Kinds()[kind], customer, tallies[kind]));
    }
  }
  for (size_t i = 0; i < askers.size(); ++i) {
    askers[i]->Ask();
    if (i % 100 == 0) loop.RunOnce(0);
  }
  const auto run_for = [&](double for_seconds) {
    constexpr int64_t kTickUs = 20'000;
    const int64_t end = NowUs() + static_cast<int64_t>(for_seconds * 1e6);
    for (int64_t tick = 0; NowUs() < end;) {
      loop.RunOnce(5);
      if (NowUs() < tick) continue;
      tick = NowUs() + kTickUs;
      for (const auto& asker : askers) asker->Tick(NowUs());
    }
  };
  run_for(1);
  tallies.assign(tallies.size(), Tally());
  std::atomic<bool> over{false};
  // The last customer is the probe's own, so that nobody ends its polls.
  std::thread probe([&] { Probe(port, ops, customers.back(), over, probed); });
  run_for(seconds);
  over = true;
  probe.join();

  std::printf("%d senders, %d of each other kind\n", senders, others);
  std::printf("              answered/s p50 ms   p99 ms   put off/s   p50 ms   p99 ms  last ms\n");
  for (size_t kind = 0; kind < Kinds().size(); ++kind) {
    if (tallies[kind].answered_us.empty() && tallies[kind].put_off_us.empty()) continue;
    Print(Kinds()[kind].name, tallies[kind], seconds);
  }
  Print("one at a time", probed.presence, seconds);
  Print("healthz", probed.health, seconds);
}

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) {
  using namespace alcove::bench;
  if (argc < 3) Die("PORT OPS [SENDERS [OTHERS [SECONDS]]]", 2);
  const auto number = [&](int at, int otherwise) { return argc > at ? std::atoi(argv[at]) : otherwise; };
  const auto port = static_cast<uint16_t>(number(1, 0));
  const auto ops = static_cast<uint16_t>(number(2, 0));
  const std::vector<Customer> customers = MakeCustomers(port, 201);
  Run(port, ops, customers, 50, 0, number(5, 5));
  Run(port, ops, customers, number(3, 4000), number(4, 400), number(5, 5));
  return 0;
}
