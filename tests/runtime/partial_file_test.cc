#include "runtime/partial_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "runtime/progress_bar.h"

namespace alcove::runtime {
namespace {

namespace fs = std::filesystem;

class PartialFileTest : public testing::Test {
 protected:
  PartialFileTest() {
    std::string path = testing::TempDir() + "/alcove_partial_XXXXXX";
    folder_ = mkdtemp(path.data());
  }
  ~PartialFileTest() override { fs::remove_all(folder_); }
  static std::string Read(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
};

TEST_F(PartialFileTest, IsThereWhenItIsWhole) {
  const fs::path path = folder_ / "a";
  auto file = PartialFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->Write("one ").ok());
  EXPECT_TRUE(file->Write("two").ok());
  EXPECT_FALSE(fs::exists(path));
  char text[7] = {};
  EXPECT_EQ(read(file->Reread()->get(), text, sizeof(text)), 7);
  EXPECT_EQ(std::string(text, 7), "one two");
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(Read(path), "one two");
  struct stat found = {};
  EXPECT_EQ(stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U) << "it holds what only its owner may read";
}

TEST_F(PartialFileTest, IsWrittenByOneAtATime) {
  const auto first = PartialFile::Create(folder_ / "a");
  ASSERT_TRUE(first.ok());
  const auto second = PartialFile::Create(folder_ / "a");
  EXPECT_EQ(second.status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(fs::exists(folder_ / "a.partial")) << "it is the first one's";
}

TEST_F(PartialFileTest, LeavesNothingWithoutCommit) {
  {
    auto file = PartialFile::Create(folder_ / "a");
    ASSERT_TRUE(file.ok());
    EXPECT_TRUE(file->Write("half").ok());
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(PartialFileTest, TakesTheNameOfNothingThatIsThere) {
  std::ofstream(folder_ / "a") << "theirs";
  const auto file = PartialFile::Create(folder_ / "a");
  EXPECT_EQ(file.status().code(), absl::StatusCode::kAlreadyExists) << file.status();
  fs::create_symlink("/nothing/there", folder_ / "b");
  EXPECT_EQ(PartialFile::Create(folder_ / "b").status().code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(PartialFile::Create(folder_ / "not" / "there").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Read(folder_ / "a"), "theirs");
}

TEST_F(PartialFileTest, WritesOverWhatAnInterruptedOneLeft) {
  std::ofstream(folder_ / "a.partial") << "a long text of yesterday";
  auto file = PartialFile::Create(folder_ / "a");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_TRUE(file->Write("new").ok());
  ASSERT_TRUE(file->Commit().ok());
  EXPECT_EQ(Read(folder_ / "a"), "new");
}

TEST(ProgressBar, ShowsTheShareInTheWidthThereIs) {
  const std::string full(30, '#');
  EXPECT_EQ(ProgressBar::Line("Copying", 50, 200, 80),
            "Copying [" + full.substr(0, 7) + std::string(23, ' ') + "] 25 %  50 entries");
  EXPECT_EQ(ProgressBar::Line("Copying", 7, 7, 80), "Copying [" + full + "] 100 %  7 entries");
  EXPECT_EQ(ProgressBar::Line("Copying", 9, 7, 80), "Copying [" + full + "] 100 %  9 entries") << "never more than all";
  EXPECT_EQ(ProgressBar::Line("Verifying", 9, 0, 80), "Verifying  9 entries") << "of how many is not known";
  EXPECT_EQ(ProgressBar::Line("Verifying", 9, 0, 5), "Veri") << "a line that is longer would wrap";
  EXPECT_EQ(ProgressBar::Line("Verifying", 9, 0, 0), "");
}

}  // namespace
}  // namespace alcove::runtime
