// What a reactor runs itself (Stores::kOnce) makes one transaction at most, and asks nothing behind it but who calls,
// where it was refused and has written nothing.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "functions/routes.h"
#include "store/memory_store.h"
#include "tests/functions/admin_world.h"
#include "tests/functions/world.h"

namespace alcove::functions {
namespace {

// What a function asks of its store.
struct Asked {
  int transactions = 0;
  int reads = 0;
  int waits = 0;  // until it is durable
};

class CountingStore final : public store::Store {
 public:
  explicit CountingStore(Asked& asked) : asked_(asked) {}
  std::string epoch() const override { return inner_->epoch(); }
  void Watch(store::Watcher* watcher) override { inner_->Watch(watcher); }
  absl::Status Settle() override {
    ++asked_.waits;
    return inner_->Settle();
  }

 protected:
  absl::Status TransactStatus(const std::function<absl::Status(store::Transaction&)>& body) override {
    ++asked_.transactions;
    return inner_->Transact([&](store::Transaction& txn) { return body(txn); });
  }
  absl::Status ReadStatus(const std::function<absl::Status(store::Reader&)>& body) override {
    ++asked_.reads;
    return inner_->Read([&](store::Reader& reader) { return body(reader); });
  }

 private:
  const std::unique_ptr<store::Store> inner_ = store::MakeMemoryStore();
  Asked& asked_;
};

class StoresOnce : public testing::Test {
 protected:
  // Puts, and returns the status, after so many transactions.
  int Put(const std::string& side, const Person& person, const std::string& conversation, const std::string& body,
          int transactions = 1, std::string id = "") {
    if (id.empty()) id = world_.NewId<wire::MessageId>().text();
    asked_ = {};
    const Result result = world_.Put(World::PathOf(side, conversation) + "/messages/" + id, person, body);
    EXPECT_EQ(asked_.transactions, transactions) << body;
    EXPECT_EQ(asked_.reads, result.status < 400 ? 0 : 1) << body;
    EXPECT_EQ(asked_.waits, 0) << body;
    return result.status;
  }

  Asked asked_;
  AdminWorld world_{std::make_unique<CountingStore>(asked_)};
};

TEST_F(StoresOnce, AreTheMessages) {
  int routes = 0;
  for (const Route& route : Routes()) {
    if (route.stores != Stores::kOnce) continue;
    ++routes;
    EXPECT_TRUE(route.pattern.ends_with("/messages/{message}")) << route.pattern << " is not tested here";
    EXPECT_EQ(route.work, Work::kSend) << "no other is looked at";
    EXPECT_EQ(route.lane, Lane::kFast);
    EXPECT_EQ(route.parking, Parking::kNever);
  }
  EXPECT_EQ(routes, 2);
}

TEST_F(StoresOnce, WhateverBecomesOfAMessage) {
  const Person mara = world_.AddOnlineAgent("Mara");
  const Person customer = world_.AddCustomer();
  const std::string open = world_.Start(customer);
  const std::string id = world_.NewId<wire::MessageId>().text();
  const std::string text = R"({"text":"hello"})";
  EXPECT_EQ(Put("customer", customer, open, text, 1, id), 201);
  EXPECT_EQ(Put("customer", customer, open, text, 1, id), 200) << "again";
  EXPECT_EQ(Put("customer", customer, open, R"({"text":"other"})", 1, id), 409);
  EXPECT_EQ(Put("customer", customer, open, "{", 0), 400);
  EXPECT_EQ(Put("customer", world_.AddCustomer(), open, text), 404);
  EXPECT_EQ(Put("agent", mara, open, text), 201);
  EXPECT_EQ(Put("agent", world_.owner, open, R"({"text":"late","after":1})"), 409) << "overtaken";

  // Closed, and open again by what is written.
  ASSERT_EQ(world_.Put("/v1/admin/settings", world_.owner, R"({"reopening":"same"})").status, 200);
  ASSERT_EQ(world_.Post(World::PathOf("agent", open) + "/close", mara).status, 200);
  EXPECT_EQ(Put("customer", customer, open, text), 201);
  EXPECT_EQ(Put("customer", customer, world_.NewId<wire::ConversationId>().text(), text), 404);
}

}  // namespace
}  // namespace alcove::functions
