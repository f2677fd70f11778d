#include "runtime/canonical.h"

#include <algorithm>
#include <array>

#include "functions/wire/limits.h"
#include "runtime/characters.h"

namespace alcove::runtime {
namespace {

constexpr std::array<std::string_view, 8> kCarried = {"Host",           "Authorization",   "Content-Type",
                                                      "If-None-Match",  "Accept-Encoding", "X-Request-Id",
                                                      "Sec-Fetch-Site", "Origin"};
constexpr std::string_view kForwardedFor = "X-Forwarded-For";
constexpr std::string_view kForwarded = "Forwarded";

// What our faces send beside the target: a token, what kind the body is. Finish() cuts off what is left of it.
constexpr size_t kUsualHeadBytes = 256;

void AppendEscaped(std::string_view value, std::string& line) {
  for (size_t percent = 0; (percent = value.find('%')) != value.npos; value.remove_prefix(percent + 1)) {
    line.append(value.substr(0, percent)).append("%25");
  }
  line.append(value);
}

// cpp-httplib takes a target of one question mark, and of a parameter with two equals signs what is behind the last.
// A query may have more of both (RFC 3986 3.4).
void AppendTarget(std::string_view target, std::string& line) {
  const size_t query = std::min(target.find('?'), target.size() - 1) + 1;
  line.append(target.substr(0, query));
  bool in_value = false;
  size_t run = query;  // the beginning of what is appended as it is
  for (size_t at = query; at < target.size(); ++at) {
    const char c = target[at];
    if (c != '?' && (c != '=' || !in_value)) {
      in_value = c == '=' || (in_value && c != '&');
      continue;
    }
    line.append(target.substr(run, at - run)).append(c == '?' ? "%3F" : "%3D");
    run = at + 1;
  }
  line.append(target.substr(run));
}

// One line of all that came under `name`. Returns 0, or 431 where it is longer than cpp-httplib takes.
int AppendToList(std::string_view name, std::string_view value, std::string& line) {
  if (line.empty()) {
    line.append(name).append(": ");
  } else {
    line.append(",");
  }
  AppendEscaped(value, line);
  return line.size() + 2 > wire::kHttplibLineBytesMax ? 431 : 0;
}

}  // namespace

int CanonicalRequest::Start(const RequestLine& line) {
  drops_body_ = line.method == "GET" || line.method == "HEAD";
  head_.reserve(line.target.size() + kUsualHeadBytes);
  head_.assign(line.method).append(" ");
  AppendTarget(line.target, head_);
  head_.append(" HTTP/1.1\r\n");
  return head_.size() > wire::kHttplibLineBytesMax ? 414 : 0;
}

int CanonicalRequest::Add(const Header& header) {
  const auto is_this = [&](std::string_view name) { return EqualsIgnoringCase(name, header.name); };
  if (header.value.empty()) return 0;
  if (is_this(kForwardedFor)) return AppendToList(kForwardedFor, header.value, forwarded_for_);
  if (is_this(kForwarded)) return AppendToList(kForwarded, header.value, forwarded_);
  const auto* const carried = std::find_if(kCarried.begin(), kCarried.end(), is_this);
  if (carried == kCarried.end()) return 0;

  const size_t begin = head_.size();
  head_.append(*carried).append(": ");
  AppendEscaped(header.value, head_);
  head_.append("\r\n");
  return head_.size() - begin > wire::kHttplibLineBytesMax ? 431 : 0;
}

std::string CanonicalRequest::Finish() {
  for (std::string* const list : {&forwarded_for_, &forwarded_}) {
    if (!list->empty()) head_.append(*list).append("\r\n");
    *list = std::string();
  }
  if (drops_body_) body_.clear();
  if (!body_.empty()) head_.append("Content-Length: ").append(std::to_string(body_.size())).append("\r\n");
  head_.append("\r\n").append(body_);
  body_ = std::string();
  // Moving out of a string leaves it valid but not always empty.
  std::string whole = std::move(head_);
  head_ = std::string();
  whole.shrink_to_fit();
  return whole;
}

std::string_view LineOfCanonical(std::string_view request) { return request.substr(0, request.find('\r')); }

void ForEachHeaderOfCanonical(std::string_view request,
                              absl::FunctionRef<void(std::string_view name, std::string value)> take) {
  request.remove_prefix(std::min(request.find('\n'), request.size() - 1) + 1);
  while (!request.empty() && !request.starts_with('\r')) {
    const std::string_view line = request.substr(0, request.find('\r'));
    request.remove_prefix(std::min(line.size() + 2, request.size()));
    const size_t colon = std::min(line.find(':'), line.size());
    std::string_view value = line.substr(std::min(colon + 2, line.size()));
    std::string plain;
    plain.reserve(value.size());
    // Each percent sign is one that AppendEscaped() wrote.
    for (size_t percent = 0; (percent = value.find('%')) != value.npos; value.remove_prefix(percent + 3)) {
      plain.append(value.substr(0, percent + 1));
    }
    take(line.substr(0, colon), std::move(plain.append(value)));
  }
}

std::string_view BodyOfCanonical(std::string_view request) { return request.substr(request.find("\r\n\r\n") + 4); }

}  // namespace alcove::runtime
