// The ordered transactional store: byte keys to byte values, serializable.
//
// Everything that Alcove knows lives here. A backend (memory, LevelDB,
// PostgreSQL) is chosen at start; nothing above this header can tell which.
//
// Threads: a Store may be used by any number of threads. A Reader or
// Transaction belongs to the body it was given to and dies with it.
//
// Time: a successful Transact() means durable (fsynced or committed), and
// Read() sees durable state only, so nothing that was ever shown can be lost.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/wire/limits.h"
#include "store/fate.h"

namespace alcove::store {

struct Entry {
  std::string key;
  std::string value;
  friend bool operator==(const Entry&, const Entry&) = default;
};

// The keys k with begin <= k < end, in byte order; none where begin >= end.
struct Range {
  std::string begin;
  std::string end;
};

enum class Direction { kForward, kBackward };

struct ScanOptions {
  Direction direction = Direction::kForward;
  size_t limit = wire::kScanEntriesMax;  // 1 to kScanEntriesMax, else INVALID_ARGUMENT
};

// A consistent view of the store. (In a Transaction it may be of a moment that
// is past: that run of the body does not count, and another follows.)
class Reader {
 public:
  virtual ~Reader() = default;

  // The value, or nullopt where the key is absent.
  //   ABORTED           (in a Transaction) the view is outdated: return it from the body, which is then run again
  //   DEADLINE_EXCEEDED (in a Transaction) this run of the body has taken longer than kTransactionBodyMsMax
  //   INVALID_ARGUMENT  the key is empty or longer than kKeyBytesMax
  //   UNAVAILABLE       the backend cannot be read just now
  //   DATA_LOSS         the backend found its files damaged
  virtual absl::StatusOr<std::optional<std::string>> Get(std::string_view key) = 0;

  // That this key will be asked for as well, or may be. A hint: what may then come in one round trip does (PostgreSQL).
  virtual void Expect(std::string_view /*key*/) {}

  // The first (or, backward, the last) `limit` entries of the range, in the
  // asked direction. Errors as for Get().
  virtual absl::StatusOr<std::vector<Entry>> Scan(const Range& range, const ScanOptions& options = {}) = 0;
};

// A view that also sees its own writes, which take effect together or not at all.
class Transaction : public Reader {
 public:
  // Bad sizes (kKeyBytesMax, kValueBytesMax, kTransactionBytesMax) are remembered
  // and make the commit fail with INVALID_ARGUMENT; nothing is written then. A
  // transaction's bytes are those of its topics, keys and last values.
  virtual void Put(std::string_view key, std::string_view value) = 0;
  virtual void Erase(std::string_view key) = 0;

  // Erases the keys that the range holds now, those that this transaction put
  // included; what it puts later stays. A key that another transaction adds to
  // the range meanwhile is gone, too, unless that might as well have come later. The
  // keys found count as erased ones, so that what is larger than
  // kTransactionBytesMax is erased in several transactions.
  virtual void EraseRange(const Range& range) = 0;

  // Wakes the watchers of `topic` on every node, after the commit is durable.
  // The same topic named twice is published once. Its size is that of a key.
  virtual void Signal(std::string_view topic) = 0;
};

// Hears of the topics of each commit, after it is durable and visible to
// Read() and before Transact() returns; one call may tell of several commits,
// each topic once. Of a commit whose outcome is unknown it hears as long as that
// may still come to be, perhaps several times and of nothing new. Called from a
// store thread: it must be quick and must not call back into the store.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void TopicsChanged(const std::vector<std::string>& topics) = 0;

  // Topics may have been missed, and the store cannot tell which: another node
  // has died, or the way to it was cut. Whoever looks only when told looks now.
  virtual void AnythingMayHaveChanged() {}

  // Another node's Store::Broadcast().
  virtual void MessageHeard(std::string_view /*message*/) {}

  // Calls `tell` once, in which it hears of the topics of a batch and its fates
  // are decided: what wakes others for each of them may do so once for all.
  virtual void TellTogether(absl::FunctionRef<void()> tell) { tell(); }

  // For measurements: so many commits became durable together, and the disk took
  // so long to write and sync them, or the database to COMMIT.
  virtual void CommitsMade(size_t /*commits*/, std::chrono::nanoseconds /*took*/) {}
};

// Says how a body's result ends its transaction. Specialise it for a result
// type that is not absl::Status or absl::StatusOr.
template <class Result>
struct BodyResult {
  // OK commits; anything else discards the writes.
  static absl::Status ToStatus(const Result& result) {
    if constexpr (std::is_same_v<Result, absl::Status>) {
      return result;
    } else {
      return result.status();
    }
  }
};

