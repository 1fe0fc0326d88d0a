/// Finds plugins in their folder, isolates each in a class loader, and checks them before anything
/// of them is started. A plugin is loaded whole or refused whole, with all its problems told.
@NullMarked
package dev.genserver.daemon.plugin;

import org.jspecify.annotations.NullMarked;
