// Transactions a second on PostgreSQL, as ratios to what `pgbench` reaches in the
// same minute with the same statements, pipelined as ours are; and two nodes
// beside one.
//
//   alcove_postgres_bench [SECONDS]
//
// A transaction is shaped like a message: two reads, five writes, one signal,
// each in a conversation of its own. The server is a new one with the settings
// that it comes with: it syncs each commit.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>

#include "store/postgres_store.h"
#include "store/status_macros.h"
#include "tests/bench/measure.h"
#include "tests/store/postgres_server.h"

namespace alcove::store {
namespace {

constexpr char kScript[] = R"(\set n random(1, 1000000000000)
\startpipeline
BEGIN ISOLATION LEVEL SERIALIZABLE;
SELECT value FROM alcove_entry WHERE site = 'p/' AND key = ('head/' || :client_id)::bytea;
SELECT value FROM alcove_entry WHERE site = 'p/' AND key = ('feed_head/' || :client_id)::bytea;
\endpipeline
\startpipeline
)";
constexpr char kPut[] =
    "INSERT INTO alcove_entry (site, key, value) VALUES ('p/', ('%s/' || :client_id%s)::bytea, "
    "%s) ON CONFLICT (site, key) DO UPDATE SET value = excluded.value;\n";

void WriteScript(const std::string& path) {
  std::ofstream script(path);
  script << kScript;
  const struct {
    const char* family;
    const char* more;
    const char* value;
  } kPuts[] = {{"event", " || '/' || :n", "repeat('e', 240)::bytea"},
               {"head", "", "'1234'"},
               {"sent", " || '/' || :n", "'1234'"},
               {"feed", " || '/' || :n", "'1234'"},
               {"feed_head", "", "'1234'"}};
  for (const auto& put : kPuts) {
    char line[400];
    std::snprintf(line, sizeof line, kPut, put.family, put.more, put.value);
    script << line;
  }
  script << "COMMIT;\n\\endpipeline\n";
}

double RunPgbench(const PostgresServer& server, const std::string& place, int clients, double seconds) {
  const std::string schema = place.substr(place.find("place_"));
  const std::string script = server.folder() + "/script";
  WriteScript(script);
  const std::string command = "PGOPTIONS='-c search_path=" + schema + " -c enable_seqscan=off' " +
                              PostgresServer::ProgramFolder() + "/pgbench -n -M prepared --max-tries=100 -j 2 -c " +
                              std::to_string(clients) + " -T " + std::to_string(static_cast<int>(seconds)) + " -f " +
                              script + " -h " + server.folder() + " -U alcove postgres 2>&1";
  FILE* const output = popen(command.c_str(), "r");
  double tps = 0;
  char line[400];
  while (std::fgets(line, sizeof line, output) != nullptr) std::sscanf(line, "tps = %lf", &tps);
  pclose(output);
  return tps;
}

absl::Status MessageBy(Store& store, int conversation, int number) {
  const std::string own = std::to_string(conversation);
  const std::string one = own + "/" + std::to_string(number);
  return store.Transact([&](Transaction& txn) -> absl::Status {
    ASSIGN_OR_RETURN(const auto head, txn.Get("b/head/" + own));
    ASSIGN_OR_RETURN(const auto feed, txn.Get("b/feed_head/" + own));
    txn.Put("b/event/" + one, std::string(240, 'e'));
    txn.Put("b/head/" + own, std::to_string(number));
    txn.Put("b/sent/" + one, head.value_or(""));
    txn.Put("b/feed/" + one, "1234");
    txn.Put("b/feed_head/" + own, std::to_string(std::atoll(feed.value_or("0").c_str()) + 1));
    txn.Signal("b/feed/" + own);
    return absl::OkStatus();
  });
}

int Main(double seconds) {
  PostgresServer server(PostgresServer::Options{.settings = {"shared_buffers = 128MB"}});
  const std::string place = server.NewPlace();
  std::atomic<int64_t> trips{0};
  const PostgresOptions options{.on_round_trip = [&] { ++trips; }};
  auto first = OpenPostgresStore(place, options);
  auto second = OpenPostgresStore(place, options);
  if (!first.ok() || !second.ok()) return 1;
  std::atomic<int> number{0};
  std::printf("%-26s %12s %10s %10s %12s %14s\n", "", "messages/s", "p50 us", "p99 us", "of pgbench", "round trips");
  for (const int in_flight : {1, 16, 64}) {
    const double pgbench = RunPgbench(server, place, in_flight, seconds);
    std::printf("pgbench, %2d clients        %12.0f\n", in_flight, pgbench);
    for (const int nodes : {1, 2}) {
      trips = 0;
      const int before = number;
      const Figures figures = Measure(in_flight, seconds, [&](int thread) {
        Store& node = nodes == 2 && thread % 2 == 1 ? **second : **first;
        if (!MessageBy(node, thread, ++number).ok()) std::abort();
      });
      std::printf("%d node%s, %2d in flight      %12.0f %10.0f %10.0f %11.2fx %14.2f\n", nodes, nodes == 1 ? " " : "s",
                  in_flight, figures.per_second, figures.p50_us, figures.p99_us, figures.per_second / pgbench,
                  static_cast<double>(trips) / (number - before));
    }
  }
  return 0;
}

}  // namespace
}  // namespace alcove::store

int main(int argc, char** argv) { return alcove::store::Main(argc > 1 ? std::atof(argv[1]) : 5); }
