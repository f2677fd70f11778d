// Reads a page of Prometheus' text format 0.0.4, and refuses what is none:
// families without HELP and TYPE before their samples, or in two places,
// numbers that are none, series that come twice, histograms that do not add up.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "runtime/characters.h"

namespace alcove::runtime {

class Exposition {
 public:
  explicit Exposition(const std::string& page) {
    if (page.empty() || page.back() != '\n') Fault("the page does not end with its last line");
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);) ReadLine(line);
    for (const auto& [family, type] : types_) {
      if (type == "histogram") CheckHistogram(family);
    }
  }

  // One a line; empty where the page is whole.
  const std::string& faults() const { return faults_; }
  bool Has(const std::string& series) const { return samples_.contains(series); }
  // NaN where there is none. `series` as it is written: `name{label="value"}`.
  double Value(const std::string& series) const {
    const auto found = samples_.find(series);
    return found == samples_.end() ? std::nan("") : found->second;
  }
  // How many series are not of this family.
  size_t SeriesBut(const std::string& family) const {
    return static_cast<size_t>(std::count_if(samples_.begin(), samples_.end(), [&](const auto& sample) {
      return sample.first != family && !sample.first.starts_with(family + "{");
    }));
  }

 private:
  void Fault(const std::string& what) { faults_ += what + "\n"; }

  static bool IsName(const std::string& name) {
    return !name.empty() && !IsDigit(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
      return IsLetter(c) || IsDigit(c) || c == '_' || c == ':';
    });
  }

  void ReadLine(const std::string& line) {
    if (line.starts_with("# ")) return ReadComment(line);
    const size_t name_end = line.find_first_of("{ ");
    if (name_end == line.npos || !IsName(line.substr(0, name_end))) return Fault("no sample: " + line);
    size_t at = name_end;
    if (line[at] == '{' && !SkipLabels(line, at)) return Fault("bad labels: " + line);
    if (at >= line.size() || line[at] != ' ') return Fault("no value: " + line);
    const std::string number = line.substr(at + 1);
    char* end = nullptr;
    const double value = std::strtod(number.c_str(), &end);
    if (number.empty() || *end != '\0' || !std::isfinite(value)) Fault("no number: " + line);
    if (!samples_.emplace(line.substr(0, at), value).second) Fault("comes twice: " + line);
    if (FamilyOf(line.substr(0, name_end)) != current_) Fault("stands in another family: " + line);
    if (types_[current_] == "counter" && value < 0) Fault("a counter below nothing: " + line);
  }

  void ReadComment(const std::string& line) {
    std::istringstream words(line);
    std::string hash, kind, family, rest;
    words >> hash >> kind >> family;
    std::getline(words >> std::ws, rest);
    if (!IsName(family) || rest.empty()) return Fault("says nothing: " + line);
    if (kind == "HELP") {
      if (!helped_.insert(family).second) Fault("HELP twice: " + line);
      current_ = family;
    } else if (kind == "TYPE") {
      if (current_ != family) Fault("TYPE without its HELP: " + line);
      if (rest != "counter" && rest != "gauge" && rest != "histogram") Fault("no type: " + line);
      if (!types_.emplace(family, rest).second) Fault("TYPE twice: " + line);
    } else {
      Fault("neither HELP nor TYPE: " + line);
    }
  }

  // Of `{a="b",c="d"}`, with \\, \" and \n in values. Leaves `at` behind it.
  static bool SkipLabels(const std::string& line, size_t& at) {
    do {
      const size_t equals = line.find('=', ++at);
      if (equals == line.npos || !IsName(line.substr(at, equals - at)) || line[equals + 1] != '"') return false;
      for (at = equals + 2; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && std::string("\\\"n").find(line[++at]) == std::string::npos) return false;
      }
      if (++at >= line.size()) return false;
    } while (line[at] == ',');
    return line[at++] == '}';
  }

  std::string FamilyOf(const std::string& name) const {
    for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
      if (!name.ends_with(suffix)) continue;
      const std::string family = name.substr(0, name.size() - suffix.size());
      const auto type = types_.find(family);
      if (type != types_.end() && type->second == "histogram") return family;
    }
    return name;
  }

  void CheckHistogram(const std::string& family) {
    // By the labels beside `le`: (bound, count).
    std::map<std::string, std::vector<std::pair<double, double>>> histograms;
    for (const auto& [series, value] : samples_) {
      if (!series.starts_with(family + "_bucket{")) continue;
      const size_t le = series.find("le=\"");
      if (le == series.npos) return Fault("a bucket without a bound: " + series);
      const std::string bound = series.substr(le + 4, series.find('"', le + 4) - le - 4);
      std::string labels = series.substr(family.size() + 8, le - family.size() - 8);
      if (labels.ends_with(',')) labels.pop_back();
      histograms[labels].emplace_back(
          bound == "+Inf" ? std::numeric_limits<double>::infinity() : std::strtod(bound.c_str(), nullptr), value);
    }
    if (histograms.empty()) Fault("a histogram without buckets: " + family);
    for (auto& [labels, buckets] : histograms) {
      std::sort(buckets.begin(), buckets.end());
      for (size_t i = 1; i < buckets.size(); ++i) {
        if (buckets[i].second < buckets[i - 1].second) Fault("buckets are not cumulative: " + family + labels);
      }
      const std::string own = labels.empty() ? "" : "{" + labels + "}";
      if (!std::isinf(buckets.back().first)) Fault("no bucket for all: " + family + labels);
      if (Value(family + "_count" + own) != buckets.back().second) Fault("its count is another: " + family + labels);
      if (!Has(family + "_sum" + own)) Fault("no sum: " + family + labels);
    }
  }

  std::string faults_;
  std::string current_;
  std::set<std::string> helped_;
  std::map<std::string, std::string> types_;
  std::map<std::string, double> samples_;
};

}  // namespace alcove::runtime
