// park_bench: what people who wait cost, and how soon one of them hears.
//
//   alcove_park_bench PEOPLE PORT OPS SERVER_PID [DELIVERIES]
//
// PEOPLE is a file of what park_server printed. The customers' polls are parked
// in steps, with the server's resident memory at each; then the agent writes to
// one after another of those who have a conversation, drawn at random, while
// all others go on waiting. Where there are several sessions of the agent, their
// polls are parked as well, and a customer's message goes to all of them at
// once. A poll that ends meanwhile is sent again, as faces do it.
//
// Exit: 0; 1 where an answer was not as PROTOCOL.md says or a message did not come; 2 where it could not run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/bench/echo_http.h"
#include "tests/bench/echo_json.h"
#include "tests/bench/echo_measure.h"

namespace alcove::bench {
namespace {

[[noreturn]] void Die(const std::string& why, int status) {
  std::fprintf(stderr, "park_bench: %s\n", why.c_str());
  std::exit(status);
}

// Somebody who waits, on one connection.
struct Person {
  Person(Loop& loop, std::string kind_in, std::string token_in, std::string cursor_in, std::string conversation_in)
      : kind(std::move(kind_in)),
        token(std::move(token_in)),
        cursor(std::move(cursor_in)),
        conversation(std::move(conversation_in)),
        poll(loop) {}

  void Poll() {
    poll.Send("GET", "/v1/" + kind + "/poll?wait=25&cursor=" + cursor, token, {}, [this](const Answer& answer) {
      // Too many at once: it comes again in a second, as it is told.
      if (answer.status == 503) {
        again_us = NowUs() + 1'000'000;
        return;
      }
      if (answer.status != 200) Die("a poll was answered " + std::to_string(answer.status), 1);
      cursor = Unquote(Member(answer.body, "cursor"));
      if (!Elements(Member(answer.body, "events")).empty()) heard_us = NowUs();
      Poll();
    });
  }

  std::string kind;
  std::string token;
  std::string cursor;
  std::string conversation;
  int64_t heard_us = 0;  // when a poll brought an event last
  int64_t again_us = 0;  // when to poll again; 0: it polls
  Connection poll;
};
using People = std::vector<std::unique_ptr<Person>>;

class Bench {
 public:
  Bench(const std::string& people, uint16_t port, uint16_t ops, int server)
      : loop_("127.0.0.1", port), ops_loop_("127.0.0.1", ops), ops_(ops_loop_), sender_(loop_), server_(server) {
    std::ifstream file(people);
    for (std::string line; std::getline(file, line);) {
      std::istringstream words(line);
      std::string kind, token, cursor, conversation;
      words >> kind >> token >> cursor >> conversation;
      if (kind != "customer" && kind != "agent") continue;
      People& of_kind = kind == "customer" ? customers_ : agents_;
      of_kind.push_back(std::make_unique<Person>(loop_, kind, token, cursor, conversation));
    }
    if (agents_.empty()) Die("nobody is in " + people, 2);
  }

  int Run(int deliveries) {
    if (!customers_.empty() && agents_.size() == 1) {
      ParkCustomers();
      Deliver(deliveries);
    } else {
      FanOut(deliveries);
    }
    return 0;
  }

