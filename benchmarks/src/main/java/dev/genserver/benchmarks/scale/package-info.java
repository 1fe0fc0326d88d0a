/// What very many cost: processes, casts among them, restarts, timers, connections.
@NullMarked
package dev.genserver.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
