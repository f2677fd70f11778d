// A store in memory whose machine may die: after some more commits nothing of it
// answers until it is started again, with all that was committed.
//
// Threads: none.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "store/memory_store.h"
#include "store/store.h"

namespace alcove::simulation {

class FaultyStore final : public store::Store {
 public:
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(store::Watcher* watcher) override { inner_->Watch(watcher); }

  // Dies with the commit after `commits` more of them: that one is made, and nobody learns of it.
  void DieAfter(int commits) { commits_left_ = commits; }
  void Revive() {
    commits_left_ = kForEver;
    is_dead_ = false;
  }
  bool is_dead() const { return is_dead_; }

 protected:
  absl::Status TransactStatus(const Body& body) override {
    if (is_dead_) return Dead();
    const absl::Status status = inner_->Transact([&](store::Transaction& transaction) { return body(transaction); });
    if (!status.ok() || commits_left_ == kForEver || commits_left_-- > 0) return status;
    is_dead_ = true;
    return Dead();
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    if (is_dead_) return Dead();
    return inner_->Read([&](store::Reader& reader) { return body(reader); });
  }

 private:
  static constexpr int kForEver = -1;
  static absl::Status Dead() { return absl::UnavailableError("the machine is off"); }

  std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();
  int commits_left_ = kForEver;
  bool is_dead_ = false;
};

}  // namespace alcove::simulation
