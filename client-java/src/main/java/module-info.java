/// The thin Java client.
module dev.genserver.client {
  requires static org.jspecify;
  requires transitive dev.genserver.protocol;
  requires transitive tools.jackson.core;
  requires transitive tools.jackson.databind;

  exports dev.genserver.client;
}
