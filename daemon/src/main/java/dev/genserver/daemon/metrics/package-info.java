/// What the daemon measures of itself, for monitoring and for those who look on: counts on the hot
/// paths, metrics in the text format of Prometheus, and a sample each second.
@NullMarked
package dev.genserver.daemon.metrics;

import org.jspecify.annotations.NullMarked;
