package dev.genserver.daemon.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the JVM and the machine tell of this program.
final class JvmNumbers {

  private static final Path STATUS = Path.of("/proc/self/status");

  private JvmNumbers() {}

  static void addTo(Page page) {
    addMemory(page, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
    addMemory(page, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
    for (var pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      page.add(Metric.BUFFERS_USED, pool.getMemoryUsed(), pool.getName());
    }
    for (var gc : ManagementFactory.getGarbageCollectorMXBeans()) {
      page.addSummary(
          Metric.GC, gc.getCollectionCount(), gc.getCollectionTime() / 1e3, gc.getName());
    }
    var classes = ManagementFactory.getClassLoadingMXBean();
    page.add(Metric.CLASSES, classes.getLoadedClassCount())
        .add(Metric.CLASSES_LOADED, classes.getTotalLoadedClassCount())
        .add(Metric.CLASSES_UNLOADED, classes.getUnloadedClassCount())
        .add(Metric.THREADS, ManagementFactory.getThreadMXBean().getThreadCount())
        .add(Metric.START_TIME, ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3)
        .add(Metric.UPTIME, ManagementFactory.getRuntimeMXBean().getUptime() / 1e3)
        .add(Metric.CPU, cpuNanos() / 1e9);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      page.add(Metric.OPEN_FILES, unix.getOpenFileDescriptorCount())
          .add(Metric.MAX_FILES, unix.getMaxFileDescriptorCount());
    }
    addResident(page);
  }

  private static void addMemory(Page page, String area, MemoryUsage memory) {
    page.add(Metric.MEMORY_USED, memory.getUsed(), area)
        .add(Metric.MEMORY_COMMITTED, memory.getCommitted(), area)
        .add(Metric.MEMORY_MAX, memory.getMax(), area);
  }

  /// Only Linux tells it so.
  private static void addResident(Page page) {
    if (!Files.isReadable(STATUS)) {
      return;
    }
    try (var lines = Files.lines(STATUS)) {
      lines
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .forEach(kibibytes -> page.add(Metric.RESIDENT, kibibytes * 1024.0));
    } catch (IOException _) {
      // It is left out then.
    }
  }

  /// The time of processors that this program has used.
  static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /// For how long garbage was collected.
  static long gcMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(gc -> Math.max(0, gc.getCollectionTime()))
        .sum();
  }
}
