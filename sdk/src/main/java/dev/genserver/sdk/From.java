package dev.genserver.sdk;

import org.jspecify.annotations.Nullable;

/// The caller of the call that is being served: where the reply goes.
///
/// May be kept and used later, from any thread, also after another process got it.
///
/// @otp gen_server:from()
public interface From extends Request {

  /// Answers the call. Only the first answer counts; a later one, and one to a caller that no
  /// longer waits, is dropped.
  ///
  /// @return whether the caller was still waiting
  /// @otp gen_server:reply/2
  boolean reply(@Nullable Object value);

  /// Whether somebody still waits for the reply. False once the call was answered, timed out, was
  /// cancelled, or its connection was lost; a local caller that timed out is noticed too.
  boolean isWaiting();
}
