/// The wire: connections, their open calls, and what is answered. The only code that knows Netty.
///
/// A connection's state belongs to its event loop, which never blocks and never runs code of a
/// plugin. Replies are encoded on the threads of the processes and handed over through [Outbound].
@NullMarked
package dev.genserver.daemon.net;

import org.jspecify.annotations.NullMarked;
