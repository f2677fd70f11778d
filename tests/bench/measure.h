// How often and how fast something can be done by several at once.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

namespace alcove::store {

struct Figures {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
  double worst_us = 0;
  double cpu_us = 0;  // of the whole process, for each: what others on the machine do matters less to it
};

// Calls `act(thread)` from each thread until the time is over, with a pause
// after each call that is not counted.
template <class Act>
Figures Measure(int threads, double seconds, const Act& act, std::chrono::microseconds pause = {}) {
  std::vector<std::vector<double>> took(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  const std::clock_t cpu_before = std::clock();
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&, thread] {
      for (auto now = std::chrono::steady_clock::now(); now < end;) {
        const auto start = now;
        act(thread);
        now = std::chrono::steady_clock::now();
        took[static_cast<size_t>(thread)].push_back(std::chrono::duration<double, std::micro>(now - start).count());
        if (pause.count() == 0) continue;
        std::this_thread::sleep_for(pause);
        now = std::chrono::steady_clock::now();
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  const double cpu_us = static_cast<double>(std::clock() - cpu_before) * 1e6 / CLOCKS_PER_SEC;
  std::vector<double> all;
  for (const auto& of_thread : took) all.insert(all.end(), of_thread.begin(), of_thread.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return {};
  const auto count = static_cast<double>(all.size());
  return {count / seconds, all[all.size() / 2], all[all.size() * 99 / 100], all.back(), cpu_us / count};
}

}  // namespace alcove::store
