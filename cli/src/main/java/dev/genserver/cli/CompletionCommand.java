package dev.genserver.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/// `genserver completion`: prints the script by which a shell completes command lines.
record CompletionCommand(String shellName, Options options) implements Command {

  static final String NAME = "completion";
  static final List<String> SHELLS = List.of("bash", "fish", "zsh");

  @Override
  public void run(Shell shell) {
    if (!SHELLS.contains(shellName)) {
      throw CliException.usage(
          "there is no completion for '" + shellName + "', only for bash, zsh and fish");
    }
    shell.print(script());
  }

  private String script() {
    try (var in = Completion.class.getResourceAsStream("completion." + shellName)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return NAME;
  }

  @CommandLine.Command(
      description =
          "Prints a script by which the shell completes commands, options, names of"
              + " processes, types and fields of messages.",
      footer = {
        "",
        "Example:",
        "  genserver completion bash",
        "",
        "bash loads it from ~/.local/share/bash-completion/completions/genserver, zsh from a file"
            + " _genserver in a folder of $fpath, fish from ~/.config/fish/completions/genserver.fish."
      })
  static final class Line extends Subcommand {

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    private String name;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new CompletionCommand(name, options());
    }
  }
}
