#include "runtime/lambda_event.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "functions/json_codec.h"
#include "functions/wire/json_writer.h"
#include "functions/wire/utf8.h"
#include "runtime/characters.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

using functions::json::Node;

absl::Status Bad(std::string_view field, std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(std::string(field), " ", std::string(what)));
}

// The value at `path`, or nullptr.
const Node* At(const Node& event, std::initializer_list<std::string_view> path) {
  const Node* node = &event;
  for (const std::string_view name : path) {
    node = node->Find(name);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::string TextAt(const Node& event, std::initializer_list<std::string_view> path) {
  const Node* const node = At(event, path);
  return node != nullptr && node->kind == Node::Kind::kString ? node->text : std::string();
}

// HTTP APIs hand over the path decoded, function URLs as it was sent: what may
// not stand in a target is encoded, and `%` is taken as it stands.
std::string TargetText(std::string_view text) {
  static constexpr CharacterSet kTargetCharacters("-._~!$&'()*+,;=:@/%?");
  std::string target;
  for (const char c : text) {
    if (kTargetCharacters.Has(c)) {
      target.push_back(c);
    } else {
      absl::StrAppend(&target, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return target;
}

absl::StatusOr<std::string> TargetOf(const Node& event) {
  std::string path = TextAt(event, {"rawPath"});
  const std::string stage = TextAt(event, {"requestContext", "stage"});
  const std::string prefix = absl::StrCat("/", stage);
  if (!stage.empty() && stage != "$default" && (path == prefix || path.starts_with(prefix + "/"))) {
    path.erase(0, prefix.size());
  }
  if (path.empty()) path += '/';
  if (path.front() != '/') return Bad("rawPath", "does not begin with /");
  // Here a question mark is a character of the path.
  std::string target;
  for (const char c : TargetText(path)) {
    if (c == '?') {
      target += "%3F";
    } else {
      target.push_back(c);
    }
  }
  if (const std::string query = TextAt(event, {"rawQueryString"}); !query.empty()) {
    absl::StrAppend(&target, "?", TargetText(query));
  }
  return target;
}

bool IsTheGateways(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"connection",        "content-length", "expect",
                                                      "transfer-encoding", "upgrade",        "keep-alive"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view other) { return EqualsIgnoringCase(name, other); });
}

absl::StatusOr<std::string> HeadersOf(const Node& event) {
  std::string lines;
  bool has_host = false;
  const Node* const headers = At(event, {"headers"});
  if (headers != nullptr && headers->kind != Node::Kind::kObject) return Bad("headers", "is no object");
  for (const Node& header : headers == nullptr ? std::vector<Node>() : headers->children) {
    const bool named = !header.name.empty() && kTokenCharacters.HasAll(header.name);
    // Or one header would be several.
    const bool plain = std::none_of(header.text.begin(), header.text.end(),
                                    [](char c) { return IsControl(static_cast<unsigned char>(c)) && c != '\t'; });
    if (!named || header.kind != Node::Kind::kString || !plain) return Bad("headers", "holds what is no header");
    // These were between the client and the gateway.
    if (IsTheGateways(header.name)) continue;
    has_host = has_host || EqualsIgnoringCase(header.name, "host");
    absl::StrAppend(&lines, header.name, ": ", header.text, "\r\n");
  }
  if (!has_host) absl::StrAppend(&lines, "host: localhost\r\n");
  return lines;
}

absl::StatusOr<std::string> BodyOf(const Node& event) {
  std::string body = TextAt(event, {"body"});
  const Node* const encoded = At(event, {"isBase64Encoded"});
  if (encoded == nullptr || encoded->kind != Node::Kind::kBoolean || !encoded->boolean) return body;
  std::string decoded;
  if (!absl::Base64Unescape(body, &decoded)) return Bad("body", "is not base64");
  return decoded;
}

}  // namespace

absl::StatusOr<LambdaRequest> ParseLambdaEvent(std::string_view event) {
  ASSIGN_OR_RETURN(const Node tree, functions::json::ParseTree(event));
  if (tree.kind != Node::Kind::kObject) return Bad("the event", "is no object");
  const std::string method = TextAt(tree, {"requestContext", "http", "method"});
  if (method.empty() || !kTokenCharacters.HasAll(method)) {
    return Bad("requestContext.http.method", "is no method: this is no event of format 2.0");
  }
  ASSIGN_OR_RETURN(const std::string target, TargetOf(tree));
  ASSIGN_OR_RETURN(const std::string headers, HeadersOf(tree));
  ASSIGN_OR_RETURN(const std::string body, BodyOf(tree));
  LambdaRequest request;
  request.bytes = absl::StrCat(method, " ", target, " HTTP/1.1\r\n", headers);
  if (!body.empty() || method == "POST" || method == "PUT") {
    absl::StrAppend(&request.bytes, "content-length: ", body.size(), "\r\n");
  }
  absl::StrAppend(&request.bytes, "\r\n", body);
  request.client_address = TextAt(tree, {"requestContext", "http", "sourceIp"});
  return request;
}

std::string LambdaAnswer(std::string_view answer) {
  const size_t head_end = answer.find("\r\n\r\n");
  std::string_view head = answer.substr(0, head_end + 2);
  const std::string_view body = answer.substr(head_end + 4);
  const std::string_view status = head.substr(head.find(' ') + 1, 3);
  std::string text = absl::StrCat("{\"statusCode\":", std::string(status), ",\"headers\":{");
  bool first = true;
  for (head.remove_prefix(head.find("\r\n") + 2); !head.empty(); head.remove_prefix(head.find("\r\n") + 2)) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (IsTheGateways(name)) continue;
    if (!std::exchange(first, false)) text += ',';
    wire::AppendJsonString(name, text);
    text += ':';
    wire::AppendJsonString(Trimmed(line.substr(colon + 1)), text);
  }
  text += "},\"isBase64Encoded\":";
  if (wire::IsUtf8(body)) {
    text += "false,\"body\":";
    wire::AppendJsonString(body, text);
  } else {
    std::string encoded;
    absl::Base64Escape(absl::string_view(body.data(), body.size()), &encoded);
    absl::StrAppend(&text, "true,\"body\":\"", encoded, "\"");
  }
  text += '}';
  return text;
}

}  // namespace alcove::runtime
