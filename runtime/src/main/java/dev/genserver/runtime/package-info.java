/// Processes on virtual threads: the loop, mailboxes, links, monitors, exits, timers, supervisors,
/// registries.
@NullMarked
package dev.genserver.runtime;

import org.jspecify.annotations.NullMarked;
