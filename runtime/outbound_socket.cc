#include "runtime/outbound_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "runtime/networks.h"
#include "runtime/socket_address.h"

namespace alcove::runtime {

using functions::FetchResult;

Awaited AwaitEvents(int descriptor, short events, const Patience& patience) {
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(patience.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return {};
    std::array<pollfd, 2> polled = {{{descriptor, events, 0}, {patience.stop, POLLIN, 0}}};
    constexpr int64_t kOnce = 60'000;
    const int count = poll(polled.data(), polled.size(), static_cast<int>(std::min<int64_t>(left.count(), kOnce)));
    if (count < 0 && errno != EINTR) return {};
    if (count <= 0) continue;
    if (polled[1].revents != 0) return {.came = false, .stopped = true};
    return {.came = true};
  }
}

// --- TLS --------------------------------------------------------------------

absl::StatusOr<std::unique_ptr<OutboundTls>> OutboundTls::Make(const std::string& file) {
  std::unique_ptr<OutboundTls> tls(new OutboundTls(SSL_CTX_new(TLS_client_method())));
  SSL_CTX* const context = tls->context_;
  if (context == nullptr) return absl::FailedPreconditionError("TLS is not to be had");
  const int loaded = file.empty() ? SSL_CTX_set_default_verify_paths(context)
                                  : SSL_CTX_load_verify_locations(context, file.c_str(), nullptr);
  ERR_clear_error();
  if (loaded != 1) return absl::FailedPreconditionError(absl::StrCat("no certificates can be read from ", file));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return tls;
}

OutboundTls::~OutboundTls() { SSL_CTX_free(context_); }

// --- The connection ---------------------------------------------------------

OutboundSocket::OutboundSocket(const Place& place, const Patience& patience) : patience_(patience) {
  Connect(place);
  if (!failure_ && place.tls != nullptr) ShakeHands(place);
}

OutboundSocket::~OutboundSocket() {
  // Without a farewell: it could block, and whoever is asked again is asked anew.
  SSL_free(tls_);
}

ssize_t OutboundSocket::Fail(FetchResult result) {
  if (!failure_) failure_ = result;
  return -1;
}

bool OutboundSocket::Await(short events) {
  const Awaited awaited = AwaitEvents(socket_.get(), events, patience_);
  if (!awaited.came) Fail(awaited.stopped ? FetchResult::kStopped : FetchResult::kTimedOut);
  return awaited.came;
}

void OutboundSocket::Connect(const Place& place) {
  const bool is_v6 = place.address.find(':') != std::string::npos;
  const auto address = SocketAddress::Parse(is_v6 ? absl::StrCat("[", place.address, "]:", place.port)
                                                  : absl::StrCat(place.address, ":", place.port));
  if (!address.ok()) {
    Fail(FetchResult::kForbidden);
    return;
  }
  socket_ = Descriptor(socket(address->family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  (void)setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  int error = connect(socket_.get(), address->get(), address->size()) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    if (!Await(POLLOUT)) return;
    socklen_t size = sizeof(error);
    if (getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
  }
  if (error != 0) Fail(FetchResult::kUnreachable);
}

void OutboundSocket::ShakeHands(const Place& place) {
  tls_ = SSL_new(place.tls->get());
  const bool is_address = Networks::ParseAddress(place.host).has_value();
  const bool named = tls_ != nullptr && SSL_set_fd(tls_, socket_.get()) == 1 &&
                     (is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls_), place.host.c_str()) == 1
                                 : SSL_set1_host(tls_, place.host.c_str()) == 1 &&
                                       SSL_set_tlsext_host_name(tls_, place.host.c_str()) == 1);
  if (!named) {
    Fail(FetchResult::kUnreachable);
    return;
  }
  while (!failure_) {
    ERR_clear_error();
    const int result = SSL_connect(tls_);
    if (result == 1) return;
    // Whatever is wrong with it, it is not the one that was to be asked.
    if (!AwaitTls(result)) Fail(FetchResult::kUnreachable);
  }
}

bool OutboundSocket::AwaitTls(int result) {
  switch (SSL_get_error(tls_, result)) {
    case SSL_ERROR_WANT_READ:
      return Await(POLLIN);
    case SSL_ERROR_WANT_WRITE:
      return Await(POLLOUT);
    default:
      return false;
  }
}

void OutboundSocket::Begin(const Patience& patience, size_t bytes_max) {
  patience_ = patience;
  bytes_left_ = bytes_max;
}

ssize_t OutboundSocket::Receive(char* to, size_t size) {
  while (!failure_) {
    if (tls_ == nullptr) {
      const ssize_t got = recv(socket_.get(), to, size, 0);
      if (got >= 0) return got;
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return Fail(FetchResult::kBroken);
      if (!Await(POLLIN)) return -1;
      continue;
    }
    ERR_clear_error();
    const int got = SSL_read(tls_, to, static_cast<int>(size));
    if (got > 0) return got;
    if (SSL_get_error(tls_, got) == SSL_ERROR_ZERO_RETURN) return 0;
    // Without the farewell of TLS the end may be anybody's: an answer that ends with it is cut off.
    if (!AwaitTls(got)) return Fail(FetchResult::kBroken);
  }
  return -1;
}

ssize_t OutboundSocket::Read(char* to, size_t size) {
  if (unread_.empty()) {
    if (failure_) return -1;
    if (bytes_left_ == 0) return Fail(FetchResult::kTooLarge);
    const ssize_t got = Receive(buffer_.data(), std::min(buffer_.size(), bytes_left_));
    if (got <= 0) return got;
    bytes_left_ -= static_cast<size_t>(got);
    unread_ = std::string_view(buffer_.data(), static_cast<size_t>(got));
  }
  const size_t taken = std::min(size, unread_.size());
  std::memcpy(to, unread_.data(), taken);
  unread_.remove_prefix(taken);
  return static_cast<ssize_t>(taken);
}

ssize_t OutboundSocket::Send(std::string_view bytes) {
  while (!failure_) {
    if (tls_ == nullptr) {
      const ssize_t sent = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) return sent;
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return Fail(FetchResult::kBroken);
      if (!Await(POLLOUT)) return -1;
      continue;
    }
    ERR_clear_error();
    const int sent = SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()));
    if (sent > 0) return sent;
    if (!AwaitTls(sent)) return Fail(FetchResult::kBroken);
  }
  return -1;
}

ssize_t OutboundSocket::Write(std::string_view bytes) {
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t sent = Send(rest);
    if (sent < 0) return -1;
    rest.remove_prefix(static_cast<size_t>(sent));
  }
  return static_cast<ssize_t>(bytes.size());
}

bool OutboundSocket::IsFresh() const {
  if (failure_ || !unread_.empty()) return false;
  // Also the end of it, or of its TLS, would be readable.
  pollfd polled = {socket_.get(), POLLIN, 0};
  return poll(&polled, 1, 0) == 0 && (tls_ == nullptr || SSL_pending(tls_) == 0);
}

}  // namespace alcove::runtime
