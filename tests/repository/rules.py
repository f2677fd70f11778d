"""The rules of the repository that no compiler checks.

Each rule takes the tree as {path: text} and returns a list of violations, each `path: what is wrong`. It is run over the
real tree by CTest (`rules.py RULE ROOT`) and over violating samples by rules_test.py.
"""

import json
import os
import re
import sys

from documents import DOCUMENT_RULES
from tokens import tokens_are_drawn
from words import languages_have_all_words

TOP_FOLDERS = ("functions", "runtime", "store", "wasm-widget", "tests", "web", "cmake", "docs")
SKIPPED_FOLDERS = {".git", "build", "node_modules", ".cache", "__pycache__", "compile_commands.json"}

# Who may include whom; a folder may always include itself. The longest prefix of a path counts.
MAY_INCLUDE = {
    "functions/wire": (),
    "store": ("functions/wire",),
    "functions": ("store", "functions/wire"),
    "runtime": ("functions", "store", "functions/wire"),
    "wasm-widget": ("functions/wire",),
}

# What a folder never sees, as patterns of an include's text with its <> or "".
NEVER_INCLUDE = {
    # Compiled natively and to WebAssembly: the standard library only.
    "functions/wire": r'^"(?!functions/wire/)|<(absl|nlohmann|leveldb|httplib|argon2|openssl)\b|<jsmn',
    # A function is pure: no socket, thread or HTTP library.
    "functions": r"httplib|<(thread|mutex|shared_mutex|condition_variable|future|semaphore|latch|barrier|stop_token)>"
    r"|<(sys/(socket|epoll|eventfd|un|select)|netinet/.*|arpa/.*|netdb|poll|pthread)(\.h)?>|absl/synchronization/",
    # The model, the outbox and the poll loop are tested natively, without pixels.
    "wasm-widget/client": r"imgui|emscripten",
    "wasm-widget/ui": r"emscripten",
    "wasm-widget/customer": r"emscripten",
    "wasm-widget/console": r"emscripten",
}

# Time and randomness reach a function through its Context.
IMPURE = r"\babsl::Now\(|\b(system|steady)_clock\b|\brandom_device\b|\bs?rand\(|\bgettimeofday\(|\bclock_gettime\(|\bstd::time\("

CODE = re.compile(
    r'R"(?P<mark>[^()\s\\]{0,16})\(.*?\)(?P=mark)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'"
    r"|//[^\n]*|/\*.*?\*/",
    re.DOTALL,
)


def is_code(path):
    return path.endswith((".cc", ".h"))


def without_comments(text):
    """The text with comments blanked; lines keep their numbers."""

    def blank(match):
        found = match.group(0)
        return re.sub(r"[^\n]", " ", found) if found.startswith(("//", "/*")) else found

    return CODE.sub(blank, text)


def folder_of(path, folders):
    """The longest of `folders` that holds `path`, or None."""
    holding = [folder for folder in folders if path.startswith(folder + "/")]
    return max(holding, key=len, default=None)


def includes(text):
    """(line number, include with its brackets or quotes) of each include."""
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*(<[^>]+>|"[^"]+")', line)
        if match:
            yield number, match.group(1)


def lines_matching(text, pattern):
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        match = re.search(pattern, line)
        if match:
            yield number, match.group(0)


def include_directions(tree):
    found = []
    for path, text in tree.items():
        if not is_code(path):
            continue
        own = folder_of(path, MAY_INCLUDE)
        for number, include in includes(text):
            where, target = f"{path}:{number}", include[1:-1]
            if ".." in target.split("/"):
                found.append(f"{where}: an include goes by the path from the root, not through `..`")
            other = folder_of(target, MAY_INCLUDE) or folder_of(target, TOP_FOLDERS)
            if own and include[0] == '"' and other and other != own and other not in MAY_INCLUDE[own]:
                found.append(f"{where}: {own} may not include {other}")
            for folder, pattern in NEVER_INCLUDE.items():
                if path.startswith(folder + "/") and re.search(pattern, include):
                    found.append(f"{where}: {folder} never includes {include}")
    return found


def functions_are_pure(tree):
    return [
        f"{path}:{number}: time and randomness come from the Context, not from `{what}`"
        for path, text in tree.items()
        if is_code(path) and path.startswith("functions/")
        for number, what in lines_matching(text, IMPURE)
    ]


