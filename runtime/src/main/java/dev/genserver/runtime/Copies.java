package dev.genserver.runtime;

import java.text.Collator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// New collections of the kind that another is of, or that a type asks for.
final class Copies {

  private record Kind<T>(Class<?> type, Supplier<T> create) {}

  @SuppressWarnings("JdkObsolete") // a plugin may ask for a linked list all the same
  private static final List<Kind<Collection<@Nullable Object>>> COLLECTIONS =
      List.of(
          new Kind<>(ArrayList.class, ArrayList::new),
          new Kind<>(LinkedHashSet.class, LinkedHashSet::new),
          new Kind<>(TreeSet.class, TreeSet::new),
          new Kind<>(ArrayDeque.class, ArrayDeque::new),
          new Kind<>(PriorityQueue.class, PriorityQueue::new),
          new Kind<>(LinkedList.class, LinkedList::new),
          new Kind<>(CopyOnWriteArrayList.class, CopyOnWriteArrayList::new),
          new Kind<>(CopyOnWriteArraySet.class, CopyOnWriteArraySet::new),
          new Kind<>(ConcurrentSkipListSet.class, ConcurrentSkipListSet::new),
          new Kind<>(LinkedBlockingQueue.class, LinkedBlockingQueue::new),
          new Kind<>(LinkedBlockingDeque.class, LinkedBlockingDeque::new),
          new Kind<>(ConcurrentLinkedQueue.class, ConcurrentLinkedQueue::new),
          new Kind<>(ConcurrentLinkedDeque.class, ConcurrentLinkedDeque::new));

  private static final List<Kind<Map<@Nullable Object, @Nullable Object>>> MAPS =
      List.of(
          new Kind<>(LinkedHashMap.class, LinkedHashMap::new),
          new Kind<>(TreeMap.class, TreeMap::new),
          new Kind<>(ConcurrentHashMap.class, ConcurrentHashMap::new),
          new Kind<>(ConcurrentSkipListMap.class, ConcurrentSkipListMap::new));

  /// What was sorted, in order, where its elements as plain data do not compare themselves.
  private static final class Sorted extends ArrayList<@Nullable Object> {

    private static final long serialVersionUID = 1;

    private final boolean isSet;
    private final transient @Nullable Comparator<Object> comparator;

    Sorted(
        boolean isSet,
        @Nullable Comparator<Object> comparator,
        Collection<? extends @Nullable Object> elements) {
      super(elements);
      this.isSet = isSet;
      this.comparator = comparator;
    }
  }

  /// The same for maps, by their keys.
  private static final class SortedByKey extends LinkedHashMap<@Nullable Object, @Nullable Object> {

    private static final long serialVersionUID = 1;

    private final transient @Nullable Comparator<Object> comparator;

    SortedByKey(
        @Nullable Comparator<Object> comparator,
        Map<? extends @Nullable Object, ? extends @Nullable Object> entries) {
      super(entries);
      this.comparator = comparator;
    }
  }

  private Copies() {}

  /// A collection that behaves as `like` does, as far as plain data can.
  ///
  /// @param elements what is to be in it; not to be used by others any more
  @SuppressWarnings("unchecked") // what compared the elements before
  static Collection<@Nullable Object> plain(Collection<?> like, List<@Nullable Object> elements) {
    if (like instanceof Sorted sorted) {
      return new Sorted(sorted.isSet, sorted.comparator, elements);
    }
    if ((like instanceof SortedSet<?> || like instanceof PriorityQueue<?>)
        && elements.stream().anyMatch(Copies::isTakenApart)) {
      return new Sorted(
          like instanceof SortedSet<?>, (Comparator<Object>) comparator(like), elements);
    }
    var copy = like(like);
    if (copy instanceof ArrayList) {
      return elements;
    }
    copy.addAll(elements);
    return copy;
  }

  /// [#plain(Collection, List)] for maps.
  @SuppressWarnings("unchecked") // as above
  static Map<@Nullable Object, @Nullable Object> plain(
      Map<?, ?> like, Map<@Nullable Object, @Nullable Object> entries) {
    if (like instanceof SortedByKey sorted) {
      return new SortedByKey(sorted.comparator, entries);
    }
    if (like instanceof SortedMap<?, ?>
        && entries.keySet().stream().anyMatch(Copies::isTakenApart)) {
      return new SortedByKey((Comparator<Object>) comparator(like), entries);
    }
    if (!(like instanceof SortedMap<?, ?>)) {
      return entries;
    }
    var copy = like(like);
    copy.putAll(entries);
    return copy;
  }

