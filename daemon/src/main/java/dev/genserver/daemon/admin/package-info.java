/// How a daemon is looked into and administered: by a process that it hosts itself, so that the
/// wire needs no operations of its own for it. A package apart because it stands above the runtime
/// and the plugins and below the wire, which knows nothing of it.
@NullMarked
package dev.genserver.daemon.admin;

import org.jspecify.annotations.NullMarked;
