"""What documents say of the code, held against the code, both ways: routes, problem codes, limits and flags.

Each rule takes the tree as {path: text} and returns a list of violations, as those of rules.py do. A document that says a
thing in another form than these patterns is not read as saying it; so each rule also fails where it found nothing at all.
"""

import re

PROTOCOL = "docs/PROTOCOL.md"
OPERATING = "docs/OPERATING.md"


def compare(what, documented, coded, where):
    """Violations where two sets differ, or are empty, which a pattern that no longer fits would make them."""
    if not documented or not coded:
        return [f"{where}: no {what} were found there or in the code; the rule reads it wrongly"]
    return [f"{where}: does not name the {what} {name}" for name in sorted(coded - documented)] + [
        f"{where}: names the {what} {name}, which the code does not have" for name in sorted(documented - coded)
    ]


def routes_are_documented(tree):
    """The table of calls in PROTOCOL.md and the one of functions/routes.cc."""
    coded = {
        f"{method.upper()} {pattern}"
        for method, pattern in re.findall(r'\{k(Get|Post|Put|Delete), +"([^"]+)"', tree.get("functions/routes.cc", ""))
    }
    documented = set(re.findall(r"(?m)^\| `((?:GET|POST|PUT|DELETE) [^`]+)` \|", tree.get(PROTOCOL, "")))
    return compare("call", documented, coded, PROTOCOL)


def problem_codes_are_documented(tree):
    """Status and code of each problem, in PROTOCOL.md's table and in functions/problem.cc."""
    coded = {
        f"{status} {code}"
        for status, code in re.findall(r'ProblemCode::k\w+, (\d+), "(\w+)"', tree.get("functions/problem.cc", ""))
    }
    documented, status = set(), None
    for row in re.findall(r"(?m)^\| (\d{3} `[^|]*)\|", tree.get(PROTOCOL, "")):
        for number, code in re.findall(r"(\d{3})|`(\w+)`", row):
            status = number or status
            if code:
                documented.add(f"{status} {code}")
    return compare("problem", documented, coded, PROTOCOL)


def values_of(limits):
    """{name: number} of limits.h; what is computed from other names is left out."""
    values = {}
    for name, text in re.findall(r"inline constexpr [\w:]+ (k\w+) =\s*([^;]+);", limits):
        text = re.sub(r"(?<=\d)'(?=\d)", "", re.sub(r"\w+\{(\d+)\}", r"\1", text))
        if re.fullmatch(r"[\d\s*+()-]+", text):
            values[name] = eval(text)  # Digits and signs alone.
    return values


def limits_are_documented(tree):
    """Each limit that a document names is one; PROTOCOL.md tells the numbers, and names all of what people write and send."""
    text = tree.get("functions/wire/limits.h", "")
    values = values_of(text)
    found = []
    for path, document in tree.items():
        if path.startswith("docs/") and path.endswith(".md"):
            for name in sorted(set(re.findall(r"`(k[A-Z]\w+)`", document))):
                if not any(re.search(rf"\b{name}\b", tree[file]) for file in tree if file.endswith((".h", ".cc"))):
                    found.append(f"{path}: names {name}, which the code does not have")
    documented = {}
    for names, numbers in re.findall(r"(?m)^\| ((?:`k\w+`(?:, )?)+) \| ([^|]*) \|", tree.get(PROTOCOL, "")):
        names = re.findall(r"`(k\w+)`", names)
        numbers = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*(?<!,)", numbers)]
        if len(names) != len(numbers):
            found.append(f"{PROTOCOL}: {', '.join(names)} are {len(names)} limits with {len(numbers)} numbers")
        documented.update(zip(names, numbers))
    for name, number in documented.items():
        if values.get(name, number) != number:
            found.append(f"{PROTOCOL}: {name} is {values[name]}, not {number}")
    theirs = text[text.find("--- Text that people write") : text.find("--- Polls")]
    written = set(values_of(theirs))
    found += [f"{PROTOCOL}: does not name the limit {name}" for name in sorted(written - set(documented))]
    if not written or not documented:
        found.append(f"{PROTOCOL}: no limits were found there or in the code; the rule reads it wrongly")
    return found


def flags_are_documented(tree):
    """The flags of `alcove` in its table, its help and OPERATING.md; there also those of `./start`."""
    command_line = tree.get("runtime/command_line.cc", "")
    tables, _, usage = command_line.partition("std::string_view Usage()")
    coded = set()
    for table in re.findall(r"constexpr Flag k\w+Flags\[\] = \{(.*?)\};", tables, re.DOTALL):
        coded |= set(re.findall(r'\{"([\w-]+)"', table))
    flag = r"(?<![\w-])--([a-z][\w-]*)"
    starts = set(re.findall(flag + r"\s*[|)]", tree.get("start", "")))
    return compare("flag", set(re.findall(flag, usage)), coded, "alcove help") + compare(
        "flag", set(re.findall(flag, tree.get(OPERATING, ""))) - (starts - coded), coded, OPERATING
    )


def settings_are_documented(tree):
    """Each setting of `alcove serve` with its variable, what it takes and what it is unless told: in its table in
    runtime/command_line.cc and in the one of OPERATING.md."""
    table = re.search(r"constexpr Flag kServeFlags\[\] = \{(.*?)\n\};", tree.get("runtime/command_line.cc", ""), re.DOTALL)
    coded = {
        f"{name} | ALCOVE_{name.upper().replace('-', '_')} | {allowed} | {otherwise or 'nothing'}"
        for name, allowed, otherwise in re.findall(
            r'\{"([\w-]+)", Takes::kValue, "([^"]*)", "([^"]*)"\}', table.group(1) if table else ""
        )
    }
    documented = {
        " | ".join(row)
        for row in re.findall(
            r"(?m)^\| `([\w-]+)` \| `(ALCOVE_\w+)` \| `([^`|]*)` \| `([^`|]*)` \|", tree.get(OPERATING, "")
        )
    }
    found = compare("setting", documented, coded, OPERATING)
    # One without these would not be in the file, nor in the environment's table.
    plain = re.findall(r'\{"([\w-]+)"\}', table.group(1) if table else "")
    return found + [f"runtime/command_line.cc: the setting {name} does not say what it takes" for name in plain]


def documents_name_what_exists(tree):
    """Files, folders and metrics that documents name in backticks are there."""
    folders = {path.rsplit("/", depth)[0] for path in tree for depth in range(1, path.count("/") + 1)}
    code = "\n".join(text for path, text in tree.items() if path.endswith((".cc", ".h", ".txt", ".cmake", ".sh", ".json")))
    tops = {folder.split("/")[0] for folder in folders} - {"build"}
    found = []
    for path, text in tree.items():
        if not path.endswith(".md"):
            continue
        for name in sorted(set(re.findall(r"`([\w./-]+)`", text))):
            plain = name.strip("/")
            if plain.split("/")[0] in tops and "/" in plain:
                exists = plain in tree or plain in folders or any(file.startswith(plain + ".") for file in tree)
            elif re.fullmatch(r"alcove_\w+", name):
                exists = name in code or name.removesuffix("_total") in code
            else:
                continue
            if not exists:
                found.append(f"{path}: names `{name}`, which is not there")
    return found


DOCUMENT_RULES = (
    routes_are_documented,
    problem_codes_are_documented,
    limits_are_documented,
    flags_are_documented,
    settings_are_documented,
    documents_name_what_exists,
)
