#include "runtime/fetcher.h"

#include <signal.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <future>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "runtime/log.h"
#include "runtime/outbound_http.h"

namespace alcove::runtime {
namespace {

using functions::Fetch;
using functions::Fetched;
using functions::FetchMethod;
using functions::FetchResult;
using functions::Scheme;
using functions::Url;

constexpr std::chrono::milliseconds kIdle{wire::kFetchIdleMs};

std::string MethodText(FetchMethod method) {
  switch (method) {
    case FetchMethod::kPost:
      return "POST";
    case FetchMethod::kPut:
      return "PUT";
    case FetchMethod::kDelete:
      return "DELETE";
    case FetchMethod::kGet:
      break;
  }
  return "GET";
}

Fetched Failed(FetchResult result) {
  Fetched fetched;
  fetched.result = result;
  return fetched;
}

bool IsWellFormed(const Fetch& fetch) {
  return fetch.body.size() <= wire::kFetchRequestBytesMax &&
         std::all_of(fetch.headers.begin(), fetch.headers.end(),
                     [](const auto& header) { return IsHeader(header.first, header.second); });
}

// OpenSSL writes as if nobody ever hung up.
void BlockBrokenPipes() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

Fetcher::Fetcher(FetcherOptions options, Metrics& metrics)
    : options_(std::move(options)),
      guard_(options_.allowed),
      metrics_(metrics),
      stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      names_(options_.look_up, options_.out_max) {}

Fetcher::~Fetcher() { Stop(); }

void Fetcher::Stop() {
  std::deque<std::unique_ptr<Question>> queue;
  std::vector<std::thread> threads;
  {
    const store::MutexLock lock(mutex_);
    stopping_ = true;
    queue.swap(queue_);
    threads.swap(threads_);
    kept_.clear();
    const uint64_t one = 1;
    (void)!write(stop_.get(), &one, sizeof(one));
    changed_.NotifyAll();
  }
  for (const auto& question : queue) End(*question, Failed(FetchResult::kStopped));
  for (std::thread& thread : threads) thread.join();
}

size_t Fetcher::out() const {
  const store::MutexLock lock(mutex_);
  return out_;
}

size_t Fetcher::queued() const {
  const store::MutexLock lock(mutex_);
  return queue_.size();
}

Fetched Fetcher::Await(Fetch fetch, std::string_view id) {
  std::promise<Fetched> promise;
  std::future<Fetched> fetched = promise.get_future();
  Start(std::move(fetch), id, [&](Fetched answer) { promise.set_value(std::move(answer)); });
  return fetched.get();
}

void Fetcher::Start(Fetch fetch, std::string_view id, Done done) {
  auto question = std::make_unique<Question>();
  question->begin = std::chrono::steady_clock::now();
  const absl::Duration timeout = std::min(fetch.timeout, absl::Milliseconds(wire::kFetchMsMax));
  question->deadline = question->begin + absl::ToChronoMilliseconds(timeout);
  fetch.answer_bytes_max = std::min(fetch.answer_bytes_max, wire::kFetchBodyBytesMax);
  question->id = id;
  question->done = std::move(done);
  auto url = functions::ParseUrl(fetch.url);
  const bool well_formed = url.ok() && IsWellFormed(fetch);
  question->fetch = std::move(fetch);
  if (!well_formed) return End(*question, Failed(FetchResult::kForbidden));
  question->url = *std::move(url);
  question->host =
      absl::StrCat(question->url.scheme == Scheme::kHttps ? "https://" : "http://", question->url.HostHeader());
  if (const auto refusal = Enter(question); refusal) End(*question, Failed(*refusal));
}

std::optional<FetchResult> Fetcher::Enter(std::unique_ptr<Question>& question) {
  const store::MutexLock lock(mutex_);
  if (stopping_) return FetchResult::kStopped;
  if (queue_.size() >= options_.queued_max) return FetchResult::kBusy;
  queue_.push_back(std::move(question));
  AddThread();
  changed_.NotifyOne();
  return std::nullopt;
}

// --- The threads ------------------------------------------------------------

void Fetcher::AddThread() {
  // One more than may be out, so that somebody sees whose time is up in the queue.
  if (resting_ == 0 && threads_.size() <= options_.out_max) threads_.emplace_back([this] { Work(); });
}

void Fetcher::Work() {
  BlockBrokenPipes();
  mutex_.Lock();
  while (!stopping_) {
    if (const auto late = TakeLate(std::chrono::steady_clock::now()); late != nullptr) {
      mutex_.Unlock();
      End(*late, Failed(FetchResult::kTimedOut));
      mutex_.Lock();
      continue;
    }
    const auto question = TakeNext();
    if (question == nullptr) {
      Rest();
      continue;
    }
    ++out_;
    ++out_to_[question->host];
    // Whoever is behind it in the queue has to have a thread as well, if only to see its time run out.
    if (!queue_.empty()) {
      AddThread();
      changed_.NotifyOne();
    }
    mutex_.Unlock();
    Fetched fetched = Ask(*question);
    // Its place is free before it is told: what it asks next may have it.
    mutex_.Lock();
    --out_;
    if (const auto out = out_to_.find(question->host); --out->second == 0) out_to_.erase(out);
    changed_.NotifyOne();
    mutex_.Unlock();
    End(*question, std::move(fetched));
    mutex_.Lock();
  }
  mutex_.Unlock();
}

std::unique_ptr<Fetcher::Question> Fetcher::TakeNext() {
  if (out_ >= options_.out_max) return nullptr;
  for (auto at = queue_.begin(); at != queue_.end(); ++at) {
    const auto out = out_to_.find((*at)->host);
    if (out != out_to_.end() && out->second >= options_.to_host_max) continue;
    auto question = std::move(*at);
    queue_.erase(at);
    return question;
  }
  return nullptr;
}

std::unique_ptr<Fetcher::Question> Fetcher::TakeLate(SteadyTime now) {
  const auto late =
      std::find_if(queue_.begin(), queue_.end(), [&](const auto& question) { return question->deadline <= now; });
  if (late == queue_.end()) return nullptr;
  auto question = std::move(*late);
  queue_.erase(late);
  return question;
}

void Fetcher::Rest() {
  const SteadyTime now = std::chrono::steady_clock::now();
  std::optional<SteadyTime> until;
  const auto sooner = [&](SteadyTime time) { until = std::min(until.value_or(time), time); };
  for (const auto& question : queue_) sooner(question->deadline);
  std::erase_if(kept_, [&](const auto& kept) { return kept.second.until <= now; });
  for (const auto& [host, kept] : kept_) sooner(kept.until);
  ++resting_;
  if (until) {
    changed_.WaitFor(mutex_, absl::FromChrono(std::max(*until - now, SteadyDuration::zero())));
  } else {
    changed_.Wait(mutex_);
  }
  --resting_;
}

void Fetcher::End(Question& question, Fetched fetched) {
  const absl::Duration took = absl::FromChrono(std::chrono::steady_clock::now() - question.begin);
  const std::string_view result = NameOf(fetched.result);
  metrics_.CountFetch(result, took);
  // Of the URL only the host: paths and queries hold secrets.
  const std::initializer_list<LogField> fields = {{"id", question.id},
                                                  {"host", question.url.host},
                                                  {"result", std::string(result)},
                                                  {"status", absl::StrCat(fetched.status)},
                                                  {"us", absl::StrCat(absl::ToInt64Microseconds(took))},
                                                  {"bytes", absl::StrCat(fetched.body.size())}};
  if (options_.log == RequestLog::kOn) {
    LogInfo("fetch", fields);
  } else if (fetched.result != FetchResult::kAnswered && fetched.result != FetchResult::kStopped) {
    LogWarning("another server could not be asked", fields);
  }
  fetched.name = question.fetch.name;
  std::exchange(question.done, nullptr)(std::move(fetched));
}

// --- Asking -----------------------------------------------------------------

Fetched Fetcher::Ask(Question& question) {
  std::unique_ptr<OutboundSocket> socket = TakeKept(question.host);
  if (socket == nullptr) {
    Connected connected = Connect(question);
    if (connected.socket == nullptr) return Failed(connected.otherwise);
    socket = std::move(connected.socket);
  }
  socket->Begin(PatienceOf(question), wire::kFetchHeadBytesMax);
  Fetch& fetch = question.fetch;
  auto result = AskOverHttp(*socket, {.method = MethodText(fetch.method),
                                      .host_header = question.url.HostHeader(),
                                      .target = question.url.target,
                                      .headers = std::move(fetch.headers),
                                      .body = std::move(fetch.body),
                                      .answer_bytes_max = fetch.answer_bytes_max});
  if (const auto* const failure = std::get_if<FetchResult>(&result)) return Failed(*failure);
  OutboundAnswer& answer = std::get<OutboundAnswer>(result);
  if (answer.keeps) Keep(question.host, std::move(socket));
  Fetched fetched;
  fetched.result = FetchResult::kAnswered;
  fetched.status = answer.status;
  fetched.headers = std::move(answer.headers);
  fetched.body = std::move(answer.body);
  return fetched;
}

std::unique_ptr<OutboundSocket> Fetcher::TakeKept(const std::string& host) {
  const SteadyTime now = std::chrono::steady_clock::now();
  const store::MutexLock lock(mutex_);
  while (true) {
    const auto found = kept_.find(host);
    if (found == kept_.end()) return nullptr;
    Kept kept = std::move(found->second);
    kept_.erase(found);
    if (kept.until > now && kept.socket->IsFresh()) return std::move(kept.socket);
  }
}

void Fetcher::Keep(const std::string& host, std::unique_ptr<OutboundSocket> socket) {
  const store::MutexLock lock(mutex_);
  if (stopping_ || kept_.size() >= options_.out_max) return;
  kept_.emplace(host, Kept{std::move(socket), std::chrono::steady_clock::now() + kIdle});
}

const OutboundTls* Fetcher::Tls() {
  const store::MutexLock lock(mutex_);
  // Reading a system's certificates takes 20 ms and 2 MB: who asks nobody is spared it.
  if (tls_.ok() && *tls_ == nullptr) {
    tls_ = OutboundTls::Make(options_.certificates);
    if (!tls_.ok()) LogWarning("no certificates", {{"reason", std::string(tls_.status().message())}});
  }
  return tls_.ok() ? tls_->get() : nullptr;
}

Fetcher::Connected Fetcher::Connect(const Question& question) {
  const Url& url = question.url;
  const Patience patience = PatienceOf(question);
  std::vector<std::string> addresses = {url.host};
  if (!url.IsAddress()) {
    auto found = names_.Find(url.host, patience);
    if (const auto* const failure = std::get_if<FetchResult>(&found)) return {nullptr, *failure};
    addresses = std::get<std::vector<std::string>>(std::move(found));
  }
  // One that is forbidden beside others that are not is how a name that changes is dressed up.
  const bool allowed = std::all_of(addresses.begin(), addresses.end(),
                                   [&](const std::string& address) { return guard_.Allows(address, url.port); });
  if (!allowed) return {nullptr, FetchResult::kForbidden};
  const bool is_secret = url.scheme == Scheme::kHttps;
  const OutboundTls* const tls = is_secret ? Tls() : nullptr;
  if (is_secret && tls == nullptr) return {nullptr, FetchResult::kUnreachable};

  Connected connected;
  for (const std::string& address : addresses) {
    auto socket = std::make_unique<OutboundSocket>(
        OutboundSocket::Place{.address = address, .port = url.port, .tls = tls, .host = url.host}, patience);
    if (!socket->failure()) return {std::move(socket)};
    connected.otherwise = *socket->failure();
    // The next address is for where nobody is at this one.
    if (connected.otherwise != FetchResult::kUnreachable) break;
  }
  return connected;
}

}  // namespace alcove::runtime
