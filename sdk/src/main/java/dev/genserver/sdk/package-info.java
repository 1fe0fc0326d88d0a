/// What plugin authors compile against: GenServer and its results, processes, child specs, plugins.
@NullMarked
package dev.genserver.sdk;

import org.jspecify.annotations.NullMarked;
