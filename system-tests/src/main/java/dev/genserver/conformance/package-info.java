/// The conformance suite: what docs/protocol.md says, sentence by sentence, held against a daemon
/// over a socket. It knows nothing of the daemon but that page; [Suite] lists the rows.
@NullMarked
package dev.genserver.conformance;

import org.jspecify.annotations.NullMarked;
