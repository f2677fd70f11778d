// SIGKILL at random moments while people talk, again and again on one folder.
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
#include "tests/faults/talk.h"
#include "tests/store/seed.h"
#include "tests/store/temporary_folder.h"

namespace alcove::functions {
namespace {

// Starts the talkers, kills them after `lines` acknowledgements and a random
// while more, and returns all that they told of.
std::set<std::string> TalkAndKill(const std::string& folder, int round, size_t lines, useconds_t more) {
  int out[2];
  EXPECT_EQ(pipe(out), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl(ALCOVE_TALKER, ALCOVE_TALKER, folder.c_str(), std::to_string(round).c_str(), nullptr);
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
    if (seen < lines || killed) continue;
    killed = true;
    usleep(more);
    kill(child, SIGKILL);
  }
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the talkers ended by themselves: " << status;
  std::set<std::string> messages;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) messages.insert(line);
  return messages;
}

TEST(Kill, EveryAcknowledgedMessageIsThereOnce) {
  SCOPED_TRACE(store::Replay());
  std::mt19937_64 rng(store::Seed());
  const std::string folder = store::MakeTemporaryFolder();
  std::set<std::string> acknowledged;
  for (int round = 1; round <= 5 && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(round);
    acknowledged.merge(TalkAndKill(folder, round, 1 + rng() % 300, static_cast<useconds_t>(rng() % 5000)));
    auto store = store::OpenLevelDbStore(folder);
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWhole(**store, acknowledged);
  }
  EXPECT_GT(acknowledged.size(), 5U);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace alcove::functions
