#include "runtime/outbound_http.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/characters.h"
#include "runtime/version.h"

namespace alcove::runtime {
namespace {

using functions::FetchResult;

// The runtime's own.
constexpr std::array<std::string_view, 14> kReserved = {"accept-encoding",
                                                        "connection",
                                                        "content-length",
                                                        "expect",
                                                        "host",
                                                        "keep-alive",
                                                        "proxy-authorization",
                                                        "proxy-connection",
                                                        "te",
                                                        "transfer-encoding",
                                                        "trailer",
                                                        "upgrade",
                                                        "http2-settings",
                                                        "user-agent"};

// What cpp-httplib reads from and writes to. A head is written in pieces, which leave together when it begins to read.
// No member says `override`, as in http_engine.cc.
class AskingStream final : public httplib::Stream {
 public:
  explicit AskingStream(OutboundSocket& socket) : socket_(socket) {}

  bool is_readable() const { return !socket_.failure(); }
  bool is_writable() const { return !socket_.failure(); }    // until 0.18
  bool wait_readable() const { return !socket_.failure(); }  // since 0.19
  bool wait_writable() const { return !socket_.failure(); }  // since 0.19
  time_t duration() const { return 0; }                      // since 0.20
  ssize_t read(char* to, size_t size) {
    const std::string output = std::exchange(output_, {});
    if (!output.empty() && socket_.Write(output) < 0) return -1;
    return socket_.Read(to, size);
  }
  ssize_t write(const char* from, size_t size) {
    output_.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int&) const {}
  void get_local_ip_and_port(std::string&, int&) const {}
  socket_t socket() const { return 0; }

 private:
  OutboundSocket& socket_;
  std::string output_;
};

// The client without its sockets: process_request() is what is left of it.
class Client final : public httplib::ClientImpl {
 public:
  Client() : ClientImpl("unused") {
    set_url_encode(false);
    set_decompress(false);
  }
  bool Process(httplib::Stream& stream, httplib::Request& request, httplib::Response& response) {
    auto error = httplib::Error::Success;
    return process_request(stream, request, response, false, error);
  }
};

// cpp-httplib knows where an answer ends that has a length or chunks; another ends with the connection.
bool Keeps(const httplib::Response& response) {
  const bool framed = response.status == 204 || response.has_header("Content-Length") ||
                      EqualsIgnoringCase(response.get_header_value("Transfer-Encoding"), "chunked");
  const std::string connection = response.get_header_value("Connection");
  return framed && response.version == "HTTP/1.1" &&
         (connection.empty() || EqualsIgnoringCase(connection, "keep-alive"));
}

}  // namespace

std::variant<OutboundAnswer, FetchResult> AskOverHttp(OutboundSocket& socket, OutboundRequest request) {
  httplib::Request asked;
  asked.method = std::move(request.method);
  asked.path = std::move(request.target);
  asked.headers.emplace("Host", std::move(request.host_header));
  asked.headers.emplace("User-Agent", std::string("Alcove/") + kVersion);
  for (auto& [name, value] : request.headers) asked.headers.emplace(std::move(name), std::move(value));
  asked.body = std::move(request.body);

  OutboundAnswer answer;
  bool too_large = false;
  asked.response_handler = [&](const httplib::Response&) {
    // Chunks have up to five bytes beside each of the body.
    constexpr size_t kChunked = 6;
    socket.Allow(request.answer_bytes_max * kChunked);
    return true;
  };
  asked.content_receiver = [&](const char* bytes, size_t size, auto...) {
    too_large = size > request.answer_bytes_max - answer.body.size();
    if (!too_large) answer.body.append(bytes, size);
    return !too_large;
  };

  AskingStream stream(socket);
  httplib::Response response;
  const bool whole = Client().Process(stream, asked, response);
  if (too_large) return FetchResult::kTooLarge;
  if (socket.failure()) return *socket.failure();
  if (!whole || response.status < 200 || response.status > 599) return FetchResult::kBroken;
  answer.status = response.status;
  for (const auto& [name, value] : response.headers) answer.headers.emplace_back(Lower(name), value);
  answer.keeps = Keeps(response);
  return answer;
}

bool IsHeader(std::string_view name, std::string_view value) {
  const auto is_text = [](char c) { return c == '\t' || !IsControl(static_cast<unsigned char>(c)); };
  if (name.empty() || !kTokenCharacters.HasAll(name)) return false;
  if (!std::all_of(value.begin(), value.end(), is_text)) return false;
  return std::find(kReserved.begin(), kReserved.end(), Lower(name)) == kReserved.end();
}

}  // namespace alcove::runtime
