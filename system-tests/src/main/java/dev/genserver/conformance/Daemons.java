package dev.genserver.conformance;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The daemons that the rows are held against: one that is there, or those that this starts as rows
/// want them. Not thread-safe.
public final class Daemons implements AutoCloseable {

  private final @Nullable Server foreign;
  private final @Nullable Path home;
  private final @Nullable Path folder;
  private final Map<Setup, Server> shared = new EnumMap<>(Setup.class);
  private final List<DaemonProgram> programs = new ArrayList<>();

  private Daemons(@Nullable Server foreign, @Nullable Path home, @Nullable Path folder) {
    this.foreign = foreign;
    this.home = home;
    this.folder = folder;
  }

  /// A daemon that runs already.
  ///
  /// @param address `host:port`
  /// @param token what to log in with; null where no login is wanted
  public static Daemons running(String address, @Nullable String token) {
    return new Daemons(
        new Server(
            Address.parse(address),
            token == null ? Map.of() : Map.of(Server.OPERATOR, token),
            Optional.empty(),
            Optional.empty()),
        null,
        null);
  }

  /// Daemons of this repository, which has been built, with the plugin.
  ///
  /// @param home the repository's folder
  public static Daemons ofRepository(Path home) throws IOException {
    var folder = Files.createTempDirectory("conformance");
    var plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.copy(
        home.resolve("system-tests/target/conformance-plugin.jar"),
        plugins.resolve("conformance.jar"));
    return new Daemons(null, home, folder);
  }

  /// The daemon for a row.
  ///
  /// @throws Skipped if the row wants another one than the one that is there
  Server server(Setup setup) throws IOException, Skipped {
    if (foreign != null) {
      if (setup != Setup.ANY) {
        throw new Skipped("needs a daemon started with " + String.join(" ", setup.flags()));
      }
      return foreign;
    }
    var known = shared.get(setup);
    if (known == null) {
      known = start(setup);
      if (!setup.isUsedUp()) {
        shared.put(setup, known);
      }
    }
    return known;
  }

  // One that does not run already has both.
  @SuppressWarnings("NullAway")
  private Server start(Setup setup) throws IOException {
    var number = programs.size();
    var preparation = prepare(setup, home, folder.resolve(number + ".files"));
    var program =
        new DaemonProgram(
            home,
            folder.resolve("plugins"),
            folder.resolve(number + ".log"),
            List.of(),
            preparation.flags());
    programs.add(program);
    var trust =
        preparation.ca().isPresent()
            ? Optional.of(new Trust(preparation.ca().get()))
            : Optional.<Trust>empty();
    return new Server(program.address(), preparation.tokens(), trust, Optional.of(program));
  }

  private static Preparation prepare(Setup setup, Path home, Path folder) throws IOException {
    try {
      return Preparation.of(setup, home, folder);
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted: " + e.getMessage());
    }
  }

  /// Ends the daemons that this has started.
  @Override
  public void close() {
    programs.forEach(DaemonProgram::close);
    if (folder != null) {
      delete(folder);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
