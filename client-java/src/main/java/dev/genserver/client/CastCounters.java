package dev.genserver.client;

/// What became of the silent casts of a client, counted from its beginning.
///
/// @param accepted how many were taken
/// @param buffered how many of these wait here to be written, now
/// @param refused how many were not taken, or taken and never sent, since there was no room or no
///   connection in time, or they are longer than the daemon allows
/// @param maybeLost how many were written to a connection that ended before the daemon was known to
///   have read them. They are not sent again
public record CastCounters(long accepted, long buffered, long refused, long maybeLost) {}
