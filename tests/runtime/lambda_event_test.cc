// Events of format 2.0 and their answers.
#include "runtime/lambda_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace alcove::runtime {
namespace {

using testing::HasSubstr;

std::string Event(const std::string& method, const std::string& rest) {
  return absl::StrCat("{\"version\":\"2.0\",\"requestContext\":{\"stage\":\"$default\",\"timeEpoch\":1,\"http\":{",
                      "\"method\":\"", method, "\",\"sourceIp\":\"1.2.3.4\"}}", rest, "}");
}

TEST(LambdaEvent, BecomesTheRequestThatItWas) {
  const auto request = ParseLambdaEvent(
      Event("POST",
            ",\"rawPath\":\"/v/a b\",\"rawQueryString\":\"q=%20&r=1\",\"isBase64Encoded\":false,"
            "\"headers\":{\"host\":\"h\",\"authorization\":\"Bearer t\",\"content-length\":\"99\","
            "\"connection\":\"close\",\"expect\":\"100-continue\"},\"cookies\":[\"a=b\"],\"body\":\"{}\""));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->bytes,
            "POST /v/a%20b?q=%20&r=1 HTTP/1.1\r\nhost: h\r\nauthorization: Bearer t\r\ncontent-length: 2\r\n\r\n{}");
  EXPECT_EQ(request->client_address, "1.2.3.4");
}

TEST(LambdaEvent, IsReadInEveryForm) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {Event("GET", ""), "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {Event("GET", ",\"rawPath\":\"\""), "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {Event("GET", ",\"rawPath\":\"/a?b#c\\u00e9\""), "GET /a%3Fb%23c%c3%a9 HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {Event("GET", ",\"rawPath\":\"/%41\",\"rawQueryString\":\"a=%2B#\""),
       "GET /%41?a=%2B%23 HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {Event("PUT", ",\"body\":\"AAH/\",\"isBase64Encoded\":true"),
       std::string("PUT / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\n\r\n\0\1\xff", 57)},
      {"{\"rawPath\":\"/prod/x\",\"requestContext\":{\"stage\":\"prod\",\"http\":{\"method\":\"GET\"}}}",
       "GET /x HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {"{\"rawPath\":\"/prod\",\"requestContext\":{\"stage\":\"prod\",\"http\":{\"method\":\"GET\"}}}",
       "GET / HTTP/1.1\r\nhost: localhost\r\n\r\n"},
      {"{\"rawPath\":\"/product\",\"requestContext\":{\"stage\":\"prod\",\"http\":{\"method\":\"GET\"}}}",
       "GET /product HTTP/1.1\r\nhost: localhost\r\n\r\n"},
  };
  for (const auto& [event, bytes] : cases) {
    SCOPED_TRACE(event);
    const auto request = ParseLambdaEvent(event);
    ASSERT_TRUE(request.ok()) << request.status();
    EXPECT_EQ(request->bytes, bytes);
  }
}

TEST(LambdaEvent, IsRefusedWhereItIsNone) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "not JSON"},
      {"[]", "no object"},
      {"{}", "no event of format 2.0"},
      {"{\"httpMethod\":\"GET\",\"path\":\"/\"}", "no event of format 2.0"},
      {Event("GE T", ""), "no event of format 2.0"},
      {Event("GET", ",\"rawPath\":\"secret\""), "rawPath does not begin with /"},
      {Event("GET", ",\"headers\":[]"), "headers is no object"},
      {Event("GET", ",\"headers\":{\"a\":1}"), "headers holds"},
      {Event("GET", ",\"headers\":{\"a b\":\"1\"}"), "headers holds"},
      {Event("GET", ",\"headers\":{\"a\":\"1\\r\\ncontent-length: 5\"}"), "headers holds"},
      {Event("PUT", ",\"body\":\"secret!\",\"isBase64Encoded\":true"), "body is not base64"},
  };
  for (const auto& [event, sentence] : cases) {
    SCOPED_TRACE(event);
    const auto request = ParseLambdaEvent(event);
    ASSERT_FALSE(request.ok());
    EXPECT_EQ(request.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(request.status().message()), HasSubstr(sentence));
    EXPECT_THAT(std::string(request.status().message()), testing::Not(HasSubstr("secret")));
  }
}

TEST(LambdaAnswer, HoldsStatusHeadersAndBody) {
  EXPECT_EQ(LambdaAnswer("HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nConnection: close\r\n"
                         "Content-Length: 9\r\n\r\n{\"a\":\"b\"}"),
            "{\"statusCode\":201,\"headers\":{\"Content-Type\":\"application/json\"},\"isBase64Encoded\":false,"
            "\"body\":\"{\\\"a\\\":\\\"b\\\"}\"}");
  EXPECT_EQ(LambdaAnswer("HTTP/1.1 204 No Content\r\n\r\n"),
            "{\"statusCode\":204,\"headers\":{},\"isBase64Encoded\":false,\"body\":\"\"}");
  EXPECT_EQ(LambdaAnswer("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nX-A: 1\r\n\r\n\xff\xfe"),
            "{\"statusCode\":200,\"headers\":{\"Content-Encoding\":\"br\",\"X-A\":\"1\"},\"isBase64Encoded\":true,"
            "\"body\":\"//4=\"}");
}

}  // namespace
}  // namespace alcove::runtime
