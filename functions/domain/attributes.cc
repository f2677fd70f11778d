#include "functions/domain/attributes.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "functions/wire/limits.h"

namespace alcove::functions {
namespace {

std::optional<int> Digits(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc() && end == text.data() + text.size() && text.front() != '-';
  return whole ? std::optional(number) : std::nullopt;
}

bool IsNumber(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(number);
}

std::optional<std::string> WhyNoList(std::string_view value) {
  const std::vector<std::string_view> items = ItemsOf(value);
  if (items.size() > wire::kListItemsMax) return absl::StrCat("has more than ", wire::kListItemsMax, " items");
  for (auto item = items.begin(); item != items.end(); ++item) {
    if (item->empty()) return "has an empty item: there is one on each line";
    if (item->size() > wire::kListItemBytesMax) {
      return absl::StrCat("has an item that is longer than ", wire::kListItemBytesMax, " bytes");
    }
    // Of a form of Windows each line but the last would have another name than it shows.
    if (item->find('\r') != item->npos) return "has a carriage return: lines end with `\\n` alone";
    if (std::find(items.begin(), item, *item) != item) return "has an item twice";
  }
  return std::nullopt;
}

constexpr const char* kNotDefined = "is none that the site has";

// nullptr: there is none.
const wire::AttributeFields* FindAttribute(std::span<const wire::AttributeFields> defined, wire::AttributeOwner of,
                                           std::string_view name) {
  const auto found = std::find_if(defined.begin(), defined.end(), [&](const wire::AttributeFields& attribute) {
    return attribute.of == of && attribute.name == name;
  });
  return found == defined.end() ? nullptr : &*found;
}

// Why a page may not set it to that; nullopt where it may.
std::optional<std::string> WhyNot(const wire::AttributeFields* attribute, const wire::Field& field) {
  if (attribute == nullptr) return kNotDefined;
  if (attribute->written_by == wire::AttributeWriter::kAgents) return "is set by agents alone";
  return WhyNoValue(*attribute, field.value);
}

}  // namespace

std::vector<std::string_view> ItemsOf(std::string_view list) {
  std::vector<std::string_view> items;
  for (size_t begin = 0; begin <= list.size();) {
    const size_t end = std::min(list.find('\n', begin), list.size());
    items.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

bool IsDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = Digits(text.substr(0, 4));
  const auto month = Digits(text.substr(5, 2));
  const auto day = Digits(text.substr(8, 2));
  if (!year || !month || !day) return false;
  const absl::CivilDay civil(*year, *month, *day);
  return civil.month() == *month && civil.day() == *day;
}

std::optional<std::string> WhyNoValue(const wire::AttributeFields& attribute, std::string_view value) {
  if (value.empty()) return std::nullopt;
  if (attribute.type != wire::AttributeType::kList && value.size() > wire::kAttributeValueBytesMax) {
    return absl::StrCat("is longer than ", wire::kAttributeValueBytesMax, " bytes");
  }
  if (value.find('\0') != std::string_view::npos) return "has a zero byte";
  switch (attribute.type) {
    case wire::AttributeType::kNumber:
      return IsNumber(value) ? std::nullopt : std::optional<std::string>("is no number such as `4.5`");
    case wire::AttributeType::kBoolean:
      return value == "true" || value == "false" ? std::nullopt
                                                 : std::optional<std::string>("is neither `true` nor `false`");
    case wire::AttributeType::kDate:
      return IsDay(value) ? std::nullopt : std::optional<std::string>("is no day such as `2026-12-25`");
    case wire::AttributeType::kChoice: {
      const auto& choices = attribute.choices;
      const bool is_one = std::find(choices.begin(), choices.end(), value) != choices.end();
      return is_one ? std::nullopt : std::optional<std::string>("is none of its choices");
    }
    case wire::AttributeType::kList:
      return WhyNoList(value);
    case wire::AttributeType::kText:
    case wire::AttributeType::kUnknown:
      break;
  }
  return std::nullopt;
}

bool SetAttribute(Attributes& attributes, const wire::Attribute& attribute) {
  const auto known = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const wire::Attribute& one) { return one.name == attribute.name; });
  if (attribute.value.empty()) {
    if (known == attributes.end()) return false;
    attributes.erase(known);
    return true;
  }
  if (known == attributes.end()) {
    attributes.push_back(attribute);
    return true;
  }
  const bool says_no_more = known->value == attribute.value && (known->verified || !attribute.verified);
  if (says_no_more) return false;
  *known = attribute;
  return true;
}

Sifted SiftOfPage(std::span<const wire::AttributeFields> defined, wire::AttributeOwner of,
                  std::span<const wire::Field> said) {
  Sifted sifted;
  for (const wire::Field& field : said) {
    const wire::AttributeFields* const found = FindAttribute(defined, of, field.name);
    if (const auto why = WhyNot(found, field)) {
      sifted.ignored.push_back(absl::StrCat(field.name, " ", *why));
    } else {
      sifted.set.push_back({{field.name, field.value}, found->visible.value_or(false)});
    }
  }
  return sifted;
}

Sifted SiftOfOwner(std::span<const wire::AttributeFields> defined, std::span<const wire::Field> said) {
  // Of any text.
  wire::AttributeFields email;
  email.type = wire::AttributeType::kText;
  Sifted sifted;
  for (const wire::Field& field : said) {
    const wire::AttributeFields* found = FindAttribute(defined, wire::AttributeOwner::kCustomer, field.name);
    if (found == nullptr && field.name == kEmailAttribute) found = &email;
    const auto why = found == nullptr ? std::optional<std::string>(kNotDefined) : WhyNoValue(*found, field.value);
    if (why) {
      sifted.ignored.push_back(absl::StrCat(field.name, " ", *why));
    } else {
      sifted.set.push_back({{field.name, field.value, true}, found->visible.value_or(false)});
    }
  }
  return sifted;
}

const std::string* ValueOf(const std::optional<Attributes>& attributes, std::string_view name) {
  if (!attributes) return nullptr;
  for (const wire::Attribute& attribute : *attributes) {
    if (attribute.name == name) return &attribute.value;
  }
  return nullptr;
}

}  // namespace alcove::functions
