#include "tests/store/postgres_server.h"

#include <fcntl.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/store/temporary_folder.h"

namespace alcove::store {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void GiveUp(const std::string& why) {
  std::fprintf(stderr, "no PostgreSQL for the tests: %s\n", why.c_str());
  std::abort();
}

}  // namespace

std::string PostgresServer::ProgramFolder() {
  // The newest that is installed.
  fs::path newest;
  int version = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", error)) {
    const int found = std::atoi(entry.path().filename().c_str());
    if (found > version && fs::exists(entry.path() / "bin" / "initdb")) {
      version = found;
      newest = entry.path() / "bin";
    }
  }
  if (newest.empty()) GiveUp("install the package postgresql");
  return newest.string();
}

PostgresServer::PostgresServer() : PostgresServer(Options{}) {}

PostgresServer::PostgresServer(const Options& options) {
  MakeFolder();
  Run({"initdb", "--pgdata=" + folder_ + "/data", "--username=alcove", "--auth=trust", "--locale=C", "--encoding=UTF8",
       "--no-sync"});
  Configure({"listen_addresses = ''", "unix_socket_directories = '" + folder_ + "'", "max_connections = 200",
             "shared_buffers = 32MB", "wal_keep_size = 256MB", "log_min_messages = warning"});
  Configure(options.settings);
  Start();
}

PostgresServer::PostgresServer(PostgresServer& primary, const std::string& name) {
  MakeFolder();
  Run({"pg_basebackup", "--pgdata=" + folder_ + "/data", "--host=" + primary.folder_, "--username=alcove",
       "--checkpoint=fast", "--no-sync", "--write-recovery-conf"});
  Configure({"unix_socket_directories = '" + folder_ + "'", "synchronous_standby_names = ''",
             "primary_conninfo = 'host=" + primary.folder_ + " user=alcove application_name=" + name + "'"});
  // It overrides the rest.
  std::ofstream(folder_ + "/data/postgresql.auto.conf").close();
  Start();
}

PostgresServer::~PostgresServer() {
  End(Stop::kImmediate);
  std::error_code error;
  fs::remove_all(folder_, error);
}

PostgresServer& PostgresServer::Shared() {
  static PostgresServer server;
  return server;
}

void PostgresServer::MakeFolder() {
  folder_ = MakeTemporaryFolder();
  if (geteuid() != 0) return;
  const passwd* const user = getpwnam("postgres");
  if (user == nullptr || chown(folder_.c_str(), user->pw_uid, user->pw_gid) != 0) GiveUp("there is no user postgres");
}

void PostgresServer::Configure(const std::vector<std::string>& lines) {
  std::ofstream file(folder_ + "/data/postgresql.conf", std::ios::app);
  for (const std::string& line : lines) file << line << "\n";
}

pid_t PostgresServer::Spawn(std::vector<std::string> words) const {
  words.front() = ProgramFolder() + "/" + words.front();
  // A test that dies takes its server along.
  std::vector<std::string> all = {"setpriv", "--pdeathsig", "QUIT"};
  if (geteuid() == 0) all.insert(all.end(), {"--reuid=postgres", "--regid=postgres", "--init-groups"});
  all.push_back("--");
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string log = folder_ + "/log";
  const pid_t child = fork();
  if (child != 0) return child;
  // A group of its own: Ctrl-C is for the test, which ends it in order.
  setpgid(0, 0);
  const int output = open(log.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
  dup2(output, 1);
  dup2(output, 2);
  if (chdir(folder_.c_str()) != 0) _exit(127);
  execvp(arguments.front(), arguments.data());
  _exit(127);
}

void PostgresServer::Run(std::vector<std::string> words) {
  const std::string name = words.front();
  const pid_t child = Spawn(std::move(words));
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0) {
    std::ifstream log(folder_ + "/log");
    GiveUp(name + " failed:\n" + std::string(std::istreambuf_iterator<char>(log), {}));
  }
}

void PostgresServer::Start() {
  process_ = Spawn({"postgres", "-D", folder_ + "/data"});
  AwaitAnswer();
}

void PostgresServer::AwaitAnswer() {
  const std::string address = "host=" + folder_ + " user=alcove dbname=postgres";
  // A standby of a busy machine may take long; what never answers is for the test's own time-out.
  while (PQping(address.c_str()) != PQPING_OK) {
    int status = 0;
    if (waitpid(process_, &status, WNOHANG) == process_) {
      std::ifstream log(folder_ + "/log");
      GiveUp("it ended:\n" + std::string(std::istreambuf_iterator<char>(log), {}));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

void PostgresServer::End(Stop how) {
  if (process_ == 0) return;
  kill(process_, how == Stop::kFast ? SIGINT : SIGQUIT);
  int status = 0;
  waitpid(process_, &status, 0);
  process_ = 0;
}

void PostgresServer::Promote() {
  Execute("SELECT pg_promote(true, 60)");
  while (Execute("SELECT pg_is_in_recovery()").front() != "f") {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

std::string PostgresServer::NewPlace() {
  const std::string name = "place_" + std::to_string(++places_);
  Execute("CREATE SCHEMA " + name);
  return "postgresql://alcove@/postgres?host=" + folder_ + "&options=-csearch_path%3D" + name;
}

std::string PostgresServer::WithFallback(const std::string& place, const PostgresServer& other) {
  const size_t options = place.find("&options");
  return place.substr(0, options) + "," + other.folder_ + place.substr(options);
}

std::vector<std::string> PostgresServer::Execute(const std::string& sql, const std::string& database) {
  PGconn* const connection = PQconnectdb(("host=" + folder_ + " user=alcove dbname=" + database).c_str());
  PGresult* const result = PQexec(connection, sql.c_str());
  if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK) {
    GiveUp(sql + ": " + PQerrorMessage(connection));
  }
  std::vector<std::string> values;
  for (int row = 0; row < PQntuples(result); ++row) values.push_back(PQgetvalue(result, row, 0));
  PQclear(result);
  PQfinish(connection);
  return values;
}

}  // namespace alcove::store
