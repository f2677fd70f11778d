// A store on a place of a PostgresServer, which fails the test where it cannot be opened.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "store/postgres_store.h"

namespace alcove::store {

inline std::unique_ptr<Store> OpenPostgres(const std::string& place, const PostgresOptions& options = {}) {
  auto store = OpenPostgresStore(place, options);
  EXPECT_TRUE(store.ok()) << store.status();
  return *std::move(store);
}

}  // namespace alcove::store
