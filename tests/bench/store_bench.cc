// What the LevelDB store costs, beside what the same disk and the same LevelDB
// do without it, in turns of the same minute.
//
//   alcove_store_bench [--folder DIR] [--seconds S] commits
//   alcove_store_bench [--folder DIR] reads
//   alcove_store_bench [--folder DIR] [--seconds S] [--records N] large
//
// commits  transactions shaped like a message (2 reads, 5 puts, a signal), 64 and
//          1 in flight, beside a bare committer that batches in the same way
// reads    Get, a scan of 50 events, and whether anything follows the end of a feed
// large    N small records (10 million): how fast they open, in how much memory,
//          and how long commits wait under a steady load of S seconds
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "functions/wire/ids.h"
#include "leveldb/db.h"
#include "leveldb/filter_policy.h"
#include "leveldb/write_batch.h"
#include "store/fate.h"
#include "store/keys.h"
#include "store/leveldb_store.h"
#include "store/status_macros.h"
#include "tests/bench/measure.h"

namespace alcove::store {
namespace {

using Clock = std::chrono::steady_clock;

// Many short turns: what others on the machine do is then done to both.
constexpr int kRounds = 15;

struct Row {
  std::string key, value;
};

// What one message writes.
std::vector<Row> Message(int thread, int number) {
  const std::string own = "bench/" + std::to_string(thread);
  const std::string position = std::to_string(number);
  return {{own + "/event/" + position, std::string(240, 'e')},
          {own + "/head", position + std::string(300, 'h')},
          {own + "/sent/" + position, std::string(80, 's')},
          {own + "/feed/" + position, std::string(60, 'f')},
          {own + "/feed_head", position}};
}

// --- Without the store ------------------------------------------------------------

class Bare {
 public:
  explicit Bare(const std::string& folder) : filter_(leveldb::NewBloomFilterPolicy(10)) {
    leveldb::Options options;
    options.create_if_missing = true;
    options.filter_policy = filter_.get();
    leveldb::DB* db = nullptr;
    if (!leveldb::DB::Open(options, folder, &db).ok()) std::abort();
    db_.reset(db);
  }

  void Write(leveldb::WriteBatch& batch) {
    leveldb::WriteOptions options;
    options.sync = true;
    if (!db_->Write(options, &batch).ok()) std::abort();
  }

 private:
  std::unique_ptr<const leveldb::FilterPolicy> filter_;
  std::unique_ptr<leveldb::DB> db_;
};

// One thread that writes what waits as one batch, and answers all of them as
// the store does: no reads, no order, no conflicts.
class BareCommitter {
 public:
  explicit BareCommitter(const std::string& folder) : bare_(folder), thread_([this] { Run(); }) {}
  ~BareCommitter() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  void Commit(std::vector<Row> rows) {
    const auto fate = std::make_shared<Fate>();
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back({std::move(rows), fate});
    }
    changed_.notify_one();
    if (!fate->Await().ok()) std::abort();
  }

 private:
  struct Waiting {
    std::vector<Row> rows;
    FatePtr fate;
  };

  void Run() {
    while (true) {
      std::vector<Waiting> taken;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        taken.swap(waiting_);
      }
      leveldb::WriteBatch batch;
      for (const Waiting& waiting : taken) {
        for (const Row& row : waiting.rows) batch.Put(row.key, row.value);
      }
      bare_.Write(batch);
      for (const Waiting& waiting : taken) waiting.fate->Decide(absl::OkStatus());
    }
  }

