#include "runtime/log.h"

#include <cstdio>
#include <unordered_map>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "runtime/characters.h"
#include "store/mutex.h"

namespace alcove::runtime {
namespace {

void AppendQuoted(std::string_view text, std::string& line) {
  line.push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (IsControl(byte) || byte >= 0x80) {
      // A terminal that shows the log must not obey it.
      absl::StrAppend(&line, "\\u00", absl::Hex(byte, absl::kZeroPad2));
    } else {
      if (c == '"' || c == '\\') line.push_back('\\');
      line.push_back(c);
    }
  }
  line.push_back('"');
}

void Write(std::string_view level, std::string_view text, std::initializer_list<LogField> fields) {
  const std::string time = absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", absl::Now(), absl::UTCTimeZone());
  const std::string line = LogLine(time, level, text, fields) + "\n";
  // One call, so that lines of several threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

std::string LogLine(std::string_view time, std::string_view level, std::string_view text,
                    std::initializer_list<LogField> fields) {
  std::string line = "{\"time\":";
  AppendQuoted(time, line);
  line.append(",\"level\":");
  AppendQuoted(level, line);
  line.append(",\"text\":");
  AppendQuoted(text, line);
  for (const auto& [name, value] : fields) {
    line.push_back(',');
    AppendQuoted(name, line);
    line.push_back(':');
    AppendQuoted(value, line);
  }
  line.push_back('}');
  return line;
}

void LogWarning(std::string_view text, std::initializer_list<LogField> fields) {
  static store::Mutex mutex;
  static std::unordered_map<std::string, absl::Time> last_written ABSL_GUARDED_BY(mutex);
  {
    const store::MutexLock lock(mutex);
    absl::Time& last = last_written.try_emplace(std::string(text), absl::InfinitePast()).first->second;
    if (absl::Now() - last < absl::Seconds(1)) return;
    last = absl::Now();
  }
  Write("warning", text, fields);
}

void LogError(std::string_view text, std::initializer_list<LogField> fields) { Write("error", text, fields); }

void LogInfo(std::string_view text, std::initializer_list<LogField> fields) { Write("info", text, fields); }

}  // namespace alcove::runtime
