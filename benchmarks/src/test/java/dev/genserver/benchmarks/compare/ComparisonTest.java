package dev.genserver.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {

  @TempDir private Path folder;

  @Test
  void whatIsSlowerInAllRoundsIsSaidToBeSo() throws Exception {
    var before = List.of(scores(100, 100), scores(110, 100));
    var now = List.of(scores(130, 130), scores(140, 101));

    var lines = new Comparison(before, now).toString().lines().toList();

    assertThat(lines.get(2))
        .matches("\\| HotPath.bind +\\| +100 \\| +130 \\| ns/op \\| +1.27 \\|.* slower \\|");
    assertThat(lines.get(3)).contains("HotPath.encode size-4").doesNotContain("slower");
  }

  private JmhScores scores(int bind, int encode) throws Exception {
    var file = Files.createTempFile(folder, "scores", ".csv");
    Files.writeString(
        file,
        """
        "Benchmark","Mode","Threads","Samples","Score","Score Error (99.9%%)","Unit","Param: size"
        "dev.genserver.benchmarks.HotPath.bind","avgt",1,5,%d.0,1.2,"ns/op",
        "dev.genserver.benchmarks.HotPath.encode","avgt",1,5,%d.0,1.2,"ns/op",size-4
        "dev.genserver.benchmarks.HotPath.encode","avgt",1,5,%d.0,1.2,"ns/op",size-8
        """
            .formatted(bind, encode, encode));
    return JmhScores.read(file);
  }
}
