/// Words for people: names as they are written in JSON, and suggestions for names that are not
/// known. Knows no other package.
@NullMarked
package dev.genserver.daemon.text;

import org.jspecify.annotations.NullMarked;
