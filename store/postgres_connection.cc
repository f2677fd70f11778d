#include "store/postgres_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

// Past the server's own time-out of 5 s for a statement. A COMMIT that waits for
// a standby has none there: it ends here, with an unknown outcome.
constexpr std::chrono::seconds kExchangeTime{8};

bool IsLocal(std::string_view host) {
  return host.empty() || host.front() == '/' || host.front() == '@' || host == "localhost" ||
         host.starts_with("127.") || host == "::1";
}

// Errors of libpq are lines; ours are one sentence.
std::string OneLine(const char* message) {
  std::string line(message);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return line;
}

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

absl::StatusOr<Options> Parse(const std::string& url) {
  char* error = nullptr;
  Options options(PQconninfoParse(url.c_str(), &error), PQconninfoFree);
  if (options == nullptr) {
    const std::string said = OneLine(error == nullptr ? "out of memory" : error);
    PQfreemem(error);
    return absl::InvalidArgumentError(absl::StrCat("the address of the database is not understood: ", said));
  }
  return options;
}

std::string Given(const Options& options, std::string_view keyword) {
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    if (keyword == option->keyword && option->val != nullptr) return option->val;
  }
  return {};
}

// The hosts by which libpq finds the URL's servers.
std::string Hosts(const Options& options) {
  std::string hosts = Given(options, "hostaddr");
  if (hosts.empty()) hosts = Given(options, "host");
  if (hosts.empty() && std::getenv("PGHOST") != nullptr) hosts = std::getenv("PGHOST");
  return hosts;
}

// All hosts of the URL are this machine's: passwords need no encryption on the way.
bool AllLocal(const Options& options) {
  const std::vector<std::string> hosts = absl::StrSplit(Hosts(options), ',');
  return std::all_of(hosts.begin(), hosts.end(), IsLocal);
}

// What a list of the URL says of one server. Of one value only: it is for all.
std::string Nth(const std::string& list, size_t server) {
  const std::vector<std::string> values = absl::StrSplit(list, ',');
  return values.size() == 1 ? values.front() : server < values.size() ? values[server] : std::string();
}

}  // namespace

Rows::Rows(pg_result* result) : result_(result) {}
void Rows::Clear::operator()(pg_result* result) const { PQclear(result); }
size_t Rows::size() const { return static_cast<size_t>(PQntuples(result_.get())); }
std::string_view Rows::At(size_t row, size_t column) const {
  const int r = static_cast<int>(row);
  const int c = static_cast<int>(column);
  return {PQgetvalue(result_.get(), r, c), static_cast<size_t>(PQgetlength(result_.get(), r, c))};
}
int64_t Rows::changed() const {
  int64_t count = 0;
  return absl::SimpleAtoi(PQcmdTuples(result_.get()), &count) ? count : 0;
}

absl::Status Connection::Check(const std::string& url) { return Parse(url).status(); }

