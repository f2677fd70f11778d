// Attributes of customers and conversations: what a site defined, and what is
// set of it.
//
// A value is a text, whatever the type; which texts are values of a type stands
// here alone.
//
// Pure. Threads: free functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "functions/wire/admin.h"
#include "functions/wire/conversation.h"

namespace alcove::functions {

// `2026-12-25`, a day that there is.
bool IsDay(std::string_view text);

// What is wrong with the value, as "is ..."; nullopt where it is one. An empty one always is: there is none then.
std::optional<std::string> WhyNoValue(const wire::AttributeFields& attribute, std::string_view value);

// The items of a value of the type list: one on each line.
std::vector<std::string_view> ItemsOf(std::string_view list);

// The customer's attribute in which the address is that their owner vouches for.
inline constexpr std::string_view kEmailAttribute = "email";

using Attributes = std::vector<wire::Attribute>;

// Sets one, or takes it away where its value is empty. Whether that changes anything: what an agent has said stays
// verified when the page says the same.
bool SetAttribute(Attributes& attributes, const wire::Attribute& attribute);

// One that is to be set, as the site defined it.
struct AttributeSetting {
  wire::Attribute attribute;
  bool is_visible = false;  // customers are told
};
// What a page says, as far as it may; why the rest is ignored, one sentence each.
struct Sifted {
  std::vector<AttributeSetting> set;
  std::vector<std::string> ignored;
};
Sifted SiftOfPage(std::span<const wire::AttributeFields> defined, wire::AttributeOwner of,
                  std::span<const wire::Field> said);
// The same of what the owner says of a customer and vouches for: any of theirs that the site has, and `email`, whether
// it has that or not.
Sifted SiftOfOwner(std::span<const wire::AttributeFields> defined, std::span<const wire::Field> said);

// nullptr: none of that name.
const std::string* ValueOf(const std::optional<Attributes>& attributes, std::string_view name);

}  // namespace alcove::functions
