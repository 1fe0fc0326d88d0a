package dev.genserver.runtime;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerName;
import dev.genserver.sdk.StartOptions;
import org.jspecify.annotations.Nullable;

/// The process of a registry. It gives the table its lifetime, and no more: all work on entries is
/// done by the threads of those who ask for it.
///
/// @otp Registry.Supervisor and Registry.Partition
final class RegistryServer extends GenServer<RegistryTable, Void, Void> {

  private final String name;
  private final RegistrySpec spec;
  private volatile @Nullable RegistryTable table;

  /// @param options whose name is the registry's
  /// @throws IllegalArgumentException if they have none
  RegistryServer(RegistrySpec spec, StartOptions options) {
    this.name =
        options
            .name()
            .filter(ServerName.Local.class::isInstance)
            .map(found -> ((ServerName.Local) found).name())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "a registry is found by its name; start it with StartOptions.named"));
    this.spec = spec;
  }

  /// The entries; null while it starts.
  @Nullable RegistryTable table() {
    return table;
  }

  @Override
  public Init<RegistryTable> init(Args args) {
    process().trapExit(true); // a holder's end is its own affair
    var entries = new RegistryTable(name, context().process(), spec);
    table = entries;
    return ok(entries);
  }

  @Override
  public Result<RegistryTable> handleInfo(InfoMessage message, RegistryTable entries) {
    return message instanceof InfoMessage.Exit
        ? noReply(entries)
        : super.handleInfo(message, entries);
  }

  /// A link does not end those who get `normal` over it; the entries go all the same, so the
  /// holders must.
  @Override
  public void terminate(ExitReason reason, RegistryTable entries) {
    if (reason instanceof ExitReason.Normal) {
      entries.close(context());
    }
  }

  private static Context context() {
    return (Context) ProcessContext.current();
  }
}
