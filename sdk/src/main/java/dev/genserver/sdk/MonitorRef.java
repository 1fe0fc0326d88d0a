package dev.genserver.sdk;

/// Names one monitor; [InfoMessage.Down] carries it.
///
/// @otp the reference that erlang:monitor/2 returns
public record MonitorRef(long id) {
  @Override
  public String toString() {
    return "#ref<" + id + ">";
  }
}
