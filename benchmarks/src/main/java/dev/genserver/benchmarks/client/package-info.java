/// What the Java client makes of the wire, beside a generator of load that does nothing but send.
@NullMarked
package dev.genserver.benchmarks.client;

import org.jspecify.annotations.NullMarked;
