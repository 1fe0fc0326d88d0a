/// Turns JSON into the messages of a server and replies into JSON. The only code that reflects on
/// the types of plugins; runs without annotations in plugins, and without a class of theirs kept
/// here: what is known of a class hangs on the class itself, and goes with its loader.
@NullMarked
package dev.genserver.daemon.binding;

import org.jspecify.annotations.NullMarked;
