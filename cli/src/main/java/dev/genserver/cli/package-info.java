/// `genserver`, the command line.
@NullMarked
package dev.genserver.cli;

import org.jspecify.annotations.NullMarked;
