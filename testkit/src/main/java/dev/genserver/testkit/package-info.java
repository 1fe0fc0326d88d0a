/// For plugin authors: run callbacks in a test, without a daemon.
///
/// [RecordingProcess] stands for the process that runs a callback, [TestFrom] for a caller.
@NullMarked
package dev.genserver.testkit;

import org.jspecify.annotations.NullMarked;
