#include "runtime/static_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "runtime/characters.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kContentTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
}};

// A face in a page of its own; agents read what strangers write there: nothing inline, nothing foreign, in nobody's
// frame.
constexpr std::string_view kConsolePolicy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// Any other page: its own files, and the chat in a frame, as a shop with a strict policy would have it.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

// The icon's name without its hash, and how long a browser keeps it under the name that it asks for unasked.
constexpr std::string_view kIcon = "assets/icon.";
constexpr std::string_view kIconCacheControl = "public, max-age=86400";

std::string_view PolicyOf(std::string_view name) {
  if (!name.ends_with(".html")) return {};
  return name == "console.html" || name == "gallery.html" ? kConsolePolicy : kPagePolicy;
}

std::string ContentTypeOf(std::string_view name) {
  for (const auto& [extension, type] : kContentTypes) {
    if (name.ends_with(extension)) return std::string(type);
  }
  return "application/octet-stream";
}

// `assets/NAME.HASH8.EXT`, with eight hexadecimal digits of its content.
bool IsNamedByContent(std::string_view name) {
  if (!name.starts_with("assets/")) return false;
  const size_t extension = name.rfind('.');
  if (extension == name.npos || extension < 9 || name[extension - 9] != '.') return false;
  const std::string_view hash = name.substr(extension - 8, 8);
  return std::all_of(hash.begin(), hash.end(), [](char c) { return HexValue(c) >= 0; });
}

// FNV-1a: the same in every process, as a validator must be. It need not withstand an attacker.
std::string HashOf(std::string_view bytes) {
  uint64_t hash = 14695981039346656037U;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

absl::StatusOr<std::string> ReadFile(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream.good() && !stream.eof()) return absl::UnavailableError(absl::StrCat("cannot read ", path.string()));
  return bytes;
}

std::string_view FileOf(std::string_view path) {
  if (path == "/console") return "console.html";
  if (path == "/demo") return "demo.html";
  if (path == "/gallery") return "gallery.html";
  return path.substr(1);
}

functions::Response Redirect(std::string_view to) {
  functions::Response response;
  response.status = 302;
  response.content_type.clear();
  response.headers = {{"Location", std::string(to)}, {"Cache-Control", "no-cache"}};
  return response;
}

// Calls `visit(item, q is zero)` for each item of a list with weights.
template <class Visit>
void ForEachWeighted(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const size_t semicolon = std::min(item.find(';'), item.size());
    std::string_view weight = Trimmed(item.substr(std::min(semicolon + 1, item.size())));
    const bool has_weight = weight.size() > 2 && ToLower(weight[0]) == 'q' && weight[1] == '=';
    const bool is_zero = has_weight && weight[2] == '0' && weight.find_first_of("123456789") == std::string_view::npos;
    visit(Trimmed(item.substr(0, semicolon)), is_zero);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<StaticFiles>> StaticFiles::Load(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return absl::NotFoundError(absl::StrCat("there is no folder ", folder));
  auto files = std::make_unique<StaticFiles>();
  for (fs::recursive_directory_iterator entry(folder, error), end; entry != end && !error; entry.increment(error)) {
    if (!entry->is_regular_file(error)) continue;
    std::string name = fs::relative(entry->path(), folder, error).generic_string();
    ASSIGN_OR_RETURN(std::string bytes, ReadFile(entry->path()));
    std::string File::* form = &File::identity;
    if (name.ends_with(".br")) form = &File::brotli;
    if (name.ends_with(".gz")) form = &File::gzip;
    if (form != &File::identity) name.resize(name.size() - 3);
    files->files_[name].*form = std::move(bytes);
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", folder, ": ", error.message()));
  for (auto& [name, file] : files->files_) {
    file.content_type = ContentTypeOf(name);
    file.cache_control = IsNamedByContent(name) ? "public, max-age=31536000, immutable" : "no-cache";
    file.policy = PolicyOf(name);
    file.hash = HashOf(file.identity);
  }
  files->AddFavicon();
  return files;
}

void StaticFiles::AddFavicon() {
  const auto icon = std::find_if(files_.begin(), files_.end(), [](const auto& named) {
    return named.first.starts_with(kIcon) && IsNamedByContent(named.first);
  });
  if (icon == files_.end()) return;
  File favicon = icon->second;
  favicon.cache_control = kIconCacheControl;
  files_.try_emplace("favicon.ico", std::move(favicon));
}

std::optional<std::string_view> StaticFiles::Find(std::string_view name) {
  const auto found = files_.find(std::string(name));
  if (found == files_.end()) return std::nullopt;
  return found->second.identity;
}

std::optional<functions::Response> StaticFiles::Answer(std::string_view path, std::string_view accept_encoding,
                                                       std::string_view if_none_match) const {
  if (path == "/" && files_.contains("demo.html")) return Redirect("/demo");
  const std::string name(FileOf(path));
  const auto found = files_.find(name);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;

  const std::string_view encoding = ChooseEncoding(accept_encoding, !file.brotli.empty(), !file.gzip.empty());
  const bool is_compressed = encoding != "identity";
  const std::string etag =
      absl::StrCat("\"", file.hash, is_compressed ? "-" : "", is_compressed ? std::string(encoding) : "", "\"");
  functions::Response response;
  response.headers = {{"ETag", etag}, {"Cache-Control", file.cache_control}, {"Vary", "Accept-Encoding"}};
  if (!file.policy.empty()) {
    response.headers.emplace_back("Content-Security-Policy", file.policy);
    response.headers.emplace_back("Referrer-Policy", "no-referrer");
  }
  if (MatchesETag(if_none_match, etag)) {
    response.status = 304;
    response.content_type.clear();
    return response;
  }
  response.content_type = file.content_type;
  if (is_compressed) response.headers.emplace_back("Content-Encoding", encoding);
  response.body = encoding == "br" ? file.brotli : encoding == "gzip" ? file.gzip : file.identity;
  return response;
}

std::string_view ChooseEncoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip) {
  std::optional<bool> brotli;
  std::optional<bool> gzip;
  std::optional<bool> any;
  ForEachWeighted(accept_encoding, [&](std::string_view coding, bool is_zero) {
    if (EqualsIgnoringCase(coding, "br")) brotli = !is_zero;
    if (EqualsIgnoringCase(coding, "gzip")) gzip = !is_zero;
    if (coding == "*") any = !is_zero;
  });
  const bool others = any.value_or(false);
  if (has_brotli && brotli.value_or(others)) return "br";
  if (has_gzip && gzip.value_or(others)) return "gzip";
  return "identity";
}

bool MatchesETag(std::string_view if_none_match, std::string_view etag) {
  bool matches = false;
  ForEachWeighted(if_none_match, [&](std::string_view candidate, bool) {
    if (candidate.starts_with("W/")) candidate.remove_prefix(2);
    matches = matches || candidate == "*" || candidate == etag;
  });
  return matches;
}

}  // namespace alcove::runtime
