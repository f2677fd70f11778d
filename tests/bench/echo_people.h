// Whom a bench talks as, and the ids that they choose.
#pragma once

#include <string>
#include <vector>

namespace alcove::bench {

struct Account {
  std::string email;
  std::string password;
};

// Of a file that `alcove seed --json` wrote; none where it holds none.
std::vector<Account> ReadAccounts(const std::string& path);

// Unique in this run and among runs: the time, the process and a counter.
std::string MakeUlid();

}  // namespace alcove::bench
