// echo_bench: how fast a customer and an agent can talk through the server,
// each message counted only when the other side's long poll returned exactly
// its text.
//
//   alcove_echo_bench --port N --accounts SEED.json [--pairs 50] [--seconds 5] [--warmup 1]
//                     [--server-pid PID] [--disk FOLDER]
//
// SEED.json is what `alcove seed --json` printed. Closed loop: a pair has one
// message in flight, so that at saturation latency = pairs / throughput. The
// disk's own time for a small durable write is measured before and after in
// FOLDER, which should be on the disk of the server's data: absolute figures
// mean little on a shared machine, the ratio to that floor means more.
//
// Exit: 0; 1 where a message was lost or altered or an answer was not as PROTOCOL.md says; 2 where it could not run.

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/echo_http.h"
#include "tests/bench/echo_measure.h"
#include "tests/bench/echo_pair.h"
#include "tests/bench/echo_people.h"

namespace alcove::bench {
namespace {

struct Options {
  std::string address = "127.0.0.1";
  uint16_t port = 0;
  std::string accounts;
  std::string disk;
  int pairs = 50;
  double seconds = 5;
  double warmup = 1;
  int server_pid = 0;
};

[[noreturn]] void Refuse(const std::string& why) {
  std::fprintf(stderr, "echo_bench: %s\n", why.c_str());
  std::exit(2);
}

Options ParseOptions(int argc, char** argv) {
  std::map<std::string, std::string> given;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 >= argc) Refuse(std::string(argv[i]) + " needs a value");
    given[argv[i]] = argv[i + 1];
  }
  Options options;
  for (const auto& [name, value] : given) {
    if (name == "--address")
      options.address = value;
    else if (name == "--port")
      options.port = static_cast<uint16_t>(std::atoi(value.c_str()));
    else if (name == "--accounts")
      options.accounts = value;
    else if (name == "--disk")
      options.disk = value;
    else if (name == "--pairs")
      options.pairs = std::atoi(value.c_str());
    else if (name == "--seconds")
      options.seconds = std::atof(value.c_str());
    else if (name == "--warmup")
      options.warmup = std::atof(value.c_str());
    else if (name == "--server-pid")
      options.server_pid = std::atoi(value.c_str());
    else
      Refuse("no option " + name);
  }
  if (options.port == 0 || options.accounts.empty() || options.pairs < 1) Refuse("--port and --accounts are required");
  return options;
}

// Opens the pairs a few at a time: a sign-in costs the server a password hash.
bool OpenAll(Loop& loop, std::vector<std::unique_ptr<Pair>>& pairs) {
  constexpr size_t kAtOnce = 8;
  size_t next = 0;
  size_t ended = 0;
  size_t good = 0;
  std::function<void()> open_next = [&] {
    if (next == pairs.size()) return;
    pairs[next++]->Open([&](bool ok) {
      ++ended;
      good += ok ? 1 : 0;
      open_next();
    });
  };
  for (size_t i = 0; i < kAtOnce; ++i) open_next();
  const int64_t give_up = NowUs() + 120'000'000;
  while (ended < pairs.size() && NowUs() < give_up) loop.RunOnce(50);
  return good == pairs.size();
}

void RunUntil(Loop& loop, std::vector<std::unique_ptr<Pair>>& pairs, int64_t end_us) {
  constexpr int64_t kTickUs = 200'000;
  for (int64_t tick = NowUs() + kTickUs; NowUs() < end_us;) {
    loop.RunOnce(20);
    if (NowUs() < tick) continue;
    for (const auto& pair : pairs) pair->Tick();
    tick = NowUs() + kTickUs;
  }
}

size_t InFlight(const std::vector<std::unique_ptr<Pair>>& pairs) {
  size_t count = 0;
  for (const auto& pair : pairs) count += pair->in_flight() ? 1 : 0;
  return count;
}