def keys_only_in_keys_h(tree):
    """A key or a range is never spelled where it is used."""
    first = r'\b(Get|Put|Erase|Scan)\(\s*(std::string(_view)?[({]\s*)?("|absl::Str(Cat|Join|Format)\(|(store::)?Range\{\s*")'
    keyed = r"[.>](Get|Put|Erase|Scan)\([^;]*\+\s*[\"']"
    spelled = r'\b(store::)?Range\s+\w+\s*[{=][^;]*"'
    return [
        f"{path}:{number}: keys are built only in store/keys.h: `{what}`"
        for path, text in tree.items()
        if is_code(path) and path.startswith(("functions/", "runtime/"))
        for number, what in lines_matching(text, f"{first}|{keyed}|{spelled}")
    ]


def routes_only_in_routes_cc(tree):
    return [
        f"{path}:{number}: routes are only in functions/routes.cc: `{what}`"
        for path, text in tree.items()
        if is_code(path) and path.startswith(("functions/", "runtime/", "store/")) and path != "functions/routes.cc"
        for number, what in lines_matching(text, r'"/v\d+(/|")')
    ]


def httplib_in_its_files(tree):
    """One .cc of runtime/ for the server and at most one for outbound calls; never in a header or elsewhere."""
    found, serving, outbound = [], [], []
    for path, text in tree.items():
        if not is_code(path) or not any(re.search(r"\bhttplib\.h", include) for _, include in includes(text)):
            continue
        if not re.fullmatch(r"runtime/\w+\.cc", path):
            found.append(f"{path}: httplib.h is included only in a .cc of runtime/")
        elif "outbound" in path:
            outbound.append(path)
        else:
            serving.append(path)
    if len(serving) != 1:
        found.append(f"runtime/: httplib.h belongs in exactly one .cc for the server, not in {sorted(serving)}")
    if len(outbound) > 1:
        found.append(f"runtime/: httplib.h belongs in one .cc for outbound calls, not in {sorted(outbound)}")
    return found


def limits_only_in_limits_h(tree):
    """A number that bounds something is named in functions/wire/limits.h; what is computed from one may be local."""
    named = re.compile(r"\bconstexpr\b[^=;({]*\b(k\w*Max)\b\s*[={]\s*([^;]*);")
    return [
        f"{path}: limits are only in functions/wire/limits.h: `{match.group(1)}`"
        for path, text in tree.items()
        if is_code(path)
        and path.startswith(("functions/", "runtime/", "store/", "wasm-widget/client/"))
        and path != "functions/wire/limits.h"
        for match in named.finditer(without_comments(text))
        if re.search(r"(?<!\w)\d", match.group(2)) and not re.search(r"\bk[A-Z]", match.group(2))
    ]


def every_folder_has_a_readme(tree):
    lines_max = 15
    # Folders of files that are not ours to explain: pictures, CI's entry, what fuzzers read.
    excepted = {"", ".ci", "docs/images", *(os.path.dirname(path) for path in tree if path.startswith("tests/fuzz/corpus/"))}
    found = []
    for folder in sorted({os.path.dirname(path) for path in tree} - excepted):
        text = tree.get(f"{folder}/README.md")
        if text is None:
            found.append(f"{folder}: has no README.md")
        elif len(text.splitlines()) > lines_max:
            found.append(f"{folder}/README.md: has {len(text.splitlines())} lines, at most {lines_max} are allowed")
    if "README.md" not in tree:
        found.append("README.md: is missing")
    return found


def no_hosts_or_machine_paths(tree):
    # Written so that this file does not match itself.
    hosts = r"registry\.(npmjs|yarnpkg)|(deb|ftp|security|snapshot)\.debian\.(org|net)|pypi\.(org|python)|pythonhosted\." \
            r"|proxy\.golang|crates\.io|nodesource\.com"
    paths = r"(?<![\w.$}])/(work|root|home/\w+)/(?!\*)|/tmp/\w+/build"
    found = []
    for path, text in tree.items():
        if path.startswith("tests/repository/rules"):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            for what, pattern in (("a host of a package registry", hosts), ("a path of one machine", paths)):
                if re.search(pattern, line):
                    found.append(f"{path}:{number}: names {what}")
    return found


