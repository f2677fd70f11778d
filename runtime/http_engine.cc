#include "runtime/http_engine.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "functions/method.h"
#include "runtime/answer.h"
#include "runtime/canonical.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

// The line in memory on one side, nothing on the other. No member says
// `override`, because some are pure in one version of cpp-httplib and absent in
// another; what is missing, the compiler says at LineStream's first use.
class LineStream final : public httplib::Stream {
 public:
  explicit LineStream(std::string_view input) : input_(input) {}

  bool is_readable() const { return !input_.empty(); }
  bool is_writable() const { return true; }               // until 0.18
  bool wait_readable() const { return !input_.empty(); }  // since 0.19
  bool wait_writable() const { return true; }             // since 0.19
  time_t duration() const { return 0; }                   // since 0.20
  ssize_t read(char* to, size_t size) {
    const size_t taken = std::min(size, input_.size());
    std::memcpy(to, input_.data(), taken);
    input_.remove_prefix(taken);
    return static_cast<ssize_t>(taken);
  }
  ssize_t write(const char*, size_t size) { return static_cast<ssize_t>(size); }
  // Functions get the address from the runtime, which knows the proxies.
  void get_remote_ip_and_port(std::string& ip, int& port) const { Nowhere(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const { Nowhere(ip, port); }
  socket_t socket() const { return 0; }

 private:
  static void Nowhere(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }

  std::string_view input_;
};

void SetMethod(std::string_view method, Call& call) {
  const auto known = functions::ParseMethod(method);
  call.request.method = known.value_or(functions::Method::kGet);
  call.is_options = method == "OPTIONS";
  call.verb = known.has_value() ? Call::Verb::kPlain : method == "HEAD" ? Call::Verb::kHead : Call::Verb::kOther;
}

// A poll has a cursor and says how long it waits.
constexpr size_t kUsualParameters = 2;

// What means itself in a target, wherever it stands. Not `%` and `+`, which stand for something else, nor `#` and `=`.
constexpr CharacterSet kPlain("-._~!$'()*,;:@/");

// Takes from a line what a call has of it, where each of its characters means itself, as nearly always: names and
// values of the query, each with its name. False: it is for cpp-httplib, and nothing of it counts.
bool TakePlainLine(std::string_view line, Call& call) {
  const size_t target_begin = line.find(' ') + 1;
  const size_t target_end = line.find(' ', target_begin);
  if (target_begin == 0 || target_end == line.npos) return false;
  const std::string_view target = line.substr(target_begin, target_end - target_begin);
  const size_t path_end = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, path_end);
  if (!path.starts_with('/') || !kPlain.HasAll(path)) return false;
  std::string_view query = target.substr(path_end);
  functions::Request::Pairs pairs;
  if (!query.empty()) pairs.reserve(kUsualParameters);
  while (!query.empty()) {
    query.remove_prefix(1);  // its `?` or `&`
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(pair.size());
    const size_t equals = pair.find('=');
    if (equals == 0 || equals == pair.npos) return false;
    const std::string_view name = pair.substr(0, equals), value = pair.substr(equals + 1);
    if (!kPlain.HasAll(name) || !kPlain.HasAll(value)) return false;
    pairs.emplace_back(name, value);
  }
  SetMethod(line.substr(0, target_begin - 1), call);
  call.request.path = path;
  call.request.query = std::move(pairs);
  return true;
}

// `Application/JSON; charset=utf-8` -> `application/json`.
std::string MediaType(std::string_view value) { return Lower(Trimmed(value.substr(0, value.find(';')))); }

std::string BearerToken(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!EqualsIgnoringCase(authorization.substr(0, kScheme.size()), kScheme)) return {};
  return std::string(Trimmed(authorization.substr(kScheme.size())));
}

// A page of ours says that it is of the same origin; browsers before 2023 say only which, which is ours where it is
// the host that they asked.
std::string ForeignOrigin(std::string origin, std::string_view fetch_site, std::string_view host) {
  if (origin.empty() || fetch_site == "same-origin") return {};
  const size_t scheme = origin.find("://");
  const bool is_ours = scheme != origin.npos && EqualsIgnoringCase(std::string_view(origin).substr(scheme + 3), host);
  return is_ours ? std::string() : origin;
}

