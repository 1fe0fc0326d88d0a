/// The thin Java client: call and cast over one connection.
@NullMarked
package dev.genserver.client;

import org.jspecify.annotations.NullMarked;
