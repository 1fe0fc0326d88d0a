/// Words for people: names as they are written in JSON, suggestions for names that are not known,
/// and what a configuration file says and in which line. Knows no other package.
@NullMarked
package dev.genserver.daemon.text;

import org.jspecify.annotations.NullMarked;