  Bare bare_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Waiting> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

// --- Commits ------------------------------------------------------------------------

absl::Status CommitOne(Store& store, int thread, int number) {
  const std::string own = "bench/" + std::to_string(thread);
  return store.Transact([&](Transaction& txn) -> absl::Status {
    RETURN_IF_ERROR(txn.Get(own + "/head").status());
    RETURN_IF_ERROR(txn.Get(own + "/feed_head").status());
    for (const Row& row : Message(thread, number)) txn.Put(row.key, row.value);
    txn.Signal(own);
    return absl::OkStatus();
  });
}

double Least(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::unique_ptr<Store> Open(const std::string& folder) {
  auto store = OpenLevelDbStore(folder);
  if (!store.ok()) {
    std::fprintf(stderr, "%s\n", store.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(store);
}

void Commits(const std::string& folder, double seconds) {
  const auto store = Open(folder + "/store");
  BareCommitter committer(folder + "/bare");
  std::atomic<int> number = 0;
  constexpr int kInFlight = 64;
  std::vector<double> rates;
  double worst_us = 0;
  for (int round = 0; round < kRounds; ++round) {
    const double turn = seconds / kRounds;
    const Figures bare = Measure(kInFlight, turn, [&](int thread) { committer.Commit(Message(thread, ++number)); });
    const Figures ours = Measure(kInFlight, turn, [&](int thread) {
      if (!CommitOne(*store, thread, ++number).ok()) std::abort();
    });
    for (const auto& [name, figures] : {std::pair("bare", bare), std::pair("store", ours)}) {
      std::printf("%d in flight: %-5s %7.0f/s, %4.0f us of CPU each, p50 %6.0f us, p99 %6.0f us\n", kInFlight, name,
                  figures.per_second, figures.cpu_us, figures.p50_us, figures.p99_us);
    }
    rates.push_back(ours.per_second / bare.per_second);
    worst_us = std::max(worst_us, ours.worst_us);
  }
  std::printf("=> %d in flight: %.2f of the bare committer's rate (goal >= 0.7); the worst wait %.0f ms\n", kInFlight,
              Median(rates), worst_us / 1000);

  // Alone, a bare write needs no committer.
  std::vector<double> bare_waits, waits, ratios;
  Bare bare(folder + "/alone");
  for (int round = 0; round < kRounds; ++round) {
    const double turn = seconds / kRounds;
    const Figures synced = Measure(1, turn, [&](int thread) {
      leveldb::WriteBatch batch;
      for (const Row& row : Message(thread, ++number)) batch.Put(row.key, row.value);
      bare.Write(batch);
    });
    const Figures ours = Measure(1, turn, [&](int thread) {
      if (!CommitOne(*store, thread, ++number).ok()) std::abort();
    });
    bare_waits.push_back(synced.p50_us);
    waits.push_back(ours.p50_us);
    ratios.push_back(ours.p50_us / synced.p50_us);
  }
  // The best turn of each is the one in which others were least in the way.
  std::printf(
      "=> 1 in flight: p50 %.0f us, a bare synced write's %.0f us: %.2f of it (goal <= 1.5), and of the turns in pairs "
      "%.2f\n",
      Least(waits), Least(bare_waits), Least(waits) / Least(bare_waits), Median(ratios));
}

// --- Reads --------------------------------------------------------------------------

double ThreadMicroseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

// The median of some rounds of `times` calls, in microseconds of this thread
// each: what is read is in memory, and others use the machine too.
double Microseconds(int times, const std::function<void()>& act) {
  std::vector<double> rounds;
  for (int round = 0; round < 15; ++round) {
    const double begin = ThreadMicroseconds();
    for (int i = 0; i < times; ++i) act();
    rounds.push_back((ThreadMicroseconds() - begin) / times);
  }
  return Median(rounds);
}

void Reads(const std::string& folder) {
  const wire::SiteId site("sit_demo");
  const auto conversation = wire::ConversationId::Make(1'790'000'000'000, 1, 2);
  const auto customer = wire::CustomerId::Make(1'790'000'000'000, 1, 2);
  const auto owner = keys::FeedOwner::Of(customer);
  {
    const auto store = Open(folder + "/store");
    for (int batch = 0; batch < 50; ++batch) {
      const absl::Status status = store->Transact([&](Transaction& txn) {
        for (int i = 1; i <= 1000; ++i) {
          const int64_t seq = batch * 1000 + i;
          txn.Put(keys::Event(site, conversation, seq), std::string(240, 'e'));
          txn.Put(keys::FeedEntry(site, owner, seq), std::string(60, 'f'));
        }
        txn.Put(keys::FeedHead(site, owner), R"({"version":1,"position":50000})");
        return absl::OkStatus();
      });
      if (!status.ok()) std::abort();
    }
  }
  const auto store = Open(folder + "/store");
  const std::string head = keys::FeedHead(site, owner);
  const Range fifty = keys::Events(site, conversation, 25'000);
  const Range tail = keys::FeedEntries(site, owner, 50'000);
  const auto check = [](bool right) {
    if (!right) std::abort();
  };
  // Each as functions do it: a Read() of its own, and what it costs within one.
  const auto whole = [&](const std::function<void(Reader&)>& read) {
    return Microseconds(20'000, [&] {
      check(store
                ->Read([&](Reader& reader) {
                  read(reader);
                  return absl::OkStatus();
                })
                .ok());
    });
  };
  const auto within = [&](const std::function<void(Reader&)>& read) {
    double us = 0;
    check(store
              ->Read([&](Reader& reader) {
                us = Microseconds(20'000, [&] { read(reader); });
                return absl::OkStatus();
              })
              .ok());
    return us;
  };
  const struct {
    const char* name;
    std::function<void(Reader&)> read;
    double goal_us;
  } kCases[] = {
      {"Get", [&](Reader& reader) { check(reader.Get(head)->has_value()); }, 2.0},
      {"scan of 50 events", [&](Reader& reader) { check(reader.Scan(fifty, {.limit = 50})->size() == 50); }, 15.0},
      {"empty tail of a feed", [&](Reader& reader) { check(reader.Scan(tail, {.limit = 100})->empty()); }, 1.5},
  };
  for (const auto& c : kCases) {
    std::printf("%-22s %6.2f us, with a Read() of its own %6.2f us (goal <= %.1f)\n", c.name, within(c.read),
                whole(c.read), c.goal_us);
  }
}

// --- Ten million records --------------------------------------------------------------

double ResidentMegabytes() {
  std::ifstream statm("/proc/self/statm");
  double pages = 0;
  double resident = 0;
  statm >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

std::ptrdiff_t OpenFiles() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

void InAChild(const std::function<void()>& act) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    act();
    std::fflush(nullptr);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status != 0) std::exit(1);
}

void Fill(const std::string& folder, int records) {
  const auto store = Open(folder);
  constexpr int kAtOnce = 20'000;
  const auto begin = Clock::now();
  for (int first = 0; first < records; first += kAtOnce) {
    const absl::Status status = store->Transact([&](Transaction& txn) {
      for (int i = first; i < std::min(first + kAtOnce, records); ++i) {
        // In an order of its own, as conversations are written.
        const auto spread = static_cast<uint32_t>(i) * 2654435761U;
        txn.Put("t/" + std::to_string(spread) + "/" + std::to_string(i), std::string(60, 'r') + std::to_string(i));
      }
      return absl::OkStatus();
    });
    if (!status.ok()) std::abort();
  }
  std::printf("filled with %d records in %.0f s\n", records,
              std::chrono::duration<double>(Clock::now() - begin).count());
}

void Large(const std::string& folder, int records, double seconds) {
  const std::string data = folder + "/store";
  InAChild([&] { Fill(data, records); });
  for (int times = 0; times < 2; ++times) {
    InAChild([&] {
      const double before = ResidentMegabytes();
      const auto begin = Clock::now();
      const auto store = Open(data);
      const double took = std::chrono::duration<double>(Clock::now() - begin).count();
      std::printf("=> opened in %.2f s (goal < 2), resident %.0f MB (%.0f before)\n", took, ResidentMegabytes(),
                  before);
    });
  }
  InAChild([&] {
    const auto store = Open(data);
    // Any record, at random: what a busy server would keep in its caches.
    std::atomic<bool> reading = true;
    std::thread reader([&] {
      for (uint32_t i = 0; reading; i = i * 1664525U + 1013904223U) {
        const uint32_t record = i % static_cast<uint32_t>(records);
        const std::string key = "t/" + std::to_string(record * 2654435761U) + "/" + std::to_string(record);
        if (!store->Read([&](Reader& r) { return r.Get(key); }).value().has_value()) std::abort();
        std::this_thread::sleep_for(std::chrono::microseconds(500));
      }
    });
    // What the disk itself does to one who appends and syncs meanwhile: others use it too.
    std::vector<double> synced;
    std::thread beside([&] {
      const int file = open((folder + "/raw").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
      const std::string record(512, 'r');
      while (reading) {
        const auto begin = Clock::now();
        if (write(file, record.data(), record.size()) < 0 || fdatasync(file) != 0) std::abort();
        synced.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
      close(file);
    });
    std::atomic<int> number = 0;
    // A steady load, not all that it can take.
    const Figures figures = Measure(
        16, seconds,
        [&](int thread) {
          if (!CommitOne(*store, thread, ++number).ok()) std::abort();
        },
        std::chrono::milliseconds(10));
    reading = false;
    reader.join();
    beside.join();
    std::sort(synced.begin(), synced.end());
    std::printf("   a bare fdatasync beside it: p50 %.0f us, p99 %.0f us, the worst %.0f ms\n",
                synced[synced.size() / 2], synced[synced.size() * 99 / 100], synced.back() / 1000);
    std::printf(
        "=> %.0f s of %.0f commits/s: p50 %.0f us, p99 %.0f us, the worst %.0f ms; resident %.0f MB (goal <= 200), "
        "%td files open\n",
        seconds, figures.per_second, figures.p50_us, figures.p99_us, figures.worst_us / 1000, ResidentMegabytes(),
        OpenFiles());
  });
}

int Main(std::vector<std::string> words) {
  std::string folder, what;
  double seconds = 20;
  int records = 10'000'000;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool has_value = i + 1 < words.size();
    if (words[i] == "--folder" && has_value) {
      folder = words[++i];
    } else if (words[i] == "--seconds" && has_value) {
      seconds = std::atof(words[++i].c_str());
    } else if (words[i] == "--records" && has_value) {
      records = std::atoi(words[++i].c_str());
    } else {
      what = words[i];
    }
  }
  if (folder.empty()) folder = std::filesystem::temp_directory_path().string();
  folder += "/alcove_store_bench_XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return 1;
  if (what == "commits") Commits(folder, seconds);
  if (what == "reads") Reads(folder);
  if (what == "large") Large(folder, records, seconds);
  std::filesystem::remove_all(folder);
  if (what != "commits" && what != "reads" && what != "large") {
    std::fprintf(stderr, "say commits, reads or large\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace alcove::store

int main(int argc, char** argv) { return alcove::store::Main({argv + 1, argv + argc}); }
