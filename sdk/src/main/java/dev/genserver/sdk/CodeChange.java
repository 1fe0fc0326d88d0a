package dev.genserver.sdk;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server is told when its code changes under its running state.
///
/// The code of another version has made the state, and its classes are others than those of this
/// code, though they may have the same names. So the state comes as [#data]: plain data, in which a
/// record is a map of its components by name. [#state] makes this code's state of it, field by
/// field:
///
/// - a field that both versions have is taken over, where its type allows; numbers become wider or
///   narrower as long as they are exact
/// - a field that this version does not have is dropped
/// - a field that only this version has is missing, unless it is an [java.util.Optional]
///
/// Whatever differs otherwise, the callback says itself:
///
/// ```java
/// public CodeChanged<State> codeChange(CodeChange<State> change) {
///   var fields = change.fields();
///   fields.put("sum", fields.remove("total")); // renamed
///   fields.put("resets", 0); // new
///   return changed(change.bind(fields));
/// }
/// ```
///
/// What belongs to the JDK or to the SDK is handed over as it is, wherever it stands in the data: a
/// [From] whose reply is due, a [Pid], a [TimerRef], a [MonitorRef], a [java.time.Duration].
/// Collections and arrays are copies, so the data may be changed at will. An enum constant of the
/// plugin is its name there, and a collection sorted by what is the plugin's own is a list, or a
/// map, in that order; both become again what the type of their field says.
///
/// @param <S> the state as this code has it
/// @otp the arguments of gen_server:code_change/3; there a state is a term, which belongs to no
///   version
public final class CodeChange<S> {

  /// The state of the other code, and how it becomes one of this code. For runtimes and test kits.
  ///
  /// @param <S> the state as this code has it
  public interface Carried<S> {

    /// The state as plain data; a new copy each time.
    @Nullable Object data();

    /// The state that the data is.
    ///
    /// @throws StateMismatchException if it is none
    S bind(@Nullable Object data);

    /// The state as it comes, bound by the names of its fields; the very object where no class has
    /// changed.
    ///
    /// @throws StateMismatchException if it does not fit
    default S state() {
      return bind(data());
    }
  }

  private final Object oldVersion;
  private final Carried<S> carried;
  private final @Nullable Object extra;

  /// @param oldVersion the version that made the state
  /// @param extra what whoever asks for the change passes along
  public CodeChange(Object oldVersion, Carried<S> carried, @Nullable Object extra) {
    this.oldVersion = oldVersion;
    this.carried = carried;
    this.extra = extra;
  }

  /// The version that made the state: of an upgrade, that of its plugin.
  public Object oldVersion() {
    return oldVersion;
  }

  /// The state, bound by the names of its fields.
  ///
  /// @throws StateMismatchException if it does not fit
  public S state() {
    return carried.state();
  }

  /// The state as plain data, which is the caller's own; a new copy each time.
  public @Nullable Object data() {
    return carried.data();
  }

  /// The fields of a state that is a record, by name; see [#data].
  ///
  /// @throws StateMismatchException if it is none
  @SuppressWarnings("unchecked") // data has maps of strings for records
  public Map<String, @Nullable Object> fields() {
    if (carried.data() instanceof Map<?, ?> fields) {
      return (Map<String, @Nullable Object>) fields;
    }
    throw new StateMismatchException(
        "the old state is no record and has no fields; ask for data()");
  }

  /// The state that the data is, bound by the names of its fields. Objects of this code may stand
  /// in it too.
  ///
  /// @throws StateMismatchException if it does not fit
  public S bind(@Nullable Object data) {
    return carried.bind(data);
  }

  /// What whoever asked for the change passed along; null if nothing.
  public @Nullable Object extra() {
    return extra;
  }
}
