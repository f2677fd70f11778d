// What the faces say, in the language of the person.
//
// A phrase is named by its English. web/words/LANGUAGE.json has the words of a
// language; the page fetches the one it needs before the face starts. What a
// language lacks is said in English.
//
// Threads: one.
#pragma once

#include <string_view>

namespace alcove::ui {

class Phrase {
 public:
  // REQUIRES: it lives as long as the program.
  constexpr Phrase(const char* english) : english_(english) {}  // NOLINT: reads as the text that it is.

  constexpr std::string_view english() const { return english_; }
  // In the language of the person. Lives as long as no other words are given.
  std::string_view text() const;
  operator std::string_view() const { return text(); }  // NOLINT: wherever a text is wanted.

 private:
  std::string_view english_;
};

// From now on `english` is said as `text`.
void AddWords(std::string_view english, std::string_view text);
// Back to English.
void ForgetWords();

}  // namespace alcove::ui
