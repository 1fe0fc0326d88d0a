package dev.genserver.daemon.binding;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.Pid;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// A server whose messages have fields of every kind.
final class Shop extends GenServer<Long, Shop.Call, Shop.Cast> {

  sealed interface Call {
    record Get() implements Call {}

    record AddMany(long by, Optional<String> note) implements Call {}

    record Numbers(byte b, short s, int i, long l, float f, double d, BigInteger n, BigDecimal m)
        implements Call {}

    record Boxed(Integer i, Boolean yes, Character c) implements Call {}

    record Times(Duration delay, Instant at, LocalDate day) implements Call {}

    @SuppressWarnings("ArrayRecordComponent") // arrays are taken too
    record Texts(String text, UUID id, Pid pid, byte[] bytes) implements Call {}

    @SuppressWarnings("ArrayRecordComponent") // arrays are taken too
    record Many(List<Item> items, Set<Color> colors, Map<String, Integer> counts, int[] codes)
        implements Call {}

    record Paint(Color color, Shape shape) implements Call {}

    record Free(Object any) implements Call {}

    record Grow(Tree tree) implements Call {}

    record Wrap(Box<List<Long>> box) implements Call {}

    sealed interface Admin extends Call {
      record Reset(String why) implements Admin {}
    }
  }

  sealed interface Cast {
    record Add(int by) implements Cast {
      public Add {
        if (by < 0) {
          throw new IllegalArgumentException("by must be 0 or more, is " + by);
        }
      }
    }

    record Clear() implements Cast {}

    record Silent(String text) implements Cast {
      public Silent {
        throw new IllegalStateException();
      }
    }
  }

  record Item(String sku, int count) {}

  record Tree(String name, List<Tree> children) {}

  record Box<T>(T content) {}

  enum Color {
    RED,
    DARK_BLUE
  }

  sealed interface Shape {
    record Circle(double radius) implements Shape {}

    record Dot() implements Shape {}
  }

  @Override
  public Init<Long> init(Args args) {
    return ok(0L);
  }
}
