package dev.genserver.cli;

import dev.genserver.protocol.JsonWriter;

/// `genserver describe --schema`: which messages a process takes, as JSON Schema.
record SchemaCommand(String process, Options options) implements Command {

  @Override
  public void run(Shell shell) {
    var request = SysCommand.begin("describe", process).field("schema").bool(true).endObject();
    var reply =
        SysCommand.ask(this, SysCommand.PROCESSES, request.toRawJson(), DEFAULT_LIMIT, shell);
    var schema = Fields.of(reply.toValue()).values().get("schema");
    shell.print(new JsonWriter().value(schema).toRawJson());
  }

  @Override
  public String toString() {
    return "describe of '" + process + "'";
  }
}
