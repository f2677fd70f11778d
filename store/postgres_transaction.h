// One transaction's body on PostgreSQL, in two round trips where it does as the
// last one of its kind did.
//
// Guess and proof. Where a hint is known for the first key that the body asks
// for, the body runs on the values of the hint, without a word to the database:
// one state of the store, though perhaps an old one. With the first key that the
// hint does not know (the id of a new message), or at the end, the transaction
// is opened, and in the same round trip everything that the hint knows is
// fetched. Where what the body has seen is still so, it goes on, now in the
// transaction's own snapshot. Where not, its reads say ABORTED and it is run
// again on what was fetched. The second round trip writes and commits.
//
// So nothing rests on a hint: every value that the result rests on was read in
// the transaction that commits, and the database decides whether that is
// serializable.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/postgres_hints.h"
#include "store/postgres_session.h"
#include "store/postgres_turns.h"
#include "store/store.h"
#include "store/write_set.h"

namespace alcove::store::postgres {

class PostgresTransaction final : public Transaction {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  struct Parts {
    Pool& pool;
    Hints& hints;
    Turns& turns;
    const Statement& begin;
  };
  // `before`: the keys of an attempt that failed, fetched at once; then nothing is guessed.
  PostgresTransaction(const Parts& parts, Turns::Company company, std::vector<std::string> before, Deadline deadline);

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  void Expect(std::string_view key) override { session_.Want(key); }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override;
  void Put(std::string_view key, std::string_view value) override { writes_.Set(key, value); }
  void Erase(std::string_view key) override { writes_.Set(key, std::nullopt); }
  void EraseRange(const Range& range) override;
  void Signal(std::string_view topic) override { writes_.Signal(topic); }

  // Runs the body, again where it guessed wrong, and ends the transaction. The
  // body's result, or why it does not count.
  absl::Status Run(const std::function<absl::Status(Transaction&)>& body);

  const Session& session() const { return session_; }
  std::vector<std::string> topics() const { return writes_.topics(); }
  // How long the last round trip took, if it wrote; else nothing.
  std::optional<std::chrono::nanoseconds> commit_took() const { return commit_took_; }
  // What a next attempt will most likely touch.
  std::vector<std::string> TouchedKeys() const;

 private:
  absl::Status CheckTime() const;
  // Asks for all that is likely to be needed, with the round trip that opens the transaction and follows at once.
  void Prepare();
  // After the transaction was opened: whether what was guessed is so.
  absl::Status Prove();
  absl::Status End(const absl::Status& result);

  const Parts parts_;
  const std::vector<std::string> before_;
  const Deadline deadline_;
  Turns::Turn turn_;
  Session session_;
  WriteSet writes_;
  std::optional<std::chrono::nanoseconds> commit_took_;
  std::optional<std::string> first_key_;
  std::shared_ptr<const Hint> hint_;
  std::vector<const Hint::Known*> guessed_;  // of hint_, in use and not proven
  std::set<std::string, std::less<>> asked_;
  bool prepared_ = false;
  bool wrong_ = false;  // a guess was
};

// The body of Store::Read(): a snapshot, which fetches along what was asked the
// last time. A reading of many keys is not remembered, nor kept in memory.
class PostgresReader final : public Reader {
 public:
  PostgresReader(Pool& pool, Hints& hints) : hints_(hints), session_(pool, kBeginRead) {}
  ~PostgresReader() override;

  absl::StatusOr<std::optional<std::string>> Get(std::string_view key) override;
  void Expect(std::string_view key) override { session_.Want(key); }
  absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options) override;

 private:
  Hints& hints_;
  Session session_;
  std::optional<std::string> first_key_;
  std::shared_ptr<const Hint> hint_;
  std::set<std::string, std::less<>> asked_;
  bool is_long_ = false;
};

}  // namespace alcove::store::postgres
