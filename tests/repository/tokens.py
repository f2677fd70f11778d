"""The design tokens, wasm-widget/ui/tokens.css, held against what draws: the theme of the toolkit, and the pages' own styles."""

import re

LIST = "wasm-widget/ui/tokens.css"
THEMES = (("kLightTheme", ":root"), ("kDarkTheme", ".dark"))


def values_of(css):
    return {name: " ".join(value.split()) for name, value in re.findall(r"--([\w-]+):\s*([^;]+);", css)}


def block_of(css, selector):
    """What stands between the braces of the first rule for `selector`."""
    match = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", css)
    return values_of(re.sub(r"/\*.*?\*/", "", match.group(1), flags=re.DOTALL)) if match else {}


def resolved(tokens, value):
    reference = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return resolved(tokens, tokens.get(reference.group(1), "")) if reference else value


def whole(colour):
    """#abc as #aabbcc."""
    return "#" + "".join(2 * digit for digit in colour[1:]).lower() if len(colour) == 4 else colour.lower()


def size_of(name, header):
    """A token of size or motion, as theme.h has it."""
    if name.startswith("text-"):
        constant = "kText" + name[len("text-"):].capitalize()
        match = re.search(rf"\b{constant} = \{{(\d+), (\d+)", header)
        return f"{match.group(1)}px/{match.group(2)}px" if match else None
    constant = {"motion": "kMotionMs"}.get(name, "k" + "".join(part.capitalize() for part in name.split("-")))
    match = re.search(rf"\b{constant} = (\d+);", header)
    return match.group(1) + ("ms" if name == "motion" else "px") if match else None


def tokens_are_drawn(tree):
    """Each token is what the theme has by its name, and no colour of the pages' own styles is another."""
    css = tree.get(LIST, "")
    code, header = tree.get("wasm-widget/ui/theme.cc", ""), tree.get("wasm-widget/ui/theme.h", "")
    found = []
    colours = set()
    blocks = {selector: block_of(css, selector) for _, selector in THEMES}
    for theme, selector in THEMES:
        tokens = blocks[selector]
        match = re.search(rf"constexpr Theme {theme} = \{{(.*?)\}};", code, re.DOTALL)
        drawn = dict(re.findall(r"\.(\w+) = Color::Hex\(0x([0-9a-f]{6})\)", match.group(1))) if match else {}
        drawn = {name.replace("_", "-"): "#" + value for name, value in drawn.items()}
        listed = {name: whole(resolved(tokens, value)) for name, value in tokens.items() if resolved(tokens, value).startswith("#")}
        if not drawn or not listed:
            return [f"{LIST}: no tokens or no {theme} were found; the rule reads them wrongly"]
        colours |= set(listed.values())
        for name in sorted(drawn.keys() | listed.keys()):
            if drawn.get(name) != listed.get(name):
                found.append(f"wasm-widget/ui/theme.cc: {theme} has {drawn.get(name)} for --{name}, the tokens {listed.get(name)}")
    for name, value in blocks[":root"].items():
        if not resolved(blocks[":root"], value).startswith("#") and size_of(name, header) != value:
            found.append(f"wasm-widget/ui/theme.h: has {size_of(name, header)} for --{name}, the tokens {value}")
    page = tree.get("web/face.css", "")
    light, _, dark = page.partition("prefers-color-scheme: dark")
    for text, selector in ((light, ":root"), (dark, ".dark")):
        for name, value in block_of(text, ":root").items():
            if whole(value) != resolved(blocks[selector], blocks[selector].get(name, "")):
                found.append(f"web/face.css: has {value} for --{name} where the tokens of {selector} have {blocks[selector].get(name)}")
    for colour in re.findall(r"(?<!&)#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b", tree.get("web/loader.js", "")):
        if whole(colour) not in colours:
            found.append(f"web/loader.js: {colour} is no token")
    return found
