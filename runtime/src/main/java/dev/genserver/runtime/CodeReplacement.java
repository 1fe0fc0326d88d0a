package dev.genserver.runtime;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/// One version of a plugin's code, and that which is to run in its place.
///
/// @param from what has loaded the code that runs
/// @param to what has loaded the code that is to run
/// @param supervisor the supervisor of the plugin's processes
/// @param children what that is to supervise
/// @param servers the code for a process that was started at run time, by the class of its server;
///   empty if there is none
/// @param before states of `to` that processes had before, by the pid that each had first. Where
///   the state of a process cannot be carried over, or is not the one that it then had, it goes on
///   with this; empty to refuse instead
/// @param only which processes are concerned: children of dynamic supervisors, and these
///   supervisors; empty for all that run the code
public record CodeReplacement(
    ClassLoader from,
    String fromVersion,
    ClassLoader to,
    String toVersion,
    Pid supervisor,
    List<ChildSpec> children,
    Function<Class<?>, Optional<Supplier<? extends GenServer<?, ?, ?>>>> servers,
    Map<Pid, CodeSwitch.Saved> before,
    Set<Pid> only) {}
