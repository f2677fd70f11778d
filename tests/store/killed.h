// A process that writes to a store and says so, and is killed for it.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <set>
#include <sstream>
#include <string>

namespace alcove::store {

struct Killed {
  std::string program;  // is given `folder` and `round`, and prints a line for each write that was acknowledged
  std::string folder;
  int round = 0;
  size_t lines = 1;     // after so many it is killed,
  useconds_t more = 0;  // and a while that may be random
};

// Runs it to its end, and returns all that it printed.
inline std::set<std::string> AcknowledgedBy(const Killed& killed) {
  int out[2];
  EXPECT_EQ(pipe(out), 0);
  const pid_t child = fork();
  if (child == 0) {
    dup2(out[1], STDOUT_FILENO);
    close(out[0]);
    close(out[1]);
    execl(killed.program.c_str(), killed.program.c_str(), killed.folder.c_str(), std::to_string(killed.round).c_str(),
          nullptr);
    _exit(127);
  }
  close(out[1]);
  std::string text;
  char piece[4096];
  bool is_killed = false;
  size_t seen = 0;
  for (ssize_t got; (got = read(out[0], piece, sizeof(piece))) > 0;) {
    text.append(piece, static_cast<size_t>(got));
    for (ssize_t i = 0; i < got; ++i) seen += piece[i] == '\n';
    if (seen < killed.lines || is_killed) continue;
    is_killed = true;
    usleep(killed.more);
    kill(child, SIGKILL);
  }
  close(out[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "it ended by itself: " << status;
  std::set<std::string> acknowledged;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) acknowledged.insert(line);
  return acknowledged;
}

}  // namespace alcove::store