  private static boolean isTakenApart(@Nullable Object element) {
    return element instanceof PlainData.Fields || element instanceof PlainData.Constant;
  }

  /// An empty collection that behaves as `like` does.
  @SuppressWarnings({
    "unchecked",
    "JdkObsolete"
  }) // what goes in are the elements of `like`, in another version; it may be a linked list
  private static Collection<@Nullable Object> like(Collection<?> like) {
    return switch (like) {
      case Sorted sorted ->
          sorted.isSet ? new TreeSet<>(sorted.comparator) : new PriorityQueue<>(sorted.comparator);
      case SortedSet<?> sorted -> new TreeSet<>((Comparator<Object>) sorted.comparator());
      case Set<?> _ -> new LinkedHashSet<>();
      case PriorityQueue<?> queue -> new PriorityQueue<>((Comparator<Object>) queue.comparator());
      case LinkedList<?> _ ->
          new LinkedList<>(); // unlike the others it is two things, and takes null
      case List<?> _ -> new ArrayList<>(like.size());
      case Deque<?> _ -> new ArrayDeque<>();
      default -> new ArrayList<>(like.size());
    };
  }

  /// An empty map that behaves as `like` does.
  @SuppressWarnings("unchecked") // as above
  private static Map<@Nullable Object, @Nullable Object> like(Map<?, ?> like) {
    return switch (like) {
      case SortedByKey sorted -> new TreeMap<>(sorted.comparator);
      case SortedMap<?, ?> sorted -> new TreeMap<>((Comparator<Object>) sorted.comparator());
      default -> new LinkedHashMap<>();
    };
  }

  /// What compares the elements; null if they compare themselves, or there is no order.
  static @Nullable Object comparator(Object collection) {
    return switch (collection) {
      case SortedSet<?> sorted -> sorted.comparator();
      case SortedMap<?, ?> sorted -> sorted.comparator();
      case PriorityQueue<?> queue -> queue.comparator();
      default -> null;
    };
  }

  /// Whether code of a plugin may hide in a comparator of the JDK: `Comparator.comparing` and
  /// others are made of some. What compares by the elements themselves, or as text, has none.
  static boolean mayHide(Object comparator) {
    return comparator.getClass().getClassLoader() == null
        && !comparator.equals(Comparator.naturalOrder())
        && !comparator.equals(Comparator.reverseOrder())
        && !comparator.equals(String.CASE_INSENSITIVE_ORDER)
        && !(comparator instanceof Collator);
  }

  /// An empty collection that can stand where `type` is declared; one like `data` if that can. Null
  /// if none is known.
  static @Nullable Collection<@Nullable Object> collection(JavaType type, Collection<?> data) {
    var raw = type.raw();
    var alike = like(data);
    if (raw.isInstance(alike)) {
      return alike;
    }
    return raw == EnumSet.class ? enumSet(type.argument(0).raw()) : first(raw, COLLECTIONS);
  }

  /// [#collection] for maps.
  static @Nullable Map<@Nullable Object, @Nullable Object> map(JavaType type, Map<?, ?> data) {
    var raw = type.raw();
    var alike = like(data);
    if (raw.isInstance(alike)) {
      return alike;
    }
    return raw == EnumMap.class ? enumMap(type.argument(0).raw()) : first(raw, MAPS);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // the type is an enum's
  private static @Nullable Collection<@Nullable Object> enumSet(Class<?> type) {
    return type.isEnum() ? (Collection) EnumSet.noneOf((Class) type) : null;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // as above
  private static @Nullable Map<@Nullable Object, @Nullable Object> enumMap(Class<?> type) {
    return type.isEnum() ? new EnumMap((Class) type) : null;
  }

  private static <T> @Nullable T first(Class<?> type, List<Kind<T>> kinds) {
    for (var kind : kinds) {
      if (type.isAssignableFrom(kind.type)) {
        return kind.create.get();
      }
    }
    return null;
  }
}
