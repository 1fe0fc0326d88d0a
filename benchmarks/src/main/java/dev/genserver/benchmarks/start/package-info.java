/// What it takes until a daemon is there.
@NullMarked
package dev.genserver.benchmarks.start;

import org.jspecify.annotations.NullMarked;
