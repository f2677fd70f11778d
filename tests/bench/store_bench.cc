// Commits a second of the LevelDB store, as ratios to what the disk can do in
// the same minute: one thread that appends as much and calls fdatasync.
//
//   alcove_store_bench [FOLDER [SECONDS]]
//
// A commit is shaped like a message: two reads, then an event of 240 bytes and
// three small writes, one of them to a key that all threads of four share.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "store/leveldb_store.h"
#include "store/status_macros.h"
#include "tests/bench/measure.h"

namespace alcove::store {
namespace {

Figures RawSync(const std::string& folder, double seconds) {
  const int file = open((folder + "/raw").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::string record(512, 'r');
  const Figures figures = Measure(1, seconds, [&](int) {
    if (write(file, record.data(), record.size()) < 0 || fdatasync(file) != 0) std::abort();
  });
  close(file);
  return figures;
}

absl::Status CommitOne(Store& store, int thread, int number) {
  const std::string own = "bench/" + std::to_string(thread);
  const std::string shared = "bench/shared/" + std::to_string(thread / 4);
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto head, txn.Get(own + "/head"));
    ASSIGN_OR_RETURN(const auto feed, txn.Get(shared));
    txn.Put(own + "/event/" + std::to_string(number), std::string(240, 'e'));
    txn.Put(own + "/head", std::to_string(number));
    txn.Put(own + "/sent/" + std::to_string(number), head.value_or(""));
    txn.Put(shared, std::to_string(std::atoll(feed.value_or("0").c_str()) + 1));
    return absl::OkStatus();
  });
}

int Main(const std::string& folder, double seconds) {
  auto store = OpenLevelDbStore(folder + "/store");
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    return 1;
  }
  std::printf("%-22s %12s %10s %10s %14s\n", "", "commits/s", "p50 us", "p99 us", "of fdatasync/s");
  for (const int threads : {1, 8, 64}) {
    // Each run beside its own reference: the machine is shared.
    const Figures raw = RawSync(folder, seconds / 2);
    std::atomic<int> number = 0;
    const Figures store_figures = Measure(threads, seconds, [&](int thread) {
      if (!CommitOne(**store, thread, ++number).ok()) std::abort();
    });
    std::printf("%-22s %12.0f %10.0f %10.0f\n", "fdatasync, 1 thread", raw.per_second, raw.p50_us, raw.p99_us);
    std::printf("store, %2d threads      %12.0f %10.0f %10.0f %13.2fx\n", threads, store_figures.per_second,
                store_figures.p50_us, store_figures.p99_us, store_figures.per_second / raw.per_second);
  }
  return 0;
}

}  // namespace
}  // namespace alcove::store

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : "";
  const bool temporary = folder.empty();
  if (temporary) {
    folder = (std::filesystem::temp_directory_path() / "alcove_store_bench_XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return 1;
  }
  const int result = alcove::store::Main(folder, argc > 2 ? std::atof(argv[2]) : 2);
  if (temporary) std::filesystem::remove_all(folder);
  return result;
}
