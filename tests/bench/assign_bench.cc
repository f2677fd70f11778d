// assign_bench: how soon an agent hears of a conversation that is given to them,
// while many others are under way.
//
//   alcove_assign_bench --port N --accounts SEED.json [--pairs 500] [--begin 20] [--messages 100]
//                       [--seconds 20] [--server-pid PID] [--disk FOLDER]
//
// So many customers (`pairs`) are in a conversation with one of the agents of SEED.json each, who must have room for
// them all; everybody holds a long poll. Every second `begin` conversations are closed by their agent and begun anew by
// their customer, and `messages` are written in others, at even distances and whatever has not been answered yet.
// Measured is the time to the answer of the agent's poll that tells them that a conversation is theirs: from the
// request that begins it, and from its acknowledgement, which says that it was assigned and is on disk. Loopback only.
//
// Exit: 0; 1 where a conversation came to nobody, or an answer was not as PROTOCOL.md says; 2 where it could not run.

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/bench/echo_http.h"
#include "tests/bench/echo_json.h"
#include "tests/bench/echo_measure.h"
#include "tests/bench/echo_people.h"

namespace alcove::bench {
namespace {

[[noreturn]] void Refuse(const std::string& why) {
  std::fprintf(stderr, "assign_bench: %s\n", why.c_str());
  std::exit(2);
}

// What all count together.
struct Tally {
  uint64_t bad_answers = 0;
  bool recording = false;
  std::vector<uint32_t> begun_us;     // from the request that begins a conversation to its agent's poll
  std::vector<uint32_t> answered_us;  // the same, from when the request was acknowledged; 0: told before

  void Bad(std::string_view what, const Answer& answer) {
    if (++bad_answers > 5) return;
    std::fprintf(stderr, "assign_bench: %.*s was answered %d: %.300s\n", static_cast<int>(what.size()), what.data(),
                 answer.status, std::string(answer.body).c_str());
  }
};

// An agent or a customer: requests go out one after another, beside a poll.
class Someone {
 public:
  using Next = std::function<void(const Answer&)>;

  Someone(Loop& loop, std::string_view kind, Tally& tally) : kind_(kind), poll_(loop), send_(loop), tally_(tally) {}

  std::string Path(std::string_view rest) const { return "/v1/" + kind_ + std::string(rest); }
  void Take(std::string_view session) {
    token_ = Unquote(Member(session, "token"));
    SetCursor(session);
  }
  void SetCursor(std::string_view answer) { cursor_ = Unquote(Member(answer, "cursor")); }

  void Ask(std::string_view method, std::string target, std::string body, Next next) {
    waiting_.push_back({std::string(method), std::move(target), std::move(body), std::move(next)});
    SendNext();
  }

  // For ever; `take` is told each event.
  void Poll(std::function<void(std::string_view event)> take) {
    take_ = std::move(take);
    PollAgain();
  }

 private:
  struct Request {
    std::string method, target, body;
    Next next;
  };

  void SendNext() {
    if (send_.busy() || waiting_.empty()) return;
    Request request = std::move(waiting_.front());
    waiting_.pop_front();
    send_.Send(request.method, request.target, token_, request.body,
               [this, target = request.target, next = std::move(request.next)](const Answer& answer) {
                 if (answer.status / 100 != 2) {
                   tally_.Bad(target, answer);
                 } else if (next) {
                   next(answer);
                 }
                 SendNext();
               });
  }

  void PollAgain() {
    poll_.Send("GET", Path("/poll?wait=25&cursor=" + cursor_), token_, {}, [this](const Answer& answer) {
      if (answer.status != 200) return tally_.Bad("a poll", answer);
      const std::string told(answer.body);
      SetCursor(told);
      PollAgain();
      for (const std::string_view event : Elements(Member(told, "events"))) take_(event);
    });
  }

  const std::string kind_;
  std::string token_;
  std::string cursor_;
  Connection poll_;
  Connection send_;
  std::deque<Request> waiting_;
  std::function<void(std::string_view)> take_;
  Tally& tally_;
};

class Day {
 public:
  Day(Loop& loop, const std::vector<Account>& accounts, size_t conversations) : loop_(loop) {
    for (const Account& account : accounts) {
      agents_.push_back(std::make_unique<Someone>(loop, "agent", tally_));
      accounts_.push_back(account);
    }
    talks_.resize(conversations);
    for (Talk& talk : talks_) talk.customer = std::make_unique<Someone>(loop, "customer", tally_);
  }

  Tally& tally() { return tally_; }

