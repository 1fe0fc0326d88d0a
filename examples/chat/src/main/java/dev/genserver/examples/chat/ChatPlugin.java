package dev.genserver.examples.chat;

import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.DynamicSupervisorSpec;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.StartOptions;
import java.util.List;

/// Runs the process `chat`, and a supervisor for the rooms that it opens.
///
/// The behaviour `room` is there for rooms that a configuration wants from the start.
public final class ChatPlugin implements Plugin {

  private static final int MAX_ROOMS = 1_000;

  @Override
  public List<Behaviour<?>> behaviours() {
    return List.of(
        Behaviour.of("chat", Chat.class, Chat::new), Behaviour.of("room", Room.class, Room::new));
  }

  /// The rooms stand before the process that opens them, and outlive it: nobody loses a room
  /// because `chat` had to be restarted.
  @Override
  public List<ChildSpec> children() {
    return List.of(
        ChildSpec.supervisor(
            Chat.ROOMS,
            DynamicSupervisorSpec.create().maxChildren(MAX_ROOMS),
            StartOptions.named(Chat.ROOMS)),
        ChildSpec.named("chat", Chat::new));
  }
}
