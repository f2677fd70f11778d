#include "runtime/thread_usage.h"

#include <sys/resource.h>

namespace alcove::runtime {

ThreadUsage ThreadUsage::Now() {
  rusage usage = {};
  // Cannot fail with these arguments.
  (void)getrusage(RUSAGE_THREAD, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return {of(usage.ru_utime) + of(usage.ru_stime), usage.ru_inblock + usage.ru_majflt};
}

}  // namespace alcove::runtime
