#include "store/postgres_schema.h"

#include <chrono>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <thread>

#include "absl/strings/str_cat.h"
#include "store/format.h"
#include "store/keys.h"
#include "store/postgres_codec.h"
#include "store/status_macros.h"

namespace alcove::store::postgres {
namespace {

// Leads from the version before it to `version`.
struct Step {
  int64_t version;
  std::span<const Statement* const> statements;
};
constexpr const Statement* kFirst[] = {&kCreateEntries, &kCreateSignals};
constexpr Step kSteps[] = {{1, kFirst}};

// Two nodes that make the same table at once disturb each other, IF NOT EXISTS
// or not; the next look finds it made.
constexpr int kAttempts = 30;

bool IsDisturbance(const Connection& connection, const absl::Status& status) {
  const std::string& code = connection.failure_code();
  return absl::IsAborted(status) || code == "23505" || code == "42P07" || code == "42710" || code == "XX000" ||
         code == "42P01" || code == "55P03" || code == "55006";
}

absl::StatusOr<int64_t> ReadVersion(Connection& connection) {
  ASSIGN_OR_RETURN(const Rows rows, connection.Run(kVersion));
  return rows.size() == 1 ? DecodeNumber(rows.At(0, 0)) : 0;
}

absl::Status Newer(int64_t found, int64_t known) {
  return absl::FailedPreconditionError(absl::StrCat("the database was written by a newer Alcove (schema ", found,
                                                    "; this one reads up to ", known, "): start that version"));
}

absl::Status NoStore() { return absl::NotFoundError("there is no store of Alcove in the database"); }

absl::Status Raise(Connection& connection) {
  RETURN_IF_ERROR(connection.Run(kCreateSchema).status());
  RETURN_IF_ERROR(connection.Run(kFirstVersion).status());
  ASSIGN_OR_RETURN(int64_t version, ReadVersion(connection));
  for (const Step& step : kSteps) {
    if (step.version <= version) continue;
    for (const Statement* statement : step.statements) RETURN_IF_ERROR(connection.Run(*statement).status());
    const std::string before = EncodeNumber(version);
    const std::string after = EncodeNumber(step.version);
    RETURN_IF_ERROR(connection.Run(kRaiseVersion, {before, after}).status());
    version = step.version;
  }
  return absl::OkStatus();
}

// Begins with what `first` sends, and reads the epoch in the same transaction.
absl::StatusOr<std::string> ReadEpoch(Connection& connection, size_t first_count, const std::function<void()>& first) {
  const std::string format_key = keys::MetaFormat();
  const std::string epoch_key = keys::MetaEpoch();
  const SplitKey format = Split(format_key);
  const SplitKey epoch = Split(epoch_key);
  connection.Send(kBegin);
  if (first) first();
  connection.Send(kGet, {format.site, format.rest});
  connection.Send(kGet, {epoch.site, epoch.rest});
  connection.Send(kCommit);
  const auto answers = connection.Exchange();
  if (!answers.ok()) {
    const absl::Status failed = answers.status();
    if (!connection.broken()) RETURN_IF_ERROR(connection.Run(kRollback).status());
    return failed;
  }
  const Rows& formats = (*answers)[first_count + 1];
  const Rows& epochs = (*answers)[first_count + 2];
  if (formats.size() == 0 && epochs.size() == 0) return NoStore();
  if (formats.size() != 1 || epochs.size() != 1 || epochs.At(0, 0).size() != RandomEpoch().size()) {
    return absl::DataLossError("the database is damaged: its format or epoch cannot be read; restore a backup");
  }
  if (const absl::Status usable = CheckFormat(std::string(formats.At(0, 0))); !usable.ok()) {
    return absl::Status(usable.code(), absl::StrCat("the database cannot be used: ", std::string(usable.message())));
  }
  return std::string(epochs.At(0, 0));
}

absl::StatusOr<std::string> ReadOrMakeEpoch(Connection& connection) {
  const std::string format_key = keys::MetaFormat();
  const std::string epoch_key = keys::MetaEpoch();
  const SplitKey format = Split(format_key);
  const SplitKey epoch = Split(epoch_key);
  const std::string number = absl::StrCat(keys::kFormat);
  const std::string random = RandomEpoch();
  return ReadEpoch(connection, 2, [&] {
    connection.Send(kPutOnce, {format.site, format.rest, number});
    connection.Send(kPutOnce, {epoch.site, epoch.rest, random});
  });
}

// nullopt: there is no table of ours.
absl::StatusOr<std::optional<int64_t>> FindVersion(Connection& connection) {
  const absl::StatusOr<int64_t> version = ReadVersion(connection);
  if (!version.ok() && connection.failure_code() == "42P01") return std::optional<int64_t>();
  RETURN_IF_ERROR(version.status());
  if (*version > kSchemaVersion) return Newer(*version, kSchemaVersion);
  return std::optional<int64_t>(*version);
}

absl::StatusOr<std::string> TryPrepare(Connection& connection) {
  ASSIGN_OR_RETURN(const std::optional<int64_t> version, FindVersion(connection));
  if (version.value_or(0) < kSchemaVersion) RETURN_IF_ERROR(Raise(connection));
  return ReadOrMakeEpoch(connection);
}

}  // namespace

absl::StatusOr<std::string> PrepareSchema(Connection& connection) {
  std::minstd_rand jitter(std::random_device{}());
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<std::string> epoch = TryPrepare(connection);
    if (epoch.ok() || connection.broken()) return epoch;
    if (connection.failure_code() == "42501") {
      return absl::FailedPreconditionError(
          absl::StrCat("the database's user may not make or use Alcove's tables: grant it CREATE on the schema (",
                       std::string(epoch.status().message()), ")"));
    }
    if (attempt == kAttempts || !IsDisturbance(connection, epoch.status())) return epoch;
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + jitter() % 50));
  }
}

absl::StatusOr<std::string> CheckSchema(Connection& connection) {
  ASSIGN_OR_RETURN(const std::optional<int64_t> version, FindVersion(connection));
  if (version.value_or(0) == 0) return NoStore();
  if (*version < kSchemaVersion) {
    return absl::FailedPreconditionError(
        "the database was written by an older Alcove: start a server of this one once");
  }
  return ReadEpoch(connection, 0, nullptr);
}

}  // namespace alcove::store::postgres
