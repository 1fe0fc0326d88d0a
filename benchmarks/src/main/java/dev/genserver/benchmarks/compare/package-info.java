/// The same benchmarks at two commits, taken in turns.
@NullMarked
package dev.genserver.benchmarks.compare;

import org.jspecify.annotations.NullMarked;
