/// Records requests as spans and sends them to a collector by OTLP, where one is configured. What
/// goes along from process to process without that is the runtime's. Knows all of OpenTelemetry
/// that there is, and loads none of it before it is needed.
@NullMarked
package dev.genserver.daemon.trace;

import org.jspecify.annotations.NullMarked;
