#include "runtime/settings.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/characters.h"
#include "store/status_macros.h"

namespace alcove::runtime {
namespace {

constexpr std::string_view kHidden = "****";

template <class... Parts>
absl::Status Bad(const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(parts...));
}

const Flag* FindFlag(std::span<const Flag> flags, std::string_view name) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == flags.end() ? nullptr : &*found;
}

bool IsSetting(const Flag& flag) { return flag.takes == Takes::kValue && flag.name != "config"; }

std::string NamesOf(std::span<const Flag> flags) {
  std::string names;
  for (const Flag& flag : flags) {
    if (IsSetting(flag)) absl::StrAppend(&names, names.empty() ? "" : ", ", std::string(flag.name));
  }
  return names;
}

Settings FromEnvironment(std::span<const Flag> flags, const Environment& environment) {
  Settings settings;
  for (const Flag& flag : flags) {
    if (flag.takes == Takes::kNothing) continue;
    const std::string variable = VariableFor(flag.name);
    const char* const value = environment(variable.c_str());
    if (value != nullptr && *value != '\0') settings[std::string(flag.name)] = {value, variable};
  }
  return settings;
}

// Lines are `name = value`, as the flags are named; `#` begins a comment.
absl::StatusOr<Settings> FromFile(const std::string& path, std::span<const Flag> flags) {
  std::ifstream file(path);
  if (!file) return Bad("cannot read the configuration ", path);
  Settings settings;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string where = absl::StrCat(path, ", line ", number, ": ");
    if (line.ends_with('\r')) line.pop_back();
    const std::string_view text = Trimmed(std::string_view(line).substr(0, line.find('#')));
    if (text.empty()) continue;
    const size_t equals = text.find('=');
    if (equals == text.npos) return Bad(where, "expected name = value");
    std::string name(Trimmed(text.substr(0, equals)));
    const Flag* const flag = FindFlag(flags, name);
    if (flag == nullptr || !IsSetting(*flag)) {
      return Bad(where, "\"", name, "\" is not a setting; these are: ", NamesOf(flags));
    }
    const std::string named = absl::StrCat(where, name);
    std::string value(Trimmed(text.substr(equals + 1)));
    if (value.empty()) return Bad(named, " has no value; it takes ", std::string(flag->allowed));
    if (!settings.try_emplace(std::move(name), Setting{std::move(value), named}).second) {
      return Bad(where, std::string(flag->name), " is set twice");
    }
  }
  return settings;
}

// Adds what is not there yet.
void AddBelow(Settings lower, std::span<const std::string_view> one_of, Settings& settings) {
  const bool chosen =
      std::any_of(one_of.begin(), one_of.end(), [&](std::string_view name) { return settings.contains(name); });
  for (const std::string_view name : one_of) {
    if (const auto found = lower.find(name); chosen && found != lower.end()) lower.erase(found);
  }
  settings.merge(lower);
}

}  // namespace

const char* ProcessEnvironment(const char* name) { return std::getenv(name); }

std::string VariableFor(std::string_view flag) {
  std::string name = "ALCOVE_";
  for (const char c : flag) {
    const bool lower = IsLetter(c) && !IsUpperLetter(c);
    name.push_back(c == '-' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return name;
}

absl::StatusOr<Settings> ParseFlags(std::span<const std::string> arguments, std::span<const Flag> flags) {
  Settings settings;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (!argument.starts_with("--")) return Bad("\"", arguments[i], "\" is not understood here; flags begin with --");
    const size_t equals = std::min(argument.find('='), argument.size());
    const std::string name(argument.substr(2, equals - 2));
    const Flag* const flag = FindFlag(flags, name);
    if (flag == nullptr) return Bad("--", name, " is not a flag of this command");
    if (settings.contains(name)) return Bad("--", name, " is given twice");
    Setting& setting = settings[name];
    setting.named = absl::StrCat("--", name);
    if (flag->takes == Takes::kNothing) {
      if (equals < argument.size()) return Bad("--", name, " takes no value");
    } else if (equals < argument.size()) {
      setting.text = argument.substr(equals + 1);
    } else if (i + 1 < arguments.size()) {
      setting.text = arguments[++i];
    } else {
      return Bad("--", name, " needs a value");
    }
  }
  return settings;
}

absl::StatusOr<Settings> ReadSettings(std::span<const std::string> arguments, std::span<const Flag> flags,
                                      std::span<const std::string_view> one_of, const Environment& environment) {
  ASSIGN_OR_RETURN(Settings settings, ParseFlags(arguments, flags));
  AddBelow(FromEnvironment(flags, environment), one_of, settings);
  if (const auto config = settings.find("config"); config != settings.end()) {
    ASSIGN_OR_RETURN(Settings file, FromFile(config->second.text, flags));
    AddBelow(std::move(file), one_of, settings);
  }
  return settings;
}

std::string TextOf(const Settings& settings, std::span<const Flag> flags) {
  std::string text;
  for (const Flag& flag : flags) {
    if (!IsSetting(flag)) continue;
    const std::string name(flag.name);
    const auto found = settings.find(name);
    if (found != settings.end() && !found->second.text.empty()) {
      const std::string& value = found->second.text;
      absl::StrAppend(&text, name, " = ", name == "postgres" ? WithoutPasswords(value) : value, "  # ",
                      found->second.named, "\n");
    } else if (!flag.otherwise.empty()) {
      absl::StrAppend(&text, name, " = ", std::string(flag.otherwise), "  # unless told\n");
    } else {
      absl::StrAppend(&text, "# ", name, " is not set\n");
    }
  }
  return text;
}

std::string WithoutPasswords(std::string_view value) {
  std::string text(value);
  // postgresql://USER:PASSWORD@HOST: up to the last @, because a password may hold one by mistake.
  if (const size_t scheme = text.find("://"); scheme != text.npos) {
    const size_t begin = scheme + 3;
    const size_t host = text.rfind('@');
    const size_t password = text.find(':', begin);
    if (host != text.npos && host >= begin && password < host) {
      text.replace(password + 1, host - password - 1, kHidden);
    }
  }
  // `?password=` and `password = '...'`, and the keys of certificates: all that libpq calls so.
  for (const std::string_view key : {"password", "sslpassword"}) {
    for (size_t at = text.find(key); at != text.npos; at = text.find(key, at + key.size())) {
      const bool begins = at == 0 || std::string_view("?& \t").find(text[at - 1]) != std::string_view::npos;
      size_t begin = text.find_first_not_of(" \t", at + key.size());
      if (!begins || begin == text.npos || text[begin] != '=') continue;
      begin = std::min(text.find_first_not_of(" \t", begin + 1), text.size());
      const bool quoted = begin < text.size() && text[begin] == '\'';
      size_t end = begin + (quoted ? 1 : 0);
      for (; end < text.size(); ++end) {
        if (quoted && text[end] == '\\') {
          ++end;
        } else if (quoted ? text[end] == '\'' : std::string_view("& \t").find(text[end]) != std::string_view::npos) {
          break;
        }
      }
      if (quoted) ++end;
      text.replace(begin, std::min(end, text.size()) - begin, kHidden);
    }
  }
  return text;
}

}  // namespace alcove::runtime
