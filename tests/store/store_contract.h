// What every backend must do, whatever it is made of: the suite StoreContract
// runs over each kind named in Backends().
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "store/optimistic_store.h"
#include "store/store.h"

namespace alcove::store {

struct Backend {
  std::string name;
  // A new, empty store. `folder` is the test's own and is removed after it.
  std::function<std::unique_ptr<Store>(const std::string& folder, const EngineOptions& options)> open;
  friend std::ostream& operator<<(std::ostream& out, const Backend& backend) { return out << backend.name; }
};

std::vector<Backend> Backends();
// Those made of the optimistic engine, of which more can be said.
std::vector<Backend> OptimisticBackends();

using Map = std::map<std::string, std::string>;

// The keys that these tests write begin with "t/": what the store keeps of itself lies outside.
inline const Range kTestRange{"t/", "t0"};
Map ReadAll(Store& store);

// The number that is a key's value; 0 where there is none.
absl::StatusOr<int> ReadNumber(Reader& reader, std::string_view key);
int NumberNow(Store& store, std::string_view key);
absl::Status Increment(Store& store, const std::string& key);
absl::Status EraseAll(Store& store);

// Runs `act` to its end on another thread: a body may not call the store itself.
void Meanwhile(const std::function<void()>& act);

class StoreContract : public testing::TestWithParam<Backend> {
 protected:
  StoreContract();
  ~StoreContract() override;

  // Opens another store instead, in a folder of its own.
  void Open(const EngineOptions& options);
  void Put(const std::string& key, const std::string& value);

  std::vector<std::string> folders_;
  std::unique_ptr<Store> store_;
};

}  // namespace alcove::store
