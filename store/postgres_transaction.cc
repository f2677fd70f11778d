#include "store/postgres_transaction.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "store/sizes.h"
#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

// Keys of a range that are looked up at a time to be erased.
constexpr size_t kEraseStep = 256;

// Keys of one reading. Ours ask for some dozens; a pass over the whole store asks
// for each key that another names, and must not hold them all.
constexpr size_t kRememberedKeys = 1000;

// Reads and transactions go different ways from the same first key.
std::string NameOfRead(std::string_view first_key) { return absl::StrCat("read ", std::string(first_key)); }
std::string NameOfTransaction(std::string_view first_key) { return absl::StrCat("write ", std::string(first_key)); }

Hint MakeHint(const Session::Values& values, const std::set<std::string, std::less<>>& asked, const Hint* before,
              const WriteSet::Changes& changes) {
  Hint hint;
  for (const auto& [key, value] : values) {
    Hint::Known known{key, value, false, 0};
    const Hint::Known* const last = before == nullptr ? nullptr : before->Find(key);
    if (!asked.contains(key)) known.unused = (last == nullptr ? 0 : last->unused) + 1;
    if (const auto change = changes.find(key); change != changes.end()) {
      // What was absent until now is most likely new each time, as the id of what a customer begins is. What stays so,
      // as settings that nobody has made, is asked for again.
      if (!value) continue;
      known.value = change->second;
      known.written = true;
    }
    hint.known.push_back(std::move(known));
  }
  return hint;
}

}  // namespace

PostgresTransaction::PostgresTransaction(const Parts& parts, Turns::Company company, std::vector<std::string> before,
                                         Deadline deadline)
    : parts_(parts),
      before_(std::move(before)),
      deadline_(deadline),
      turn_(parts_.turns.Begin(company)),
      session_(parts_.pool, parts_.begin) {}

absl::Status PostgresTransaction::CheckTime() const {
  if (std::chrono::steady_clock::now() <= deadline_) return absl::OkStatus();
  return absl::DeadlineExceededError("the body of a transaction took too long");
}

void PostgresTransaction::Prepare() {
  if (session_.open() || std::exchange(prepared_, true)) return;
  std::vector<std::string> contended = before_;
  for (const std::string& key : before_) session_.Want(key);
  if (hint_ != nullptr) {
    for (const Hint::Known& known : hint_->known) {
      session_.Want(known.key);
      if (known.written) contended.push_back(known.key);
    }
  }
  parts_.turns.Claim(turn_, contended);
}

