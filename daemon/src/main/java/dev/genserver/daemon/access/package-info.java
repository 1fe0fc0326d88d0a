/// Who may come in, and what they may do: principals, their rights, tokens. Knows neither sockets
/// nor files' formats but its own.
@NullMarked
package dev.genserver.daemon.access;

import org.jspecify.annotations.NullMarked;
