package dev.genserver.daemon.log;

import org.slf4j.LoggerFactory;

/// Gives the JDK its loggers, `System.Logger` and all that comes to it, found as a service.
/// Thread-safe.
public final class PlatformLoggers extends System.LoggerFinder {

  /// For the service loader.
  public PlatformLoggers() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new PlatformLogger(LoggerFactory.getLogger(name));
  }
}
