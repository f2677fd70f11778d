// Several functions as one: each believes that it has a store, and all of them
// write into the transaction of whoever runs them, so that they are kept
// together or not at all.
//
// A function that fails may leave half of what it does in the transaction:
// whoever runs them has to give it up then. What they publish is told once the
// transaction is kept (Tell()), and is lost with it.
//
// Threads: none; it belongs to the transaction's body.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "functions/context.h"
#include "store/store.h"

namespace alcove::functions {

// What was published and not told yet.
struct Unpublished {
  std::string topic;
  std::string key;
  std::string value;
  absl::Time expires_at;
};

class OneTransaction final : private store::Store, private Ephemera {
 public:
  // All three must outlive it. REQUIRES: `unpublished` is empty.
  OneTransaction(store::Transaction& transaction, Context& outer, std::vector<Unpublished>& unpublished);

  // What the functions are run with.
  Context& context() { return context_; }

 private:
  std::string epoch() const override { return outer_.store.epoch(); }
  void Watch(store::Watcher*) override {}
  absl::Status TransactStatus(const Body& body) override { return body(transaction_); }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    return body(transaction_);
  }

  void Publish(std::string_view topic, std::string_view key, std::string_view value, absl::Time expires_at) override;
  std::vector<Item> Since(std::string_view topic, uint64_t after, absl::Time now) override {
    return outer_.ephemera.Since(topic, after, now);
  }
  uint64_t Version() override { return outer_.ephemera.Version(); }
  const std::string& Incarnation() override { return outer_.ephemera.Incarnation(); }

  store::Transaction& transaction_;
  Context& outer_;
  std::vector<Unpublished>& unpublished_;
  Context context_;
};

// Tells what the functions of a transaction that was kept had to say.
void Tell(const std::vector<Unpublished>& unpublished, Context& context);

}  // namespace alcove::functions
