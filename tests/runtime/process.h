// The program itself, run as a child whose output can be read while it runs.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/descriptor.h"
#include "runtime/socket_address.h"
#include "tests/runtime/raw_client.h"

namespace alcove::runtime {

// Begins a customer's session on the demo site.
inline constexpr char kSession[] =
    "POST /v1/customer/session HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 19\r\n\r\n"
    "{\"site\":\"sit_demo\"}";

// Of "listening on http://127.0.0.1:1234".
inline SocketAddress AddressIn(const std::string& line) {
  const size_t begin = line.find("http://");
  EXPECT_NE(begin, line.npos) << line;
  return *SocketAddress::Parse(begin == line.npos ? "127.0.0.1:1" : line.substr(begin + 7));
}

// The text of a JSON string field, without regard to anything else; empty where there is none.
inline std::string Field(const std::string& json, const std::string& name) {
  const size_t begin = json.find("\"" + name + "\":\"");
  if (begin == json.npos) return {};
  const size_t text = begin + name.size() + 4;
  return json.substr(text, json.find('"', text) - text);
}

// The number of a JSON field that is none below 0, in a text of JSON, too; -1 where there is none.
inline int64_t NumberField(const std::string& json, const std::string& name) {
  size_t at = json.find(name);
  if (at == json.npos) return -1;
  at += name.size();
  while (at < json.size() && std::string_view("\\\":").find(json[at]) != std::string_view::npos) ++at;
  int64_t number = -1;
  std::from_chars(json.data() + at, json.data() + json.size(), number);
  return number;
}

class Process {
 public:
  explicit Process(std::vector<std::string> words) : Process(ALCOVE_BINARY, std::move(words)) {}
  // Another program. It inherits `kept`, where there is one, as the same number.
  Process(const std::string& program, std::vector<std::string> words, int kept = -1)
      : Process(program, std::move(words), Around{.kept = kept}) {}

  struct Around {
    std::vector<std::pair<std::string, std::string>> environment = {};  // set beside ours
    bool piped = false;                                                 // its standard input is what Write() writes
    int kept = -1;
  };
  Process(std::vector<std::string> words, const Around& around) : Process(ALCOVE_BINARY, std::move(words), around) {}
  Process(const std::string& program, std::vector<std::string> words, const Around& around) {
    words.insert(words.begin(), program);
    int out[2];
    int err[2];
    int in[2] = {-1, -1};
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) std::abort();
    if (around.piped && pipe2(in, O_CLOEXEC) != 0) std::abort();
    const int kept = around.kept;
    pid_ = fork();
    if (pid_ == 0) {
      for (const auto& [name, value] : around.environment) setenv(name.c_str(), value.c_str(), 1);
      if (around.piped) dup2(in[0], 0);
      dup2(out[1], 1);
      dup2(err[1], 2);
      if (kept >= 0) fcntl(kept, F_SETFD, 0);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execv(arguments[0], arguments.data());
      _exit(127);
    }
    close(out[1]);
    close(err[1]);
    out_ = Descriptor(out[0]);
    err_ = Descriptor(err[0]);
    if (around.piped) {
      close(in[0]);
      in_ = Descriptor(in[1]);
    }
  }
  ~Process() {
    if (pid_ <= 0) return;
    Signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  void Signal(int number) const { kill(pid_, number); }
  pid_t pid() const { return pid_; }

  void Write(const std::string& text) const {
    // A process that has ended reads no more: the test learns of it by its end.
    signal(SIGPIPE, SIG_IGN);
    if (write(in_.get(), text.data(), text.size()) < 0) return;
  }
  void CloseInput() { in_.Close(); }

  std::string ReadLine() {
    std::string line;
    char c = 0;
    pollfd event = {out_.get(), POLLIN, 0};
    while (poll(&event, 1, RawClient::kPatienceMs) > 0 && read(out_.get(), &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }

  struct End {
    int code = -1;
    std::string out;
    std::string err;
  };
  End Wait() {
    End end;
    end.out = ReadAll(out_.get());
    end.err = ReadAll(err_.get());
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    if (WIFEXITED(status)) end.code = WEXITSTATUS(status);
    return end;
  }

 private:
  static std::string ReadAll(int descriptor) {
    std::string text;
    char buffer[4096];
    ssize_t got = 0;
    while ((got = read(descriptor, buffer, sizeof(buffer))) > 0) text.append(buffer, static_cast<size_t>(got));
    return text;
  }

  pid_t pid_ = -1;
  Descriptor in_;
  Descriptor out_;
  Descriptor err_;
};

}  // namespace alcove::runtime
