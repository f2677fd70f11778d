#pragma once

namespace alcove::functions::pages {

// Told to whoever opens a page of a server that has only the API. Its operator reads the same in the log.
inline constexpr char kNoWebFiles[] = "This server was installed without its web files.";

}  // namespace alcove::functions::pages
