// One transaction in the database: opened with the first question, ended with
// the last word, each step one round trip.
//
// Threads: one.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/postgres_pool.h"
#include "store/store.h"
#include "store/write_set.h"

namespace alcove::store::postgres {

class Session {
 public:
  using Values = std::map<std::string, std::optional<std::string>, std::less<>>;

  // `begin` opens it. Both must live longer.
  Session(Pool& pool, const Statement& begin) : pool_(pool), begin_(begin) {}
  // Leaves nothing behind: what was not committed is rolled back.
  ~Session();

  // These keys come along with the next round trip.
  void Want(std::string_view key);

  // A round trip, unless the key was fetched before. Sizes are checked before.
  absl::StatusOr<std::optional<std::string>> Get(std::string_view key);
  // A round trip. `limit` may be above kScanEntriesMax.
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, Direction direction, size_t limit);
  // What is wanted, if anything is.
  absl::Status Fetch();

  // Writes and commits in one round trip.
  //   ABORTED      a conflict: nothing was written
  //   UNAVAILABLE  not written, or, if unknown(), perhaps
  absl::Status Commit(const WriteSet::Changes& changes);

  bool open() const { return lease_.has_value(); }
  // It met a conflict or lost its connection before anything was committed: a new one may fare better.
  bool to_be_repeated() const { return to_be_repeated_; }
  bool conflicted() const { return conflicted_; }
  // COMMIT was sent and its answer never came.
  bool unknown() const { return unknown_; }
  // What was fetched so far.
  const Values& values() const { return values_; }
  // Forgets it: it is fetched again when it is asked for.
  void ForgetValues() { values_.clear(); }

 private:
  // Opens where needed, fetches what is wanted, and what `add` sends; the answers to that.
  absl::StatusOr<std::vector<Rows>> Trip(const std::function<void(Connection&)>& add);
  absl::Status Failed(const absl::Status& status);
  void Leave();

  Pool& pool_;
  const Statement& begin_;
  std::optional<Pool::Lease> lease_;
  std::set<std::string, std::less<>> wanted_;
  Values values_;
  absl::Status failure_;  // the first: nothing works after it
  bool ended_ = false;
  bool to_be_repeated_ = false;
  bool conflicted_ = false;
  bool unknown_ = false;
};

}  // namespace alcove::store::postgres
