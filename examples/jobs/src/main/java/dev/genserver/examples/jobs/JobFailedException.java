package dev.genserver.examples.jobs;

/// A job could not do what it was to do.
final class JobFailedException extends RuntimeException {

  private final String why;

  JobFailedException(String why) {
    super(why);
    this.why = why;
  }

  String why() {
    return why;
  }
}
