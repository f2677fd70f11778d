"""What the rules of documents.py must refuse and accept; run by rules_test.py."""

ROUTES = 'constexpr Route kRoutes[] = {\n    {kGet,    "/v1/a/{b}",  kAnyone, A},\n    {kDelete, "/v1/c", kAgent, C},\n};\n'
CALLS = "| call | answers |\n|---|---|\n| `GET /v1/a/{b}` | `?limit=` |\n| `DELETE /v1/c` | |\n"
PROBLEMS = 'ProblemText{ProblemCode::kA, 400, "a", "A"},\nProblemText{ProblemCode::kB, 400, "b", "B"},\nProblemText{ProblemCode::kC, 503, "c", "C"},\n'
CODES = "| 400 `a`, `b` | a bug |\n| 503 `c`, nothing else | waits |\n"
LIMITS = """// --- Text that people write
inline constexpr size_t kTextBytesMax = 16 * 1024;
inline constexpr size_t kNameBytesMax = 200;
// --- Polls
inline constexpr int64_t kHoldMs = 25'000;
inline constexpr int64_t kDayMs = int64_t{24} * 3600;
"""
BOUNDS = "| `kTextBytesMax`, `kNameBytesMax`, `kHoldMs` | 16,384 bytes, 200, 25,000 ms | 422 |\n"
FLAGS = """constexpr Flag kServeFlags[] = {{"data"}, {"log-file"}};
constexpr Flag kSeedFlags[] = {{"data"}, {"json", Takes::kNothing}};
std::string_view Usage() { return R"(
  alcove serve --data DIR [--log-file F] [--json])"; }
"""
SETTINGS = """constexpr Flag kServeFlags[] = {
    {"trust-proxy", Takes::kValue, "ADDRESS/BITS", ""},
    {"limits", Takes::kValue, "on or off", "on"},
    {"log", Takes::kNothing},
};
"""
SETTING_ROWS = """| name | variable | takes | unless told | what it is |
| `trust-proxy` | `ALCOVE_TRUST_PROXY` | `ADDRESS/BITS` | `nothing` | proxies |
| `limits` | `ALCOVE_LIMITS` | `on or off` | `on` | rate limits |
"""
START = "case $1 in\n    --port | --data) shift ;;\nesac\n"
MANUAL = "`./start [--port PORT] [--data FOLDER]`\n- `--log-file F`, `--json`: told\n"


def routes(code=ROUTES, page=CALLS):
    return {"functions/routes.cc": code, "docs/PROTOCOL.md": page}


def problems(code=PROBLEMS, page=CODES):
    return {"functions/problem.cc": code, "docs/PROTOCOL.md": page}


def limits(code=LIMITS, page=BOUNDS, other=""):
    return {"functions/wire/limits.h": code, "docs/PROTOCOL.md": page, "docs/DATA.md": other}


def flags(code=FLAGS, page=MANUAL):
    return {"runtime/command_line.cc": code, "start": START, "docs/OPERATING.md": page}


def settings(code=SETTINGS, page=SETTING_ROWS):
    return {"runtime/command_line.cc": code, "docs/OPERATING.md": page}


SAMPLES = {
    "routes_are_documented": (
        [
            routes(page=CALLS.replace("| `DELETE /v1/c` | |\n", "")),
            routes(page=CALLS + "| `PUT /v1/c` | |\n"),
            routes(page=CALLS.replace("{b}", "{d}")),
            routes(code=ROUTES.replace("kDelete", "kPost")),
            routes(page="No table.\n"),
            routes(code=""),
        ],
        [routes()],
    ),
    "problem_codes_are_documented": (
        [
            problems(page=CODES.replace(", `b`", "")),
            problems(page=CODES.replace("503", "500")),
            problems(page=CODES + "| 404 `gone` | drops it |\n"),
            problems(page=""),
        ],
        [problems(), problems(page="| 400 `a` | |\n| 400 `b`, 503 `c` | |\n")],
    ),
    "limits_are_documented": (
        [
            limits(page=BOUNDS.replace("16,384", "16,000")),
            limits(page="| `kHoldMs` | 25,000 ms | 422 |\n"),
            limits(page=BOUNDS.replace(", 25,000 ms", "")),
            limits(page=BOUNDS + "| `kGoneMax` | 5 | 422 |\n"),
            limits(other="Bounded by `kGoneMax`.\n"),
            limits(page=""),
        ],
        [limits(), limits(other="Bounded by `kNameBytesMax`, kept `kDayMs`.\n")],
    ),
    "flags_are_documented": (
        [
            flags(page=MANUAL.replace("--json", "json")),
            flags(page=MANUAL + "`--verbose`\n"),
            flags(code=FLAGS.replace(" [--json]", "")),
            flags(code=FLAGS.replace("[--json]", "[--json] [--xml]")),
            flags(code=""),
        ],
        [flags()],
    ),
    "settings_are_documented": (
        [
            settings(page=SETTING_ROWS.replace("ALCOVE_TRUST_PROXY", "ALCOVE_TRUST-PROXY")),
            settings(page=SETTING_ROWS.replace("`ADDRESS/BITS`", "`BITS`")),
            settings(page=SETTING_ROWS.replace("`nothing`", "`on`")),
            settings(page=SETTING_ROWS.replace("| `limits`", "| limits")),
            settings(page=SETTING_ROWS + "| `more` | `ALCOVE_MORE` | `a file` | `nothing` | more |\n"),
            settings(code=SETTINGS.replace('{"log", Takes::kNothing}', '{"log"}')),
            settings(code=""),
        ],
        [settings()],
    ),
    "documents_name_what_exists": (
        [
            {"store/README.md": "See `store/gone.h`.\n", "store/a.h": ""},
            {"docs/A.md": "`docs/b/`\n"},
            {"docs/A.md": "`alcove_gone_total`\n", "store/a.cc": "alcove_here\n"},
        ],
        [
            {
                "docs/A.md": "`store/a`, `store/a.h`, `store/`, `alcove_here_total`, `elsewhere/x.h`, `*.h`\n",
                "store/a.h": "alcove_here\n",
            }
        ],
    ),
}