absl::Status PostgresTransaction::Prove() {
  for (const Hint::Known* const guess : std::exchange(guessed_, {})) {
    if (session_.values().find(guess->key)->second != guess->value) wrong_ = true;
  }
  return wrong_ ? absl::AbortedError("what was remembered is outdated") : absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> PostgresTransaction::Get(std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  RETURN_IF_ERROR(CheckTime());
  if (wrong_) return Prove();
  if (const auto own = writes_.changes().find(key); own != writes_.changes().end()) return own->second;
  if (!session_.open()) {
    if (!first_key_) {
      first_key_ = key;
      hint_ = parts_.hints.Find(NameOfTransaction(key));
    }
    if (hint_ != nullptr && before_.empty()) {
      if (const Hint::Known* const known = hint_->Find(key)) {
        guessed_.push_back(known);
        asked_.emplace(key);
        return known->value;
      }
    }
    Prepare();
  }
  asked_.emplace(key);
  ASSIGN_OR_RETURN(std::optional<std::string> value, session_.Get(key));
  RETURN_IF_ERROR(Prove());
  return value;
}

absl::StatusOr<std::vector<Entry>> PostgresTransaction::Scan(const Range& range, const ScanOptions& options) {
  RETURN_IF_ERROR(CheckScan(options));
  RETURN_IF_ERROR(CheckTime());
  if (wrong_) return Prove();
  // Not a round trip, and Prepare() must be followed by one.
  if (range.begin >= range.end) return std::vector<Entry>();
  Prepare();
  ASSIGN_OR_RETURN(std::vector<Entry> stored,
                   session_.Scan(range, options.direction, options.limit + writes_.ErasedIn(range)));
  RETURN_IF_ERROR(Prove());
  return writes_.Overlay(range, std::move(stored), options.direction, options.limit);
}

void PostgresTransaction::EraseRange(const Range& range) {
  Range rest = range;
  while (writes_.error().ok() && rest.begin < rest.end) {
    const auto entries = Scan(rest, {.limit = kEraseStep});
    // A wrong guess is run again, whatever is remembered here.
    if (!entries.ok()) return writes_.Fail(entries.status());
    for (const Entry& entry : *entries) Erase(entry.key);
    if (entries->size() < kEraseStep) return;
    rest.begin = entries->back().key + '\0';
  }
}

absl::Status PostgresTransaction::Run(const std::function<absl::Status(Transaction&)>& body) {
  while (true) {
    absl::Status result = body(*this);
    if (!wrong_ && !guessed_.empty() && !session_.to_be_repeated()) {
      // It never came to ask: what it rests on is proven now.
      Prepare();
      RETURN_IF_ERROR(session_.Fetch());
      Prove().IgnoreError();
    }
    if (!wrong_) {
      if (session_.to_be_repeated()) return result;
      if (result.ok()) result = writes_.error().ok() ? CheckTime() : writes_.error();
      return End(result);
    }
    // Once at most: from here on nothing is guessed.
    wrong_ = false;
    writes_ = WriteSet();
    asked_.clear();
  }
}

absl::Status PostgresTransaction::End(const absl::Status& result) {
  static const WriteSet::Changes kNone;
  const WriteSet::Changes& changes = result.ok() ? writes_.changes() : kNone;
  // What was refused rests on what was read, too.
  const auto begin = std::chrono::steady_clock::now();
  if (session_.open() || !changes.empty()) RETURN_IF_ERROR(session_.Commit(changes));
  if (!changes.empty()) commit_took_ = std::chrono::steady_clock::now() - begin;
  if (first_key_)
    parts_.hints.Remember(NameOfTransaction(*first_key_), MakeHint(session_.values(), asked_, hint_.get(), changes));
  return result;
}

std::vector<std::string> PostgresTransaction::TouchedKeys() const {
  std::set<std::string> keys;
  for (const auto& [key, value] : session_.values()) keys.insert(key);
  for (const std::string& key : before_) keys.insert(key);
  for (const auto& [key, value] : writes_.changes()) {
    // Those that were only written need no look, but a turn; one fetched in vain costs little.
    if (keys.size() < 64) keys.insert(key);
  }
  return {keys.begin(), keys.end()};
}

PostgresReader::~PostgresReader() {
  if (first_key_ && !is_long_)
    hints_.Remember(NameOfRead(*first_key_), MakeHint(session_.values(), asked_, hint_.get(), {}));
}

absl::StatusOr<std::optional<std::string>> PostgresReader::Get(std::string_view key) {
  RETURN_IF_ERROR(CheckKey(key));
  if (!session_.open() && !first_key_) {
    first_key_ = key;
    hint_ = hints_.Find(NameOfRead(key));
    if (hint_ != nullptr) {
      for (const Hint::Known& known : hint_->known) session_.Want(known.key);
    }
  }
  if (asked_.size() >= kRememberedKeys) {
    is_long_ = true;
    asked_.clear();
    session_.ForgetValues();
  }
  asked_.emplace(key);
  return session_.Get(key);
}

absl::StatusOr<std::vector<Entry>> PostgresReader::Scan(const Range& range, const ScanOptions& options) {
  RETURN_IF_ERROR(CheckScan(options));
  return session_.Scan(range, options.direction, options.limit);
}

}  // namespace alcove::store::postgres
