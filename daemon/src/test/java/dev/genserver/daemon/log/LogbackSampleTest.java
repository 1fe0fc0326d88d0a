package dev.genserver.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/// docs/logback.xml does what docs/operations.md says of it.
class LogbackSampleTest {

  @Test
  void auditLogIsKeptInFilesOfItsOwnAndSettingsStillApply(@TempDir Path folder) throws Exception {
    var context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    context.putProperty("AUDIT_DIR", folder.toString());
    var configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("..", "docs", "logback.xml").toFile());
    try {
      context.getLogger("dev.genserver.audit").info("admin by=ops act=drain");
      context.getLogger("dev.genserver.daemon.Daemon").debug("nobody sees this");
      assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr"))
          .asInstanceOf(type(ConsoleAppender.class))
          .extracting("encoder")
          .isInstanceOf(LineEncoder.class);
    } finally {
      context.stop();
    }
    try (var files = Files.list(folder)) {
      assertThat(files)
          .singleElement()
          .satisfies(file -> {
            assertThat(file.getFileName().toString()).matches("audit-\\d{4}-\\d\\d-\\d\\d\\.log");
            assertThat(Files.readString(file))
                .startsWith("{\"time\":")
                .contains("\"text\":\"admin by=ops act=drain\"")
                .endsWith("}\n");
          });
    }
  }
}
