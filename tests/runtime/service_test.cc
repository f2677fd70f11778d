// The server put together and taken apart.
#include "runtime/service.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "store/memory_store.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

std::atomic<bool> standing{false};
std::atomic<bool> let_go{false};

functions::Outcome StandStill(const functions::Request&, functions::Context&) {
  standing = true;
  while (!let_go) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  return functions::Response{};
}
constexpr functions::Route kStandStill{functions::Method::kGet, "/", functions::Caller::kAnyone, StandStill};

functions::Matched FindTestRoute(functions::Method, std::string_view) {
  return {functions::Match{&kStandStill, {}}, {}};
}

TEST(Service, AnswersOperatorsUntilItIsGone) {
  ServeCommand command;
  command.listen = "127.0.0.1:0";
  command.ops = "127.0.0.1:0";
  auto service = *Service::Start(
      command,
      {.store = store::MakeMemoryStore(), .files = std::make_unique<StaticFiles>(), .find_route = FindTestRoute});
  RawClient client(service->address());
  ASSERT_TRUE(client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  while (!standing) std::this_thread::sleep_for(std::chrono::milliseconds(1));

  // Its end waits for the function, and somebody asks for /metrics all the while.
  const SocketAddress ops = *service->ops_address();
  std::thread end([&] { service.reset(); });
  while (true) {
    RawClient asking(ops);
    if (!asking.connected()) break;
    (void)asking.Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  let_go = true;
  end.join();
}

}  // namespace
}  // namespace alcove::runtime
