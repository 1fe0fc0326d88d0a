package dev.genserver.runtime;

import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Registry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Works on the table of the registry that has the name now.
record LocalRegistry(Node node, String name) implements Registry {

  private RegistryTable table() {
    return node.table.registry(name);
  }

  /// The process that runs on this thread.
  private LocalProcess self() {
    if (ProcessContext.current() instanceof Context(LocalProcess process) && process.node == node) {
      process.checkAlive();
      return process;
    }
    throw new IllegalStateException("the process of this thread is not one of this node");
  }

  @Override
  public RegisterResult register(Object key, @Nullable Object value) {
    var self = self();
    var table = table();
    var holder = table.register(self, key, value);
    self.checkAlive();
    return holder == null
        ? new RegisterResult.Ok(table.owner().pid())
        : new RegisterResult.AlreadyRegistered(holder.pid());
  }

  @Override
  public void unregister(Object key) {
    table().unregister(self(), key, _ -> true);
  }

  @Override
  public void unregisterMatch(Object key, Predicate<@Nullable Object> matches) {
    table().unregister(self(), key, matches);
  }

  @Override
  public Optional<Updated> updateValue(Object key, UnaryOperator<@Nullable Object> update) {
    var table = table();
    table.requireUnique();
    return table.own(self(), key).stream().findFirst().map(entry -> update(entry, update));
  }

  private static Updated update(RegistryEntry entry, UnaryOperator<@Nullable Object> update) {
    var previous = entry.value();
    var value = update.apply(previous);
    entry.value(value);
    return new Updated(value, previous);
  }

  @Override
  public List<Entry> lookup(Object key) {
    return table().under(key).stream().map(RegistryEntry::shown).toList();
  }

  @Override
  public void dispatch(Object key, Consumer<List<Entry>> function) {
    var entries = lookup(key);
    if (!entries.isEmpty()) {
      function.accept(entries);
    }
  }

  @Override
  public List<Entry> match(Object key, Predicate<@Nullable Object> matches) {
    return matching(key, matches).toList();
  }

  @Override
  public int countMatch(Object key, Predicate<@Nullable Object> matches) {
    return Math.toIntExact(matching(key, matches).count());
  }

  private Stream<Entry> matching(Object key, Predicate<@Nullable Object> matches) {
    return lookup(key).stream().filter(entry -> matches.test(entry.value()));
  }

  @Override
  public List<Registration> select(Predicate<Registration> matches) {
    return selected(matches).toList();
  }

  @Override
  public int countSelect(Predicate<Registration> matches) {
    return Math.toIntExact(selected(matches).count());
  }

  private Stream<Registration> selected(Predicate<Registration> matches) {
    return table().all().map(RegistryEntry::registration).filter(matches);
  }

  @Override
  public List<Object> keys(Pid pid) {
    return own(pid).entrySet().stream()
        .flatMap(own -> Collections.nCopies(own.getValue().size(), own.getKey()).stream())
        .toList();
  }

  @Override
  public List<@Nullable Object> values(Object key, Pid pid) {
    return own(pid).getOrDefault(key, List.of()).stream()
        .<@Nullable Object>map(RegistryEntry::value)
        .toList();
  }

  private Map<Object, List<RegistryEntry>> own(Pid pid) {
    var table = table();
    var process = node.table.find(pid);
    return process == null ? Map.of() : table.own(process);
  }

  @Override
  public int count() {
    return table().size();
  }

  @Override
  public Optional<Object> meta(Object key) {
    return Optional.ofNullable(table().meta().get(key));
  }

  @Override
  public void putMeta(Object key, Object value) {
    table().meta().put(key, value);
  }

  @Override
  public void deleteMeta(Object key) {
    table().meta().remove(key);
  }
}
