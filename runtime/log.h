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

// What --log requests asks for.
void LogInfo(std::string_view text, std::initializer_list<LogField> fields = {});

// The line that the two write, without its end.
std::string LogLine(std::string_view time, std::string_view level, std::string_view text,
                    std::initializer_list<LogField> fields);

}  // namespace alcove::runtime
