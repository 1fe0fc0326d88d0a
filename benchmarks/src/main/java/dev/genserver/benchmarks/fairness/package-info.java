/// How a process fares beside others that take all they can get.
@NullMarked
package dev.genserver.benchmarks.fairness;

import org.jspecify.annotations.NullMarked;
