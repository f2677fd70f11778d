#include "runtime/progress_bar.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

constexpr size_t kBarColumns = 30;
constexpr size_t kUsualColumns = 80;

size_t Columns() {
  winsize size = {};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualColumns;
}

}  // namespace

ProgressBar::ProgressBar(std::string_view what) : what_(what), shown_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (shown_) std::fprintf(stderr, "\r\033[K");
}

void ProgressBar::Show(int64_t done, int64_t of) {
  const auto now = std::chrono::steady_clock::now();
  if (!shown_ || now < next_) return;
  next_ = now + std::chrono::milliseconds(100);
  std::fprintf(stderr, "\r%s\033[K", Line(what_, done, of, Columns()).c_str());
}

store::TransferProgress ProgressBar::listener() {
  return [this](int64_t done, int64_t of) {
    Show(done, of);
    return absl::OkStatus();
  };
}

std::string ProgressBar::Line(std::string_view what, int64_t done, int64_t of, size_t columns) {
  std::string line(what);
  if (of > 0) {
    // Never more than all: what is counted may grow meanwhile.
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(of));
    const auto full = static_cast<size_t>(share * kBarColumns);
    absl::StrAppend(&line, " [", std::string(full, '#'), std::string(kBarColumns - full, ' '), "] ",
                    static_cast<int>(share * 100), " %");
  }
  absl::StrAppend(&line, "  ", done, " entries");
  return line.substr(0, columns > 0 ? columns - 1 : 0);
}

}  // namespace alcove::runtime
