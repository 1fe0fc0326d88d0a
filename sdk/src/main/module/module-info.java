/// The plugin author's side of genserverd. Needs the JDK alone.
module dev.genserver.sdk {
  requires static org.jspecify;

  exports dev.genserver.sdk;
}
