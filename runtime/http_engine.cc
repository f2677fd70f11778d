#include "runtime/http_engine.h"

#include <httplib.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/answer.h"
#include "runtime/canonical.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

// What one Answer() needs from the callbacks of the shared server.
struct Exchange {
  const HttpEngine::Handler& handler;
  std::string_view body;
  Call call;
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
  explicit MemoryStream(std::string_view input) : input_(input) {}

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
  ssize_t write(const char* from, size_t size) {
    output_.append(from, size);
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
};

Call::Verb SetMethod(const std::string& method, functions::Request& request) {
  using functions::Method;
  request.method = method == "POST"     ? Method::kPost
                   : method == "PUT"    ? Method::kPut
                   : method == "DELETE" ? Method::kDelete
                                        : Method::kGet;
  if (method == "HEAD") return Call::Verb::kHead;
  return method == "GET" || request.method != Method::kGet ? Call::Verb::kPlain : Call::Verb::kOther;
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
std::string ForeignOrigin(const httplib::Request& parsed) {
  std::string origin = parsed.get_header_value("Origin");
  if (origin.empty() || parsed.get_header_value("Sec-Fetch-Site") == "same-origin") return {};
  const size_t scheme = origin.find("://");
  const std::string host = parsed.get_header_value("Host");
  const bool is_ours = scheme != origin.npos && EqualsIgnoringCase(std::string_view(origin).substr(scheme + 3), host);
  return is_ours ? std::string() : origin;
}

// Takes the call out of the parsed request, before cpp-httplib acts on any of it.
void TakeCall(httplib::Request& parsed, Exchange& exchange) {
  Call& call = exchange.call;
  functions::Request& request = call.request;
  call.verb = SetMethod(parsed.method, request);
  call.is_options = parsed.method == "OPTIONS";
  call.forwarded_for = parsed.get_header_value("X-Forwarded-For");
  call.forwarded = parsed.get_header_value("Forwarded");
  request.path = parsed.path;
  request.query.assign(parsed.params.begin(), parsed.params.end());
  request.token = BearerToken(parsed.get_header_value("Authorization"));
  request.content_type = MediaType(parsed.get_header_value("Content-Type"));
  request.foreign_origin = ForeignOrigin(parsed);
  request.if_none_match = parsed.get_header_value("If-None-Match");
  request.accept_encoding = parsed.get_header_value("Accept-Encoding");
  request.id = parsed.get_header_value("X-Request-Id");
  request.body = std::string(exchange.body);
  // Or it would compress answers that hold secrets beside a stranger's text (BREACH).
  parsed.headers.erase("Accept-Encoding");
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
  for (const auto& [name, value] : answer->headers) response.set_header(name, value);
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
  Exchange exchange{.handler = handler, .body = BodyOfCanonical(canonical), .call = {}};
  MemoryStream stream(canonical);
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
