/// What is asked over HTTP, and what is answered. Knows nothing of sockets: `net` brings the
/// requests to the [Site] and carries its answers away.
@NullMarked
package dev.genserver.daemon.http;

import org.jspecify.annotations.NullMarked;
