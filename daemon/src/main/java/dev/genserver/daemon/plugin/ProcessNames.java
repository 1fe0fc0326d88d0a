package dev.genserver.daemon.plugin;

import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.PartitionSupervisorSpec;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.SupervisorSpec;
import dev.genserver.sdk.TaskSupervisorSpec;
import dev.genserver.sdk.TreeSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The names under which processes will be registered, and who wants each. For one thread.
final class ProcessNames {

  /// Names that begin so are kept for the daemon's own processes.
  static final String RESERVED = "sys.";

  private final Map<String, String> owners = new HashMap<>();

  /// Takes the names of `children` and all below them for `owner`, all or none.
  ///
  /// @return what is wrong with them
  List<String> take(String owner, List<ChildSpec> children) {
    var names = children.stream().flatMap(ProcessNames::names).toList();
    var taken = new HashMap<String, String>();
    var problems =
        names.stream().flatMap(name -> problem(name, owner, taken.put(name, owner))).toList();
    if (problems.isEmpty()) {
      owners.putAll(taken);
    }
    return problems;
  }

  /// Gives the names of `children` and all below them back.
  ///
  /// @return whose they were, for [#restore]
  Map<String, String> release(List<ChildSpec> children) {
    var released = new HashMap<String, String>();
    children.stream()
        .flatMap(ProcessNames::names)
        .forEach(name -> {
          var owner = owners.remove(name);
          if (owner != null) {
            released.put(name, owner);
          }
        });
    return released;
  }

  /// Takes back what was released.
  void restore(Map<String, String> released) {
    owners.putAll(released);
  }

  private Stream<String> problem(String name, String owner, @Nullable String own) {
    if (name.startsWith(RESERVED)) {
      return Stream.of(
          "the process name '%s' begins with '%s', which is kept for the daemon; rename it"
              .formatted(name, RESERVED));
    }
    var other = own == null ? owners.get(name) : owner;
    return other == null
        ? Stream.of()
        : Stream.of(
            "the process name '%s' is taken by %s; rename one of them".formatted(name, other));
  }

  private static Stream<String> names(ChildSpec child) {
    return switch (child.start()) {
      case ChildSpec.Start.Server(_, StartOptions options) -> name(options);
      case ChildSpec.Start.Tree(TreeSpec tree, StartOptions options) ->
          Stream.concat(name(options), names(tree));
      case ChildSpec.Start.Function _ -> Stream.of(); // known only when it runs
    };
  }

  private static Stream<String> names(TreeSpec tree) {
    return switch (tree) {
      case SupervisorSpec spec -> spec.children().stream().flatMap(ProcessNames::names);
      case DynamicSupervisorSpec _, TaskSupervisorSpec _ -> Stream.of();
      case PartitionSupervisorSpec spec -> names(spec.child());
      case RegistrySpec _ -> Stream.of();
    };
  }

  private static Stream<String> name(StartOptions options) {
    return options.name().stream()
        .filter(ServerName.Local.class::isInstance)
        .map(name -> ((ServerName.Local) name).name());
  }
}
