/// For plugin authors: tests without a daemon.
///
/// [RecordingProcess] stands for the process that runs a callback, [TestFrom] for a caller. Where
/// whole processes are to be tested, they run on a real [dev.genserver.runtime.Node], whose time a
/// [ManualTime] holds.
@NullMarked
package dev.genserver.testkit;

import org.jspecify.annotations.NullMarked;
