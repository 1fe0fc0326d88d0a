/// What requests from outside have in common, whichever way they came: who sends them and may do
/// so, to which process they go, and what is answered when they fail. Knows neither frames nor
/// HTTP.
@NullMarked
package dev.genserver.daemon.request;

import org.jspecify.annotations.NullMarked;
