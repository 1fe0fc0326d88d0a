package dev.genserver.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// One connection: the bytes that are sent over it, and what must come back.
///
/// Requests that are sure to be understood have ids such as `v17`, numbered from 0; nothing that is
/// broken can get such an id.
final class Plan {

  /// How a connection ends.
  enum End {
    /// FIN after the last frame: everything is answered, then the daemon closes.
    ALL_ANSWERED,
    /// What was sent cannot be recovered from: a goodbye, then the daemon closes.
    GOODBYE,
    /// Something other than a goodbye, in words, then the daemon closes.
    FOREIGN,
    /// A reset in the middle: whatever was answered by then.
    RESET
  }

  /// How a request is answered. Calls that are open at a goodbye may not be.
  enum Expected {
    PONG,
    WELCOME,
    OK,
    ERROR,
    /// `ok`, or an error where there is too much.
    OK_OR_ERROR,
    /// A reply, or an error where there is too much or its time is up.
    CALL
  }

  private final boolean lines;
  private final Bytes bytes = new Bytes();
  private final List<Expected> expected = new ArrayList<>();
  private int withoutId;
  private int monitors;
  private int frames;
  private End end = End.ALL_ANSWERED;

  Plan(boolean lines) {
    this.lines = lines;
  }

  boolean lines() {
    return lines;
  }

  Bytes bytes() {
    return bytes;
  }

  /// What each id of `v0`, `v1`, … is answered with, once.
  List<Expected> expected() {
    return expected;
  }

  /// The number for the next id.
  int nextId() {
    return expected.size();
  }

  /// How many answers come that carry none of the ids.
  int withoutId() {
    return withoutId;
  }

  /// How many times at most `down` comes.
  int monitors() {
    return monitors;
  }

  int frames() {
    return frames;
  }

  End end() {
    return end;
  }

  // Making it.

  /// Adds a message that gets one answer with the next id.
  void add(String json, Expected answer) {
    add(json);
    expected.add(answer);
  }

  /// Adds a message that gets one answer with no id, or with one that is not among the plan's.
  void addAnsweredSomehow(byte[] content) {
    addFrame(content);
    withoutId++;
  }

  void addMonitor(String json) {
    add(json, Expected.OK_OR_ERROR);
    monitors++;
  }

  /// Adds a message that gets no answer.
  void add(String json) {
    addFrame(json.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds broken content that is answered with an error and the next id.
  void addRefused(byte[] content) {
    addFrame(content);
    expected.add(Expected.ERROR);
  }

  private void addFrame(byte[] content) {
    if (lines) {
      bytes.add(content).add("\n");
    } else {
      bytes.addLength(content.length).add(content);
    }
    frames++;
  }

  /// Adds bytes as they are, which end the connection.
  void addEnd(byte[] raw, End end) {
    bytes.add(raw);
    frames++;
    this.end = end;
  }

  /// Adds bytes as they are, which get one answer without an id.
  void addAnsweredWithin(byte[] raw) {
    bytes.add(raw);
    frames++;
    withoutId++;
  }

  void end(End end) {
    this.end = end;
  }
}
