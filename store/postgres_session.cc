#include "store/postgres_session.h"

#include <algorithm>
#include <utility>

#include "store/postgres_codec.h"
#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

// Connections that are found dead when a transaction is opened with them: after
// the first all older ones are closed, so the second is new.
constexpr int kOpenings = 3;

Entry EntryOf(const Rows& rows, size_t row) {
  std::string key(rows.At(row, 0));
  key += rows.At(row, 1);
  return {std::move(key), std::string(rows.At(row, 2))};
}

}  // namespace

Session::~Session() { Leave(); }

void Session::Leave() {
  if (!lease_) return;
  if (!ended_ && !(*lease_)->broken()) {
    (*lease_)->Send(kRollback);
    (*lease_)->Post();
  }
  lease_.reset();
}

void Session::Want(std::string_view key) {
  if (!values_.contains(key)) wanted_.emplace(key);
}

absl::Status Session::Failed(const absl::Status& status) {
  failure_ = status;
  conflicted_ = absl::IsAborted(status);
  return status;
}

absl::StatusOr<std::vector<Rows>> Session::Trip(const std::function<void(Connection&)>& add) {
  RETURN_IF_ERROR(failure_);
  for (int opening = 1;; ++opening) {
    const bool fresh = !lease_;
    if (fresh) {
      auto taken = pool_.Take();
      if (!taken.ok()) return Failed(taken.status());
      lease_.emplace(*std::move(taken));
      (*lease_)->Send(begin_);
    }
    Connection& connection = **lease_;
    for (const std::string& key : wanted_) {
      const SplitKey split = Split(key);
      connection.Send(kGet, {split.site, split.rest});
    }
    if (add) add(connection);
    auto answers = connection.Exchange();
    if (!answers.ok()) {
      if (fresh && connection.broken() && opening < kOpenings) {
        lease_.reset();
        continue;
      }
      to_be_repeated_ = connection.broken() || absl::IsAborted(answers.status());
      return Failed(answers.status());
    }
    auto answer = answers->begin() + (fresh ? 1 : 0);
    for (const std::string& key : wanted_) {
      const Rows& rows = *answer++;
      values_[key] = rows.size() == 0 ? std::nullopt : std::optional<std::string>(rows.At(0, 0));
    }
    wanted_.clear();
    answers->erase(answers->begin(), answer);
    return answers;
  }
}

absl::Status Session::Fetch() {
  if (wanted_.empty()) return failure_;
  return Trip(nullptr).status();
}

absl::StatusOr<std::optional<std::string>> Session::Get(std::string_view key) {
  RETURN_IF_ERROR(failure_);
  if (const auto known = values_.find(key); known != values_.end()) return known->second;
  Want(key);
  RETURN_IF_ERROR(Fetch());
  return values_.find(key)->second;
}

absl::StatusOr<std::vector<Entry>> Session::Scan(const Range& range, Direction direction, size_t limit) {
  if (range.begin >= range.end) {
    RETURN_IF_ERROR(Fetch());
    return std::vector<Entry>();
  }
  const SplitKey begin = Split(range.begin);
  const SplitKey end = Split(range.end);
  const std::string count = EncodeNumber(static_cast<int64_t>(limit));
  const bool backward = direction == Direction::kBackward;
  ASSIGN_OR_RETURN(const std::vector<Rows> answers, Trip([&](Connection& connection) {
                     if (begin.site == end.site) {
                       connection.Send(backward ? kScanSiteBackward : kScanSite,
                                       {begin.site, begin.rest, end.rest, count});
                     } else {
                       connection.Send(backward ? kScanSitesBackward : kScanSites,
                                       {begin.site, begin.rest, end.site, end.rest, count});
                     }
                   }));
  const Rows& rows = answers.front();
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  for (size_t row = 0; row < rows.size(); ++row) entries.push_back(EntryOf(rows, row));
  return entries;
}

absl::Status Session::Commit(const WriteSet::Changes& changes) {
  RETURN_IF_ERROR(failure_);
  const bool fresh = !lease_;
  if (fresh) {
    auto taken = pool_.Take();
    if (!taken.ok()) return Failed(taken.status());
    lease_.emplace(*std::move(taken));
  }
  Connection& connection = **lease_;
  connection.TakeWarned();
  if (fresh) connection.Send(begin_);
  for (const auto& [key, value] : changes) {
    const SplitKey split = Split(key);
    if (value) {
      connection.Send(kPut, {split.site, split.rest, *value});
    } else {
      connection.Send(kErase, {split.site, split.rest});
    }
  }
  connection.Send(kCommit);
  const auto answers = connection.Exchange();
  // A COMMIT that succeeds with a warning did not wait for the standby it was to wait for.
  const bool warned = connection.TakeWarned();
  if (answers.ok()) {
    ended_ = true;
    if (warned && !changes.empty()) {
      unknown_ = true;
      return Failed(absl::UnavailableError("the commit may not have reached the standby"));
    }
    return absl::OkStatus();
  }
  if (connection.broken() && !changes.empty()) {
    unknown_ = true;
  } else {
    to_be_repeated_ = connection.broken() || absl::IsAborted(answers.status());
  }
  return Failed(answers.status());
}

}  // namespace alcove::store::postgres
