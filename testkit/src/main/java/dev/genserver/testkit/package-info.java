/// For plugin authors: run callbacks in a JUnit test and look at what they did.
@NullMarked
package dev.genserver.testkit;

import org.jspecify.annotations.NullMarked;
