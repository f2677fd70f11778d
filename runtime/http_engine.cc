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

// What one Answer() needs from the callbacks of the shared server.
struct Exchange {
  const HttpEngine::Handler& handler;
  std::string_view canonical;
  Call call;
  std::string header_lines;  // of the answer
  bool handled = false;
  bool waits = false;
};

// pre_routing_handler belongs to the server, not to the request.
thread_local Exchange* current_exchange = nullptr;

// The request in memory on one side, the answer on the other. No member says
// `override`, because some are pure in one version of cpp-httplib and absent in
// another; what is missing, the compiler says at MemoryStream's first use.
class MemoryStream final : public httplib::Stream {
 public:
  MemoryStream(std::string_view input, const Exchange& exchange) : input_(input), exchange_(exchange) {}

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
  // Behind the first line stand our own headers. What waits has no answer.
  ssize_t write(const char* from, size_t size) {
    if (exchange_.waits) return static_cast<ssize_t>(size);
    output_.append(from, size);
    if (first_line_bytes_ == 0) {
      const size_t end = output_.find("\r\n");
      first_line_bytes_ = end == output_.npos ? 0 : end + 2;
      if (first_line_bytes_ > 0) output_.insert(first_line_bytes_, exchange_.header_lines);
    }
    return static_cast<ssize_t>(size);
  }
  // Functions get the address from the runtime, which knows the proxies.
  void get_remote_ip_and_port(std::string& ip, int& port) const { Nowhere(ip, port); }
  void get_local_ip_and_port(std::string& ip, int& port) const { Nowhere(ip, port); }
  socket_t socket() const { return 0; }

  std::string TakeOutput() { return std::move(output_); }

 private:
  static void Nowhere(std::string& ip, int& port) {
    ip.clear();
    port = 0;
  }

  std::string_view input_;
  std::string output_;
  size_t first_line_bytes_ = 0;  // 0: it is not whole
  const Exchange& exchange_;
};

Call::Verb SetMethod(const std::string& method, functions::Request& request) {
  const auto known = functions::ParseMethod(method);
  request.method = known.value_or(functions::Method::kGet);
  if (known.has_value()) return Call::Verb::kPlain;
  return method == "HEAD" ? Call::Verb::kHead : Call::Verb::kOther;
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
std::string ForeignOrigin(std::string_view canonical) {
  std::string origin = HeaderOfCanonical(canonical, "Origin");
  if (origin.empty() || HeaderOfCanonical(canonical, "Sec-Fetch-Site") == "same-origin") return {};
  const size_t scheme = origin.find("://");
  const std::string host = HeaderOfCanonical(canonical, "Host");
  const bool is_ours = scheme != origin.npos && EqualsIgnoringCase(std::string_view(origin).substr(scheme + 3), host);
  return is_ours ? std::string() : origin;
}

// Takes the call out of the parsed request, before cpp-httplib acts on any of it.
void TakeCall(httplib::Request& parsed, Exchange& exchange) {
  Call& call = exchange.call;
  functions::Request& request = call.request;
  call.verb = SetMethod(parsed.method, request);
  call.is_options = parsed.method == "OPTIONS";
  const std::string_view canonical = exchange.canonical;
  call.forwarded_for = HeaderOfCanonical(canonical, "X-Forwarded-For");
  call.forwarded = HeaderOfCanonical(canonical, "Forwarded");
  request.path = parsed.path;
  request.query.assign(parsed.params.begin(), parsed.params.end());
  request.token = BearerToken(HeaderOfCanonical(canonical, "Authorization"));
  request.content_type = MediaType(HeaderOfCanonical(canonical, "Content-Type"));
  request.foreign_origin = ForeignOrigin(canonical);
  request.if_none_match = HeaderOfCanonical(canonical, "If-None-Match");
  request.accept_encoding = HeaderOfCanonical(canonical, "Accept-Encoding");
  request.id = HeaderOfCanonical(canonical, "X-Request-Id");
  request.body = std::string(BodyOfCanonical(canonical));
}

// Nothing that would end its line, and the answer's head with it.
void AddHeaderLine(std::string_view name, std::string_view value, std::string& lines) {
  const auto ends_a_line = [](std::string_view text) { return text.find_first_of("\r\n") != text.npos; };
  if (ends_a_line(name) || ends_a_line(value)) return;
  lines.append(name).append(": ").append(value).append("\r\n");
}

httplib::Server::HandlerResponse RunHandler(httplib::Response& response) {
  Exchange& exchange = *current_exchange;
  std::optional<functions::Response> answer = exchange.handler(exchange.call);
  exchange.handled = true;
  if (!answer.has_value()) {
    exchange.waits = true;
    return httplib::Server::HandlerResponse::Handled;
  }
  response.status = answer->status;
  response.body = std::move(answer->body);
  if (!answer->content_type.empty()) response.set_header("Content-Type", answer->content_type);
  for (const auto& [name, value] : answer->headers) AddHeaderLine(name, value, exchange.header_lines);
  return httplib::Server::HandlerResponse::Handled;
}

// Takes away what cpp-httplib adds on its own account and is not true here.
void TidyHeaders(httplib::Response& response) {
  response.headers.erase("Keep-Alive");
  response.headers.erase("Accept-Ranges");
  // RFC 9110: 204 has no length; that of 304 would be the length of the 200.
  if (response.status == 204 || response.status == 304) response.headers.erase("Content-Length");
}

}  // namespace

class HttpEngine::Server final : public httplib::Server {
 public:
  Server() {
    set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) { return RunHandler(response); });
    set_post_routing_handler([](const httplib::Request&, httplib::Response& response) { TidyHeaders(response); });
  }

  void Process(MemoryStream& stream, Persistence persistence, Exchange& exchange) {
    bool closed = false;
    Call(*this, stream, persistence == Persistence::kClose, closed,
         [&](httplib::Request& parsed) { TakeCall(parsed, exchange); });
  }

 private:
  // process_request() is protected and changes its parameters between versions
  // without a usable version macro, so the compiler is asked which it has.
  template <class Self>
  static void Call(Self& self, MemoryStream& stream, bool close, bool& closed,
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

std::optional<std::string> HttpEngine::Answer(std::string_view canonical, Persistence persistence,
                                              const Handler& handler) const {
  Exchange exchange{.handler = handler, .canonical = canonical, .call = {}, .header_lines = {}};
  // It needs no header: not even to compress an answer, which must not be where that holds secrets beside a stranger's
  // text (BREACH).
  const std::string head = std::string(LineOfCanonical(canonical)) + "\r\n\r\n";
  MemoryStream stream(head, exchange);
  current_exchange = &exchange;
  server_->Process(stream, persistence, exchange);
  current_exchange = nullptr;
  if (exchange.waits) return std::nullopt;
  // It refused what the framer let through, or the handler threw and it wrote
  // the exception into a header: its answer is none of ours.
  if (!exchange.handled) return RefusalBytes(functions::ProblemCode::kInternal);
  return stream.TakeOutput();
}

}  // namespace alcove::runtime
