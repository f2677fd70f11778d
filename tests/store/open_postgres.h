// A store on a place of a PostgresServer, which fails the test where it cannot be opened.
// With ALCOVE_TEST_NOTIFICATIONS=off nobody notifies anybody: CTest runs what opens its
// stores here once more so.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "store/postgres_store.h"

namespace alcove::store {

inline std::unique_ptr<Store> OpenPostgres(const std::string& place, PostgresOptions options = {}) {
  const char* const notifications = std::getenv("ALCOVE_TEST_NOTIFICATIONS");
  if (notifications != nullptr && std::string(notifications) == "off") {
    options.notifications = PostgresOptions::Notifications::kOff;
  }
  auto store = OpenPostgresStore(place, options);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

}  // namespace alcove::store
