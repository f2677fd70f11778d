#include "runtime/admin_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "functions/json_codec.h"
#include "functions/wire/limits.h"
#include "runtime/admin_call.h"
#include "runtime/admin_deferred.h"
#include "runtime/log.h"
#include "store/status_macros.h"
#include "store/transfer.h"

namespace alcove::runtime {

template <class V>
void Describe(V& visit, AdminLine& line) {
  visit("key", line.key);
  visit("what", line.what);
  visit("entries", line.entries);
  visit("findings", line.findings);
  visit("unknown", line.unknown);
  visit("error", line.error);
}

namespace {

constexpr char kName[] = "admin.socket";

// Who does not take what it asked for must not hold a snapshot open: after a
// failed write the store cannot be opened again, and commits nothing, until it is
// closed. A disk that takes a backup stalls for less.
constexpr int kPatienceSeconds = 5;
// A call names its resource, with a query.
constexpr size_t kRequestBytes = wire::kRequestTargetBytesMax;
constexpr int kBacklog = 4;

std::string Reason() { return std::strerror(errno); }

// The address of the socket in a folder. A path longer than an address can hold
// is named by the folder's descriptor, which must then live while it is used.
struct Address {
  Descriptor folder;
  sockaddr_un name = {};
};
absl::StatusOr<Address> AddressIn(const std::string& folder) {
  Address address;
  address.name.sun_family = AF_UNIX;
  std::string path = absl::StrCat(folder, "/", kName);
  if (path.size() >= sizeof(address.name.sun_path)) {
    address.folder = Descriptor(open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!address.folder.is_open()) return absl::NotFoundError(absl::StrCat(folder, ": ", Reason()));
    path = absl::StrCat("/proc/self/fd/", address.folder.get(), "/", kName);
  }
  std::memcpy(address.name.sun_path, path.c_str(), path.size() + 1);
  return address;
}

void LimitPatience(int connection) {
  const timeval patience = {kPatienceSeconds, 0};
  setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

absl::Status SendAll(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return absl::CancelledError("the other end went away");
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return absl::OkStatus();
}

absl::Status SendLine(int connection, const AdminLine& line) {
  return SendAll(connection, functions::ToJson(line) + "\n");
}

std::string Text(const absl::Status& status) { return std::string(status.message()); }

// CANCELLED where nobody waits for the answer, or the server ends.
absl::Status StillAsked(int connection) {
  char byte = 0;
  const ssize_t got = recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  const bool open = got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
  return open ? absl::OkStatus() : absl::CancelledError("the other end went away");
}

void Backup(store::Store& store, int connection) {
  store::BackupWriter writer([&](std::string_view bytes) { return SendAll(connection, bytes); });
  const store::TransferProgress progress = [&](int64_t, int64_t) { return StillAsked(connection); };
  const absl::Status status =
      store.Read([&](store::Reader& reader) { return store::WriteBackup(reader, store.epoch(), writer, progress); });
  if (!status.ok() && !absl::IsCancelled(status) && !writer.Refuse(Text(status)).ok()) return;
}

// What the caller does not send in time is not answered.
void Call(const AdminCallLine& line, functions::Context& context, int connection) {
  functions::admin::OperatorCall call = line.call;
  while (call.body.size() < line.body_bytes) {
    std::array<char, 4096> buffer;
    const size_t wanted = std::min(buffer.size(), line.body_bytes - call.body.size());
    const ssize_t got = recv(connection, buffer.data(), wanted, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    call.body.append(buffer.data(), static_cast<size_t>(got));
  }
  // Whoever does not take the answer looks whether it was done.
  (void)SendAll(connection, AdminAnswerText(functions::admin::AnswerOperator(call, context)));
}

void Verify(store::Store& store, int connection) {
  absl::Status gone;
  functions::VerifyListener listener;
  listener.found = [&](const functions::Finding& finding) {
    AdminLine line;
    line.key = finding.key;
    line.what = finding.what;
    if (gone.ok()) gone = SendLine(connection, line);
  };
  listener.progress = [&](int64_t entries) {
    AdminLine line;
    line.entries = entries;
    if (gone.ok()) gone = SendLine(connection, line);
    return gone;
  };
  const auto report = store.Read([&](store::Reader& reader) { return functions::Verify(reader, listener); });
  AdminLine last;
  if (report.ok()) {
    last.entries = report->entries;
    last.findings = report->findings;
    last.unknown = report->unknown;
  } else {
    last.error = Text(report.status());
  }
  if (gone.ok()) gone = SendLine(connection, last);
}

}  // namespace

absl::StatusOr<std::unique_ptr<AdminSocket>> AdminSocket::Listen(const std::string& folder,
                                                                 functions::Context& context) {
  ASSIGN_OR_RETURN(const Address address, AddressIn(folder));
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  unlink(address.name.sun_path);
  // Nobody but this user, from the moment it is there.
  const mode_t before = umask(0177);
  const int bound = bind(listener.get(), reinterpret_cast<const sockaddr*>(&address.name), sizeof(address.name));
  const int failure = errno;
  umask(before);
  errno = failure;
  if (bound != 0 || listen(listener.get(), kBacklog) != 0) {
    return absl::UnavailableError(absl::StrCat("no socket can be made in ", folder, ": ", Reason()));
  }
  return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(listener), context));
}

AdminSocket::AdminSocket(Descriptor listener, functions::Context& context)
    : listener_(std::move(listener)), context_(context), thread_([this] { Accept(); }) {}

AdminSocket::~AdminSocket() {
  {
    const store::MutexLock lock(mutex_);
    stopping_ = true;
    if (serving_ >= 0) shutdown(serving_, SHUT_RDWR);
  }
  // Ends accept(). The file stays: the next server replaces it, and who finds it meanwhile is refused.
  shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

void AdminSocket::Accept() {
  while (true) {
    const Descriptor connection(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    {
      const store::MutexLock lock(mutex_);
      if (stopping_) return;
      serving_ = connection.get();
    }
    if (connection.is_open()) {
      Serve(connection.get());
    } else {
      // Out of descriptors, most likely.
      LogWarning("the admin socket cannot accept", {{"reason", Reason()}});
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    const store::MutexLock lock(mutex_);
    serving_ = -1;
  }
}

void AdminSocket::Serve(int connection) {
  LimitPatience(connection);
  std::string request;
  char byte = 0;
  while (request.size() < kRequestBytes && recv(connection, &byte, 1, 0) == 1 && byte != '\n') request += byte;
  store::Store& store = context_.store;
  if (request == "backup") {
    Backup(store, connection);
  } else if (request == "verify") {
    Verify(store, connection);
  } else if (const auto call = ParseAdminCall(request)) {
    Call(*call, context_, connection);
  } else if (AsksForDeferred(request)) {
    AnswerDeferred(store, request, absl::ToUnixMillis(absl::Now()),
                   [&](const DeferredLine& line) { return SendAll(connection, functions::ToJson(line) + "\n"); });
  }
}

// --- The other end ----------------------------------------------------------------

absl::StatusOr<Descriptor> AskServer(const std::string& folder, std::string_view request) {
  ASSIGN_OR_RETURN(const Address address, AddressIn(folder));
  Descriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (connect(connection.get(), reinterpret_cast<const sockaddr*>(&address.name), sizeof(address.name)) != 0) {
    return absl::NotFoundError(absl::StrCat("no server listens in ", folder, ": ", Reason()));
  }
  RETURN_IF_ERROR(SendAll(connection.get(), request));
  return connection;
}

store::ByteSource SourceOf(const Descriptor& descriptor) {
  return [number = descriptor.get()](char* buffer, size_t size) -> absl::StatusOr<size_t> {
    ssize_t got = 0;
    while ((got = read(number, buffer, size)) < 0 && errno == EINTR) {
    }
    if (got < 0) return absl::UnavailableError(Reason());
    return static_cast<size_t>(got);
  };
}

absl::Status ReadLines(const Descriptor& asked, const std::function<absl::StatusOr<bool>(const std::string&)>& take) {
  const store::ByteSource source = SourceOf(asked);
  std::string text;
  for (std::string buffer(4096, '\0');;) {
    ASSIGN_OR_RETURN(const size_t got, source(buffer.data(), buffer.size()));
    if (got == 0) return absl::UnavailableError("the server ended before its answer did");
    text.append(buffer, 0, got);
    for (size_t end = 0; (end = text.find('\n')) != text.npos; text.erase(0, end + 1)) {
      ASSIGN_OR_RETURN(const bool more, take(text.substr(0, end)));
      if (!more) return absl::OkStatus();
    }
  }
}

absl::StatusOr<functions::VerifyReport> VerifyByServer(const Descriptor& asked,
                                                       const functions::VerifyListener& listener) {
  functions::VerifyReport report;
  const auto take = [&](const std::string& text) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(const AdminLine line, functions::ParseJson<AdminLine>(text));
    if (line.error) return absl::UnavailableError(*line.error);
    if (line.key && listener.found) listener.found({*line.key, line.what.value_or("")});
    if (line.findings) {
      report = {line.entries.value_or(0), *line.findings, line.unknown.value_or(0)};
      return false;
    }
    if (line.entries && listener.progress) RETURN_IF_ERROR(listener.progress(*line.entries));
    return true;
  };
  RETURN_IF_ERROR(ReadLines(asked, take));
  return report;
}

}  // namespace alcove::runtime
