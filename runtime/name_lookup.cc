#include "runtime/name_lookup.h"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>

#include "runtime/descriptor.h"
#include "runtime/socket_address.h"
#include "store/mutex.h"

namespace alcove::runtime {
namespace {

using functions::FetchResult;

// Of the one who looks up and the one who waits; whoever is later frees it.
struct Lookup {
  const Descriptor found{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
  store::Mutex mutex;
  std::vector<std::string> addresses ABSL_GUARDED_BY(mutex);
};

}  // namespace

std::vector<std::string> LookUpByResolver(const std::string& name) {
  addrinfo hints = {};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  if (getaddrinfo(name.c_str(), nullptr, &hints, &first) != 0) return {};
  std::vector<std::string> addresses;
  for (const addrinfo* info = first; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    sockaddr_storage storage = {};
    std::memcpy(&storage, info->ai_addr, std::min<size_t>(info->ai_addrlen, sizeof(storage)));
    std::string address = SocketAddress(storage).Host();
    // Without the network card that an address of one link has.
    address.resize(std::min(address.find('%'), address.size()));
    addresses.push_back(std::move(address));
  }
  freeaddrinfo(first);
  return addresses;
}

NameLookup::NameLookup(LookUp look_up, size_t running_max) : look_up_(std::move(look_up)), running_max_(running_max) {}

std::variant<std::vector<std::string>, FetchResult> NameLookup::Find(const std::string& name,
                                                                     const Patience& patience) const {
  if (running_->fetch_add(1) >= running_max_) {
    running_->fetch_sub(1);
    return FetchResult::kBusy;
  }
  const auto lookup = std::make_shared<Lookup>();
  std::thread([lookup, name, look_up = look_up_, running = running_] {
    std::vector<std::string> addresses = look_up(name);
    {
      const store::MutexLock lock(lookup->mutex);
      lookup->addresses = std::move(addresses);
    }
    running->fetch_sub(1);
    const uint64_t one = 1;
    (void)!write(lookup->found.get(), &one, sizeof(one));
  }).detach();
  const Awaited awaited = AwaitEvents(lookup->found.get(), POLLIN, patience);
  if (!awaited.came) return awaited.stopped ? FetchResult::kStopped : FetchResult::kTimedOut;
  const store::MutexLock lock(lookup->mutex);
  if (lookup->addresses.empty()) return FetchResult::kUnreachable;
  return std::move(lookup->addresses);
}

}  // namespace alcove::runtime
