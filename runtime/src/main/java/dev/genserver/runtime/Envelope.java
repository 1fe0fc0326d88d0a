package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.InfoMessage;
import org.jspecify.annotations.Nullable;

/// What lies in a mailbox.
sealed interface Envelope
    permits Call,
        Envelope.Start,
        Envelope.Cast,
        Envelope.Outside,
        Envelope.Notice,
        Envelope.IdleTimeout,
        Envelope.Stop {

  /// The trace that the message belongs to; null for none.
  default @Nullable TraceContext traceContext() {
    return null;
  }

  /// The first of all: run `init`.
  record Start(Args args, @Nullable TraceContext traceContext) implements Envelope {}

  /// A cast from within the node.
  record Cast(Object message, @Nullable TraceContext traceContext) implements Envelope {}

  /// A cast from outside, still to be decoded.
  record Outside(ExternalCast cast) implements Envelope {

    @Override
    public @Nullable TraceContext traceContext() {
      return cast.traceContext();
    }
  }

  /// For `handleInfo`.
  record Notice(InfoMessage message, @Nullable TraceContext traceContext) implements Envelope {}

  /// The idle time of the callback with number `epoch` is over; void if a message was handled
  /// since.
  record IdleTimeout(long epoch) implements Envelope {}

  /// End as if a callback had answered stop.
  record Stop(ExitReason reason) implements Envelope {}
}