  // Signs everybody in; each conversation has an agent then.
  void Open() {
    size_t ready = 0;
    // A few at a time: a sign-in costs the server a password hash.
    for (size_t i = 0; i < agents_.size(); ++i) {
      SignIn(i, [&ready] { ++ready; });
      WaitFor([&] { return ready + 8 > i; });
    }
    WaitFor([&] { return ready == agents_.size(); });
    for (size_t i = 0; i < talks_.size(); ++i) {
      Someone& customer = *talks_[i].customer;
      customer.Ask("POST", customer.Path("/session"), R"({"site":"sit_demo","consent":true})",
                   [this, i](const Answer& answer) {
                     talks_[i].customer->Take(answer.body);
                     talks_[i].customer->Poll([](std::string_view) {});
                     Begin(i);
                   });
      WaitFor([&] { return Assigned() + 16 > i; });
    }
    WaitFor([&] { return Assigned() == talks_.size(); });
  }

  // The next in turn is closed by its agent, and its customer begins another one.
  void CloseAndBegin() {
    const size_t which = next_++ % talks_.size();
    Talk& talk = talks_[which];
    if (talk.agent == nullptr) {
      ++behind_;
      return;
    }
    Someone* const agent = std::exchange(talk.agent, nullptr);
    by_conversation_.erase(talk.id);
    agent->Ask("POST", agent->Path("/conversations/" + talk.id + "/close"), "{}",
               [this, which](const Answer&) { Begin(which); });
  }

  void Write() {
    // Far from those that are closed just now.
    Talk& talk = talks_[(next_ + talks_.size() / 2 + written_++ * 7) % talks_.size()];
    if (talk.agent == nullptr) return;
    Someone& from = written_ % 2 == 0 ? *talk.customer : *talk.agent;
    from.Ask("PUT", from.Path("/conversations/" + talk.id + "/messages/msg_" + MakeUlid()),
             R"({"text":"Is the blue mug back, and does it come with a lid that fits it?"})", nullptr);
  }

  size_t Assigned() const {
    size_t count = 0;
    for (const Talk& talk : talks_) count += talk.agent != nullptr ? 1 : 0;
    return count;
  }
  uint64_t behind() const { return behind_; }

  template <class Probe>
  void WaitFor(const Probe& probe) {
    const int64_t give_up = NowUs() + 120'000'000;
    while (!probe()) {
      if (NowUs() > give_up || tally_.bad_answers > 0) Refuse("not everybody could be signed in and assigned");
      loop_.RunOnce(20);
    }
  }

 private:
  struct Talk {
    std::unique_ptr<Someone> customer;
    std::string id;
    Someone* agent = nullptr;  // who has been told that it is theirs
    int64_t sent_us = 0;
    int64_t acknowledged_us = 0;
  };

  void SignIn(size_t which, std::function<void()> done) {
    Someone& agent = *agents_[which];
    const Account& account = accounts_[which];
    const std::string body = "{\"email\":" + Quote(account.email) + ",\"password\":" + Quote(account.password) + "}";
    agent.Ask("POST", agent.Path("/session"), body, [&agent](const Answer& answer) { agent.Take(answer.body); });
    agent.Ask("PUT", agent.Path("/presence"), R"({"state":"online"})", nullptr);
    agent.Ask("GET", agent.Path("/snapshot"), {}, [this, &agent, done = std::move(done)](const Answer& answer) {
      agent.SetCursor(answer.body);
      agent.Poll([this, &agent](std::string_view event) { Tell(agent, event); });
      done();
    });
  }

  void Begin(size_t which) {
    Talk& talk = talks_[which];
    talk.id = "cnv_" + MakeUlid();
    talk.sent_us = NowUs();
    talk.acknowledged_us = 0;
    by_conversation_[talk.id] = which;
    Someone& customer = *talk.customer;
    customer.Ask("PUT", customer.Path("/conversations/" + talk.id),
                 "{\"message\":{\"id\":\"msg_" + MakeUlid() + R"(","text":"Hello, where is my parcel?"}})",
                 [&talk](const Answer&) { talk.acknowledged_us = NowUs(); });
  }

  void Tell(Someone& agent, std::string_view event) {
    if (Member(event, "type") != "\"assigned\"") return;
    const auto found = by_conversation_.find(Unquote(Member(event, "conversation")));
    if (found == by_conversation_.end()) return;
    Talk& talk = talks_[found->second];
    talk.agent = &agent;
    if (!tally_.recording) return;
    const int64_t now_us = NowUs();
    tally_.begun_us.push_back(static_cast<uint32_t>(now_us - talk.sent_us));
    tally_.answered_us.push_back(talk.acknowledged_us == 0 ? 0 : static_cast<uint32_t>(now_us - talk.acknowledged_us));
  }

  Loop& loop_;
  Tally tally_;
  std::vector<std::unique_ptr<Someone>> agents_;
  std::vector<Account> accounts_;
  std::vector<Talk> talks_;
  std::map<std::string, size_t> by_conversation_;
  size_t next_ = 0;
  size_t written_ = 0;
  uint64_t behind_ = 0;
};