// Takes what is behind the line.
void TakeHeadersAndBody(std::string_view canonical, Call& call) {
  functions::Request& request = call.request;
  std::string origin, fetch_site, host;
  std::string authorization, content_type;
  const std::pair<std::string_view, std::string*> taken[] = {{"Host", &host},
                                                             {"Authorization", &authorization},
                                                             {"Content-Type", &content_type},
                                                             {"If-None-Match", &request.if_none_match},
                                                             {"Accept-Encoding", &request.accept_encoding},
                                                             {"X-Request-Id", &request.id},
                                                             {"Sec-Fetch-Site", &fetch_site},
                                                             {"Origin", &origin},
                                                             {"X-Forwarded-For", &call.forwarded_for},
                                                             {"Forwarded", &call.forwarded}};
  ForEachHeaderOfCanonical(canonical, [&](std::string_view name, std::string value) {
    for (const auto& [wanted, into] : taken) {
      // Of several the first counts; none is empty.
      if (name == wanted && into->empty()) *into = std::move(value);
    }
  });
  request.token = BearerToken(authorization);
  request.content_type = MediaType(content_type);
  request.foreign_origin = ForeignOrigin(std::move(origin), fetch_site, host);
  request.body = std::string(BodyOfCanonical(canonical));
}

}  // namespace

class HttpEngine::Server final : public httplib::Server {
 public:
  Server() {
    set_pre_routing_handler([](const httplib::Request&, httplib::Response&) { return HandlerResponse::Handled; });
  }

  // As TakePlainLine(), of any line. False: it refuses what the framer let through.
  bool TakeLine(std::string_view line, runtime::Call& call) {
    const std::string head = std::string(line) + "\r\n\r\n";
    LineStream stream(head);
    bool was_taken = false;
    bool closed = false;
    Call(*this, stream, true, closed, [&](httplib::Request& parsed) {
      SetMethod(parsed.method, call);
      call.request.path = parsed.path;
      call.request.query.assign(parsed.params.begin(), parsed.params.end());
      was_taken = true;
    });
    return was_taken;
  }

 private:
  // process_request() is protected and changes its parameters between versions
  // without a usable version macro, so the compiler is asked which it has.
  template <class Self>
  static void Call(Self& self, LineStream& stream, bool close, bool& closed,
                   const std::function<void(httplib::Request&)>& setup) {
    if constexpr (requires { self.process_request(stream, close, closed, setup); }) {
      self.process_request(stream, close, closed, setup);
    } else {
      self.process_request(stream, std::string(), 0, std::string(), 0, close, closed, setup);
    }
  }
};

HttpEngine::HttpEngine() : server_(std::make_unique<Server>()) {}
HttpEngine::~HttpEngine() = default;

bool HttpEngine::Parse(std::string_view canonical, Call& call, Lines lines) const {
  const std::string_view line = LineOfCanonical(canonical);
  const bool plain = lines == Lines::kEach && TakePlainLine(line, call);
  if (!plain && !server_->TakeLine(line, call)) return false;
  TakeHeadersAndBody(canonical, call);
  return true;
}

std::optional<std::string> HttpEngine::Answer(std::string_view canonical, Persistence persistence,
                                              const Handler& handler) const {
  Call call;
  if (!Parse(canonical, call)) return RefusalBytes(functions::ProblemCode::kInternal);
  std::optional<functions::Response> answer;
  // Its handler's own net is finer; a process is not lost for a request.
  try {
    answer = handler(call);
  } catch (...) {
    return RefusalBytes(functions::ProblemCode::kInternal);
  }
  if (!answer.has_value()) return std::nullopt;
  return AnswerBytes(*answer, call.verb == Call::Verb::kHead ? Body::kLengthAlone : Body::kWhole, persistence);
}

}  // namespace alcove::runtime
