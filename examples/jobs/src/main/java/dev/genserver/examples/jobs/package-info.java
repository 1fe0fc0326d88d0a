/// A queue of jobs that run as tasks, a few at a time, and are tried again when they fail.
@NullMarked
package dev.genserver.examples.jobs;

import org.jspecify.annotations.NullMarked;
