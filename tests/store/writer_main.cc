// Writes to the store in the folder given, from several threads, until it is
// killed. Each line on standard output is one acknowledged write: its key.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "store/leveldb_store.h"
#include "store/status_macros.h"

namespace {

using alcove::store::Store;
using alcove::store::Transaction;

// One key of its own and the shared count, together.
absl::Status WriteOne(Store& store, const std::string& key) {
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto count, txn.Get("t/count"));
    txn.Put("t/count", std::to_string(std::stol(count.value_or("0")) + 1));
    txn.Put(key, std::string(200, 'v'));
    return absl::OkStatus();
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  auto store = alcove::store::OpenLevelDbStore(argv[1]);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int n = 0;; ++n) {
        const std::string key =
            "t/key/" + std::string(argv[2]) + "/" + std::to_string(thread) + "/" + std::to_string(n);
        if (!WriteOne(**store, key).ok()) _exit(1);
        const std::string line = key + "\n";
        if (write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) _exit(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}