int Run(const Options& options) {
  const std::vector<Account> accounts = ReadAccounts(options.accounts);
  if (accounts.empty()) Refuse("no agents in " + options.accounts);
  std::vector<uint32_t> disk;
  if (!options.disk.empty()) disk = MeasureDisk(options.disk);

  Loop loop(options.address, options.port);
  Tally tally;
  std::vector<std::unique_ptr<Pair>> pairs;
  for (int i = 0; i < options.pairs; ++i) {
    pairs.push_back(std::make_unique<Pair>(loop, i, accounts[static_cast<size_t>(i) % accounts.size()], tally));
  }
  const int64_t opening_us = NowUs();
  if (!OpenAll(loop, pairs)) Refuse("not every pair could sign in and claim its conversation");
  std::printf("opened              %d pairs in %.1f s\n", options.pairs,
              static_cast<double>(NowUs() - opening_us) / 1e6);

  for (const auto& pair : pairs) pair->Start();
  RunUntil(loop, pairs, NowUs() + static_cast<int64_t>(options.warmup * 1e6));

  tally.recording = true;
  const int64_t begin_us = NowUs();
  const int64_t server_cpu_us = CpuUsOf(options.server_pid);
  const int64_t own_cpu_us = OwnCpuUs();
  RunUntil(loop, pairs, begin_us + static_cast<int64_t>(options.seconds * 1e6));
  tally.recording = false;
  const double seconds = static_cast<double>(NowUs() - begin_us) / 1e6;
  const int64_t server_cpu_end_us = CpuUsOf(options.server_pid);
  const int64_t own_cpu_end_us = OwnCpuUs();

  for (const auto& pair : pairs) pair->Stop();
  const int64_t drained_us = NowUs() + 5'000'000;
  while (InFlight(pairs) > 0 && NowUs() < drained_us) loop.RunOnce(20);
  const size_t lost = InFlight(pairs);

  if (!options.disk.empty()) {
    const std::vector<uint32_t> after = MeasureDisk(options.disk);
    disk.insert(disk.end(), after.begin(), after.end());
  }

  const double messages = static_cast<double>(tally.received);
  const double per_message = tally.received > 0 ? 1.0 / messages : 0;
  const double p50_ms = Percentile(tally.latency_us, 0.50) / 1e3;
  const double p99_ms = Percentile(tally.latency_us, 0.99) / 1e3;
  std::printf("messages/s          %.0f   (%.0f in %.1f s, %d pairs)\n", messages / seconds, messages, seconds,
              options.pairs);
  std::printf("latency             p50 %.2f ms, p99 %.2f ms\n", p50_ms, p99_ms);
  if (options.server_pid > 0) {
    std::printf("server CPU/message  %.1f us, resident %.1f MB\n",
                static_cast<double>(server_cpu_end_us - server_cpu_us) * per_message,
                static_cast<double>(ResidentKbOf(options.server_pid)) / 1024);
  }
  std::printf("client CPU/message  %.1f us\n", static_cast<double>(own_cpu_end_us - own_cpu_us) * per_message);
  if (!disk.empty()) {
    const double floor_ms = Percentile(disk, 0.50) / 1e3;
    std::printf("disk floor          p50 %.2f ms, p99 %.2f ms for a durable write of 512 bytes\n", floor_ms,
                Percentile(disk, 0.99) / 1e3);
    std::printf("ratios              p50 = %.1f disk floors; %.1f messages per disk floor\n", p50_ms / floor_ms,
                messages / seconds * floor_ms / 1e3);
  }
  std::printf("wrong %llu, lost %zu, bad answers %llu, reconnects %llu, empty polls %llu\n",
              static_cast<unsigned long long>(tally.wrong), lost, static_cast<unsigned long long>(tally.bad_answers),
              static_cast<unsigned long long>(loop.reconnects()), static_cast<unsigned long long>(tally.empty_polls));
  return tally.wrong + lost + tally.bad_answers > 0 || tally.received == 0 ? 1 : 0;
}

}  // namespace
}  // namespace alcove::bench

int main(int argc, char** argv) { return alcove::bench::Run(alcove::bench::ParseOptions(argc, argv)); }