absl::Status Connection::Overtaken() {
  return absl::UnavailableError("the server is one that a standby has taken over from: it must be shut down");
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Connect(const Target& target, uint32_t timeline_min) {
  const auto overtaken = [&](const Connection& made) { return made.timeline() != 0 && made.timeline() < timeline_min; };
  auto first = ConnectTo(target, std::nullopt);
  if (!first.ok() || !overtaken(**first)) return first;
  ASSIGN_OR_RETURN(const Options options, Parse(target.url));
  const std::string hosts = Hosts(options);
  const auto servers = static_cast<size_t>(std::count(hosts.begin(), hosts.end(), ',') + 1);
  for (size_t server = 0; server < servers; ++server) {
    auto made = ConnectTo(target, server);
    if (made.ok() && !overtaken(**made)) return made;
  }
  return Overtaken();
}

absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Connection::Settings(const std::string& url) {
  ASSIGN_OR_RETURN(const Options options, Parse(url));
  return std::vector<std::pair<std::string, std::string>>{
      {"application_name", "alcove"},
      {"connect_timeout", "3"},
      {"keepalives", "1"},
      {"keepalives_idle", "10"},
      {"keepalives_interval", "5"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "10000"},
      {"target_session_attrs", "read-write"},
      {"sslmode", AllLocal(options) ? "prefer" : "verify-full"},
  };
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::ConnectTo(const Target& target, std::optional<size_t> server) {
  ASSIGN_OR_RETURN(const Options options, Parse(target.url));
  ASSIGN_OR_RETURN(auto settings, Settings(target.url));
  // What comes later wins.
  settings.emplace_back("dbname", target.url);
  for (const char* keyword : {"host", "hostaddr", "port"}) {
    const std::string list = Given(options, keyword);
    if (server && !list.empty()) settings.emplace_back(keyword, Nth(list, *server));
  }
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  for (const auto& [keyword, value] : settings) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<Connection> connection(
      new Connection(PQconnectdbParams(keywords.data(), values.data(), /*expand_dbname=*/1), target));
  RETURN_IF_ERROR(connection->SetUp());
  return connection;
}

Connection::Connection(pg_conn* connection, const Target& target)
    : connection_(connection), on_round_trip_(target.on_round_trip), made_at_(std::chrono::steady_clock::now()) {}

Connection::~Connection() { PQfinish(connection_); }

absl::Status Connection::SetUp() {
  if (PQstatus(connection_) != CONNECTION_OK) {
    return Lose(absl::StrCat("the database cannot be reached: ", OneLine(PQerrorMessage(connection_))));
  }
  PQsetNoticeReceiver(connection_, &Connection::Heard, this);
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) != 1) return Lose("no pipeline mode");
  for (const Statement* statement : {&kSetStatementTimeout, &kSetLockTimeout, &kSetIdleTimeout}) {
    RETURN_IF_ERROR(Run(*statement).status());
  }
  for (const Statement* statement : {&kAvoidSequentialScans, &kAvoidBitmapScans}) {
    if (const auto set = Run(*statement); !set.ok() && broken_) return set.status();
  }
  // What is answered with success must be on disk; `remote_apply` and the like are more and stay.
  const auto synchronous = Run(kShowSynchronousCommit);
  if (synchronous.ok() && synchronous->size() == 1 && synchronous->At(0, 0) == "off") {
    RETURN_IF_ERROR(Run(kSetSynchronousCommit).status());
  }
  const auto timeline = Run(kTimeline);
  if (timeline.ok() && timeline->size() == 1) {
    timeline_ = static_cast<uint32_t>(std::strtoul(std::string(timeline->At(0, 0)).c_str(), nullptr, 16));
  }
  if (broken_) return Lose("the connection was lost while it was set up");
  return absl::OkStatus();
}

void Connection::Send(const Statement& statement, std::vector<std::string_view> parameters) {
  if (broken_) return;
  const int count = static_cast<int>(parameters.size());
  std::vector<const char*> values;
  std::vector<int> lengths;
  const std::vector<int> formats(parameters.size(), 1);
  for (const std::string_view parameter : parameters) {
    // Null would be SQL's NULL.
    values.push_back(parameter.data() == nullptr ? "" : parameter.data());
    lengths.push_back(static_cast<int>(parameter.size()));
  }
  bool sent = true;
  if (statement.preparation == Preparation::kNever) {
    sent = PQsendQueryParams(connection_, statement.sql, count, nullptr, values.data(), lengths.data(), formats.data(),
                             1) == 1;
  } else {
    if (!prepared_.contains(&statement)) {
      sent = PQsendPrepare(connection_, statement.name, statement.sql, 0, nullptr) == 1;
      pending_.push_back({&statement, true});
      prepared_.insert(&statement);
    }
    sent = sent && PQsendQueryPrepared(connection_, statement.name, count, values.data(), lengths.data(),
                                       formats.data(), 1) == 1;
  }
  pending_.push_back({&statement, false});
  if (!sent) Lose(OneLine(PQerrorMessage(connection_))).IgnoreError();
}

