/// What the hot pieces cost, each alone, measured with JMH; scenarios with whole daemons; and what
/// all scenarios share: daemons to be measured, a histogram, a meter of processor time, tables.
/// `docs/performance.md` has figures.
@NullMarked
package dev.genserver.benchmarks;

import org.jspecify.annotations.NullMarked;