 private:
  void AwaitParked(size_t count) {
    size_t parked = 0;
    const int64_t give_up = NowUs() + 60'000'000;
    // Some are always between two polls.
    while (parked + count / 200 < count) {
      if (NowUs() > give_up) Die("only " + std::to_string(parked) + " are parked", 1);
      bool answered = false;
      ops_.Send("GET", "/metrics", {}, {}, [&](const Answer& answer) {
        const std::string_view name = "\nalcove_parked_requests ";
        const size_t at = answer.body.find(name);
        if (at != std::string_view::npos) parked = std::strtoul(answer.body.data() + at + name.size(), nullptr, 10);
        answered = true;
      });
      while (!answered) {
        ops_loop_.RunOnce(1);
        RunOnce(0);
      }
      Idle(20'000);
    }
  }
  void Idle(int64_t us) {
    for (const int64_t end = NowUs() + us; NowUs() < end;) RunOnce(1);
  }
  void RunOnce(int timeout_ms) {
    constexpr int64_t kTickUs = 100'000;
    loop_.RunOnce(timeout_ms);
    const int64_t now = NowUs();
    if (now < tick_us_) return;
    tick_us_ = now + kTickUs;
    for (const auto* const people : {&customers_, &agents_}) {
      for (const auto& person : *people) {
        if (person->again_us == 0 || person->again_us > now) continue;
        person->again_us = 0;
        ++refused_;
        person->Poll();
      }
    }
  }

  void ParkCustomers() {
    std::vector<std::pair<double, double>> points;
    const double before_kb = static_cast<double>(ResidentKbOf(server_));
    size_t parked = 0;
    std::printf("parked   resident MB   B a poll\n%6d   %11.1f\n", 0, before_kb / 1024);
    for (const size_t target : {1000, 2500, 5000, 10'000, 15'000, 18'000}) {
      if (target > customers_.size()) break;
      for (; parked < target; ++parked) {
        customers_[parked]->Poll();
        if (parked % 100 == 0) RunOnce(0);
      }
      AwaitParked(parked);
      Idle(500'000);
      const auto kb = static_cast<double>(ResidentKbOf(server_));
      points.emplace_back(static_cast<double>(parked), kb);
      std::printf("%6zu   %11.1f   %8.0f\n", parked, kb / 1024, (kb - before_kb) * 1024 / static_cast<double>(parked));
    }
    double n = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    for (const auto& [count, kb] : points) {
      n += 1, x += count, y += kb, xx += count * count, xy += count * kb, yy += kb * kb;
    }
    if (n < 2) return;
    const double slope = (n * xy - x * y) / (n * xx - x * x);
    const double r2 = (n * xy - x * y) * (n * xy - x * y) / ((n * xx - x * x) * (n * yy - y * y));
    std::printf("slope               %.0f B of server memory for one more poll (straight line: R2 %.5f)\n",
                slope * 1024, r2);
  }

  // From before the send to the parsed answer of the waiter's poll.
  int64_t Say(const Person& from, Person& to, const std::string& conversation) {
    const int64_t before = to.heard_us;
    bool sent = false;
    const int64_t begin = NowUs();
    char message[64];
    std::snprintf(message, sizeof message, "/messages/msg_%010dZZ%014d", 1, ++messages_);
    sender_.Send("PUT", "/v1/" + from.kind + "/conversations/" + conversation + message, from.token,
                 R"({"text":"a message of the length that people write when they have something to say"})",
                 [&](const Answer& answer) {
                   if (answer.status != 201) Die("a message was answered " + std::string(answer.body), 1);
                   sent = true;
                 });
    while (!sent || to.heard_us == before) {
      if (NowUs() > begin + 20'000'000) Die("a message did not come", 1);
      RunOnce(50);
    }
    return to.heard_us - begin;
  }

  void Deliver(int deliveries) {
    std::vector<Person*> talkers;
    for (const auto& customer : customers_) {
      if (customer->conversation != "-") talkers.push_back(customer.get());
    }
    if (talkers.empty()) return;
    std::mt19937 random(1);
    std::vector<uint32_t> took;
    for (int i = 0; i < deliveries; ++i) {
      Person& talker = *talkers[random() % talkers.size()];
      took.push_back(static_cast<uint32_t>(Say(*agents_.front(), talker, talker.conversation)));
      Idle(2'000);
    }
    std::printf("to a cold waiter    p50 %.3f ms, p99 %.3f ms (%d messages, one at a time)\n",
                Percentile(took, 0.50) / 1e3, Percentile(took, 0.99) / 1e3, deliveries);
  }

  void FanOut(int rounds) {
    for (size_t i = 0; i < agents_.size(); ++i) {
      agents_[i]->Poll();
      if (i % 100 == 0) RunOnce(0);
    }
    AwaitParked(agents_.size());
    const Person& customer = *customers_.front();
    for (int round = 0; round < rounds; ++round) {
      for (const auto& agent : agents_) agent->heard_us = 0;
      const int64_t cpu = CpuUsOf(server_);
      const int64_t begin = NowUs();
      (void)Say(customer, *agents_.front(), customer.conversation);
      const auto waits = [](const auto& agent) { return agent->heard_us == 0; };
      while (std::any_of(agents_.begin(), agents_.end(), waits)) {
        if (NowUs() > begin + 20'000'000) Die("a message did not come to all", 1);
        RunOnce(10);
      }
      std::vector<uint32_t> took;
      for (const auto& agent : agents_) took.push_back(static_cast<uint32_t>(agent->heard_us - begin));
      AwaitParked(agents_.size());
      std::printf(
          "1 to %zu             p50 %.0f ms, last %.0f ms; %.1f us of server CPU a delivery, its next poll included\n",
          agents_.size(), Percentile(took, 0.50) / 1e3, Percentile(took, 1.0) / 1e3,
          static_cast<double>(CpuUsOf(server_) - cpu) / static_cast<double>(agents_.size()));
      std::printf("                    %zu polls were put off by a second so far\n", refused_);
    }
  }

  Loop loop_;
  Loop ops_loop_;
  Connection ops_;
  Connection sender_;
  const int server_;
  int messages_ = 0;
  int64_t tick_us_ = 0;
  size_t refused_ = 0;
  People customers_;
  People agents_;
};

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) {
  if (argc < 5) alcove::bench::Die("PEOPLE PORT OPS SERVER_PID [DELIVERIES]", 2);
  alcove::bench::Bench bench(argv[1], static_cast<uint16_t>(std::atoi(argv[2])),
                             static_cast<uint16_t>(std::atoi(argv[3])), std::atoi(argv[4]));
  return bench.Run(argc > 5 ? std::atoi(argv[5]) : 1000);
}
