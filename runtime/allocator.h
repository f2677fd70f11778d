// The allocator of the process: the C library's own, or gperftools' where the
// build has it (ALCOVE_TCMALLOC).
//
// Threads: may be called by any.
#pragma once

namespace alcove::runtime {

// Gives back to the system all pages of which nothing is used. gperftools' allocator would keep them for later: the 19
// MB of a sign-in, twice where two run at once, were half of a server. Who needs a new page waits meanwhile, a
// millisecond or two where there is so much; what is soon needed again has to be had from the system anew. Does nothing
// with the C library's, which gives long pieces back as they are freed.
void GiveBackMemory();

}  // namespace alcove::runtime
