// What AWS Lambda hands to `alcove lambda`: a request as the JSON of an event.
#pragma once

#include <string>

#include "absl/strings/str_cat.h"
#include "functions/wire/json_writer.h"

namespace alcove::runtime {

// A customer's conversation and its first message.
inline constexpr char kConversation[] = "/v1/customer/conversations/cnv_01ARZ3NDEKTSV4RRFFQ69G5FAV";
inline constexpr char kFirst[] = "{\"message\":{\"id\":\"msg_01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"text\":\"hello\"}}";

inline std::string Event(const std::string& method, const std::string& target, const std::string& token,
                         const std::string& body) {
  std::string quoted;
  wire::AppendJsonString(body, quoted);
  const size_t query = target.find('?');
  return absl::StrCat(
      "{\"version\":\"2.0\",\"rawPath\":\"", target.substr(0, query), "\",\"rawQueryString\":\"",
      query == target.npos ? "" : target.substr(query + 1),
      "\",\"headers\":{\"host\":\"f.example\",\"content-type\":\"application/json\",\"authorization\":\"Bearer ", token,
      "\"},\"requestContext\":{\"stage\":\"$default\",\"http\":{\"method\":\"", method,
      "\",\"sourceIp\":\"1.2.3.4\"}},\"body\":", quoted, ",\"isBase64Encoded\":false}");
}

}  // namespace alcove::runtime
