"""Each rule refuses what it is there to refuse, and accepts what it must not be in the way of."""

import unittest

import document_samples
import rules

CLEAN_LOCK = '{"packages": {"": {}, "node_modules/a": {"version": "1.0.0", "integrity": "sha512-x"}}}'
NPMRC = "omit-lockfile-registry-resolved=true\n"
SERVER = {"runtime/http_engine.cc": "#include <httplib.h>\n"}



def words(code='inline constexpr ui::Phrase kA = "Hello %s";', text='{"Hello %s": "Hallo %s"}', page='data-de="assets/de.json"', loader=""):
    pages = {path: page for path in ("web/frame.html", "web/console.html", "web/demo/gallery.html")}
    return {"wasm-widget/a/strings.h": code, "web/words/de.json": text, "web/loader.js": loader, **pages}


def tokens(light="#2f5bea", theme="0x2f5bea", radius="6", page="#2f5bea", loader="#2F5BEA"):
    css = ":root { --accent: %s; /* a; */ --info: var(--accent); --radius-s: 6px; --text-m: 14px/20px; --motion: 160ms; }\n.dark { --accent: #6b8cff; }\n"
    code = "constexpr Theme kLightTheme = {\n .accent = Color::Hex(%s),\n .info = Color::Hex(0x2f5bea),\n};\n"
    return {
        "wasm-widget/ui/tokens.css": css % light,
        "wasm-widget/ui/theme.cc": code % theme + "constexpr Theme kDarkTheme = {\n .accent = Color::Hex(0x6b8cff),\n};\n",
        "wasm-widget/ui/theme.h": f"kRadiusS = {radius};\nkMotionMs = 160;\nTextStyle kTextM = {{14, 20}};\n",
        "web/face.css": ":root { --accent: %s; }\n@media (prefers-color-scheme: dark) {\n :root { --accent: #6b8cff; }\n}\n" % page,
        "web/loader.js": f"a = '{loader}'",
    }


# rule: ([refused trees], [accepted trees])
RECORD = "struct TeamRecord {\n  int64_t version = 1;\n%s};\n"
UNKNOWN = "  std::shared_ptr<const UnknownFields> unknown = nullptr;\n"
KIND = "template <class F>\nstruct Kind : F {\n  int64_t version = 1;\n" + UNKNOWN + "};\nusing TagRecord = Kind<Tag>;\n"

KEYS = """\
std::string BehindSite(std::string_view site);
std::string Site(const wire::SiteId& site);
std::string Queue(const wire::SiteId& site,
                  int64_t at_ms);
std::string QueueTopic(const wire::SiteId& site);
"""

