/// A call's whole way over the wire, beside bare Netty echoes in the same run, and the generator of
/// load that other scenarios use as well.
@NullMarked
package dev.genserver.benchmarks.wire;

import org.jspecify.annotations.NullMarked;
