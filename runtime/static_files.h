// The web files, in memory with their compressed forms, since the start.
//
// What is named by content (`/assets/NAME.HASH8.EXT`) is immutable; a browser
// asks about everything else each time and is told 304.
//
// Threads: constant after Load().
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/status/statusor.h"
#include "functions/context.h"
#include "functions/function.h"

namespace alcove::runtime {

class StaticFiles final : public functions::Assets {
 public:
  // Every file below `folder`, each with the `.br` and `.gz` beside it.
  //   NOT_FOUND    there is no such folder
  //   UNAVAILABLE  a file cannot be read
  static absl::StatusOr<std::unique_ptr<StaticFiles>> Load(const std::string& folder);

  // As functions see them: `name` is the path within the folder.
  std::optional<std::string_view> Find(std::string_view name) override;

  // What answers GET of `path`, or nullopt where there is no such file:
  // `/console` and `/demo` are pages, `/` leads to the demo, `/favicon.ico` is
  // the icon of the pages, any other is its name. A page comes with a policy
  // that lets it run nothing but our own files.
  std::optional<functions::Response> Answer(std::string_view path, std::string_view accept_encoding,
                                            std::string_view if_none_match) const;

 private:
  struct File {
    std::string content_type;
    std::string cache_control;
    std::string policy;  // Content-Security-Policy, of pages
    std::string identity;
    std::string brotli;
    std::string gzip;
    std::string hash;
  };

  // Browsers ask for it wherever they are: an answer that they keep costs less than a refusal each time.
  void AddFavicon();

  std::unordered_map<std::string, File> files_;
};

// The best of what the client accepts and we have: `br`, `gzip` or `identity`.
// A coding that the client gives q=0 is not used; identity is used where nothing else is left.
std::string_view ChooseEncoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip);

// Whether a list of If-None-Match names `etag`, by weak comparison.
bool MatchesETag(std::string_view if_none_match, std::string_view etag);

}  // namespace alcove::runtime
