// How often and how fast something can be done by several at once.
#pragma once

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace alcove::store {

struct Figures {
  double per_second = 0;
  double p50_us = 0;
  double p99_us = 0;
};

// Calls `act(thread)` from each thread until the time is over.
template <class Act>
Figures Measure(int threads, double seconds, const Act& act) {
  std::vector<std::vector<double>> took(static_cast<size_t>(threads));
  std::vector<std::thread> running;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  for (int thread = 0; thread < threads; ++thread) {
    running.emplace_back([&, thread] {
      for (auto now = std::chrono::steady_clock::now(); now < end;) {
        const auto start = now;
        act(thread);
        now = std::chrono::steady_clock::now();
        took[static_cast<size_t>(thread)].push_back(std::chrono::duration<double, std::micro>(now - start).count());
      }
    });
  }
  for (std::thread& thread : running) thread.join();
  std::vector<double> all;
  for (const auto& of_thread : took) all.insert(all.end(), of_thread.begin(), of_thread.end());
  std::sort(all.begin(), all.end());
  if (all.empty()) return {};
  return {static_cast<double>(all.size()) / seconds, all[all.size() / 2], all[all.size() * 99 / 100]};
}

}  // namespace alcove::store
