/// The fuzzer: sessions of valid and broken requests, made from a seed, against a daemon of its
/// own. A model tells what each session must be answered with; see [Fuzzer].
@NullMarked
package dev.genserver.fuzz;

import org.jspecify.annotations.NullMarked;
