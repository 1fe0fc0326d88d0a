/// A key-value store whose entries may expire, as a process named `kv`.
@NullMarked
package dev.genserver.examples.kv;

import org.jspecify.annotations.NullMarked;
