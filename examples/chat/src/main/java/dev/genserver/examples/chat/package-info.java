/// Chat rooms, each a process that begins when it is first opened and ends when it is empty.
@NullMarked
package dev.genserver.examples.chat;

import org.jspecify.annotations.NullMarked;