def lock_names_no_host(tree):
    found = []
    lock = json.loads(tree.get("package-lock.json", '{"packages": {}}'))
    for name, package in lock["packages"].items():
        if "resolved" in package:
            found.append(f"package-lock.json: {name} names where it was resolved")
        if name and "integrity" not in package:
            found.append(f"package-lock.json: {name} has no integrity")
    if "omit-lockfile-registry-resolved=true" not in tree.get(".npmrc", ""):
        found.append(".npmrc: must keep omit-lockfile-registry-resolved=true")
    return found


def records_keep_unknown_fields(tree):
    """A record with a version is written anew by servers of two versions, each of which must keep the other's fields."""
    tested = tree.get("tests/functions/versions_test.cc", "")
    found = []
    for path, text in tree.items():
        if not re.fullmatch(r"functions/(\w+_)?records\.h", path):
            continue
        text = without_comments(text)
        for match in re.finditer(r"^struct (\w+)(?: : \w+)? \{\n(.*?)^\};", text, re.DOTALL | re.MULTILINE):
            name, members = match.groups()
            # What was answered to a put is written once.
            if name == "SentRecord" or not re.search(r"\bversion\b", members):
                continue
            if not re.search(r"std::shared_ptr<const UnknownFields> unknown\b", members):
                found.append(f"{path}: {name} has no place for what a later version adds (functions/unknown_fields.h)")
            for kind in re.findall(rf"^using (\w+) = {name}<", text, re.MULTILINE) or [name]:
                if not re.search(rf"\b{kind}\b", tested):
                    found.append(f"{path}: {kind} is not among the records of tests/functions/versions_test.cc")
    return found


def every_key_is_tested(tree):
    """A family of keys that the tests of keys.h do not know may be a prefix of another, or sort otherwise than it says."""
    tested = tree.get("tests/store/keys_test.cc", "")
    found = []
    for name, parameters in re.findall(r"^std::string (\w+)\(([^;]*)\);", tree.get("store/keys.h", ""), re.MULTILINE):
        # No keys: topics, a bound, and the same keys by the text of their owner.
        if name.endswith(("Topic", "Of")) or name == "BehindSite":
            continue
        if not re.search(rf"^ *(?:return \{{)?{name}\(", tested, re.MULTILINE):
            found.append(f"store/keys.h: {name} is not among OneOfEach() of tests/store/keys_test.cc")
        # The day of an ending and so on: what is read in the order of a number.
        if "int64_t" in parameters and f"std::apply({name}, t)" not in tested:
            found.append(f"store/keys.h: the order of {name} is not tested in tests/store/keys_test.cc")
    return found


def nothing_is_left_undone(tree):
    return [
        f"{path}:{number}: `{match.group(0)}`: do it, or open an issue"
        for path, text in tree.items()
        if not path.startswith("tests/repository/rules")
        for number, line in enumerate(text.splitlines(), 1)
        if (match := re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line))
    ]


RULES = {
    rule.__name__: rule
    for rule in (
        include_directions,
        functions_are_pure,
        keys_only_in_keys_h,
        routes_only_in_routes_cc,
        httplib_in_its_files,
        limits_only_in_limits_h,
        every_folder_has_a_readme,
        no_hosts_or_machine_paths,
        lock_names_no_host,
        records_keep_unknown_fields,
        every_key_is_tested,
        nothing_is_left_undone,
        *DOCUMENT_RULES,
        languages_have_all_words,
        tokens_are_drawn,
    )
}


def read_tree(root):
    """Every text file of the tree by its path from the root; what is built or fetched is left out."""
    tree = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in files:
            if name in SKIPPED_FOLDERS:
                continue
            path = os.path.join(folder, name)
            if os.path.islink(path):
                continue
            try:
                with open(path, encoding="utf-8") as file:
                    tree[os.path.relpath(path, root).replace(os.sep, "/")] = file.read()
            except UnicodeDecodeError:
                continue  # A picture.
    return tree


def main(arguments):
    name, root = arguments
    violations = RULES[name](read_tree(root))
    for violation in violations:
        print(violation)
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
