package dev.genserver.protocol;

import java.io.IOException;
import java.io.OutputStream;

/// Writes frames to a stream, each with one `write`. Does not flush. Not thread-safe.
public final class FrameWriter {

  private final OutputStream out;
  private final JsonWriter buffer = new JsonWriter();

  /// A writer to `out`.
  public FrameWriter(OutputStream out) {
    this.out = out;
  }

  /// Writes a request.
  public void write(ClientMessage message) throws IOException {
    int start = begin();
    message.writeTo(buffer);
    end(start);
  }

  /// Writes what a daemon says.
  public void write(ServerMessage message) throws IOException {
    int start = begin();
    message.writeTo(buffer);
    end(start);
  }

  private int begin() {
    buffer.reset();
    return buffer.beginFrame();
  }

  private void end(int start) throws IOException {
    buffer.endFrame(start);
    out.write(buffer.array(), 0, buffer.length());
  }
}
