/// The wire protocol. Needs the JDK alone.
module dev.genserver.protocol {
  requires static org.jspecify;

  exports dev.genserver.protocol;
}
