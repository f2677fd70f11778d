#include "tests/store/fault_env.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "tests/store/whole_file.h"

namespace alcove::store {

class FaultEnv::File final : public leveldb::WritableFile {
 public:
  File(FaultEnv& env, std::string name, leveldb::WritableFile* base) : env_(env), name_(std::move(name)), base_(base) {}

  leveldb::Status Append(const leveldb::Slice& data) override {
    const leveldb::Status step = env_.Step(name_);
    if (step.ok()) {
      bytes_ += data.size();
      return base_->Append(data);
    }
    // Half of it reaches the file: a torn write.
    bytes_ += data.size() / 2;
    base_->Append(leveldb::Slice(data.data(), data.size() / 2));
    base_->Flush();
    env_.EndsInHalf(name_);
    return step;
  }
  leveldb::Status Flush() override {
    const leveldb::Status step = env_.Step(name_);
    return step.ok() ? base_->Flush() : step;
  }
  leveldb::Status Sync() override {
    const leveldb::Status step = env_.Step(name_);
    if (!step.ok()) return step;
    const leveldb::Status flushed = base_->Flush();
    if (flushed.ok()) env_.Synced(name_, bytes_);
    return flushed;
  }
  leveldb::Status Close() override {
    const leveldb::Status closed = base_->Close();
    const leveldb::Status step = env_.Step(name_);
    return step.ok() ? closed : step;
  }

 private:
  FaultEnv& env_;
  const std::string name_;
  const std::unique_ptr<leveldb::WritableFile> base_;
  uint64_t bytes_ = 0;  // handed over; a log's file may be longer
};

void FaultEnv::FailAt(std::set<int> operations) {
  const MutexLock lock(mutex_);
  counted_ = failures_ = 0;
  fail_at_ = std::move(operations);
  fail_from_ = kNever;
}

void FaultEnv::FailFrom(int operation) {
  const MutexLock lock(mutex_);
  counted_ = failures_ = 0;
  fail_at_.clear();
  fail_from_ = operation;
}

void FaultEnv::Heal() { FailAt({}); }

int FaultEnv::failures() {
  const MutexLock lock(mutex_);
  return failures_;
}

leveldb::Status FaultEnv::Step(const std::string& name) {
  const MutexLock lock(mutex_);
  ++counted_;
  if (counted_ < fail_from_ && !fail_at_.contains(counted_)) return leveldb::Status::OK();
  ++failures_;
  return leveldb::Status::IOError(name, "the test said so");
}

void FaultEnv::Synced(const std::string& name, uint64_t bytes) {
  const MutexLock lock(mutex_);
  written_[name].synced = bytes;
}

void FaultEnv::EndsInHalf(const std::string& name) {
  const MutexLock lock(mutex_);
  written_[name].ends_in_half = true;
}

// Of a log, which is written into room of zeros: any sectors may be there, and the room may be there or not. A sector
// is there as a whole, and so is not where it was to hold the other half.
void FaultEnv::Tear(const std::string& name, const Written& written, Loss loss, std::mt19937_64& rng) {
  constexpr size_t kSectorBytes = 512, kRoomBytes = 256 * 1024;
  const uint64_t synced = written.synced;
  std::string log = ReadFile(name);
  for (size_t at = synced; at < log.size();) {
    const size_t end = std::min((at / kSectorBytes + 1) * kSectorBytes, log.size());
    const bool is_whole = end < log.size() || !written.ends_in_half;
    const bool is_there = loss == Loss::kTorn && rng() % 2 != 0 && is_whole;
    if (!is_there) log.replace(at, end - at, end - at, '\0');
    at = end;
  }
  const bool has_grown = rng() % 2 == 0;
  log.resize(has_grown ? (log.size() / kRoomBytes + 1) * kRoomBytes : synced + rng() % (log.size() - synced + 1));
  WriteFile(name, log);
}

void FaultEnv::LoseWhatIsNotSynced(Loss loss, std::mt19937_64& rng) {
  const MutexLock lock(mutex_);
  for (const auto& [name, written] : written_) {
    const uint64_t synced = written.synced;
    std::error_code gone;
    const uint64_t size = std::filesystem::file_size(name, gone);
    if (gone || size <= synced) continue;
    if (name.ends_with(".log")) {
      Tear(name, written, loss, rng);
      continue;
    }
    const uint64_t kept = loss == Loss::kAll ? synced : synced + rng() % (size - synced + 1);
    if (kept == 0) {
      std::filesystem::remove(name);
    } else {
      std::filesystem::resize_file(name, kept);
    }
  }
  written_.clear();
}

leveldb::Status FaultEnv::NewWritableFile(const std::string& name, leveldb::WritableFile** result) {
  *result = nullptr;
  leveldb::Status status = Step(name);
  if (status.ok()) status = target()->NewWritableFile(name, result);
  if (!status.ok()) return status;
  *result = new File(*this, name, *result);
  const MutexLock lock(mutex_);
  written_[name] = {};
  return status;
}

leveldb::Status FaultEnv::RemoveFile(const std::string& name) {
  const MutexLock lock(mutex_);
  // A machine without power removes nothing.
  if (counted_ >= fail_from_) return leveldb::Status::IOError(name, "the test said so");
  written_.erase(name);
  return target()->RemoveFile(name);
}

leveldb::Status FaultEnv::NewAppendableFile(const std::string& name, leveldb::WritableFile** result) {
  *result = nullptr;
  leveldb::Status status = Step(name);
  if (status.ok()) status = target()->NewAppendableFile(name, result);
  if (status.ok()) *result = new File(*this, name, *result);
  return status;
}

leveldb::Status FaultEnv::RenameFile(const std::string& from, const std::string& to) {
  leveldb::Status status = Step(from);
  if (status.ok()) status = target()->RenameFile(from, to);
  if (!status.ok()) return status;
  const MutexLock lock(mutex_);
  if (const auto moved = written_.extract(from)) written_[to] = moved.mapped();
  return status;
}

}  // namespace alcove::store
