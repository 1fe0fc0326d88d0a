package dev.genserver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Writes a manual page for each command, from what its help is made of. The build runs it.
final class ManPages {

  private ManPages() {}

  /// Writes them all.
  ///
  /// @param args the folder, such as `share/man/man1`; it is made if need be
  public static void main(String[] args) throws IOException {
    var sink = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    var shell = new Shell(InputStream.nullInputStream(), sink, sink, Map.of());
    write(Commands.commandLine(shell, List.of()), Files.createDirectories(Path.of(args[0])));
  }

  /// Writes those of a command and of all below it.
  static void write(CommandLine command, Path folder) throws IOException {
    var spec = command.getCommandSpec();
    Files.writeString(folder.resolve(name(spec) + ".1"), page(spec));
    for (var entry : command.getSubcommands().entrySet()) {
      if (!entry.getKey().equals("help")) {
        write(entry.getValue(), folder);
      }
    }
  }

  /// `genserver-context-add`.
  private static String name(CommandSpec spec) {
    return spec.qualifiedName("-");
  }

  private static String page(CommandSpec spec) {
    var usage = spec.usageMessage();
    var page = new StringBuilder();
    page.append(".TH \"%s\" 1\n".formatted(name(spec).toUpperCase(Locale.ROOT)));
    page.append(".SH NAME\n").append(name(spec)).append(" \\- ");
    page.append(escape(String.join(" ", usage.description()))).append('\n');
    page.append(".SH SYNOPSIS\n");
    page.append(String.join("\n.br\n", synopsis(spec))).append('\n');
    if (!spec.positionalParameters().isEmpty()) {
      page.append(".SH ARGUMENTS\n");
      spec.positionalParameters().forEach(each -> argument(each, page));
    }
    page.append(".SH OPTIONS\n");
    spec.options().forEach(each -> option(each, page));
    if (!spec.subcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      spec.subcommands().forEach((name, command) -> subcommand(name, command, page));
    }
    if (!usage.exitCodeList().isEmpty()) {
      page.append(".SH EXIT STATUS\n");
      usage.exitCodeList().forEach((code, meaning) -> entry(code, meaning, page));
    }
    if (usage.footer().length > 0) {
      page.append(".SH NOTES");
      page.append(verbatim(usage.footerHeading(), usage.footer())).append('\n');
    }
    return page.toString();
  }

  private static List<String> synopsis(CommandSpec spec) {
    var synopsis = spec.commandLine().getHelp().synopsis(0);
    return synopsis.lines().map(String::strip).map(ManPages::escape).toList();
  }

  private static void argument(PositionalParamSpec argument, StringBuilder page) {
    entry(argument.paramLabel(), String.join(" ", argument.description()), page);
  }

  private static void option(OptionSpec option, StringBuilder page) {
    var names = String.join(", ", option.names());
    var value = option.arity().max() > 0 ? " " + option.paramLabel() : "";
    entry(names + value, String.join(" ", option.description()), page);
  }

  private static void subcommand(String name, CommandLine command, StringBuilder page) {
    var spec = command.getCommandSpec();
    entry(name, String.join(" ", spec.usageMessage().description()), page);
  }

  private static void entry(String term, String text, StringBuilder page) {
    page.append(".TP\n\\fB").append(escape(term)).append("\\fR\n");
    page.append(escape(text.replace("%n", " "))).append('\n');
  }

  /// Lines that begin with spaces stand as they are; others are text.
  private static String verbatim(String heading, String[] lines) {
    var text = new StringBuilder();
    var apart = "";
    for (var line :
        Stream.concat(Stream.of(heading.replace("%n", "")), Stream.of(lines)).toList()) {
      if (line.isBlank()) {
        apart = text.isEmpty() ? "" : "\n.PP";
      } else {
        text.append(apart);
        text.append(
            line.startsWith(" ") ? "\n.nf\n" + escape(line) + "\n.fi" : "\n" + escape(line));
        apart = "";
      }
    }
    return text.toString();
  }

  /// Text that means nothing to roff.
  private static String escape(String text) {
    var escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
    return escaped.startsWith(".") ? "\\&" + escaped : escaped;
  }
}
