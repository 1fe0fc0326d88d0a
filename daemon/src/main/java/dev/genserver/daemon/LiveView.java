package dev.genserver.daemon;

import dev.genserver.daemon.http.LiveStream;
import dev.genserver.daemon.http.Sink;
import dev.genserver.daemon.metrics.Live;

/// The live view as HTTP streams it.
record LiveView(Live live) implements LiveStream {

  private record Viewer(Sink sink) implements Live.Viewer {

    @Override
    public void send(String event, String data) {
      sink.send(event, data);
    }

    @Override
    public void whenClosed(Runnable task) {
      sink.whenClosed(task);
    }
  }

  @Override
  public void open(Sink viewer) {
    live.show(new Viewer(viewer));
  }
}
