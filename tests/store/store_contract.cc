#include "tests/store/store_contract.h"

#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/numbers.h"
#include "functions/wire/limits.h"
#include "store/each_entry.h"
#include "store/leveldb_store.h"
#include "store/memory_store.h"
#include "store/postgres_store.h"
#include "store/status_macros.h"
#include "tests/store/postgres_server.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {

std::vector<Backend> OptimisticBackends() {
  return {
      {"LevelDb",
       [](const std::string& folder, const EngineOptions& options) {
         auto store = OpenLevelDbStore(folder, {.engine = options});
         EXPECT_TRUE(store.ok()) << store.status();
         return *std::move(store);
       }},
      {"Memory", [](const std::string&, const EngineOptions& options) { return MakeMemoryStore(options); }},
  };
}

namespace {

Backend PostgresWith(const std::string& name, PostgresOptions::Notifications notifications) {
  return {name, [notifications](const std::string&, const EngineOptions& options) {
            PostgresOptions postgres{.body_time_max = options.body_time_max, .notifications = notifications};
            if (options.validation == CommitWindow::Validation::kOff) {
              postgres.serializability = PostgresOptions::Serializability::kOff;
            }
            auto store = OpenPostgresStore(PostgresServer::Shared().NewPlace(), postgres);
            EXPECT_TRUE(store.ok()) << store.status();
            return *std::move(store);
          }};
}

}  // namespace

std::vector<Backend> Backends() {
  std::vector<Backend> backends = OptimisticBackends();
  backends.push_back(PostgresWith("Postgres", PostgresOptions::Notifications::kOn));
  // Nothing depends on them.
  backends.push_back(PostgresWith("PostgresUnnotified", PostgresOptions::Notifications::kOff));
  return backends;
}

absl::StatusOr<int> ReadNumber(Reader& reader, std::string_view key) {
  ASSIGN_OR_RETURN(const std::optional<std::string> value, reader.Get(key));
  int number = 0;
  if (value && !absl::SimpleAtoi(*value, &number)) return absl::DataLossError("no number");
  return number;
}

int NumberNow(Store& store, std::string_view key) {
  return *store.Read([&](Reader& reader) { return ReadNumber(reader, key); });
}

absl::Status Increment(Store& store, const std::string& key) {
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const int number, ReadNumber(txn, key));
    txn.Put(key, std::to_string(number + 1));
    return absl::OkStatus();
  });
}

absl::Status EraseAll(Store& store) {
  return store.Transact([](Transaction& txn) {
    txn.EraseRange(kTestRange);
    return absl::OkStatus();
  });
}

void Meanwhile(const std::function<void()>& act) { std::thread(act).join(); }

Map ReadAll(Store& store) {
  Map all;
  const auto take = [&](Entry& entry) {
    all.emplace(std::move(entry.key), std::move(entry.value));
    return absl::OkStatus();
  };
  // A quick machine may have written more than one scan tells.
  const absl::Status read =
      store.Read([&](Reader& reader) { return EachEntry(reader, kTestRange, take, wire::kScanEntriesMax); });
  EXPECT_TRUE(read.ok()) << read;
  return all;
}

StoreContract::StoreContract() { Open({}); }

StoreContract::~StoreContract() {
  store_.reset();
  for (const std::string& folder : folders_) std::filesystem::remove_all(folder);
}

void StoreContract::Open(const EngineOptions& options) {
  folders_.push_back(MakeTemporaryFolder());
  store_ = GetParam().open(folders_.back(), options);
}

void StoreContract::Put(const std::string& key, const std::string& value) {
  ASSERT_TRUE(store_
                  ->Transact([&](Transaction& txn) {
                    txn.Put(key, value);
                    return absl::OkStatus();
                  })
                  .ok());
}

}  // namespace alcove::store
