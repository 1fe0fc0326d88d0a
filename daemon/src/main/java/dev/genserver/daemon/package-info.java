/// The daemon: wires configuration, plugins, binding and network around one node.
@NullMarked
package dev.genserver.daemon;

import org.jspecify.annotations.NullMarked;
