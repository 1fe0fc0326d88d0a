package dev.genserver.daemon.net;

import java.time.Duration;
import java.util.Optional;

/// A connection as it was at one moment. Numbers may be a little off.
///
/// @param id one number for each connection, in the order in which they came
/// @param peer the address of the client
/// @param principal who it is; empty if it has not logged in, or need not
public record ConnectionInfo(
    long id, String peer, Optional<String> principal, boolean tls, Duration age, int openCalls) {}
