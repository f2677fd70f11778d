"""What the faces say, held against the words of each language: web/words/LANGUAGE.json and wasm-widget/*/strings.h."""

import json
import re

PAGES = ("web/frame.html", "web/console.html", "web/demo/gallery.html")


def phrases_of(tree):
    return {
        json.loads(f'"{text}"')
        for path, code in tree.items()
        if re.fullmatch(r"wasm-widget/\w+/strings\.h", path)
        for text in re.findall(r'ui::Phrase \w+ =\s*"((?:[^"\\]|\\.)*)";', code)
    }


def languages_have_all_words(tree):
    """Each language says each phrase, with its values, and nothing else; the pages offer each language."""
    phrases = phrases_of(tree)
    languages = {match.group(1): path for path in tree if (match := re.fullmatch(r"web/words/(\w\w)\.json", path))}
    if not phrases or not languages:
        return ["web/words: no phrases or no languages were found; the rule reads them wrongly"]
    found = []
    for language, path in sorted(languages.items()):
        words = json.loads(tree[path])
        found += [f"{path}: has no words for “{phrase}”" for phrase in sorted(phrases - words.keys())]
        found += [f"{path}: has words for “{phrase}”, which no face says" for phrase in sorted(words.keys() - phrases)]
        found += [
            f"{path}: “{text}” has other values than “{phrase}”"
            for phrase, text in words.items()
            if not text.strip() or text.count("%s") != phrase.count("%s")
        ]
        found += [
            f'{page}: does not offer {path} as data-{language}="assets/{language}.json"'
            for page in PAGES
            if f'data-{language}="assets/{language}.json"' not in tree.get(page, "")
        ]
    loader = re.findall(r"(?m)^    (\w\w): '", tree.get("web/loader.js", ""))
    return found + [
        f"web/loader.js: speaks {language}, and the faces do not"
        for language in loader
        if language != "en" and language not in languages
    ]
