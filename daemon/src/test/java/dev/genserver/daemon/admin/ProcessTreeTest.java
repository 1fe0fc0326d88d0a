package dev.genserver.daemon.admin;

import static dev.genserver.daemon.admin.Hosted.list;
import static dev.genserver.daemon.admin.Hosted.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.StartException;
import dev.genserver.testkit.PluginJar;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A tree that is too large to be shown.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ProcessTreeTest {

  private static final int GROUPS = 20;
  private static final int EACH = 150;

  private static final PluginJar MANY =
      PluginJar.of("many", "1.0.0")
          .plugin(
              "many.ManyPlugin",
              """
              package many;
              import dev.genserver.sdk.*;
              import java.util.List;
              import java.util.stream.IntStream;
              public final class ManyPlugin implements Plugin {
                @Override public List<Behaviour<?>> behaviours() { return List.of(); }
                @Override public List<ChildSpec> children() {
                  return IntStream.range(0, %d).mapToObj(i -> ChildSpec.supervisor("group" + i, group(i))).toList();
                }
                private static SupervisorSpec group(int i) {
                  return SupervisorSpec.oneForOne(
                      IntStream.range(0, %d)
                          .mapToObj(j -> ChildSpec.named("one" + i + "." + j, One::new))
                          .toList());
                }
                public static final class One extends GenServer<One.State, One.Call, Void> {
                  public record State() {}
                  public sealed interface Call {
                    record Get() implements Call {}
                  }
                  @Override public Init<State> init(Args args) { return ok(new State()); }
                }
              }
              """
                  .formatted(GROUPS, EACH));

  @TempDir private Path folder;

  @Test
  void deepestNodesAreLeftOutAndCounted() throws StartException {
    MANY.writeTo(folder);
    try (var hosted = Hosted.start(folder)) {
      var root = map(hosted.ask("\"tree\""));

      var groups =
          descendants(root).stream()
              .filter(node -> String.valueOf(node.get("id")).startsWith("group"))
              .toList();
      assertThat(groups).as("each supervisor is there").hasSize(GROUPS);
      assertThat(groups)
          .allSatisfy(group ->
              assertThat(list(group.get("children")).size() + more(group)).isEqualTo(EACH));
      assertThat(groups.getFirst()).doesNotContainKey("more");
      assertThat(groups.getLast()).containsEntry("children", List.of());
      assertThat(descendants(root)).hasSize(2_500);
    }
  }

  private static List<Map<String, Object>> descendants(Map<String, Object> node) {
    return list(node.getOrDefault("children", List.of())).stream()
        .<Map<String, Object>>mapMulti((child, all) -> {
          all.accept(child);
          descendants(child).forEach(all);
        })
        .toList();
  }

  private static long more(Map<String, Object> node) {
    return (long) node.getOrDefault("more", 0L);
  }
}
