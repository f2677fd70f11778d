// 15,000 who wait, and a restart of the server under them: all of them come
// back, none is refused, and each hears what is said to them afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "runtime/descriptor_limit.h"
#include "tests/bench/echo_http.h"
#include "tests/bench/echo_json.h"
#include "tests/runtime/exposition.h"
#include "tests/runtime/process.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {
namespace {

using bench::Answer;
using bench::Connection;
using bench::Loop;
using bench::Member;
using bench::Unquote;
using testing::StartsWith;

constexpr size_t kWaiting = 15'000;
// Beside those who wait, on either side.
constexpr size_t kSpareDescriptors = 1'500;

struct Waiter {
  explicit Waiter(Loop& loop) : poll(loop) {}
  std::string token;
  std::string cursor;
  std::string heard;  // the last answer with an event in it
  bool failed = false;
  Connection poll;
};

class ParkedProcessTest : public testing::Test {
 protected:
  ParkedProcessTest()
      : folder_(std::filesystem::path(testing::TempDir()) / absl::StrCat("alcove_parked_test_", getpid())) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    RaiseDescriptorLimit();
  }
  ~ParkedProcessTest() override { std::filesystem::remove_all(folder_); }

  std::string Data() const { return (folder_ / "data").string(); }

  // Serves on `port`; 0: a free one.
  void Serve(int port) {
    server_ = std::make_unique<Process>(
        std::vector<std::string>{"serve", "--data", Data(), "--listen", absl::StrCat("127.0.0.1:", port), "--ops",
                                 "127.0.0.1:0", "--web", folder_.string(), "--limits", "off"});
    const std::string line = server_->ReadLine();
    ASSERT_THAT(line, StartsWith("listening on http://127.0.0.1:"));
    port_ = std::atoi(line.substr(line.rfind(':') + 1).c_str());
    ops_ = AddressIn(server_->ReadLine());
  }

  double Parked() {
    const auto page = RawClient(ops_).Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");
    return page ? Exposition(page->body).Value("alcove_parked_requests") : 0;
  }
  // All at one moment: each is held for 20 to 25 s, so that between two polls is now and then one, and often nobody.
  void AwaitParked(size_t count) {
    const int64_t give_up = bench::NowUs() + 120'000'000;
    while (Parked() < static_cast<double>(count)) {
      ASSERT_LT(bench::NowUs(), give_up) << Parked() << " are parked";
      for (const int64_t end = bench::NowUs() + 200'000; bench::NowUs() < end;) loop_->RunOnce(20);
      for (const auto& waiter : waiters_) {
        if (std::exchange(waiter->failed, false)) Poll(*waiter);
      }
    }
  }

  // Sessions for all, over a few connections.
  void SignIn(size_t count) {
    std::vector<std::unique_ptr<Connection>> connections;
    size_t next = 0;
    size_t done = 0;
    std::function<void(Connection&)> sign_in = [&](Connection& connection) {
      if (next == count) return;
      waiters_.push_back(std::make_unique<Waiter>(*loop_));
      ++next;
      connection.Send("POST", "/v1/customer/session", {}, R"({"site":"sit_demo","consent":true})",
                      [&, waiter = waiters_.back().get()](const Answer& answer) {
                        ASSERT_EQ(answer.status, 200) << answer.body;
                        waiter->token = Unquote(Member(answer.body, "token"));
                        waiter->cursor = Unquote(Member(answer.body, "cursor"));
                        ++done;
                        sign_in(connection);
                      });
    };
    for (int i = 0; i < 64; ++i) {
      connections.push_back(std::make_unique<Connection>(*loop_));
      sign_in(*connections.back());
    }
    while (done < count && !HasFatalFailure()) loop_->RunOnce(50);
  }

  void Poll(Waiter& waiter) {
    waiter.poll.Send("GET", absl::StrCat("/v1/customer/poll?wait=25&cursor=", waiter.cursor), waiter.token, {},
                     [&](const Answer& answer) {
                       // Nobody there, or too much to do: it comes again. Everything else is an answer.
                       if (answer.status == 0 || answer.status == 503) {
                         waiter.failed = true;
                         return;
                       }
                       if (answer.status != 200) {
                         if (refused_++ < 3) ADD_FAILURE() << answer.status << " " << answer.body;
                         return;
                       }
                       waiter.cursor = Unquote(Member(answer.body, "cursor"));
                       if (!bench::Elements(Member(answer.body, "events")).empty()) waiter.heard = answer.body;
                       Poll(waiter);
                     });
  }

  const std::filesystem::path folder_;
  std::unique_ptr<Process> server_;
  std::unique_ptr<Loop> loop_;
  std::vector<std::unique_ptr<Waiter>> waiters_;
  int port_ = 0;
  SocketAddress ops_{{}};
  int refused_ = 0;
};

TEST_F(ParkedProcessTest, ThousandsWhoWaitComeBackAfterARestart) {
  const size_t count = std::min(kWaiting, DescriptorLimit() - kSpareDescriptors);
  RecordProperty("waiting", static_cast<int>(count));
  ASSERT_GT(DescriptorLimit(), 2 * kSpareDescriptors) << "this machine lets nobody have descriptors";
  Process({"seed", "--data", Data(), "--agents", "1"}).Wait();
  ASSERT_NO_FATAL_FAILURE(Serve(0));
  loop_ = std::make_unique<Loop>("127.0.0.1", static_cast<uint16_t>(port_));
  ASSERT_NO_FATAL_FAILURE(SignIn(count));
  for (const auto& waiter : waiters_) {
    Poll(*waiter);
    loop_->RunOnce(0);
  }
  ASSERT_NO_FATAL_FAILURE(AwaitParked(count));

  server_->Signal(SIGTERM);
  // Its clients go on meanwhile, or it would wait for them.
  const int64_t begin = bench::NowUs();
  while (bench::NowUs() < begin + 3'000'000) loop_->RunOnce(50);
  const Process::End stopped = server_->Wait();
  EXPECT_EQ(stopped.code, 0) << stopped.err;
  ASSERT_NO_FATAL_FAILURE(Serve(port_));
  ASSERT_NO_FATAL_FAILURE(AwaitParked(count));
  EXPECT_EQ(refused_, 0);

  // What is said now reaches whom it should: a customer hears of their own conversation.
  Connection sender(*loop_);
  for (size_t i = 0; i < 20; ++i) {
    Waiter& waiter = *waiters_[i * (count / 20)];
    bool stored = false;
    const std::string id = absl::StrCat("cnv_01JD00000000000000000000", 10 + i);
    sender.Send(
        "PUT", absl::StrCat("/v1/customer/conversations/", id), waiter.token,
        absl::StrCat(R"({"message":{"id":"msg_01JD00000000000000000000)", 10 + i, R"(","text":"are you there"}})"),
        [&](const Answer& answer) {
          EXPECT_EQ(answer.status, 201) << answer.body;
          stored = true;
        });
    for (const int64_t end = bench::NowUs() + 20'000'000;
         (!stored || waiter.heard.find("are you there") == std::string::npos) && bench::NowUs() < end;) {
      loop_->RunOnce(50);
    }
    EXPECT_THAT(waiter.heard, testing::HasSubstr("are you there")) << i;
  }
  waiters_.clear();
}

}  // namespace
}  // namespace alcove::runtime
