#include "runtime/allocator.h"

#ifdef ALCOVE_TCMALLOC
#include <gperftools/malloc_extension_c.h>
#endif

namespace alcove::runtime {

#ifdef ALCOVE_TCMALLOC
void GiveBackMemory() { MallocExtension_ReleaseFreeMemory(); }
#else
void GiveBackMemory() {}
#endif

}  // namespace alcove::runtime
