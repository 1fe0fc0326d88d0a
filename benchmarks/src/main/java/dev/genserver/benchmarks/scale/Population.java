package dev.genserver.benchmarks.scale;

import dev.genserver.examples.counter.Counter;
import dev.genserver.runtime.Node;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.StartOptions;

/// Very many counters, as a program might have them.
sealed interface Population {

  String BARE = "bare";
  String SUPERVISED = "supervised, named";

  /// Starts as many counters as there is room for, and waits for each.
  void start(Pid[] room);

  /// Ends all.
  void stop(Pid[] started);

  /// Without a supervisor and without names.
  record Bare(Node node) implements Population {

    @Override
    public void start(Pid[] room) {
      for (var i = 0; i < room.length; i++) {
        room[i] = node.start(new Counter(), StartOptions.none()).pidOrThrow();
      }
    }

    @Override
    public void stop(Pid[] started) {
      for (var pid : started) {
        node.stop(pid);
      }
    }

    @Override
    public String toString() {
      return BARE;
    }
  }

  /// Below one dynamic supervisor, each with a name and a spec of its own.
  record Supervised(Node node, Pid supervisor) implements Population {

    Supervised(Node node) {
      this(node, node.start(DynamicSupervisorSpec.create(), StartOptions.none()).pidOrThrow());
    }

    @Override
    public void start(Pid[] room) {
      var supervised = node.dynamicSupervisor(supervisor);
      for (var i = 0; i < room.length; i++) {
        room[i] = supervised.startChild(ChildSpec.named("counter-" + i, Counter::new)).pidOrThrow();
      }
    }

    @Override
    public void stop(Pid[] started) {
      node.stop(supervisor);
    }

    @Override
    public String toString() {
      return SUPERVISED;
    }
  }
}
