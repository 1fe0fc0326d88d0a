/// The daemon's configuration: one YAML file, environment variables, flags. Knows no other part of
/// the daemon.
@NullMarked
package dev.genserver.daemon.config;

import org.jspecify.annotations.NullMarked;
