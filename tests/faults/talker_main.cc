// People talk over the store in the folder given, from several threads, until
// the process is killed. Each line on standard output is an acknowledged message.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "store/leveldb_store.h"
#include "tests/faults/talk.h"

namespace alcove::functions {
namespace {

void TalkForEver(World& world, Talk& talk) {
  std::set<std::string> told;
  while (talk.Step(world)) {
    for (const std::string& message : talk.acknowledged()) {
      if (!told.insert(message).second) continue;
      const std::string line = message + "\n";
      if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
    }
  }
  _exit(1);
}

int Main(const std::string& folder, int round) {
  auto store = store::OpenLevelDbStore(folder);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  World world(*std::move(store));
  world.clock.Advance(absl::Minutes(round));
  std::vector<Talk> talks;
  for (int i = 0; i < 4; ++i) talks.emplace_back(world, static_cast<uint64_t>(round * 10 + i), 2000);
  std::vector<std::thread> threads;
  for (Talk& talk : talks) threads.emplace_back([&] { TalkForEver(world, talk); });
  for (std::thread& thread : threads) thread.join();
  return 0;
}

}  // namespace
}  // namespace alcove::functions

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  return alcove::functions::Main(argv[1], std::atoi(argv[2]));
}
