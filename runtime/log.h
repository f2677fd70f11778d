// The log: one JSON object a line on standard error. Never a text that people
// wrote, a token or an address.
//
// Threads: all functions may be called from any thread.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace alcove::runtime {

using LogField = std::pair<std::string_view, std::string>;

// Something that a person should look at. One text is written once a second at most.
void LogWarning(std::string_view text, std::initializer_list<LogField> fields = {});

// Why the process ends now.
void LogError(std::string_view text, std::initializer_list<LogField> fields = {});

// Whether each request, and each question to another server, is told of: what --log requests asks for.
enum class RequestLog { kOff, kOn };

// A line of those.
void LogInfo(std::string_view text, std::initializer_list<LogField> fields = {});

// The line that all of them write, without its end.
std::string LogLine(std::string_view time, std::string_view level, std::string_view text,
                    std::initializer_list<LogField> fields);

}  // namespace alcove::runtime
