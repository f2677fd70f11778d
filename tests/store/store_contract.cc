#include "tests/store/store_contract.h"

#include <filesystem>

#include "store/leveldb_store.h"
#include "store/memory_store.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {

std::vector<Backend> Backends() {
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

Map ReadAll(Store& store) {
  const auto entries = store.Read([](Reader& reader) { return reader.Scan(kTestRange); });
  EXPECT_TRUE(entries.ok()) << entries.status();
  Map all;
  for (const Entry& entry : *entries) all.emplace(entry.key, entry.value);
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
