#include "store/postgres_store.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/format.h"
#include "store/mutex.h"
#include "store/postgres_pool.h"
#include "store/postgres_schema.h"
#include "store/postgres_signals.h"
#include "store/postgres_transaction.h"
#include "store/status_macros.h"

namespace alcove::store {
namespace {

using postgres::Turns;

// Connections that break before anything was committed: a server that restarts
// breaks those at hand once.
constexpr int kLostTolerated = 3;
// Attempts that run alone, as far as this node goes; others may still disturb.
constexpr int kAloneAttempts = 10;
// Between attempts, past the first that follow at once. With shorter ones nodes
// that contend for a key wear each other out; longer ones leave the key idle.
constexpr int kEagerAttempts = 2;
constexpr std::chrono::microseconds kLongestPause{20'000};

void PauseAfterConflict(int attempt) {
  if (attempt <= kEagerAttempts) return;
  thread_local std::minstd_rand jitter(std::random_device{}());
  const auto most = std::min(kLongestPause, std::chrono::microseconds(500) * (attempt - kEagerAttempts));
  std::this_thread::sleep_for(std::chrono::microseconds(jitter() % static_cast<unsigned>(most.count())));
}

class PostgresStore final : public Store {
 public:
  PostgresStore(postgres::Target target, const PostgresOptions& options)
      : options_(options), pool_(std::move(target), options_.connections_max, [this] { AnythingMayHaveChanged(); }) {}

  ~PostgresStore() override {
    Watch(nullptr);
    signals_.reset();
  }

  absl::Status Open() {
    {
      ASSIGN_OR_RETURN(postgres::Pool::Lease connection, pool_.Take());
      ASSIGN_OR_RETURN(epoch_, options_.creation == PostgresOptions::Creation::kMustExist
                                   ? postgres::CheckSchema(*connection)
                                   : postgres::PrepareSchema(*connection));
    }
    signals_ = std::make_unique<postgres::Signals>(
        pool_, RandomEpoch(),
        options_.notifications == PostgresOptions::Notifications::kOn ? postgres::Notifications::kOn
                                                                      : postgres::Notifications::kOff,
        postgres::Listeners{[this](const std::vector<std::string>& topics) { TellWatcher(topics); },
                            [this] { AnythingMayHaveChanged(); },
                            [this](const std::string& message) { MessageHeard(message); }});
    return absl::OkStatus();
  }

  std::string epoch() const override {
    // The timeline in place of the last eight digits: as long as other stores' are.
    return absl::StrCat(epoch_.substr(0, epoch_.size() - 8), absl::Hex(pool_.timeline(), absl::kZeroPad8));
  }

  void Broadcast(std::string_view message) override { signals_->Broadcast(message); }

  void Watch(Watcher* watcher) override {
    const MutexLock lock(watcher_mutex_);
    watcher_ = watcher;
  }

 protected:
  absl::Status TransactStatus(const std::function<absl::Status(Transaction&)>& body) override {
    std::vector<std::string> before;
    int lost = 0;
    for (int attempt = 1; attempt <= wire::kTransactionAttemptsMax + kAloneAttempts; ++attempt) {
      const auto company = attempt > wire::kTransactionAttemptsMax ? Turns::Company::kAlone : Turns::Company::kAny;
      {
        postgres::PostgresTransaction transaction(
            {pool_, hints_, turns_, Begin()}, company, std::move(before),
            std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(options_.body_time_max));
        const absl::Status status = transaction.Run(body);
        const postgres::Session& session = transaction.session();
        if (status.ok()) Publish(transaction.topics());
        if (const auto took = transaction.commit_took(); took.has_value()) TellOfCommit(*took);
        if (session.unknown()) PublishInDoubt(transaction.topics());
        if (!session.to_be_repeated()) return status;
        if (!session.conflicted() && ++lost == kLostTolerated) return status;
        before = transaction.TouchedKeys();
      }
      PauseAfterConflict(attempt);
    }
    return absl::AbortedError("a transaction met too many conflicts");
  }

  absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) override {
    postgres::PostgresReader reader(pool_, hints_);
    return body(reader);
  }

 private:
  const postgres::Statement& Begin() const {
    return options_.serializability == PostgresOptions::Serializability::kOn ? postgres::kBegin
                                                                             : postgres::kBeginUnchecked;
  }

  // Of our own commits: our watcher before the answer, the other nodes soon.
  void Publish(const std::vector<std::string>& topics) {
    if (topics.empty()) return;
    TellWatcher(topics);
    signals_->Publish(topics);
  }

  // Perhaps it was committed, perhaps it will be.
  void PublishInDoubt(const std::vector<std::string>& topics) {
    if (topics.empty()) return;
    TellWatcher(topics);
    signals_->PublishInDoubt(topics);
  }

  void TellWatcher(const std::vector<std::string>& topics) {
    const MutexLock lock(watcher_mutex_);
    if (watcher_ != nullptr) watcher_->TopicsChanged(topics);
  }

  void TellOfCommit(std::chrono::nanoseconds took) {
    const MutexLock lock(watcher_mutex_);
    if (watcher_ != nullptr) watcher_->CommitsMade(1, took);
  }

  void AnythingMayHaveChanged() {
    const MutexLock lock(watcher_mutex_);
    if (watcher_ != nullptr) watcher_->AnythingMayHaveChanged();
  }

  void MessageHeard(const std::string& message) {
    const MutexLock lock(watcher_mutex_);
    if (watcher_ != nullptr) watcher_->MessageHeard(message);
  }

  const PostgresOptions options_;
  std::string epoch_;
  postgres::Hints hints_;
  postgres::Turns turns_;

  // Held while the watcher is called.
  Mutex watcher_mutex_;
  Watcher* watcher_ ABSL_GUARDED_BY(watcher_mutex_) = nullptr;

  postgres::Pool pool_;
  std::unique_ptr<postgres::Signals> signals_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenPostgresStore(const std::string& url, const PostgresOptions& options) {
  RETURN_IF_ERROR(postgres::Connection::Check(url));
  auto store = std::make_unique<PostgresStore>(postgres::Target{url, options.on_round_trip}, options);
  RETURN_IF_ERROR(store->Open());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace alcove::store
