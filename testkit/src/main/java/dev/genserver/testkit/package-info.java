/// For plugin authors: tests without a daemon.
///
/// [RecordingProcess] stands for the process that runs a single callback, [TestFrom] for a caller.
/// [TestNode] runs whole processes and trees, in a time that the test moves, and [Probe] is a
/// process of the test's own among them.
@NullMarked
package dev.genserver.testkit;

import org.jspecify.annotations.NullMarked;
