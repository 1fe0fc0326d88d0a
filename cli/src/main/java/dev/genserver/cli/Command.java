package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.ServerMessage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A command as it was typed. Its words are looked into when it runs; its `toString` is how a
/// failure names it.
sealed interface Command
    permits Command.Call,
        Command.Cast,
        Command.Monitor,
        Command.Ping,
        PsCommand,
        SysCommand,
        TraceCommand {

  /// How long a call takes that says nothing else, and a cast's confirmation or a ping always.
  TimeLimit DEFAULT_LIMIT = new TimeLimit(ClientMessage.DEFAULT_TIMEOUT_MS);

  /// What all commands take.
  Options options();

  /// Does it.
  ///
  /// @throws CliException if it does not succeed
  void run(Shell shell);

  /// What all commands take.
  ///
  /// @param url where the daemon is; null for what the environment says
  /// @param verbose whether a failure shows its stack trace
  record Options(@Nullable String url, Credentials credentials, boolean verbose) {

    static final String URL = "--url";
    static final String VERBOSE = "--verbose";
  }

  /// `genserver call`: prints the reply.
  ///
  /// @param message as [MessageSyntax] has it
  /// @param timeout as [TimeLimit] has it; null for the default
  record Call(String name, List<String> message, @Nullable String timeout, Options options)
      implements Command {

    static final String TIMEOUT = "--timeout";

    @Override
    public void run(Shell shell) {
      var limit = timeout == null ? DEFAULT_LIMIT : TimeLimit.parse(timeout);
      var msg = MessageSyntax.parse(message, shell.in());
      try (var exchange = Exchange.open(this, shell, limit)) {
        var call =
            new ClientMessage.Call(
                Exchange.ID, name, msg, exchange.remainingMillis(), Map.of(), null);
        shell.print(exchange.ask(call, ServerMessage.Reply.class).result());
      }
    }

    @Override
    public String toString() {
      return "call to '" + name + "'";
    }
  }

  /// `genserver cast`: prints nothing.
  ///
  /// @param message as [MessageSyntax] has it
  /// @param confirm whether to wait until it is in the mailbox
  record Cast(String name, List<String> message, boolean confirm, Options options)
      implements Command {

    static final String NO_CONFIRM = "--no-confirm";

    @Override
    public void run(Shell shell) {
      var msg = MessageSyntax.parse(message, shell.in());
      var id = confirm ? Exchange.ID : null;
      var cast = new ClientMessage.Cast(id, name, msg, Map.of(), null);
      try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
        if (confirm) {
          exchange.ask(cast, ServerMessage.Ok.class);
        } else {
          exchange.tell(cast);
        }
      }
    }

    @Override
    public String toString() {
      return "cast to '" + name + "'";
    }
  }

  /// `genserver monitor`: prints what is watched, and how that ended once it has.
  record Monitor(String name, Options options) implements Command {

    @Override
    public void run(Shell shell) {
      try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
        var request = new ClientMessage.Monitor(Exchange.ID, name);
        var result = exchange.ask(request, ServerMessage.Ok.class).result();
        shell.print(result == null ? RawJson.NULL : result);
        shell.print(json(exchange.waitFor(ServerMessage.Down.class)));
      }
    }

    private static RawJson json(ServerMessage.Down down) {
      var out = new JsonWriter();
      out.beginObject().field("ref").string(down.ref());
      if (down.pid() != null) {
        out.field("pid").string(down.pid());
      }
      if (down.name() != null) {
        out.field("name").string(down.name());
      }
      return out.field("reason").value(down.reason()).endObject().toRawJson();
    }

    @Override
    public String toString() {
      return "monitor of '" + name + "'";
    }
  }

  /// `genserver ping`: prints `"pong"`.
  record Ping(Options options) implements Command {

    @Override
    public void run(Shell shell) {
      try (var exchange = Exchange.open(this, shell, DEFAULT_LIMIT)) {
        exchange.ask(new ClientMessage.Ping(Exchange.ID), ServerMessage.Pong.class);
        shell.print(RawJson.of("\"pong\""));
      }
    }

    @Override
    public String toString() {
      return "ping";
    }
  }
}
