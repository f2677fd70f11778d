// How the console names what it shows.
#pragma once

#include <string>
#include <string_view>

#include "functions/wire/event.h"

namespace alcove::console {

// What agents call a customer: the name, or "Visitor 4F2K" after the id.
std::string NameOfCustomer(const wire::Actor& customer);
// A page without what every address begins with: "northwind.example/mugs".
std::string_view ShortPage(std::string_view url);

}  // namespace alcove::console
