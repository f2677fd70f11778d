// Asks other servers what functions want to know (functions/fetch.h), so that
// no worker waits for an answer.
//
// A question waits until fewer than `to_host_max` are out to its host and fewer
// than `out_max` in all, and is then asked by a thread of its own, of which
// there are as many as were needed at once. A name is looked up for each new
// connection; every address that it has must be allowed (outbound_guard.h), and
// the connection goes to one of those, whatever the name says a moment later.
// Connections are kept for the next question to the same host.
//
// Threads: all methods from any.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "functions/fetch.h"
#include "functions/url.h"
#include "functions/wire/limits.h"
#include "runtime/descriptor.h"
#include "runtime/log.h"
#include "runtime/metrics.h"
#include "runtime/name_lookup.h"
#include "runtime/networks.h"
#include "runtime/outbound_guard.h"
#include "runtime/outbound_socket.h"
#include "runtime/timer_wheel.h"
#include "store/mutex.h"

namespace alcove::runtime {

struct FetcherOptions {
  Networks allowed = {};          // beside what is public
  std::string certificates = {};  // a file of those that are believed; empty: the system's
  LookUp look_up = LookUpByResolver;
  RequestLog log = RequestLog::kOff;
  size_t out_max = wire::kFetchesOutMax;
  size_t to_host_max = wire::kFetchesToHostMax;
  size_t queued_max = wire::kFetchesQueuedMax;
};

class Fetcher {
 public:
  using Done = absl::AnyInvocable<void(functions::Fetched)>;

  // `metrics` must outlive it. Starts no thread before there is something to ask.
  Fetcher(FetcherOptions options, Metrics& metrics);
  ~Fetcher();

  // Asks. `done` is called once, in time: by a thread of the fetcher's, or at
  // once where it is not asked at all. It must be quick. `id` is whose question
  // it is, for the log.
  void Start(functions::Fetch fetch, std::string_view id, Done done);

  // The same, and waits for the answer.
  functions::Fetched Await(functions::Fetch fetch, std::string_view id);

  // Ends what is out and what waits, as kStopped, and everything that comes
  // later. When it returns, no `done` runs any more but of Start()s that run.
  void Stop();

  size_t out() const;
  size_t queued() const;

 private:
  struct Question {
    functions::Fetch fetch;
    functions::Url url;
    std::string host;  // with scheme and port: what connections and places are of
    std::string id;
    SteadyTime begin;
    SteadyTime deadline;
    Done done;
  };
  struct Kept {
    std::unique_ptr<OutboundSocket> socket;
    SteadyTime until;
  };

  std::optional<functions::FetchResult> Enter(std::unique_ptr<Question>& question);
  void Work();
  // Another one to work, where none rests and there may be more.
  void AddThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The first that may be asked now; null: none.
  std::unique_ptr<Question> TakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::unique_ptr<Question> TakeLate(SteadyTime now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Rest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  functions::Fetched Ask(Question& question);
  std::unique_ptr<OutboundSocket> TakeKept(const std::string& host);
  void Keep(const std::string& host, std::unique_ptr<OutboundSocket> socket);
  // Connected, or why not.
  struct Connected {
    std::unique_ptr<OutboundSocket> socket;
    functions::FetchResult otherwise = functions::FetchResult::kUnreachable;
  };
  Connected Connect(const Question& question);
  const OutboundTls* Tls();
  Patience PatienceOf(const Question& question) const { return {question.deadline, stop_.get()}; }

  void End(Question& question, functions::Fetched fetched);

  const FetcherOptions options_;
  const OutboundGuard guard_;
  Metrics& metrics_;
  const Descriptor stop_;  // readable when it is over
  NameLookup names_;

  mutable store::Mutex mutex_;
  store::CondVar changed_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<std::unique_ptr<Question>> queue_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, size_t, std::less<>> out_to_ ABSL_GUARDED_BY(mutex_);
  size_t out_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t resting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::multimap<std::string, Kept, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
  absl::StatusOr<std::unique_ptr<OutboundTls>> tls_ ABSL_GUARDED_BY(mutex_) = nullptr;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace alcove::runtime