absl::StatusOr<std::vector<Rows>> Connection::Exchange() {
  const std::vector<Pending> pending = std::exchange(pending_, {});
  if (broken_) return absl::UnavailableError("the connection to the database is lost");
  if (on_round_trip_) on_round_trip_();
  failure_code_.clear();
  if (PQpipelineSync(connection_) != 1) return Lose(OneLine(PQerrorMessage(connection_)));
  const SteadyTime deadline = std::chrono::steady_clock::now() + kExchangeTime;

  std::vector<Rows> answers;
  std::optional<absl::Status> failure;
  size_t next = 0;  // in pending
  while (true) {
    const int unsent = PQflush(connection_);
    if (unsent < 0) return Lose(OneLine(PQerrorMessage(connection_)));
    if (PQisBusy(connection_) != 0) {
      if (!AwaitSocket(unsent > 0, deadline)) return Lose("the database does not answer");
      continue;
    }
    Rows answer(PQgetResult(connection_));
    pg_result* const result = answer.get();
    if (result == nullptr) {
      if (PQstatus(connection_) != CONNECTION_OK) return Lose(OneLine(PQerrorMessage(connection_)));
      continue;  // between the answers of two statements
    }
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) {
      if (posted_ == 0) break;
      --posted_;
      // A ROLLBACK after a COMMIT that failed is warned of: that says nothing of what comes next.
      warned_ = false;
      continue;
    }
    if (posted_ > 0) {
      // Only the end of a transaction is posted: if it failed the connection is of no use.
      if (status == PGRES_FATAL_ERROR) return Lose(OneLine(PQresultErrorMessage(result)));
      continue;
    }
    if (next >= pending.size()) return Lose("an answer to nothing");
    const Pending& asked = pending[next++];
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
      if (!asked.preparing) answers.push_back(std::move(answer));
      continue;
    }
    if (asked.preparing) prepared_.erase(asked.statement);
    if (!failure) failure = FailureOf(result);
    if (broken_) return *failure;
  }
  if (failure) return *failure;
  return answers;
}

void Connection::Post() {
  pending_.clear();
  if (broken_) return;
  if (PQpipelineSync(connection_) != 1 || PQflush(connection_) < 0) {
    Lose(OneLine(PQerrorMessage(connection_))).IgnoreError();
    return;
  }
  ++posted_;
}

absl::StatusOr<Rows> Connection::Run(const Statement& statement, std::vector<std::string_view> parameters) {
  Send(statement, std::move(parameters));
  ASSIGN_OR_RETURN(std::vector<Rows> answers, Exchange());
  if (answers.size() != 1) return Lose("a statement with several answers");
  return std::move(answers.front());
}

bool Connection::TakeWarned() { return std::exchange(warned_, false); }

bool Connection::LooksAlive() {
  if (broken_ || PQstatus(connection_) != CONNECTION_OK) return false;
  pollfd waited{PQsocket(connection_), POLLIN, 0};
  if (poll(&waited, 1, 0) == 0) return true;
  // Something came: the answer to what was posted, or the end.
  if (PQconsumeInput(connection_) != 1) return false;
  return posted_ > 0 || PQstatus(connection_) == CONNECTION_OK;
}

bool Connection::AwaitNotification(int wake_descriptor, std::chrono::milliseconds timeout, bool& notified) {
  pollfd waited[] = {{PQsocket(connection_), POLLIN, 0}, {wake_descriptor, POLLIN, 0}};
  if (poll(waited, 2, static_cast<int>(timeout.count())) > 0 && waited[0].revents != 0) {
    if (PQconsumeInput(connection_) != 1) {
      Lose(OneLine(PQerrorMessage(connection_))).IgnoreError();
      return false;
    }
  }
  while (PGnotify* const notification = PQnotifies(connection_)) {
    notified = true;
    PQfreemem(notification);
  }
  return !broken_;
}

bool Connection::AwaitSocket(bool writing, SteadyTime deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd waited{PQsocket(connection_), static_cast<short>(writing ? POLLIN | POLLOUT : POLLIN), 0};
  poll(&waited, 1, static_cast<int>(left.count()));
  // What failed is told by the next result.
  PQconsumeInput(connection_);
  return true;
}

absl::Status Connection::Lose(std::string_view why) {
  broken_ = true;
  return absl::UnavailableError(absl::StrCat(std::string(why)));
}

absl::Status Connection::FailureOf(const pg_result* result) {
  const char* const code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  failure_code_ = code == nullptr ? "" : code;
  const std::string said = OneLine(PQresultErrorMessage(result));
  const auto is = [&](std::string_view prefix) { return std::string_view(failure_code_).starts_with(prefix); };
  // A server that ends the session, that has become a standby, or that went away.
  const bool fatal = severity == nullptr || (std::strcmp(severity, "ERROR") != 0);
  if (fatal || PQstatus(connection_) != CONNECTION_OK || is("08") || is("57P") || is("25006") || is("40003")) {
    return Lose(said);
  }
  if (is("40001") || is("40P01")) return absl::AbortedError(said);
  if (is("XX001") || is("XX002")) return absl::DataLossError(said);
  return absl::UnavailableError(said);
}

void Connection::Heard(void* self, const pg_result* notice) {
  const char* const severity = PQresultErrorField(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  if (severity != nullptr && std::strcmp(severity, "WARNING") == 0) static_cast<Connection*>(self)->warned_ = true;
}

}  // namespace alcove::store::postgres
