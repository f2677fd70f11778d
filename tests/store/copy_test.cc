// From every backend into every other.
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "functions/wire/limits.h"
#include "store/transfer.h"
#include "tests/store/seed.h"
#include "tests/store/store_contract.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

class CopyBetween : public testing::TestWithParam<std::tuple<Backend, Backend>> {
 protected:
  ~CopyBetween() override {
    from_.reset();
    to_.reset();
    std::filesystem::remove_all(folder_);
  }

  const std::string folder_ = MakeTemporaryFolder();
  std::unique_ptr<Store> from_ = std::get<0>(GetParam()).open(folder_ + "/from", {});
  std::unique_ptr<Store> to_ = std::get<1>(GetParam()).open(folder_ + "/to", {});
};

INSTANTIATE_TEST_SUITE_P(Each, CopyBetween,
                         testing::Combine(testing::ValuesIn(Backends()), testing::ValuesIn(Backends())),
                         [](const auto& param) {
                           return std::get<0>(param.param).name + "To" + std::get<1>(param.param).name;
                         });

TEST_P(CopyBetween, MovesEverythingAndComesBackTheSame) {
  SCOPED_TRACE(Replay());
  std::mt19937_64 rng(Seed());
  // Any bytes, as keys and as values, and more than one transaction of them.
  const auto draw = [&](size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng());
    return bytes;
  };
  for (int batch = 0; batch < 6; ++batch) {
    std::vector<Entry> entries;
    for (int i = 0; i < 200; ++i) entries.push_back({"t/" + draw(1 + rng() % 60), draw(rng() % 200)});
    entries.push_back({"t/" + draw(wire::kKeyBytesMax - 2), draw(wire::kValueBytesMax)});
    ASSERT_TRUE(from_
                    ->Transact([&](Transaction& txn) {
                      for (const Entry& entry : entries) txn.Put(entry.key, entry.value);
                      return absl::OkStatus();
                    })
                    .ok());
  }
  const std::string epoch = to_->epoch();
  const auto copied = Copy(*from_, *to_, nullptr);
  ASSERT_TRUE(copied.ok()) << copied.status();
  EXPECT_GT(copied->entries, 1000);
  EXPECT_EQ(ReadAll(*to_), ReadAll(*from_));
  EXPECT_EQ(to_->epoch(), epoch) << "it keeps its own";
  EXPECT_EQ(*to_->Read([](Reader& reader) { return Measure(reader, 0, nullptr); }), *copied);
  EXPECT_EQ(Copy(*from_, *to_, nullptr).status().code(), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace alcove::store