SAMPLES = {
    "include_directions": (
        [
            {"functions/a.cc": '#include "runtime/hub.h"\n'},
            {"functions/wire/a.h": '#include "functions/problem.h"\n'},
            {"functions/wire/a.h": '#include "store/store.h"\n'},
            {"functions/wire/a.h": '#include "absl/strings/str_cat.h"\n'},
            {"functions/wire/a.h": "#include <nlohmann/json.hpp>\n"},
            {"store/a.cc": '#include "functions/problem.h"\n'},
            {"store/a.cc": '#include "runtime/hub.h"\n'},
            {"store/a.cc": '#include "tests/store/seed.h"\n'},
            {"runtime/a.cc": '#include "wasm-widget/ui/ui.h"\n'},
            {"wasm-widget/ui/a.cc": '#include "functions/problem.h"\n'},
            {"wasm-widget/client/a.cc": '#include "store/keys.h"\n'},
            {"wasm-widget/client/a.cc": '#include "imgui.h"\n'},
            {"wasm-widget/customer/a.cc": "#include <emscripten.h>\n"},
            {"functions/a.cc": '#include "../runtime/hub.h"\n'},
            {"functions/customer/a.cc": "#include <thread>\n"},
            {"functions/a.h": "#include <mutex>\n"},
            {"functions/a.cc": "#  include <sys/socket.h>\n"},
            {"functions/a.cc": '#include "absl/synchronization/mutex.h"\n'},
            {"functions/a.cc": "#include <httplib.h>\n"},
        ],
        [
            {"functions/a.cc": '#include "store/keys.h"\n#include "functions/wire/ids.h"\n#include <string>\n'},
            {"functions/wire/a.h": '#include "functions/wire/ids.h"\n#include <string>\n'},
            {"store/a.cc": '#include "functions/wire/limits.h"\n#include "absl/status/status.h"\n#include <mutex>\n'},
            {"runtime/a.cc": '#include "functions/routes.h"\n#include "store/store.h"\n#include <thread>\n'},
            {"wasm-widget/ui/a.cc": '#include "functions/wire/ids.h"\n#include "wasm-widget/ui/ui.h"\n#include "imgui.h"\n'},
            {"tests/functions/a.cc": '#include "runtime/hub.h"\n'},
            {"functions/a.cc": '// #include "runtime/hub.h"\n/*\n#include <thread>\n*/\n'},
        ],
    ),
    "languages_have_all_words": (
        [
            words(text="{}"),
            words(text='{"Hello %s": "Hallo %s", "Bye": "Ade"}'),
            words(text='{"Hello %s": "Hallo"}'),
            words(text='{"Hello %s": " "}'),
            words(page=""),
            words(loader="    fr: 'Ouvrir'"),
            words(code=""),
        ],
        [words(), words(loader="    de: 'a'\n    en: 'b'")],
    ),
    "tokens_are_drawn": (
        [
            {},
            tokens(light="#2f5beb"),
            tokens(theme="0x2f5beb"),
            tokens(radius="8"),
            tokens(page="#6b8cff"),
            tokens(loader="#fff"),
        ],
        [tokens()],
    ),
    "functions_are_pure": (
        [
            {"functions/a.cc": "const auto now = absl::Now();\n"},
            {"functions/a.cc": "std::chrono::steady_clock::now();\n"},
            {"functions/customer/a.cc": "std::random_device device;\n"},
        ],
        [{"functions/a.cc": "context.clock.Now(); // not absl::Now()\n"}, {"runtime/a.cc": "absl::Now();\n"}],
    ),
    "keys_only_in_keys_h": (
        [
            {"functions/a.cc": 'txn.Put("site/agent", value);\n'},
            {"functions/a.cc": 'txn.Get(absl::StrCat(site, "/agent"));\n'},
            {"functions/a.cc": 'reader.Get(std::string("x"));\n'},
            {"functions/a.cc": 'txn.Erase(site + "/agent/" + id);\n'},
            {"functions/a.cc": 'txn.Scan(store::Range{"a", "b"});\n'},
            {"runtime/a.cc": 'store::Range range{"a", "b"};\n'},
        ],
        [
            {"functions/a.cc": 'txn.Put(keys::Agent(site, id), ToJson(agent));\nparameters.Find("conversation");\n'},
            {"functions/a.cc": '// txn.Put("site/agent", value);\n'},
            {"store/keys.cc": 'absl::StrCat(site, "/agent/", id);\n'},
            {"tests/store/a.cc": 'txn.Put("a", "1");\n'},
        ],
    ),
    "routes_only_in_routes_cc": (
        [
            {"functions/a.cc": 'f("/v1/agent/session");\n'},
            {"runtime/a.cc": 'if (path == "/v1") {}\n'},
            {"runtime/a.cc": 'const char* text = "a // b"; f("/v2/poll");\n'},
        ],
        [
            {"functions/routes.cc": 'f("/v1/agent/session");\n'},
            {"functions/a.h": '// PUT "/v1/customer/conversations"\n'},
            {"wasm-widget/client/a.cc": 'f("/v1/agent/session");\n'},
            {"runtime/a.cc": 'f("/demo");\n'},
        ],
    ),
    "httplib_in_its_files": (
        [
            {},
            {**SERVER, "runtime/other.cc": "#include <httplib.h>\n"},
            {**SERVER, "runtime/lambda_api.cc": "#include <httplib.h>\n"},
            {"runtime/outbound_http.cc": "#include <httplib.h>\n"},
            {**SERVER, "runtime/a.h": '#include "httplib.h"\n'},
            {**SERVER, "functions/a.cc": "#include <httplib.h>\n"},
            {**SERVER, "tests/runtime/a.cc": "#include <httplib.h>\n"},
            {**SERVER, "runtime/outbound_a.cc": "#include <httplib.h>\n", "runtime/outbound_b.cc": "#include <httplib.h>\n"},
        ],
        [
            SERVER,
            {**SERVER, "runtime/outbound.cc": "#include <httplib.h>\n"},
            {**SERVER, "runtime/a.h": "// httplib.h is seen only by http_engine.cc\n"},
        ],
    ),
    "limits_only_in_limits_h": (
        [
            {"functions/a.cc": "constexpr size_t kTextBytesMax = 512;\n"},
            {"runtime/a.h": "  static constexpr int kQueuedRequestsMax{4096};\n"},
            {"runtime/a.cc": "constexpr absl::Duration kHoldMax = absl::Minutes(2);\n"},
            {"functions/wire/ids.cc": "inline constexpr size_t kSiteNameBytesMax = 32;\n"},
        ],
        [
            {"functions/wire/limits.h": "inline constexpr size_t kTextBytesMax = 512;\n"},
            {"store/a.cc": "constexpr size_t kRecentBytesMax = 4 * wire::kTransactionBytesMax;\n"},
            {"store/keys.h": "inline constexpr int64_t kNumberMax = std::numeric_limits<int64_t>::max();\n"},
            {"tests/a.cc": "constexpr int kStepsMax = 5;\n"},
        ],
    ),
    "every_folder_has_a_readme": (
        [
            {"README.md": "", "store/a.cc": ""},
            {"README.md": "", "store/a.cc": "", "store/README.md": "line\n" * 16},
            {"store/a.cc": "", "store/README.md": "line\n"},
        ],
        [
            {"README.md": "line\n" * 60, "store/a.cc": "", "store/README.md": "line\n" * 15},
            {"README.md": "", ".ci/run": ""},
        ],
    ),
    "no_hosts_or_machine_paths": (
        [
            {"package-lock.json": '"https://registry.npmjs' + '.org/a"\n'},
            {"cmake/a.sh": "http://deb.debian" + ".org/debian\n"},
            {"docs/A.md": "see /ro" + "ot/notes\n"},
            {"check": "cd /wo" + "rk/main\n"},
            {"docs/A.md": "/ho" + "me/someone/alcove\n"},
        ],
        [{"docs/A.md": "build/release, ~/.cache, /usr/share/doc, $HOME/work/, https://example.org, network/root/x\n"}],
    ),
    "lock_names_no_host": (
        [
            {"package-lock.json": '{"packages": {"node_modules/a": {"integrity": "x", "resolved": "y"}}}', ".npmrc": NPMRC},
            {"package-lock.json": '{"packages": {"node_modules/a": {"version": "1.0.0"}}}', ".npmrc": NPMRC},
            {"package-lock.json": CLEAN_LOCK, ".npmrc": ""},
        ],
        [{"package-lock.json": CLEAN_LOCK, ".npmrc": NPMRC}],
    ),
    "records_keep_unknown_fields": (
        [
            {"functions/records.h": RECORD % "", "tests/functions/versions_test.cc": "Types<TeamRecord>"},
            {"functions/records.h": RECORD % UNKNOWN, "tests/functions/versions_test.cc": "Types<SiteRecord>"},
            {"functions/other_records.h": KIND, "tests/functions/versions_test.cc": "Types<Kind>"},
        ],
        [
            {"functions/other_records.h": KIND, "tests/functions/versions_test.cc": "Types<TagRecord>"},
            {"functions/records.h": RECORD % UNKNOWN, "tests/functions/versions_test.cc": "Types<TeamRecord>"},
            {"functions/records.h": "struct FeedPointer {\n  int64_t seq = 0;\n};\n"},
        ],
    ),
    "every_key_is_tested": (
        [
            {"store/keys.h": KEYS, "tests/store/keys_test.cc": "  return {Site(site),\n"},
            {"store/keys.h": KEYS, "tests/store/keys_test.cc": "  return {Site(site),\n          Queue(site, 1),\n"},
        ],
        [
            {
                "store/keys.h": KEYS,
                "tests/store/keys_test.cc": "[](const auto& t) { return std::apply(Queue, t); });\n"
                "  return {Site(site),\n          Queue(site, 1),\n",
            },
        ],
    ),
    "nothing_is_left_undone": (
        [{"store/a.cc": "// TO" + "DO: later\n"}, {"docs/A.md": "FIX" + "ME\n"}],
        [{"store/a.cc": "// Everything is done.\n"}],
    ),
    **document_samples.SAMPLES,
}


class Rules(unittest.TestCase):
    def test_every_rule_has_samples(self):
        self.assertEqual(set(SAMPLES), set(rules.RULES))

    def test_violating_samples_are_refused(self):
        for name, (refused, _) in SAMPLES.items():
            for tree in refused:
                with self.subTest(rule=name, tree=tree):
                    self.assertTrue(rules.RULES[name](tree))

    def test_proper_samples_are_accepted(self):
        for name, (_, accepted) in SAMPLES.items():
            for tree in accepted:
                with self.subTest(rule=name, tree=tree):
                    self.assertEqual(rules.RULES[name](tree), [])

    def test_comments_are_blanked_and_strings_kept(self):
        text = 'a("//x"); // y\nb(R"(/* z */)"); /* c\n */ d(\'"\'); // "e"\n'
        self.assertEqual(
            rules.without_comments(text).split(), ['a("//x");', 'b(R"(/*', "z", '*/)");', "d('\"');"]
        )


if __name__ == "__main__":
    unittest.main()
