/// Token buckets whose callers wait for their turn, as a process named `ratelimiter`.
@NullMarked
package dev.genserver.examples.ratelimiter;

import org.jspecify.annotations.NullMarked;
