/// For plugin authors: tests without a daemon.
///
/// [RecordingProcess] stands for the process that runs a single callback, [TestFrom] for a caller.
/// [TestNode] runs whole processes and trees, in a time that the test moves, and [Probe] is a
/// process of the test's own among them. [TestCodeChange] is what an older version hands over, and
/// [PluginLeaks] proves that a plugin leaves memory.
@NullMarked
package dev.genserver.testkit;

import org.jspecify.annotations.NullMarked;
