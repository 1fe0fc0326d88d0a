package dev.genserver.runtime;

import org.jspecify.annotations.Nullable;

/// Knows which class loaders have different versions of the same code.
@FunctionalInterface
public interface Versions {

  /// Whether the two are not the same and have versions of the same code.
  ///
  /// @param loader null for the JDK's own
  boolean areOfOne(@Nullable ClassLoader loader, ClassLoader other);
}
