// One connection to PostgreSQL, in libpq's pipeline mode: statements are
// gathered, sent together and answered together, in one round trip.
//
// Every wait has an end: the server's own time-outs are set on the connection,
// and past them the connection is given up.
//
// Threads: one at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/postgres_statements.h"

struct pg_conn;
struct pg_result;

namespace alcove::store::postgres {

// The rows of one answer.
class Rows {
 public:
  explicit Rows(pg_result* result);
  pg_result* get() const { return result_.get(); }
  size_t size() const;
  // A view that lives as long as the Rows. Bytes as they are; a bigint as 8.
  std::string_view At(size_t row, size_t column) const;
  // How many rows a statement has changed.
  int64_t changed() const;

 private:
  struct Clear {
    void operator()(pg_result* result) const;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

struct Target {
  // postgresql://USER@HOST:PORT,HOST:PORT/NAME?KEY=VALUE, as libpq has it.
  std::string url;
  // Called with each round trip, from any thread; for tests and measurements.
  std::function<void()> on_round_trip = nullptr;
};

class Connection {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  // What can be said of a URL without connecting: INVALID_ARGUMENT.
  static absl::Status Check(const std::string& url);
  // What libpq is told besides, by its keywords; what the URL says wins.
  //   INVALID_ARGUMENT  as Check()
  static absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Settings(const std::string& url);

  // Connects to the first of the URL's servers that takes writes, and sets the
  // time-outs; to another one where the first is of a history before
  // `timeline_min`: a standby has taken over from it, and it does not know.
  //   UNAVAILABLE  nobody answers, none that takes writes, or it refuses us
  static absl::StatusOr<std::unique_ptr<Connection>> Connect(const Target& target, uint32_t timeline_min = 0);
  // What such a server is refused with.
  static absl::Status Overtaken();
  ~Connection();

  // Adds a statement to the next exchange. Views need to live until it returns.
  void Send(const Statement& statement, std::vector<std::string_view> parameters = {});

  // Sends what was added and waits for all answers, one for each statement: one
  // round trip. The first failure is the result; what came after it was not run.
  //   ABORTED      the transaction conflicts with another: roll back, try again
  //   DATA_LOSS    the database found its files damaged
  //   UNAVAILABLE  anything else; broken() tells whether the connection is lost
  absl::StatusOr<std::vector<Rows>> Exchange();

  // Sends what was added and does not wait; failures show at the next exchange.
  void Post();

  // Adds, exchanges, expects one answer.
  absl::StatusOr<Rows> Run(const Statement& statement, std::vector<std::string_view> parameters = {});

  // No longer usable: what was sent and not answered may or may not have been done.
  bool broken() const { return broken_; }
  // The SQLSTATE of the last failure, or empty.
  const std::string& failure_code() const { return failure_code_; }
  // Whether a statement that succeeded was answered with a warning, since the last call.
  bool TakeWarned();

  // False where the server has closed it meanwhile. Costs no round trip.
  bool LooksAlive();

  // Which history of the database this is: it rises when a standby takes over.
  // 0 where the database has no such number.
  uint32_t timeline() const { return timeline_; }
  SteadyTime made_at() const { return made_at_; }

  // Waits for a notification or for `wake_descriptor` to be readable, at most
  // `timeout`. Notifications are taken off. False: the connection is lost.
  bool AwaitNotification(int wake_descriptor, std::chrono::milliseconds timeout, bool& notified);

 private:
  // One of several servers, by its number in the URL.
  static absl::StatusOr<std::unique_ptr<Connection>> ConnectTo(const Target& target, std::optional<size_t> server);
  explicit Connection(pg_conn* connection, const Target& target);

  absl::Status SetUp();
  // Waits until the socket is ready or the time is over; false: give up.
  bool AwaitSocket(bool writing, SteadyTime deadline);
  absl::Status Lose(std::string_view why);
  absl::Status FailureOf(const pg_result* result);
  static void Heard(void* self, const pg_result* notice);

  struct Pending {
    const Statement* statement;
    bool preparing;
  };

  pg_conn* const connection_;
  const std::function<void()> on_round_trip_;
  const SteadyTime made_at_;
  uint32_t timeline_ = 0;
  std::set<const Statement*> prepared_;
  std::vector<Pending> pending_;
  int posted_ = 0;  // exchanges whose answers nobody has taken
  std::string failure_code_;
  bool warned_ = false;
  bool broken_ = false;
};

}  // namespace alcove::store::postgres
