// A real PostgreSQL of a test's own, in a temporary folder, reached by a socket
// in it: no port is taken and nobody else can come in. It refuses to run as
// root, so there it runs as the user `postgres`.
//
// Threads: one, which must live as long as the server: it is ended with it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace alcove::store {

class PostgresServer {
 public:
  struct Options {
    // Lines of postgresql.conf. Servers are killed here, not machines: the system
    // keeps what they wrote, and a recovery that syncs each of 1,500 files takes
    // a minute on a busy disk.
    std::vector<std::string> settings = {"fsync = off"};
  };

  // A new, running cluster. Aborts where there is none to be had.
  PostgresServer();
  explicit PostgresServer(const Options& options);
  // A running standby that follows `primary`, as of now; it calls itself `name`.
  PostgresServer(PostgresServer& primary, const std::string& name);
  ~PostgresServer();

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  // One for all tests of a binary.
  static PostgresServer& Shared();

  // A place with no tables, and where it is found.
  std::string NewPlace();
  // The place with both servers named, the first that takes writes to be used.
  static std::string WithFallback(const std::string& place, const PostgresServer& other);
  const std::string& folder() const { return folder_; }
  // Where its programs lie.
  static std::string ProgramFolder();

  // Runs SQL as the superuser and returns the first column of its rows.
  std::vector<std::string> Execute(const std::string& sql, const std::string& database = "postgres");

  enum class Stop {
    kFast,       // transactions are rolled back, all is written
    kImmediate,  // as if it had crashed
  };
  void End(Stop how);
  void Start();
  // A standby becomes a primary; returns when it takes writes.
  void Promote();

 private:
  void MakeFolder();
  void Configure(const std::vector<std::string>& lines);
  // Runs a program of PostgreSQL as the right user, to its end.
  void Run(std::vector<std::string> words);
  pid_t Spawn(std::vector<std::string> words) const;
  void AwaitAnswer();

  std::string folder_;  // holds `data`, `log` and the socket
  pid_t process_ = 0;
  int places_ = 0;
};

}  // namespace alcove::store
