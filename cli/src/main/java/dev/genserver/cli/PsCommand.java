package dev.genserver.cli;

import picocli.CommandLine;

/// `genserver ps`: lists the processes.
record PsCommand(Options options) implements Command {

  @Override
  public void run(Shell shell) {
    Listing.PROCESSES.show(this, shell, ProcessViews::list);
  }

  @Override
  public String toString() {
    return "ps";
  }

  @CommandLine.Command(
      description = "Lists the processes.",
      footer = {"", "Example:", "  genserver ps"})
  static final class Line extends Subcommand {

    Line(Shell shell) {
      super(shell);
    }

    @Override
    Command command() {
      return new PsCommand(options());
    }
  }
}
