package dev.genserver.benchmarks;

import java.util.Collection;
import java.util.Locale;

/// Figures as people read them, and the one that stands for several.
public final class Figures {

  private Figures() {}

  /// The lower one of the middle two, if there are two; NaN of none.
  public static double median(Collection<Double> values) {
    var sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get((sorted.size() - 1) / 2);
  }

  /// With three digits that mean something, or all before the point; a dash for NaN.
  public static String shown(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    var size = Math.abs(value);
    var format = size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  /// As a part of a hundred.
  public static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.0f %%", share * 100);
  }
}
