// Where `alcove backup`, `alcove verify` and `alcove admin` reach a server that runs: a Unix
// socket in its data folder, since a folder is opened by one process only.
//
// Who may open the folder's socket may read the folder (mode 0600): there is no
// other authority. A request is one line; requests are served one at a time, by
// a thread of their own, from a snapshot, while the server goes on:
//
//   backup   the bytes of store/backup.h
//   verify   a line of JSON (AdminLine) for each finding and for each page, and at last the report
//   deferred, deferred retry ID, deferred drop ID   lines of JSON, as admin_deferred.h tells
//   call ...   a body, and a line back, as admin_call.h tells
//
// Threads: all methods from one thread.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/verify.h"
#include "runtime/descriptor.h"
#include "store/backup.h"
#include "store/mutex.h"

namespace alcove::runtime {

class AdminSocket {
 public:
  // The context must live longer, and its store hold the folder's lock: a
  // socket that a killed server left is replaced. UNAVAILABLE: it cannot be made there.
  static absl::StatusOr<std::unique_ptr<AdminSocket>> Listen(const std::string& folder, functions::Context& context);
  // Cuts off who is served.
  ~AdminSocket();

 private:
  AdminSocket(Descriptor listener, functions::Context& context);
  void Accept();
  void Serve(int connection);

  const Descriptor listener_;
  functions::Context& context_;
  store::Mutex mutex_;
  int serving_ ABSL_GUARDED_BY(mutex_) = -1;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // last: it uses all of the above
};

// What a verification says on its way.
struct AdminLine {
  std::optional<std::string> key;  // a finding
  std::optional<std::string> what;
  std::optional<int64_t> entries;   // so far, or of the report
  std::optional<int64_t> findings;  // of the report
  std::optional<int64_t> unknown;
  std::optional<std::string> error;  // instead of a report
};

// A connection to the server of the folder on which `request`, a line with its
// end and what belongs to it, was asked. NOT_FOUND: none listens there.
absl::StatusOr<Descriptor> AskServer(const std::string& folder, std::string_view request);

// Gives each line of the answer to `take`, without its end, until that says that no more are wanted or returns an
// error. UNAVAILABLE where the server went away before.
absl::Status ReadLines(const Descriptor& asked, const std::function<absl::StatusOr<bool>(const std::string&)>& take);

// Asks it to verify. Errors as for functions::Verify(), and UNAVAILABLE where the server went away.
absl::StatusOr<functions::VerifyReport> VerifyByServer(const Descriptor& asked,
                                                       const functions::VerifyListener& listener);

// Reads from a file or a connection; errors are UNAVAILABLE.
store::ByteSource SourceOf(const Descriptor& descriptor);

}  // namespace alcove::runtime
