// SIGKILL under load, again and again on one folder.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <random>
#include <set>
#include <sstream>
#include <string>

#include "store/leveldb_store.h"
#include "tests/store/seed.h"
#include "tests/store/store_contract.h"
#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

// Starts the writer, kills it after it acknowledged `lines` writes, and returns
// all that it acknowledged.
std::set<std::string> WriteAndKill(const std::string& folder, int round, size_t lines) {
  int out[2];
  EXPECT_EQ(pipe(out), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl(ALCOVE_STORE_WRITER, ALCOVE_STORE_WRITER, folder.c_str(), std::to_string(round).c_str(), nullptr);
    _exit(127);
  }
  close(out[1]);
  std::string text;
  char piece[4096];
  bool killed = false;
  size_t seen = 0;
  for (ssize_t got; (got = read(out[0], piece, sizeof(piece))) > 0;) {
    text.append(piece, static_cast<size_t>(got));
    for (ssize_t i = 0; i < got; ++i) seen += piece[i] == '\n';
    if (seen >= lines && !killed) {
      killed = true;
      kill(child, SIGKILL);
    }
  }
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << status;
  std::set<std::string> keys;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) keys.insert(line);
  return keys;
}

TEST(LevelDbKill, EveryAcknowledgedWriteIsThereAndWhole) {
  SCOPED_TRACE(Replay());
  std::mt19937_64 rng(Seed());
  const std::string folder = MakeTemporaryFolder();
  std::set<std::string> acknowledged;
  for (int round = 0; round < 8 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    acknowledged.merge(WriteAndKill(folder, round, 1 + rng() % 400));
    auto store = OpenLevelDbStore(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    const Map all = ReadAll(**store);
    for (const std::string& key : acknowledged) EXPECT_TRUE(all.contains(key)) << key;
    // The count and the keys were written together, or neither was.
    ASSERT_TRUE(all.contains("t/count"));
    EXPECT_EQ(std::to_string(all.size() - 1), all.at("t/count"));
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace alcove::store
