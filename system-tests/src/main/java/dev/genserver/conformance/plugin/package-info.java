/// The plugin that the conformance suite talks to: processes that do what a row needs of them.
@NullMarked
package dev.genserver.conformance.plugin;

import org.jspecify.annotations.NullMarked;