struct Options {
  std::string accounts, disk;
  uint16_t port = 0;
  size_t conversations = 500;
  double begin = 20, messages = 100, seconds = 20;
  int server_pid = 0;
};

Options ParseOptions(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 >= argc) Refuse(std::string(argv[i]) + " needs a value");
    given[argv[i]] = argv[i + 1];
  }
  Options options;
  const auto number = [&](const char* name, double otherwise) {
    const auto found = given.find(name);
    if (found == given.end()) return otherwise;
    const double value = std::atof(found->second.c_str());
    given.erase(found);
    return value;
  };
  options.port = static_cast<uint16_t>(number("--port", 0));
  options.conversations = static_cast<size_t>(number("--pairs", 500));
  options.begin = number("--begin", 20);
  options.messages = number("--messages", 100);
  options.seconds = number("--seconds", 20);
  options.server_pid = static_cast<int>(number("--server-pid", 0));
  options.accounts = std::exchange(given["--accounts"], "");
  options.disk = std::exchange(given["--disk"], "");
  given.erase("--accounts");
  given.erase("--disk");
  if (!given.empty()) Refuse("no option " + given.begin()->first);
  if (options.port == 0 || options.accounts.empty() || options.conversations < 2) {
    Refuse("--port and --accounts are required");
  }
  return options;
}

int Run(const Options& options) {
  const std::vector<Account> accounts = ReadAccounts(options.accounts);
  if (accounts.empty()) Refuse("no agents in " + options.accounts);
  std::vector<uint32_t> disk;
  if (!options.disk.empty()) disk = MeasureDisk(options.disk);
  Loop loop("127.0.0.1", options.port);
  Day day(loop, accounts, options.conversations);
  day.Open();
  std::printf("opened              %zu conversations with %zu agents\n", options.conversations, accounts.size());

  Tally& tally = day.tally();
  tally.recording = true;
  const int64_t begin_us = NowUs();
  const int64_t cpu_us = CpuUsOf(options.server_pid);
  const auto end_us = begin_us + static_cast<int64_t>(options.seconds * 1e6);
  const auto begin_every_us = static_cast<int64_t>(1e6 / options.begin);
  const auto write_every_us = static_cast<int64_t>(1e6 / options.messages);
  int64_t next_begin_us = begin_us;
  int64_t next_write_us = begin_us;
  while (NowUs() < end_us) {
    for (; next_begin_us <= NowUs(); next_begin_us += begin_every_us) day.CloseAndBegin();
    for (; next_write_us <= NowUs(); next_write_us += write_every_us) day.Write();
    loop.RunOnce(1);
  }
  const double cpu_share = static_cast<double>(CpuUsOf(options.server_pid) - cpu_us) / (options.seconds * 1e6);
  const int64_t drained_us = NowUs() + 10'000'000;
  while (day.Assigned() < options.conversations && NowUs() < drained_us) loop.RunOnce(20);
  const size_t nobodys = options.conversations - day.Assigned();

  std::printf("begun               %zu at %.0f a second, beside %.0f messages a second\n", tally.begun_us.size(),
              options.begin, options.messages);
  std::printf("begun to told       p50 %.2f ms, p99 %.2f ms   (a durable write and a poll)\n",
              Percentile(tally.begun_us, 0.50) / 1e3, Percentile(tally.begun_us, 0.99) / 1e3);
  std::printf("assigned to told    p50 %.2f ms, p99 %.2f ms   (0: the poll was first)\n",
              Percentile(tally.answered_us, 0.50) / 1e3, Percentile(tally.answered_us, 0.99) / 1e3);
  if (options.server_pid > 0) std::printf("server              %.2f of a core\n", cpu_share);
  if (!disk.empty()) {
    const std::vector<uint32_t> after = MeasureDisk(options.disk);
    disk.insert(disk.end(), after.begin(), after.end());
    std::printf("disk floor          p50 %.2f ms, p99 %.2f ms for a durable write of 512 bytes\n",
                Percentile(disk, 0.50) / 1e3, Percentile(disk, 0.99) / 1e3);
  }
  std::printf("came to nobody %zu, fell behind %llu, bad answers %llu, reconnects %llu\n", nobodys,
              static_cast<unsigned long long>(day.behind()), static_cast<unsigned long long>(tally.bad_answers),
              static_cast<unsigned long long>(loop.reconnects()));
  return nobodys + tally.bad_answers > 0 || tally.begun_us.empty() ? 1 : 0;
}

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) { return alcove::bench::Run(alcove::bench::ParseOptions(argc, argv)); }