class Store {
 public:
  using Body = std::function<absl::Status(Transaction&)>;

  virtual ~Store() = default;

  // Runs `body(Transaction&)` and commits its writes if its result is OK. On a
  // conflict the body is run again, so it must have no effect outside the
  // transaction, and it must not call the store. The result is that of the run that counted, or
  //   UNAVAILABLE       the commit failed or its outcome is unknown: the caller's idempotent retry decides
  //   ABORTED           conflicts without end, with other nodes: past kTransactionAttemptsMax none come from this one
  //   INVALID_ARGUMENT  a size limit was exceeded
  //   DEADLINE_EXCEEDED a run of the body took longer than kTransactionBodyMsMax: it is not run again
  // A result that is not OK writes nothing. A body that wrote nothing still
  // waits until what it read is durable.
  template <class Body>
  auto Transact(Body&& body) {
    using Result = std::invoke_result_t<Body&, Transaction&>;
    std::optional<Result> result;
    const absl::Status status = TransactStatus([&](Transaction& transaction) {
      result.emplace(body(transaction));
      return BodyResult<Result>::ToStatus(*result);
    });
    if (!status.ok() && (!result.has_value() || BodyResult<Result>::ToStatus(*result) != status)) {
      return Result(status);
    }
    return std::move(*result);
  }

  // Runs `body(Reader&)` once on a snapshot of the durable state, taken at its
  // first read or before. The body must not call the store. The result is the body's, or
  //   UNAVAILABLE  the backend cannot be read just now: the body was not run
  template <class Body>
  auto Read(Body&& body) {
    using Result = std::invoke_result_t<Body&, Reader&>;
    std::optional<Result> result;
    const absl::Status status = ReadStatus([&](Reader& reader) {
      result.emplace(body(reader));
      return absl::OkStatus();
    });
    return status.ok() ? std::move(*result) : Result(status);
  }

  // The first part of Transact(), for GatedStore: comes back when the run that
  // counts has its place in the order of commits, and leaves in `fate` what
  // will become of it. Null: there is nothing to wait for. A store that cannot
  // tell the two apart comes back when all is done.
  virtual absl::Status Sequence(const Body& body, FatePtr& fate) {
    fate = nullptr;
    return TransactStatus(body);
  }
  // As Sequence(), for a thread that must not wait. nullopt: it would have to, and
  // nothing came of it. Such a thread makes several in a row, and calls CarryOut()
  // behind the last: the fate of none may be decided before that.
  virtual std::optional<absl::Status> SequenceAtOnce(const Body& body, FatePtr& fate) {
    (void)body;
    fate = nullptr;
    return std::nullopt;
  }
  virtual void CarryOut() {}
  // Waits until all that this store's user was told of is durable; at once
  // where Transact() has seen to it. UNAVAILABLE where it is lost. For what is
  // told by another way than the answer.
  virtual absl::Status Settle() { return absl::OkStatus(); }

  // Whether Sequence() ever comes back before the commit is durable; else each
  // commit holds a thread.
  virtual bool sequences() const { return false; }

  // A snapshot of the durable state for a thread that must not wait, of which
  // several requests may read, one after another. Null where it could not be had
  // or read without a wait: of another machine, or while the disk is opened
  // anew. It must die before the store, soon, and on the thread that asked for it.
  virtual std::unique_ptr<Reader> SnapshotAtOnce() { return nullptr; }

  // Tells the watchers of the other nodes, soon, or never: what is said here is
  // not stored, and whoever does not hear it must not need it. At most
  // kBroadcastBytesMax; longer ones, and more than can be sent, are dropped.
  virtual void Broadcast(std::string_view /*message*/) {}

  // What the store knows of its own past: a part of every cursor. Random at
  // creation, changed by a restore, and while the store is open where a standby
  // has taken over.
  virtual std::string epoch() const = 0;

  // At most one watcher; nullptr removes it and returns only when the last
  // call to it has ended. Not owned.
  virtual void Watch(Watcher* watcher) = 0;

 protected:
  virtual absl::Status TransactStatus(const Body& body) = 0;
  virtual absl::Status ReadStatus(const std::function<absl::Status(Reader&)>& body) = 0;
};

// The keys that begin with `prefix`. REQUIRES: prefix has a byte below 0xff.
Range PrefixRange(std::string_view prefix);

}  // namespace alcove::store
