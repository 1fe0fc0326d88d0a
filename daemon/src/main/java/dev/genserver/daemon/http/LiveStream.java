package dev.genserver.daemon.http;

/// Something that can be watched.
public interface LiveStream {

  /// Begins to send events to a viewer, and goes on until that is closed. Runs on a virtual thread
  /// of its own; may return before the stream is over.
  void open(Sink viewer);
}
