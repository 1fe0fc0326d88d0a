/// What the hot pieces cost, each alone, measured with JMH; `docs/performance.md` has figures.
@NullMarked
package dev.genserver.benchmarks;

import org.jspecify.annotations.NullMarked;
