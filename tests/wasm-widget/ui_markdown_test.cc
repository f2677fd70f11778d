// Markdown in messages: what is read, what stays as it was typed, and how it is drawn and emitted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "functions/wire/limits.h"
#include "wasm-widget/ui/markdown.h"
#include "wasm-widget/ui/testing.h"

namespace alcove::ui {
namespace {

// The text with its runs as tags: <bi>bold and italic</bi>, <a https://…>words</a>.
std::string Tagged(const Marked& marked) {
  std::string tagged;
  size_t plain = 0;
  for (const Run& run : marked.runs) {
    tagged += marked.text.substr(plain, run.begin - plain);
    std::string tag;
    for (const auto& [look, letter] : {std::pair{kLookBold, 'b'},
                                       {kLookItalic, 'i'},
                                       {kLookBlock, 'p'},
                                       {kLookCode, 'c'},
                                       {kLookMarker, 'm'},
                                       {kLookLink, 'a'}}) {
      if ((run.look & look) != 0) tag += letter;
    }
    const std::string url = marked.urls.substr(run.url_begin, run.url_end - run.url_begin);
    tagged += "<" + tag + (url.empty() ? "" : " " + url) + ">" + marked.text.substr(run.begin, run.end - run.begin);
    tagged += "</" + tag + ">";
    plain = run.end;
  }
  return tagged + marked.text.substr(plain);
}

struct Sample {
  const char* name;
  std::string source;
  std::string expected;
};

TEST(Markdown, ReadsWhatPeopleMark) {
  const Sample samples[] = {
      {"bold", "it is **very** urgent", "it is <b>very</b> urgent"},
      {"bold with underscores", "__very__", "<b>very</b>"},
      {"italic", "*a* and _b_", "<i>a</i> and <i>b</i>"},
      {"both", "***a***", "<bi>a</bi>"},
      {"nothing but white space between", "*\v\f\v*", "*\v\f\v*"},
      {"one in the other", "**a *b* c**", "<b>a </b><bi>b</bi><b> c</b>"},
      {"one in the other, the other way", "_a **b** c_", "<i>a </i><bi>b</bi><i> c</i>"},
      {"between ideographs", "这是**重点**内容", "这是<b>重点</b>内容"},
      {"in Arabic", "هذا **مهم** جدا", "هذا <b>مهم</b> جدا"},
      {"beside punctuation", "(**a**), *b*!", "(<b>a</b>), <i>b</i>!"},
      {"code", "run `a *b* c` now", "run <c>a *b* c</c> now"},
      {"code with a back quote", "``a`b``", "<c>a`b</c>"},
      {"code in bold", "**a `b`**", "<b>a </b><bc>b</bc>"},
      {"code on one line of three", "```a```", "<c>a</c>"},
      {"a block", "a\n```\nb **c**\n\n  d\n```\ne", "a\n<pc>b **c**\n\n  d</pc>\ne"},
      {"a block with a word after its fence", "```js\na\n```", "<pc>js\na</pc>"},
      {"a list", "- a\n* b **c**\n1. d\n22) e", "<m>• </m>a\n<m>• </m>b <b>c</b>\n<m>1. </m>d\n<m>22) </m>e"},
      {"a list in a list", "- a\n  - b", "<m>• </m>a\n<m>  • </m>b"},
      {"lines stay lines", "a\n\nb\n", "a\n\nb\n"},
      {"an address", "see https://a.b/c?d=e_f*g.", "see <a https://a.b/c?d=e_f*g>https://a.b/c?d=e_f*g</a>."},
      {"an address in brackets", "(http://a.b/c_(d))", "(<a http://a.b/c_(d)>http://a.b/c_(d)</a>)"},
      {"an address in bold", "**https://a.b**", "<ba https://a.b>https://a.b</ba>"},
      {"an address before ideographs", "看https://a.cn，谢", "看<a https://a.cn>https://a.cn</a>，谢"},
      {"an address before an Arabic comma", "https://a.b، نعم", "<a https://a.b>https://a.b</a>، نعم"},
      {"an address without a scheme", "www.a.b/c", "<a https://www.a.b/c>www.a.b/c</a>"},
      {"capital letters", "HTTPS://A.B", "<a HTTPS://A.B>HTTPS://A.B</a>"},
      {"mail", "mailto:a@b.c", "<a mailto:a@b.c>mailto:a@b.c</a>"},
      {"words that lead somewhere", "[our **shop**](https://a.b/(c))",
       "<a https://a.b/(c)>our </a><ba https://a.b/(c)>shop</ba>"},
      {"an address that leads where it says", "[https://a.b](https://a.b)", "<a https://a.b>https://a.b</a>"},
      {"two that touch", "[a](https://a.b)[c](https://a.b)", "<a https://a.b>a</a><a https://a.b>c</a>"},
  };
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    EXPECT_EQ(Tagged(ParseMarkdown(sample.source)), sample.expected);
  }
}

TEST(Markdown, LeavesTheRestAsItWasTyped) {
  const char* const samples[] = {
      "",
      " ",
      "2*3*4 = 24",
      "a * b * c",
      "snake_case_name",
      "имя_файла_два",
      "**a",
      "a**",
      "*a **b",
      "**a*",
      "****",
      "** **",
      "*\n*a",
      "****a****",
      "`a",
      "` `",
      "```",
      "```\na",
      "```\n```",
      "```\n\n```",
      "¯\\_(ツ)_/¯",
      "\\*a\\*",
      "C:\\_new_",
      "<b>a</b> &amp; <img src=x onerror=alert(1)>",
      "# a",
      "> a",
      "-a",
      "- ",
      "- 5 degrees",
      "1.5",
      "1234. a",
      "[a](javascript:alert(1))",
      "[a](data:text/html,x)",
      "[a](//b.c)",
      "[a](ftp://b)",
      "[a](https://)",
      "[a]",
      "[a](b",
      "javascript:alert(1)",
      "xhttps",
      "https://",
      "https://.",
      "www.",
      "http",
      "mailto:",
  };
  for (const char* sample : samples) {
    SCOPED_TRACE(sample);
    const Marked marked = ParseMarkdown(sample);
    EXPECT_EQ(marked.text, sample);
    EXPECT_THAT(marked.runs, testing::IsEmpty());
    EXPECT_EQ(marked.urls, "");
  }
}

// What is read leads to what is seen: words that promise one address and lead to another are no link.
TEST(Markdown, DoesNotLinkWordsThatPromiseAnotherAddress) {
  EXPECT_EQ(Tagged(ParseMarkdown("[https://bank.example](https://evil.example)")),
            "[<a https://bank.example>https://bank.example</a>](<a https://evil.example>https://evil.example</a>)");
  EXPECT_THAT(ParseMarkdown("[ht**tps://bank**.example](https://evil.example)").text,
              testing::HasSubstr("evil.example"));
  EXPECT_THAT(ParseMarkdown("[see www.bank.example](https://evil.example)").text, testing::HasSubstr("evil.example"));
}

TEST(Markdown, MarksInsideMarksEndSomewhere) {
  std::string source = "a";
  for (int i = 0; i < 20; ++i) source = (i % 2 == 0 ? "*" : "_") + source + (i % 2 == 0 ? "*" : "_");
  const Marked marked = ParseMarkdown(source);
  EXPECT_THAT(marked.text, testing::HasSubstr("a"));
  EXPECT_LT(marked.text.size(), source.size());
}

// Whatever arrives: runs in order and inside the text, addresses that are harmless, characters whole, nothing left out
// but marks and addresses, and something to be seen.
void ExpectSound(const std::string& source) {
  SCOPED_TRACE(testing::PrintToString(source));
  const Marked marked = ParseMarkdown(source);
  uint32_t end = 0;
  for (const Run& run : marked.runs) {
    EXPECT_LE(end, run.begin);
    EXPECT_LT(run.begin, run.end);
    end = run.end;
    EXPECT_EQ((run.look & kLookLink) != 0, run.url_begin < run.url_end);
    if (run.url_end == 0) continue;
    EXPECT_TRUE(IsHarmlessUrl(marked.urls.substr(run.url_begin, run.url_end - run.url_begin)));
  }
  EXPECT_LE(end, marked.text.size());
  const auto is_blank = [](const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; };
  EXPECT_EQ(is_blank(source), is_blank(marked.text));
  // What was left out, bullets put back.
  std::string left_out;
  size_t shown = 0;
  for (const char c : source) {
    if (marked.text.compare(shown, 3, "•") == 0 && (c == '-' || c == '*')) {
      shown += 3;
    } else if (shown < marked.text.size() && marked.text[shown] == c) {
      ++shown;
    } else {
      left_out += c;
    }
  }
  EXPECT_EQ(shown, marked.text.size());
  if (!marked.urls.empty()) return;
  EXPECT_EQ(left_out.find_first_not_of("*_`\n \t\r"), std::string::npos) << left_out;
}

TEST(Markdown, IsSoundForWhateverArrives) {
  const std::string parts[] = {"*",  "**",        "***",     "_",  "__",  "`",    "``", "```", "[",         "](",
                               ")",  "\n",        "\n```\n", "- ", "1. ", " ",    "a",  "b",   "9",         "-",
                               "\\", "https://x", "www.y",   "é",  "中",  "\xff", "(",  ".",   "mailto:z@y"};
  std::mt19937_64 random(20261129);
  for (int round = 0; round < 20000; ++round) {
    std::string source;
    for (uint64_t left = random() % 16; left > 0; --left) source += parts[random() % std::size(parts)];
    ExpectSound(source);
    if (testing::Test::HasFailure()) return;
  }
  for (int round = 0; round < 5000; ++round) {
    std::string source;
    for (uint64_t left = random() % 40; left > 0; --left) source += static_cast<char>(random());
    ParseMarkdown(source);
  }
}

// Each of these made a reader that looks ahead for the fellow of a mark take the square of its length.
TEST(Markdown, ReadsTheLongestMessageOfMarksWhole) {
  for (const std::string part : {"*a ", "[a](", "`", "` ``", "```a\n", "_*", "(https://a", "- ", "[", "**a*"}) {
    SCOPED_TRACE(part);
    std::string source;
    while (source.size() < wire::kMessageTextBytesMax) source += part;
    EXPECT_GE(ParseMarkdown(source).text.size(), source.size() / 4);
  }
}

TEST(Bubble, ShowsMarkdownAndTellsWhatItLeadsTo) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.Bubble({0, 0, 400, 0}, "see **this** [page](https://a.b)", {.width_max = 400}); });
  const Node* node = driver.Find(Role::kText);
  ASSERT_NE(node, nullptr);
  EXPECT_EQ(node->label, "see this page");
  ASSERT_EQ(node->runs.size(), 2u);
  EXPECT_EQ(node->runs[0].look, kLookBold);
  EXPECT_EQ(node->urls, "https://a.b");
  // Each piece is rasterised by itself: "see ", "this", " ", "page".
  EXPECT_EQ(driver.ui().text_use().lines, 4);
}

TEST(Bubble, IsAsHighAsItsHeightSays) {
  Driver driver;
  driver.Frame([](Ui& ui) {
    for (const char* text : {"a **b** c", "- one two three four five six seven\n- two", "```\na\nb\n```", "`a`"}) {
      const BubbleOptions options = {.width_max = 120};
      EXPECT_EQ(ui.Bubble({0, 0, 400, 0}, text, options).height, ui.BubbleHeight(text, options)) << text;
    }
  });
}

TEST(Bubble, HangsTheLinesOfAnItemUnderItsWords) {
  Driver driver;
  driver.Frame([](Ui& ui) { ui.Bubble({0, 0, 400, 0}, "- one two three\nfour five six", {.width_max = 26 + 80}); });
  const Node* node = driver.Find(Role::kText);
  ASSERT_NE(node, nullptr);
  std::vector<std::string> lines;
  for (const TextSpan& line : node->lines) {
    lines.push_back(std::to_string(line.indent / 64) + " " + node->label.substr(line.begin, line.end - line.begin));
  }
  EXPECT_THAT(lines, testing::ElementsAre("0 • one two", "16 three", "0 four five", "0 six"));
}

}  // namespace
}  // namespace alcove::ui
