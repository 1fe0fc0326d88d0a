package dev.genserver.daemon.net;

/// The room that a connection has for a long frame, or line, while it arrives in pieces: taken
/// before it is read, given back when it is whole, and counted as a request from then on. Where all
/// connections together have too much of either, this one is not read until others are done.
///
/// Once it has room the frame is read to its end, whatever else the connection waits for: so what
/// keeps one from going on does not keep the others. A peer that stalls within its frame has
/// `frame.timeout`. For the event loop.
final class FrameRoom {

  private final Connection connection;
  private final Held frames;
  private final Held requests;
  private int wanted;
  private int taken;

  FrameRoom(Connection connection, Wiring wiring) {
    this.connection = connection;
    this.frames = wiring.frames();
    this.requests = wiring.requests();
  }

  /// Takes room for a frame of so many bytes, of which some have come, unless it is short or has
  /// its room; or sees to it that no more of it is read before there is some. Where the connection
  /// is paused it takes none: it is asked again when more is read.
  void take(int length) {
    if (length > Held.STEP && wanted == 0 && !connection.isPaused()) {
      wanted = length;
      takeOrWait();
    }
  }

  private void takeOrWait() {
    if (wanted == 0 || connection.isOver()) {
      connection.resume(Connection.Pause.FRAME);
    } else if (requests.isTooMuch()) {
      waitFor(requests);
    } else if (frames.tryAdd(wanted)) {
      taken = wanted;
      connection.resume(Connection.Pause.FRAME);
      connection.finishFrame(true);
    } else {
      waitFor(frames);
    }
  }

  private void waitFor(Held room) {
    connection.pause(Connection.Pause.FRAME);
    room.whenRoom(() -> connection.execute(this::takeOrWait));
  }

  /// Gives it back.
  void release() {
    wanted = 0;
    if (taken > 0) {
      frames.add(-taken);
      taken = 0;
      connection.finishFrame(false);
    }
  }
}
