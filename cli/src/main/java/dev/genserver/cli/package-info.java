/// `genserver`, the command line: one request over one connection, then the end.
///
/// A call from a shell should feel like a built-in, so what a successful `call`, `cast` or `ping`
/// runs through loads no picocli and avoids what is slow the first time in a JVM: lambdas, pattern
/// switches, string concatenation, formatting. Whatever fails may take its time.
@NullMarked
package dev.genserver.cli;

import org.jspecify.annotations.NullMarked;
