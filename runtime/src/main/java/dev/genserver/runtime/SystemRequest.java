package dev.genserver.runtime;

import dev.genserver.sdk.Sys;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What can be asked of a server behind its callbacks; see [Sys] for what each means.
///
/// @otp the requests of `sys`, which sys:handle_system_msg/6 answers
sealed interface SystemRequest {

  record GetState() implements SystemRequest {}

  record ReplaceState(UnaryOperator<Object> change) implements SystemRequest {}

  record Suspend() implements SystemRequest {}

  record Resume() implements SystemRequest {}

  record CountStatistics(boolean on) implements SystemRequest {}

  record GetStatistics() implements SystemRequest {}

  record GetStatus() implements SystemRequest {}

  record KeepLog(int size) implements SystemRequest {}

  record GetLog() implements SystemRequest {}

  record Trace(Consumer<Sys.Event> listener) implements SystemRequest {}

  record Untrace(Consumer<Sys.Event> listener) implements SystemRequest {}

  record NoDebug() implements SystemRequest {}

  record ChangeCode(Object oldVersion, @Nullable Object extra) implements SystemRequest {}

  /// The reply where code that the request brought, or that it had called, threw.
  record Failed(String callback, Throwable cause) {}
}
