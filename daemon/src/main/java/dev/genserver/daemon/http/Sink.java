package dev.genserver.daemon.http;

/// Where events go: one viewer. Thread-safe, and never blocks.
///
/// A viewer that does not keep up is cut off, and one that is gone is found out: whoever sends
/// needs to look after neither.
public interface Sink {

  /// Sends an event; does nothing once the viewer is gone.
  ///
  /// @param event its name, in one line
  void send(String event, String data);

  /// Whether the viewer is there.
  boolean isOpen();

  /// Runs `task` once the viewer is gone, perhaps now. On any thread; must not block.
  void whenClosed(Runnable task);

  /// Ends the stream.
  void close();
}
