package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `genserver plugin new`: writes a project to start from. No daemon hears of it.
///
/// @param id null for the folder's name
/// @param javaPackage null for one that is made of the id
record PluginNewCommand(
    String folder, @Nullable String id, @Nullable String javaPackage, Options options)
    implements Command {

  @Override
  public void run(Shell shell) {
    var project = PluginProject.of(Path.of(folder), id, javaPackage);
    project.writeTo(Path.of(folder));
    if (options.json()) {
      shell.print(
          new JsonWriter()
              .beginObject()
              .field("folder")
              .string(folder)
              .field("id")
              .string(project.id())
              .field("package")
              .string(project.javaPackage())
              .endObject()
              .toRawJson());
    } else {
      Screen.show(
          shell,
          options,
          screen ->
              screen.line(
                  "%s written for the plugin %s; %s/README.md tells how to go on"
                      .formatted(folder, project.id(), folder)));
    }
  }

  @Override
  public String toString() {
    return "plugin new '" + folder + "'";
  }

  @CommandLine.Command(
      description = "Writes a Maven project for a plugin to start from: a server, its tests.",
      footer = {"", "Example:", "  genserver plugin new greeter --package org.example.greeter"})
  static final class Line extends Subcommand {

    @Parameters(
        index = "0",
        paramLabel = "DIR",
        description = "The folder to write it to; it must be new, or empty.")
    private String folder;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "What the plugin and its process are called. Default: the folder's name.")
    private @Nullable String id;

    @Option(
        names = "--package",
        paramLabel = "PACKAGE",
        description = "The Java package. Default: com.example and the id.")
    private @Nullable String javaPackage;

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PluginNewCommand(folder, id, javaPackage, options());
    }
  }
}
