/// The smallest useful plugin: a process named `counter` that adds up.
@NullMarked
package dev.genserver.examples.counter;

import org.jspecify.annotations.NullMarked;
