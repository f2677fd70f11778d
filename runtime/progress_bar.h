// A bar on standard error that shows how far a command is; nothing where
// standard error is no terminal.
//
// Threads: one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "store/transfer.h"

namespace alcove::runtime {

class ProgressBar {
 public:
  // `what` is what is done, as "Backing up".
  explicit ProgressBar(std::string_view what);
  // Wipes it.
  ~ProgressBar();

  // `of` 0: not known. Draws ten times a second at most.
  void Show(int64_t done, int64_t of);
  // Show() for store::TransferProgress. The bar must outlive it.
  store::TransferProgress listener();

  // The line itself, for a terminal of so many columns.
  static std::string Line(std::string_view what, int64_t done, int64_t of, size_t columns);

 private:
  const std::string what_;
  const bool shown_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace alcove::runtime
