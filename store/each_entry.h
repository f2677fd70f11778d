// Reads a range however much it holds, a page at a time: one Scan() ends at
// kScanEntriesMax.
//
// Threads: as the reader's.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "store/status_macros.h"
#include "store/store.h"

namespace alcove::store {

// Entries that are read at a time: some megabytes where they are long.
inline constexpr size_t kPageEntries = 500;

// Gives each page, a std::vector<Entry>&, to `take`; the last may be empty. Ends with the first error that `take`
// or the reader returns. `limit` as ScanOptions::limit.
template <class Take>
absl::Status EachPage(Reader& reader, Range range, const Take& take, size_t limit = kPageEntries) {
  while (true) {
    ASSIGN_OR_RETURN(std::vector<Entry> page, reader.Scan(range, {.limit = limit}));
    const bool last = page.size() < limit;
    if (!last) range.begin = page.back().key + '\0';
    RETURN_IF_ERROR(take(page));
    if (last) return absl::OkStatus();
  }
}

// Gives each Entry& to `take`. Errors and `limit` as above.
template <class Take>
absl::Status EachEntry(Reader& reader, Range range, const Take& take, size_t limit = kPageEntries) {
  const auto take_all = [&](std::vector<Entry>& page) -> absl::Status {
    for (Entry& entry : page) RETURN_IF_ERROR(take(entry));
    return absl::OkStatus();
  };
  return EachPage(reader, std::move(range), take_all, limit);
}

}  // namespace alcove::store
