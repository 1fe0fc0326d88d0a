/// What is logged: its levels, how lines are written, and the last of them for those who look on.
/// The only package that knows Logback and SLF4J; all others log by `System.Logger`.
@NullMarked
package dev.genserver.daemon.log;

import org.jspecify.annotations.NullMarked;
