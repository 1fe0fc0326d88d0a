/// The wire protocol, version 1: envelopes, error codes, framing. Knows neither processes nor
/// Netty.
@NullMarked
package dev.genserver.protocol;

import org.jspecify.annotations.NullMarked;
