#include "tests/bench/echo_people.h"

#include <unistd.h>

#include <cstdint>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string_view>

#include "tests/bench/echo_json.h"

namespace alcove::bench {

std::vector<Account> ReadAccounts(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  std::vector<Account> accounts;
  const std::string seed = text.str();
  for (const std::string_view agent : Elements(Member(seed, "agents"))) {
    accounts.push_back({Unquote(Member(agent, "email")), Unquote(Member(agent, "password"))});
  }
  return accounts;
}

std::string MakeUlid() {
  static uint64_t count = 0;
  static constexpr std::string_view kDigits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  uint64_t ms = static_cast<uint64_t>(now.tv_sec) * 1000 + static_cast<uint64_t>(now.tv_nsec) / 1'000'000;
  uint64_t low = (static_cast<uint64_t>(getpid()) << 40) + ++count;
  std::string ulid(26, '0');
  for (size_t i = 10; i-- > 0; ms >>= 5) ulid[i] = kDigits[ms & 31];
  for (size_t i = 26; i-- > 13; low >>= 5) ulid[i] = kDigits[low & 31];
  return ulid;
}

}  // namespace alcove::bench
